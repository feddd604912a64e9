"""Makes the mends that findings offer, until no finding offers one any more."""

from collections import Counter
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
        unreadable = Counter(finding.file for finding in loaded.diagnostics if finding.code in _UNREADABLE)
        for name, fixes in sorted(_by_file(offered, loaded.sources).items()):
            source = loaded.sources[name]
            part, done = _mended(source, fixes, refused, unreadable[name])
            if part is not None:
                originals.setdefault(name, source)
                drafts.parts[name] = part
                mended += done
    else:
        loaded, checked = run_checks(request, memory=Memory(files=drafts))
    changes = [
        Change(originals[name], text)
        for name in sorted(originals)
        if (text := drafts.text(name)) != originals[name].text
    ]
    return Mended(loaded, checked, mended, changes)


class _Drafts(KeptFiles):
    """Files as they are on disk, but for those that have another text already."""

    def __init__(self) -> None:
        super().__init__(None, "", in_memory=True)
        self.parts: dict[str, Part] = {}

    def text(self, name: str) -> str:
        """The other text of a file that has one."""
        source = self.parts[name].source
        assert source is not None
        return source.text

    def read(self, path: Path, name: str, max_bytes: int) -> Part:
        """A file's part of the catalog."""
        return self.parts.get(name) or super().read(path, name, max_bytes)


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


def _mended(
    source: SourceFile, fixes: list[Fix], refused: set[tuple[Edit, ...]], unreadable: int
) -> tuple[Part | None, int]:
    """A file after the mends that can be made together, and how many findings they mend; None where none can be made.

    `unreadable` tells how many of its parts cannot be read as it is.
    """
    taken: list[Edit] = []
    done: list[Fix] = []
    for fix in fixes:
        if are_compatible(fix.edits, taken):
            taken.extend(fix.edits)
            done.append(fix)
    part = _part_after(source, taken)
    if _unreadable_in(part) <= unreadable:
        return part, len(done)
    # One of them spoils the file: it is found out one by one, and never made.
    taken, kept = [], 0
    sound: Part | None = None
    for fix in done:
        part = _part_after(source, [*taken, *fix.edits])
        if _unreadable_in(part) <= unreadable:
            taken.extend(fix.edits)
            sound, kept = part, kept + 1
        else:
            refused.add(fix.edits)
    return sound, kept


def _part_after(source: SourceFile, edits: list[Edit]) -> Part:
    return part_of(SourceFile(source.path, source.name, apply_edits(source, edits), source.has_bom))


def _unreadable_in(part: Part) -> int:
    return sum(finding.code in _UNREADABLE for finding in part.bound.diagnostics)


_UNREADABLE = {"YML003", "YML004", "YML008", "YML009", "YML010"}
