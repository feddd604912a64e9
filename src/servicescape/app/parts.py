"""What each file contributes to a catalog, and how that is kept for the next run: on disk by content, or in memory."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from servicescape.bind.entities import Bound, bind
from servicescape.catalog.known_references import KnownReferences
from servicescape.diagnostics import Diagnostic, Position, Span
from servicescape.dialects.registry import count_of
from servicescape.model.names import DEFAULT_NAMESPACE
from servicescape.source.cache import Cache, FileState, Stamp, digest_of, pack, unpack
from servicescape.source.text import SourceFile, as_far_as_readable, decode, read_source
from servicescape.syntax.document import Document, kept_documents, names_in, read_documents

_MOST_GROWTH = 8
"""A file whose values take more bytes than this for each of its text lives on aliases, and is better read again."""

_LEAST_CHANGE = 8
"""What is kept of all files is written anew when one part in so many is not up to date."""


@dataclass(slots=True)
class Part:
    """One file's part of a catalog."""

    source: SourceFile | None
    """None: it could not be read as text."""
    shown: SourceFile | None = None
    """What there is to see of a file that is not UTF-8."""
    documents: int = 0
    """Documents that became, or should have become, an entity."""
    foreign: int = 0
    """Objects of other tools."""
    bound: Bound = field(default_factory=Bound)

    def add_to(self, whole: Bound) -> None:
        """Adds entities and findings to those of the other files."""
        whole.entities.extend(self.bound.entities)
        whole.diagnostics.extend(self.bound.diagnostics)
        whole.broken.extend(self.bound.broken)
        whole.foreign.extend(self.bound.foreign)


def read_part(path: Path, name: str, max_bytes: int) -> Part:
    """Reads a file, its documents and their entities."""
    source = read_source(path, name, max_bytes)
    if isinstance(source, Diagnostic):
        return _unread(source, path)
    return part_of(source)


def part_of(source: SourceFile) -> Part:
    """Documents and entities of a text, whether it is on disk or not."""
    return _part(source, *read_documents(source))


def _unread(problem: Diagnostic, path: Path, data: bytes | None = None) -> Part:
    """The names in a file that is not UTF-8 are known all the same, so that nobody hears that they are not defined."""
    shown = None
    if problem.code == "YML003":
        with suppress(OSError):  # It may be gone meanwhile.
            shown = as_far_as_readable(path, problem.file, path.read_bytes() if data is None else data)
    lost = names_in(shown.text) if shown is not None else ()
    broken = [(kind, namespace or DEFAULT_NAMESPACE, name) for kind, namespace, name in lost]
    return Part(None, shown, bound=Bound(diagnostics=[problem], broken=broken))


def _part(
    source: SourceFile,
    documents: Sequence[Document],
    diagnostics: Sequence[Diagnostic] = (),
    lost: Sequence[tuple[str, str | None, str]] = (),
) -> Part:
    bound = Bound(
        diagnostics=list(diagnostics),
        broken=[(kind, namespace or DEFAULT_NAMESPACE, name) for kind, namespace, name in lost],
    )
    for document in documents:
        bind(document, bound)
    if not documents and not diagnostics:
        bound.diagnostics.append(
            Diagnostic(
                code="YML011",
                message="the file holds no document",
                file=source.name,
                span=None,
                help="remove it, or write an entity into it",
            )
        )
    foreign = sum(count_of(each.value) for each in bound.foreign)
    return Part(source, documents=len(documents) - len(bound.foreign), foreign=foreign, bound=bound)


class _Kept(NamedTuple):
    """A file without faults as it is kept on disk."""

    has_bom: bool
    text: str
    values: bytes
    """Index and value of each document, packed."""

    @property
    def size(self) -> int:
        """Some number of bytes."""
        return len(self.text) + len(self.values)


