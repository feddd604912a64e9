"""Makes the mends that findings offer, until no finding offers one any more."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from servicescape.app.load import Memory
from servicescape.app.parts import KeptFiles, Part, part_of
from servicescape.app.rewrite import Change
from servicescape.app.validate import Request, run_checks
from servicescape.diagnostics import Diagnostic, Edit, Fix
from servicescape.source.text import SourceFile
from servicescape.syntax.document import read_documents
from servicescape.syntax.edits import apply_edits, are_compatible

if TYPE_CHECKING:
    from servicescape.app.check import Checked
    from servicescape.app.load import Loaded

MAX_ROUNDS = 12
"""A mend may make room for the next; a chain of this length would be a fault of ours."""


@dataclass(slots=True)
class Mended:
    """A catalog as it would be after all mends, and what has to be written for that."""

    loaded: "Loaded"
    checked: "Checked"
    """What is left to say."""
    mended: int = 0
    """Findings that were mended."""
    changes: list[Change] = field(default_factory=list)


def mend(request: Request, *, unsafe: bool = False) -> Mended:
    """Makes all safe mends, and the others if they are asked for; writes nothing.

    Raises ToolError where the run cannot go on.
    """
    drafts = _Drafts()
    refused: set[tuple[Edit, ...]] = set()
    originals: dict[str, SourceFile] = {}
    mended = 0
    for _ in range(MAX_ROUNDS):
        loaded, checked = run_checks(request, memory=Memory(files=drafts))
        offered = [fix for fix in _offered(checked.findings, unsafe) if fix.edits not in refused]
        if not offered:
            break
        for name, fixes in sorted(_by_file(offered, loaded.sources).items()):
            source = loaded.sources[name]
            text, done = _mended_text(source, fixes, refused)
            if done:
                originals.setdefault(name, source)
                drafts.texts[name] = SourceFile(source.path, name, text, source.has_bom)
                mended += done
    else:
        loaded, checked = run_checks(request, memory=Memory(files=drafts))
    changes = [
        Change(originals[name], drafts.texts[name].text)
        for name in sorted(originals)
        if originals[name].text != drafts.texts[name].text
    ]
    return Mended(loaded, checked, mended, changes)


class _Drafts(KeptFiles):
    """Files as they are on disk, but for those that have another text already."""

    def __init__(self) -> None:
        super().__init__(None, "", in_memory=True)
        self.texts: dict[str, SourceFile] = {}
        self._drafted: dict[str, tuple[SourceFile, Part]] = {}

    def read(self, path: Path, name: str, max_bytes: int) -> Part:
        """A file's part of the catalog."""
        draft = self.texts.get(name)
        if draft is None:
            return super().read(path, name, max_bytes)
        known = self._drafted.get(name)
        if known is None or known[0] is not draft:
            known = self._drafted[name] = draft, part_of(draft)
        return known[1]


def _offered(findings: Iterable[Diagnostic], unsafe: bool) -> Iterable[Fix]:
    for finding in findings:
        if finding.fix is not None and finding.fix.edits and (finding.fix.safe or unsafe):
            yield finding.fix


def _by_file(fixes: Iterable[Fix], sources: dict[str, SourceFile]) -> dict[str, list[Fix]]:
    """Mends by the one file that each of them changes."""
    found: dict[str, list[Fix]] = {}
    for fix in fixes:
        files = {edit.file for edit in fix.edits}
        if len(files) == 1 and files <= sources.keys():
            found.setdefault(files.pop(), []).append(fix)
    return found


def _mended_text(source: SourceFile, fixes: list[Fix], refused: set[tuple[Edit, ...]]) -> tuple[str, int]:
    """A file's text after the mends that can be made together, and how many findings they mend."""
    taken: list[Edit] = []
    done: list[Fix] = []
    for fix in fixes:
        if are_compatible(fix.edits, taken):
            taken.extend(fix.edits)
            done.append(fix)
    text = apply_edits(source, taken)
    if _can_be_read(source, text):
        return text, len(done)
    # One of them spoils the file: it is found out one by one, and never made.
    taken, kept = [], 0
    text = source.text
    for fix in done:
        attempt = apply_edits(source, [*taken, *fix.edits])
        if _can_be_read(source, attempt):
            taken.extend(fix.edits)
            text, kept = attempt, kept + 1
        else:
            refused.add(fix.edits)
    return text, kept


def _can_be_read(before: SourceFile, text: str) -> bool:
    """Whether a file can be read at least as far as before."""
    after = SourceFile(before.path, before.name, text, before.has_bom)
    return _faults(after) <= _faults(before)


def _faults(source: SourceFile) -> int:
    _, findings, _ = read_documents(source)
    return sum(finding.code in _UNREADABLE for finding in findings)


_UNREADABLE = {"YML003", "YML004", "YML008", "YML009", "YML010"}
