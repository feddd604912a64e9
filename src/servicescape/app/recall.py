"""The outcome of a validation, remembered for the next run over the very same inputs.

All that findings depend on is compared before an outcome is believed: the tool and what is installed beside it (by the
cache), settings, command line, day, the schemas of extensions, which files there are and what is in them.
Nothing heavy is imported for that, so that a run in which nothing has changed does not even load the model.
"""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date
from functools import cache as cache_of_calls
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servicescape.app.inputs import EXTENSION_SCHEMAS, digest_of_extension_schemas, digest_of_settings
from servicescape.diagnostics import Diagnostic
from servicescape.diagnostics.errors import ToolError
from servicescape.diagnostics.plain import from_plain, to_plain
from servicescape.diagnostics.records import record
from servicescape.source.cache import Cache, FileState, Stamp, digest_of, pack, unpack
from servicescape.source.files import find_files
from servicescape.source.text import as_far_as_readable, decode

if TYPE_CHECKING:
    from servicescape.app.load import Loaded

_UNSETTLED_BYTES = 64 * 1024 * 1024


@record()
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
        return (str(self.cwd), str(len(self.paths)), *self.paths, *self.options)

    def settings_digest(self) -> bytes:
        """A hash of the settings that count now."""
        return digest_of_settings([Path(path) for path in self.paths], self.cwd)


@record()
class Outcome:
    """What a validation came to, as far as a report needs to know."""

    findings: list[Diagnostic]
    ignored: int
    baselined: int
    baseline: Path | None
    """Where the baseline stands that the findings were held against."""
    files: int
    entities: int
    foreign: int
    fail_on: str
    """Severity in the settings from which on the run fails."""
    text_of: Callable[[str], str | None] = field(repr=False, compare=False)
    """Text of a file in which something was found, by its name."""

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to check."""
        return self.entities + self.foreign == 0


def recall(cache: Cache, question: Question) -> Outcome | None:
    """The answer of an earlier run; None where an input has changed since, or may have."""
    known = cache.read("outcome", *question.key)
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
    places: dict[str, tuple[Path, bytes]] = {}
    for (path, name), (known_name, (stamp, digest)) in zip(files, known["files"], strict=True):
        if name != known_name:
            return None
        state = _state_if_same(path, stamp, digest)
        if state is None:
            return None
        is_settled = is_settled and state.stamp == stamp
        states.append((name, state))
        places[name] = path, digest
    packed = cache.read("findings", *question.key)
    if packed is None or digest_of(packed) != known["findings"]:
        # Another run has kept its findings, and not yet what they depend on.
        return None
    if not is_settled:
        # Their content was looked at; next time, the file system's word may be enough.
        cache.write({**known, "files": states}, "outcome", *question.key)
    return Outcome(
        findings=[from_plain(finding) for finding in unpack(packed)],
        ignored=known["ignored"],
        baselined=known["baselined"],
        baseline=Path(baseline["shown"]) if baseline is not None else None,
        files=len(files),
        entities=known["entities"],
        foreign=known["foreign"],
        fail_on=known["fail_on"],
        text_of=cache_of_calls(partial(_text_of, places)),
    )


def _text_of(places: Mapping[str, tuple[Path, bytes]], name: str) -> str | None:
    """The text of a file that has this very content; None where that has changed since a moment ago."""
    if name not in places:
        return None
    path, digest = places[name]
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if digest_of(data) != digest:
        return None
    source = decode(path, name, data)
    shown = as_far_as_readable(path, name, data) if isinstance(source, Diagnostic) else source
    return shown.text if shown is not None else None


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
        findings = pack([to_plain(finding) for finding in outcome.findings])
    except (TypeError, ValueError):
        return
    cache.write(findings, "findings", *question.key)
    cache.write(
        {
            "today": question.today.isoformat(),
            "settings": settings_digest,
            "folder": str(loaded.folder),
            "extensions": loaded.extensions_digest,
            "roots": [str(root) for root in loaded.roots],
            "exclude": loaded.settings.exclude,
            "files": list(loaded.states.items()),
            "findings": digest_of(findings),
            "ignored": outcome.ignored,
            "baselined": outcome.baselined,
            "baseline": baseline,
            "own_rules": own_rules,
            "entities": outcome.entities,
            "foreign": outcome.foreign,
            "fail_on": outcome.fail_on,
        },
        "outcome",
        *question.key,
    )
