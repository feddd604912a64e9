"""Reads a catalog from its files: the first half of every command."""

import gc
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from servicescape.app.inputs import EXTENSION_SCHEMAS, list_extension_schemas
from servicescape.app.parts import KeptFiles, read_part
from servicescape.app.settings import FoundSettings, find_settings
from servicescape.bind.entities import Bound
from servicescape.bind.foreign import bind_foreign
from servicescape.catalog.build import build_catalog
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.memory import BuildMemory
from servicescape.diagnostics import Diagnostic
from servicescape.diagnostics.errors import ToolError
from servicescape.diagnostics.records import record
from servicescape.model.settings import Settings
from servicescape.source.cache import Cache, FileState, digest_of
from servicescape.source.files import display_name, find_files
from servicescape.source.text import SourceFile


@record()
class Loaded:
    """A catalog as it was read, with what is wrong so far (rules have not run)."""

    settings: Settings
    folder: Path
    """Folder that the settings' paths are relative to."""
    catalog: Catalog
    diagnostics: tuple[Diagnostic, ...]
    files: int
    """YAML files that were looked at."""
    entities: int
    """Documents that became, or should have become, an entity."""
    sources: dict[str, SourceFile] = field(repr=False)
    """Files by name, for code frames."""
    foreign: int = 0
    """Objects of other tools, which are read besides."""
    shown: dict[str, SourceFile] = field(default_factory=dict, repr=False)
    """Files that are not UTF-8, as far as they can be read. For frames alone: what does not belong is U+FFFD."""
    extension_schemas: dict[str, Any] = field(default_factory=dict, repr=False)
    """The organisation's JSON Schemas for `spec.extensions`, by name."""
    cwd: Path = field(default_factory=Path.cwd)
    """Folder that the names of files are relative to."""
    settings_file: Path | None = None
    """Where the settings come from; None where all is default."""
    states: dict[str, FileState] | None = field(default=None, repr=False)
    """Files by name as they were when they were read; None where that is not known of all, or was not asked for."""
    roots: tuple[Path, ...] = ()
    """Files and folders that were looked through, as they were named."""
    parts: tuple[str, ...] = ()
    """Whole paths of the files and folders of the catalog that were asked about; empty: all of it was."""
    extensions_digest: bytes = b""
    """A hash of the schemas for `spec.extensions`."""
    kept: KeptFiles | None = field(default=None, repr=False)
    """What the files were read through, which can keep more for the next run; None without cache and memory."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to check in its files."""
        return self.entities + self.foreign == 0

    def text_of(self, name: str) -> str | None:
        """Text of a file of the catalog; None for a file of which there is nothing to see."""
        source = self.sources.get(name) or self.shown.get(name)
        return source.text if source is not None else None

    def is_asked_about(self, name: str) -> bool:
        """Whether findings in a file are wanted, by the name that a finding gives it."""
        if not self.parts:
            return True
        place = os.path.normpath(self.cwd / name)
        return any(place == part or place.startswith(f"{part}{os.sep}") for part in self.parts)

    def path_in_settings(self, name: str) -> str:
        """A file's path from the settings' folder, as their patterns mean it, by the name that a finding gives it."""
        return display_name(self.cwd / name, self.folder)


@dataclass(slots=True)
class Memory:
    """What runs of one process leave to the next: give the same one to each `load` of a catalog."""

    files: KeptFiles | None = None
    builds: BuildMemory = field(default_factory=BuildMemory)


