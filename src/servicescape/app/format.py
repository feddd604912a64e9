"""Canonical layout for the files of a catalog."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from servicescape.app.rewrite import Change
from servicescape.app.settings import find_settings
from servicescape.diagnostics import Diagnostic
from servicescape.model.entity import API_VERSION, Entity
from servicescape.model.kinds import KINDS
from servicescape.model.shape import keys_at, words_at
from servicescape.source.cache import Cache, digest_of
from servicescape.source.files import find_files
from servicescape.source.text import SourceFile, read_source
from servicescape.syntax.document import read_documents
from servicescape.syntax.layout import LeftAlone, lay_out

DocumentPath = tuple[str | int, ...]


class CatalogLanguage:
    """What layout must know of the language (implements `syntax.layout.Language`)."""

    def keys_at(self, version: str, kind: str, path: DocumentPath) -> tuple[str, ...]:
        """Keys of the mapping at a path in their order; empty for documents that are not ours."""
        model = _model(version, kind)
        return _keys(model, _without_positions(path)) if model is not None else ()

    def is_word(self, version: str, kind: str, path: DocumentPath) -> bool:
        """Whether one of a few words is expected at a path."""
        model = _model(version, kind)
        return model is not None and _has_words(model, _without_positions(path))


def _model(version: str, kind: str) -> type[Entity] | None:
    return KINDS.get(kind) if version == API_VERSION else None


def _without_positions(path: DocumentPath) -> DocumentPath:
    """A path for which all items of a list are one."""
    return tuple(0 if isinstance(step, int) else step for step in path)


@cache
def _keys(model: type[Entity], path: DocumentPath) -> tuple[str, ...]:
    if any(step in _AUTHORS_ORDER for step in path):
        return ()
    keys = keys_at(model, path)
    return tuple(sorted(keys, key=lambda key: _RANKS.get(key, 0)))


_READ_FIRST = (
    *("apiVersion", "on", "anyOf", "need", "commonCause", "kind"),
    *("name", "namespace", "title", "description"),
    *("for", "vendor", "sla", "owner", "measures", "params"),
)
"""What a reader must know first, wherever it stands; the other keys follow in the order of the language."""
_READ_LAST = ("because",)
_RANKS = {key: rank - len(_READ_FIRST) for rank, key in enumerate(_READ_FIRST)} | dict.fromkeys(_READ_LAST, 1)
_AUTHORS_ORDER = {"include", "exclude", "expect", "alerting"}
"""Keys below which the order says what matters to the author, and has no other meaning."""


@cache
def _has_words(model: type[Entity], path: DocumentPath) -> bool:
    return bool(words_at(model, path))


@dataclass(slots=True)
class Formatted:
    """What layout made of some files."""

    changes: list[Change] = field(default_factory=list)
    """Files whose layout is not canonical."""
    findings: list[Diagnostic] = field(default_factory=list)
    """Why files cannot be read."""
    left_alone: list[tuple[str, str]] = field(default_factory=list)
    """Files that can be read and not laid out, each with the reason."""
    sources: dict[str, SourceFile] = field(default_factory=dict)
    files: int = 0
    """Files that were looked at."""


_MOST_KNOWN = 100_000


def format_files(paths: Sequence[str | Path] = (), *, cwd: Path | None = None, cache: Cache | None = None) -> Formatted:
    """Lays out all files of the catalog at `paths`, and writes none. Raises ToolError for a path that is not there.

    A text of which the `cache` knows that its layout is canonical is not laid out again, unless the settings forbid it.
    """
    base = cwd or Path.cwd()
    named = [Path(path) for path in paths]
    found = find_settings(named, base)
    roots = named or [Path(os.path.relpath(found.folder / path, base)) for path in found.settings.catalog]
    files, problems = find_files(roots, exclude=found.settings.exclude, cwd=base, folder=found.folder)
    result = Formatted(findings=list(problems), files=len(files))
    cache = cache if found.settings.cache else None
    key = ("laid out", str(found.folder.resolve()))
    known = frozenset(cache.read(*key) or ()) if cache is not None else frozenset()
    canonical: set[bytes] = set()
    for path, name in files:
        source = read_source(path, name, found.settings.max_file_megabytes * 1024 * 1024)
        if isinstance(source, Diagnostic):
            result.findings.append(source)
            continue
        result.sources[name] = source
        digest = digest_of(source.text)
        if digest in known or _format(source, result):
            canonical.add(digest)
    if cache is not None and not canonical <= known:
        # A run over a part of the catalog must not forget the rest.
        kept = canonical | known if len(known) < _MOST_KNOWN else canonical
        cache.write(sorted(kept), *key)
    return result


_LAYS_OUT = {"YML005", "YML007", "YML008"}
"""Faults of reading that say nothing about the layout."""


def _format(source: SourceFile, result: Formatted) -> bool:
    """Adds what there is to say of a file; tells whether its layout is known to be canonical."""
    if not source.text.strip():
        return False
    _, findings, _ = read_documents(source)
    unreadable = [finding for finding in findings if finding.code not in _LAYS_OUT]
    if unreadable:
        result.findings.extend(unreadable)
        return False
    try:
        text = lay_out(source, CatalogLanguage())
    except LeftAlone as reason:
        result.left_alone.append((source.name, str(reason)))
        return False
    if text != source.text:
        result.changes.append(Change(source, text))
        return False
    return True
