"""The outcome of a validation, remembered for the next run over the very same inputs.

All that findings depend on is compared before an outcome is believed: the tool and what is installed beside it (by the
cache), settings, command line, day, the schemas of extensions, which files there are and what is in them.
Nothing heavy is imported for that, so that a run in which nothing has changed does not even load the model.
"""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servicescape.app.inputs import EXTENSION_SCHEMAS, digest_of_extension_schemas, digest_of_settings
from servicescape.diagnostics import Diagnostic
from servicescape.diagnostics.errors import ToolError
from servicescape.diagnostics.plain import from_plain, to_plain
from servicescape.source.cache import Cache, FileState, Stamp, digest_of
from servicescape.source.files import find_files

if TYPE_CHECKING:
    from servicescape.app.load import Loaded

_UNSETTLED_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a catalog: the same question has the same answer while no input changes."""

    paths: tuple[str, ...]
    options: tuple[str, ...]
    """Everything on the command line that has a part in which findings there are, in one fixed form."""
    cwd: Path
    today: date

    @property
    def key(self) -> tuple[str, ...]:
        """Name of the answer in the cache. The day is no part of it: an answer of yesterday is replaced."""
        return ("outcome", str(self.cwd), str(len(self.paths)), *self.paths, *self.options)

    def settings_digest(self) -> bytes:
        """A hash of the settings that count now."""
        return digest_of_settings([Path(path) for path in self.paths], self.cwd)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a validation came to, as far as a report needs to know."""

    findings: list[Diagnostic]
    ignored: int
    baselined: int
    baseline: Path | None
    """Where the baseline stands that the findings were held against."""
    files: int
    entities: int
    fail_on: str
    """Severity in the settings from which on the run fails."""
    texts: Mapping[str, str] = field(repr=False)
    """Texts of the files in which something was found."""

    def text_of(self, name: str) -> str | None:
        """Text of a file in which something was found, as it was then."""
        return self.texts.get(name)


def recall(cache: Cache, question: Question) -> Outcome | None:
    """The answer of an earlier run; None where an input has changed since, or may have."""
    known = cache.read(*question.key)
    if known is None:
        return None
    try:
        return _recall(cache, question, known)
    except (ValueError, TypeError, LookupError, OSError, ToolError):
        return None


def _recall(cache: Cache, question: Question, known: dict[str, Any]) -> Outcome | None:
    if known["today"] != question.today.isoformat() or known["settings"] != question.settings_digest():
        return None
    folder = Path(known["folder"])
    if known["extensions"] != digest_of_extension_schemas(folder / EXTENSION_SCHEMAS):
        return None
    if any(digest_of(Path(file).read_bytes()) != digest for file, digest in known["own_rules"]):
        return None
    baseline = known["baseline"]
    if baseline is not None and not _is_same_baseline(baseline):
        return None
    files, problems = find_files(
        [Path(root) for root in known["roots"]], exclude=known["exclude"], cwd=question.cwd, folder=folder
    )
    if problems or len(files) != len(known["files"]):
        return None
    is_settled = True
    states: list[tuple[str, FileState]] = []
    for (path, name), (known_name, (stamp, digest)) in zip(files, known["files"], strict=True):
        if name != known_name:
            return None
        state = _state_if_same(path, stamp, digest)
        if state is None:
            return None
        is_settled = is_settled and state.stamp == stamp
        states.append((name, state))
    if not is_settled:
        # Their content was looked at; next time, the file system's word may be enough.
        cache.write({**known, "files": states}, *question.key)
    return Outcome(
        findings=[from_plain(finding) for finding in known["findings"]],
        ignored=known["ignored"],
        baselined=known["baselined"],
        baseline=Path(baseline["shown"]) if baseline is not None else None,
        files=len(files),
        entities=known["entities"],
        fail_on=known["fail_on"],
        texts=known["texts"],
    )


def _is_same_baseline(known: dict[str, Any]) -> bool:
    """Whether the file is as it was, and what it names outside the catalog still there, or still gone."""
    return digest_of(Path(known["path"]).read_bytes()) == known["digest"] and all(
        os.path.lexists(place) == was_there for place, was_there in known["elsewhere"]
    )


def _state_if_same(path: Path, stamp: tuple[int, ...] | None, digest: bytes) -> FileState | None:
    seen = time.time_ns()
    now = Stamp.of(path.stat())
    if stamp == now:
        return FileState(now, digest)
    if now.size > _UNSETTLED_BYTES or digest_of(path.read_bytes()) != digest:
        return None
    return FileState(now if now.is_settled(seen) else None, digest)


def remember(
    cache: Cache,
    question: Question,
    settings_digest: bytes,
    loaded: "Loaded",
    outcome: Outcome,
    baseline: Mapping[str, object] | None,
    own_rules: list[tuple[str, bytes]] | None,
) -> None:
    """Keeps an answer, where all that it depends on is known. `settings_digest` was taken before loading.

    `baseline` holds the facts about the outcome's baseline (see `app.baseline.facts_of`), `own_rules` the files behind
    an organisation's own rules; None where they cannot be told.
    """
    if loaded.states is None or question.settings_digest() != settings_digest:
        return
    if own_rules is None or (outcome.baseline is not None and baseline is None):
        return
    try:
        findings = [to_plain(finding) for finding in outcome.findings]
    except TypeError:
        return
    cache.write(
        {
            "today": question.today.isoformat(),
            "settings": settings_digest,
            "folder": str(loaded.folder),
            "extensions": loaded.extensions_digest,
            "roots": [str(root) for root in loaded.roots],
            "exclude": loaded.settings.exclude,
            "files": list(loaded.states.items()),
            "findings": findings,
            "ignored": outcome.ignored,
            "baselined": outcome.baselined,
            "baseline": baseline,
            "own_rules": own_rules,
            "entities": outcome.entities,
            "fail_on": outcome.fail_on,
            "texts": outcome.texts,
        },
        *question.key,
    )


def texts_of(findings: Sequence[Diagnostic], loaded: "Loaded") -> dict[str, str]:
    """The texts of all files that findings point at."""
    names = {finding.file for finding in findings}
    names.update(label.file for finding in findings for label in finding.related)
    names.update(edit.file for finding in findings if finding.fix for edit in finding.fix.edits)
    found = ((name, loaded.text_of(name)) for name in sorted(names))
    return {name: text for name, text in found if text is not None}
