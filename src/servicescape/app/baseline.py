"""The baseline: findings that a catalog had when it took up the tool, which are known and not shown again.

A finding is recognised by its file, code, entity and a fingerprint of its words and of the text that it points at. No
line number is part of that, so that a baseline outlives any change around a finding. Findings that are alike in all of
it are counted: where there are more than before, the last of them are new.
"""

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from servicescape.app.files import write_file
from servicescape.app.load import Loaded
from servicescape.diagnostics import Diagnostic, Label, Span
from servicescape.diagnostics.errors import ToolError
from servicescape.diagnostics.records import record
from servicescape.source.cache import digest_of

VERSION = 1
STALE = "IGN906"
_CODE_OR_NUMBER = re.compile(r"(`[^`]*`)|:\d+:\d+\b|\b\d[\d,.]*\b")
_LINE_OF_ENTRY = re.compile(r'"fingerprint": "([0-9a-f]+)"')


@record()
class Entry:
    """Findings that are alike."""

    file: str
    """Relative to the baseline's folder, so that it holds wherever the tool is run."""
    code: str
    entity: str | None
    message: str
    """For readers of the baseline; the fingerprint holds it without its numbers."""
    fingerprint: str
    count: int = 1
    line: int = field(default=1, compare=False)
    """Where it stands in the file that it was read from."""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What a finding is recognised by."""
        return (self.file, self.code, self.entity or "", self.fingerprint)

    @property
    def sort_key(self) -> tuple[str, ...]:
        """Order of a baseline: such that neighbours in the catalog are neighbours in a diff."""
        return (self.file, self.code, self.entity or "", self.message, self.fingerprint)


@record()
class Origin:
    """What a baseline was read from."""

    digest: bytes
    """A hash of the file."""
    files: tuple[str, ...]
    """Files that it named."""


@record()
class Baseline:
    """A baseline as it was read, or as it is to be written."""

    path: Path
    entries: tuple[Entry, ...]
    origin: Origin | None = field(default=None, repr=False, compare=False)
    """None for one that was not read."""

    def text(self) -> str:
        """One finding a line, sorted, so that a diff shows what went."""
        lines = [
            json.dumps(
                {
                    "file": entry.file,
                    "code": entry.code,
                    "entity": entry.entity,
                    "count": entry.count,
                    "fingerprint": entry.fingerprint,
                    "message": entry.message,
                },
                ensure_ascii=False,
            )
            for entry in sorted(self.entries, key=lambda entry: entry.sort_key)
        ]
        body = ",\n    ".join(lines)
        findings = f"[\n    {body}\n  ]" if lines else "[]"
        return f'{{\n  "version": {VERSION},\n  "findings": {findings}\n}}\n'

    def write(self) -> None:
        """Writes it to its path. Raises ToolError where that cannot be done."""
        write_file(self.path, self.text().encode("utf-8", "surrogateescape"))

    @property
    def count(self) -> int:
        """How many findings it holds."""
        return sum(entry.count for entry in self.entries)


def read_baseline(path: Path) -> Baseline:
    """Reads a baseline. Raises ToolError for one that is not there or is none."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ToolError(f"there is no baseline {path}", f"write it with `--write-baseline {path}`") from error
    except OSError as error:
        raise ToolError(f"the baseline {path} cannot be read: {error.strerror}", "name a file you may read") from error
    text = data.decode("utf-8-sig", "surrogateescape")
    try:
        found = json.loads(text)
        if found["version"] != VERSION:
            raise ToolError(
                f"the baseline {path} has version {found['version']!r}, and this is the one we know: {VERSION}",
                f"write it again with `--write-baseline {path} --force`",
            )
        lines = _lines_of_entries(text)
        entries = tuple(_entry(item, lines) for item in found["findings"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ToolError(
            f"{path} is not a baseline: {_reason(error)}",
            "after a merge, take either side and run `servicescape validate --update-baseline`",
        ) from error
    return Baseline(path, entries, Origin(digest_of(data), tuple(sorted({entry.file for entry in entries}))))


def facts_of(baseline: Baseline, loaded: Loaded) -> dict[str, object] | None:
    """By what a later run can tell that a baseline says the same of the same catalog; plain values for the cache.

    None for a baseline that was not read.
    """
    if baseline.origin is None:
        return None
    naming = _Naming(baseline.path, loaded)
    read = {naming.file(name) for name in loaded.sources}
    places = [os.path.abspath(baseline.path.parent / file) for file in baseline.origin.files if file not in read]  # noqa: PTH100
    return {
        "shown": str(baseline.path),
        "path": os.path.abspath(baseline.path),  # noqa: PTH100
        "digest": baseline.origin.digest,
        # As long as one of these is there, nothing is taken out (see `Matching.shrunk`).
        "elsewhere": [(place, os.path.lexists(place)) for place in places],
    }


def settings_baseline(loaded: Loaded) -> Baseline | None:
    """The baseline that the settings name; None where they name none. Raises ToolError as `read_baseline` does."""
    name = loaded.settings.rules.baseline
    return read_baseline(loaded.folder / name) if name else None


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"no JSON at {error.lineno}:{error.colno} ({error.msg[:1].lower()}{error.msg[1:]})"
    if isinstance(error, KeyError):
        return f"`{error.args[0]}` is missing"
    return str(error) if isinstance(error, ValueError) else "it is built differently"


def _entry(item: Any, lines: dict[str, int]) -> Entry:
    entry = Entry(
        item["file"],
        item["code"],
        item["entity"],
        item.get("message", ""),
        item["fingerprint"],
        item.get("count", 1),
        lines.get(item["fingerprint"], 1),
    )
    texts = (entry.file, entry.code, entry.message, entry.fingerprint, entry.entity or "")
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("a name is not a text")
    if type(entry.count) is not int or entry.count < 1:
        raise ValueError("a count is not a number above 0")
    return entry


def baseline_of(path: Path, findings: Iterable[Diagnostic], loaded: Loaded) -> Baseline:
    """The baseline that hides these findings."""
    naming = _Naming(path, loaded)
    found: dict[tuple[str, ...], Entry] = {}
    for finding in findings:
        if finding.code != STALE:
            entry = naming.entry(finding)
            known = found.get(entry.key)
            found[entry.key] = replace(known, count=known.count + 1) if known else entry
    return Baseline(path, tuple(found.values()))


class Matching:
    """One run held against a baseline."""

    def __init__(self, baseline: Baseline, loaded: Loaded) -> None:
        self.hidden = 0
        self._baseline = baseline
        self._loaded = loaded
        self._naming = _Naming(baseline.path, loaded)
        self._left: Counter[tuple[str, ...]] = Counter()
        for entry in baseline.entries:
            self._left[entry.key] += entry.count

    def new(self, findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """The findings that the baseline does not hold; of those that are alike, the last."""
        for finding in findings:
            key = self._naming.entry(finding).key
            if self._left[key] > 0:
                self._left[key] -= 1
                self.hidden += 1
            else:
                yield finding

    def shrunk(self, is_judged: Callable[[str, str], bool]) -> Baseline:
        """The baseline without what this run no longer found. Nothing is ever added to it.

        `is_judged`: file and code → whether the rule has run there. Where the run has passed over a file that the
        baseline names, findings may be missing for that reason alone, and nothing is taken out.
        """
        files = {self._naming.file(name) for name in self._loaded.sources}
        files |= {self._naming.file(finding.file) for finding in self._loaded.diagnostics}
        folder = self._baseline.path.parent
        if any(entry.file not in files and os.path.lexists(folder / entry.file) for entry in self._baseline.entries):
            return self._baseline
        left = dict(self._left)
        kept = []
        for entry in self._baseline.entries:
            gone = min(left.get(entry.key, 0), entry.count)
            if gone and (entry.file not in files or is_judged(self._naming.name_of(entry.file), entry.code)):
                left[entry.key] -= gone
                if gone == entry.count:
                    continue
                entry = replace(entry, count=entry.count - gone)
            kept.append(entry)
        return Baseline(self._baseline.path, tuple(kept), self._baseline.origin)

    def stale(self, shrunk: Baseline) -> Iterator[Diagnostic]:
        """The finding that the baseline can shrink; none where it cannot."""
        before: Counter[tuple[str, ...]] = Counter()
        for entry in shrunk.entries:
            before[entry.key] += entry.count
        gone = [entry for entry in self._baseline.entries if before[entry.key] < entry.count]
        number = self._baseline.count - shrunk.count
        if not number:
            return
        name = self._naming.display(self._baseline.path)
        findings = "1 finding" if number == 1 else f"{number:,} findings"
        yield Diagnostic(
            STALE,
            f"the baseline holds {findings} that the catalog no longer has",
            name,
            None,
            help="take them out with `servicescape validate --update-baseline`, so that they stay mended",
            related=tuple(
                Label(name, Span.at(entry.line, 1), f"{entry.code}: {entry.message}")
                for entry in sorted(gone, key=lambda entry: entry.sort_key)
            ),
        )


class _Naming:
    """Findings as entries of a baseline."""

    def __init__(self, path: Path, loaded: Loaded) -> None:
        self._loaded = loaded
        self._folder = os.path.abspath(loaded.cwd / path.parent)  # noqa: PTH100 - links stay links
        self._files: dict[str, str] = {}
        self._names = {self.file(name): name for name in loaded.sources}

    def file(self, name: str) -> str:
        """A file's path from the baseline's folder, by the name that a finding gives it."""
        if name not in self._files:
            absolute = os.path.normpath(os.path.abspath(self._loaded.cwd / name))  # noqa: PTH100
            try:
                self._files[name] = Path(os.path.relpath(absolute, self._folder)).as_posix()
            except ValueError:  # On another drive.
                self._files[name] = Path(absolute).as_posix()
        return self._files[name]

    def name_of(self, file: str) -> str:
        """The other way round."""
        return self._names.get(file, file)

    def display(self, path: Path) -> str:
        """The baseline's own name, as findings give names."""
        absolute = os.path.abspath(self._loaded.cwd / path)  # noqa: PTH100
        try:
            return Path(os.path.relpath(absolute, self._loaded.cwd)).as_posix()
        except ValueError:
            return Path(absolute).as_posix()

    def entry(self, finding: Diagnostic) -> Entry:
        """A finding as it would be recorded."""
        # Places and counts in the words change with what is elsewhere ("6 parts cannot work without it").
        words = _CODE_OR_NUMBER.sub(lambda match: match[1] or "#", finding.message)
        file = self.file(finding.file)
        parts = (file, finding.code, finding.entity or "", words, self._text(finding))
        digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
        return Entry(file, finding.code, finding.entity, finding.message, digest[:16])

    def _text(self, finding: Diagnostic) -> str:
        """The first line of what the finding points at, whatever its blanks; empty where something is missing."""
        source = self._loaded.sources.get(finding.file)
        if finding.span is None or source is None:
            return ""
        start, end = finding.span.start, finding.span.end
        line = source.lines.line(start.line)
        return " ".join(line[start.column - 1 : end.column - 1 if end.line == start.line else None].split())


def _lines_of_entries(text: str) -> dict[str, int]:
    """The line of each fingerprint, as far as there is one finding a line."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        match = _LINE_OF_ENTRY.search(line)
        if match:
            lines.setdefault(match[1], number)
    return lines