class KeptFiles:
    """Reads files, and knows those that have not changed since a run before.

    The cache holds one entry for a `place`; without one, and `in_memory`, runs of this process alone profit.
    """

    def __init__(self, cache: Cache | None, place: str, *, in_memory: bool = False) -> None:
        self._cache = cache
        self._key = ("files", place)
        self._documents_key = ("documents", place)
        self._in_memory = in_memory
        self._parts: dict[tuple[str, str], tuple[bytes, Part]] = {}
        self._states: dict[str, FileState] = {}
        self._kept: dict[bytes, _Kept] = {}
        self._old_states: dict[str, FileState] = {}
        self._old: dict[bytes, _Kept] = {}
        self._stored: dict[bytes, int] = {}
        """Bytes of each content in the large entry, which is not written anew for every edit."""
        self._references: tuple[bytes, frozenset[bytes]] = b"", frozenset()
        """A hash of all names, and the files by digest in which every reference was found under these."""
        self._places_key = ("places", place)
        self._old_places: dict[bytes, tuple[Any, ...]] = {}
        """What an earlier run was asked for: by digest, number of the document, whether its key, path, and place."""
        self._documents: dict[bytes, Document] = {}
        """A document of each file that this run has read and the next may find unchanged."""
        if cache is not None:
            self._old_places = cache.read(*self._places_key) or {}
            # What a digest stands for is the same in whichever of the two it is found.
            stored = cache.read(*self._documents_key) or {}
            self._old = {digest: _Kept(*each) for digest, each in stored.items()}
            self._stored = {digest: each.size for digest, each in self._old.items()}
        known = cache.read(*self._key) if cache is not None else None
        if known is not None:
            states, added, (names, sound) = known
            self._references = names, frozenset(sound)
            self._old.update((digest, _Kept(*each)) for digest, each in added.items())
            self._old_states = {
                path: FileState(stamp and Stamp(*stamp), digest) for path, (stamp, digest) in states.items()
            }

    def read(self, path: Path, name: str, max_bytes: int) -> Part:
        """Like `read_part`, for a file that has not changed from what is known of it."""
        key = str(path)
        known = self._parts.get((key, name))
        seen = time.time_ns()
        try:
            stamp = Stamp.of(path.stat())
            if stamp.size > max_bytes:
                return read_part(path, name, max_bytes)
            data = None
            state = self._old_states.get(key)
            if state is None or state.stamp != stamp or not self._knows(state.digest, known):
                with path.open("rb") as file:
                    data = file.read(max_bytes + 1)
                state = FileState(stamp if stamp.is_settled(seen) else None, digest_of(data))
        except OSError:
            return read_part(path, name, max_bytes)
        if data is not None and len(data) > max_bytes:
            return read_part(path, name, max_bytes)
        self._states[key] = state
        if known is not None and known[0] == state.digest:
            if state.digest in self._old:
                self._kept[state.digest] = self._old[state.digest]
            return known[1]
        part = self._read_anew(path, name, state.digest, data)
        if self._in_memory:
            self._parts[key, name] = state.digest, part
        return part

    def _knows(self, digest: bytes, known: tuple[bytes, Part] | None) -> bool:
        return digest in self._old or (known is not None and known[0] == digest)

    def _read_anew(self, path: Path, name: str, digest: bytes, data: bytes | None) -> Part:
        """`data` is None only for content that is kept."""
        kept = self._old.get(digest)
        if kept is not None:
            self._kept[digest] = kept
            source = SourceFile(path, name, kept.text, kept.has_bom)
            places = {
                (index, is_key, where): Span(Position(line, column), Position(last_line, last_column))
                for index, is_key, where, line, column, last_line, last_column in self._old_places.get(digest, ())
            }
            return self._watched(digest, source, kept_documents(source, unpack(kept.values), places))
        assert data is not None
        found = decode(path, name, data)
        if isinstance(found, Diagnostic):
            return _unread(found, path, data)
        documents, diagnostics, lost = read_documents(found)
        if documents and not diagnostics and not lost:
            values = _pack(documents) if self._cache is not None else None
            if values is not None and len(values) <= _MOST_GROWTH * len(found.text):
                self._kept[digest] = _Kept(found.has_bom, found.text, values)
                return self._watched(digest, found, documents)
        return _part(found, documents, diagnostics, lost)

    def _watched(self, digest: bytes, source: SourceFile, documents: Sequence[Document]) -> Part:
        if self._cache is not None and documents:
            self._documents[digest] = documents[0]
        return _part(source, documents)

    def keep_places(self) -> None:
        """Keeps the places that this run was asked for: the next will say much the same of the same files.

        Without them every file in which something is found is parsed again for the places in it.
        """
        if self._cache is None:
            return
        places = {
            digest: tuple(
                (*question, span.start.line, span.start.column, span.end.line, span.end.column)
                for question, span in document.asked.items()
            )
            for digest, document in self._documents.items()
            if document.asked
        }
        if places != self._old_places:
            self._cache.write(places, *self._places_key)
        self._old_places, self._documents = places, {}

    def leave_cache(self) -> None:
        """From now on only the memory is used."""
        self._cache, self._old, self._old_places, self._documents = None, {}, {}, {}

    def known_references(self, files: Sequence[tuple[Path, str]]) -> KnownReferences:
        """What is known of the references in these files, which have been read."""
        names, digests = self._references
        states = self._states
        return KnownReferences(
            names,
            {name for path, name in files if (state := states.get(str(path))) is not None and state.digest in digests},
        )

    def finish(
        self, files: Sequence[tuple[Path, str]], references: KnownReferences | None = None
    ) -> dict[str, FileState] | None:
        """Keeps what this run has read, and what it knows of the references now, for the next.

        Gives the state of all files by name; None where one of them could not be read.
        """
        states, kept = self._states, self._kept
        before = self._references
        if references is not None:
            sound = references.sound
            digests = frozenset(
                states[key].digest for path, name in files if name in sound and (key := str(path)) in states
            )
            self._references = references.names, digests
        is_new = states != self._old_states or kept.keys() != self._old.keys() or self._references != before
        if self._cache is not None and is_new:
            names, digests = self._references
            added = self._store(self._cache, kept)
            self._cache.write((states, added, (names, sorted(digests))), *self._key)
        self._old_states, self._old = states, kept
        self._states, self._kept = {}, {}
        if self._in_memory:
            here = {(str(path), name) for path, name in files}
            for gone in self._parts.keys() - here:
                del self._parts[gone]
        try:
            return {name: states[str(path)] for path, name in files}
        except KeyError:
            return None

    def _store(self, cache: Cache, kept: dict[bytes, _Kept]) -> dict[bytes, _Kept]:
        """Sees to it that the large entry holds most of this; gives what it does not hold."""
        added = {digest: each for digest, each in kept.items() if digest not in self._stored}
        changed = sum(each.size for each in added.values())
        changed += sum(size for digest, size in self._stored.items() if digest not in kept)
        if changed * _LEAST_CHANGE <= sum(self._stored.values()):
            return added
        cache.write(kept, *self._documents_key)
        self._stored = {digest: each.size for digest, each in kept.items()}
        return {}


def _pack(documents: list[Document]) -> bytes | None:
    plain: list[Any] = [(document.index, document.value) for document in documents]
    try:
        return pack(plain)
    except (ValueError, TypeError):
        return None