def load(
    paths: Sequence[str | Path] = (),
    *,
    cwd: Path | None = None,
    cache: Cache | None = None,
    memory: Memory | None = None,
) -> Loaded:
    """Reads the catalog at `paths` (by default the settings' catalog). Raises ToolError where the run cannot go on.

    What a `cache` knows of files that have not changed is taken from there, unless the settings forbid it; a `memory`
    does the same for runs within one process.
    """
    base = cwd or Path.cwd()
    named = [Path(path) for path in paths]
    found = find_settings(named, base)
    settings = found.settings
    roots = roots_of(named, found, base)
    with _without_garbage_collection():
        files, problems = find_files(roots, exclude=settings.exclude, cwd=base, folder=found.folder)
        kept = _kept_files(cache if settings.cache else None, memory, (path for path, _ in files))
        read = kept.read if kept is not None else read_part
        bound = Bound(diagnostics=list(problems))
        sources: dict[str, SourceFile] = {}
        shown: dict[str, SourceFile] = {}
        documents = foreign = 0
        for path, name in files:
            part = read(path, name, settings.max_file_megabytes * 1024 * 1024)
            if part.source is not None:
                sources[name] = part.source
            elif part.shown is not None:
                shown[name] = part.shown
            documents += part.documents
            foreign += part.foreign
            part.add_to(bound)
        bind_foreign(bound, keeps_sloths_names=settings.compile.names == "sloth")
        known = kept.known_references(files) if kept is not None and memory is None else None
        if known is not None:
            # What becomes of these also depends on each other.
            known.sound.difference_update(document.file for document in bound.foreign)
        catalog, unresolved = build_catalog(bound.entities, bound.broken, memory.builds if memory else None, known)
        states = kept.finish(files, known) if kept is not None and not problems else None
    schemas, extensions_digest = _extension_schemas(found.folder / EXTENSION_SCHEMAS)
    return Loaded(
        settings=settings,
        folder=found.folder,
        catalog=catalog,
        diagnostics=(*bound.diagnostics, *unresolved),
        files=len(files),
        entities=documents,
        foreign=foreign,
        sources=sources,
        shown=shown,
        extension_schemas=schemas,
        cwd=base,
        settings_file=found.file,
        states=states,
        roots=tuple(roots),
        parts=tuple(os.path.normpath(base / path) for path in named) if named and roots != named else (),
        extensions_digest=extensions_digest,
        kept=kept,
    )


def _kept_files(cache: Cache | None, memory: Memory | None, paths: Iterable[Path]) -> KeptFiles | None:
    if memory is not None and memory.files is not None:
        return memory.files
    if cache is None and memory is None:
        return None
    # One entry for a catalog, however it is named on the command line: all its files stand below one folder.
    places = [os.path.dirname(os.path.abspath(path)) for path in paths]  # noqa: PTH100,PTH120 - 10,000 of them
    try:
        place = os.path.commonpath(places)
    except ValueError:  # No files, or several drives.
        place = ""
    kept = KeptFiles(cache, place, in_memory=memory is not None)
    if memory is not None:
        memory.files = kept
    return kept


def roots_of(named: list[Path], found: FoundSettings, base: Path) -> list[Path]:
    """Files and folders of a catalog: those that are named, or else those of the settings.

    What is named and lies within the settings' catalog stands for all of it: what it refers to is elsewhere there.
    """
    whole = [_from(base, found.folder / path) for path in found.settings.catalog]
    return whole if not named or _are_parts(named, whole, base) else named


def _are_parts(named: list[Path], whole: list[Path], base: Path) -> bool:
    """Whether each of these exists and lies below (and is not itself) one of the catalog's folders."""
    folders = [os.path.realpath(base / path) for path in whole]
    for path in named:
        real = os.path.realpath(base / path)
        if not os.path.exists(real) or not any(real.startswith(f"{folder}{os.sep}") for folder in folders):  # noqa: PTH110
            return False
    return True


def _from(base: Path, path: Path) -> Path:
    """The path as one would type it in a folder."""
    try:
        return Path(os.path.relpath(path, base))
    except ValueError:  # On another drive.
        return path


def _extension_schemas(folder: Path) -> tuple[dict[str, Any], bytes]:
    """The schemas by name, and a hash of them all."""
    found: dict[str, Any] = {}
    texts: list[bytes | str] = []
    for file in list_extension_schemas(folder):
        try:
            data = file.read_bytes()
            found[file.stem] = json.loads(data.decode("utf-8"))
        except (OSError, ValueError) as error:
            raise ToolError(f"{file}: not a JSON Schema: {error}", "mend or remove the file") from error
        texts += [file.name, data]
    return found, digest_of(*texts)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Loading makes millions of objects and no cycles; looking for cycles meanwhile triples its time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.freeze()
            gc.enable()
