"""Reads a catalog from its files: the first half of every command."""

import gc
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from servicescape.app.settings import find_settings
from servicescape.bind.entities import Bound, bind
from servicescape.catalog.build import build_catalog
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic
from servicescape.diagnostics.errors import ToolError
from servicescape.model.names import DEFAULT_NAMESPACE
from servicescape.model.settings import Settings
from servicescape.source.files import display_name, find_files
from servicescape.source.text import SourceFile, read_source
from servicescape.syntax.document import read_documents


@dataclass(frozen=True, slots=True)
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
    extension_schemas: dict[str, Any] = field(default_factory=dict, repr=False)
    """The organisation's JSON Schemas for `spec.extensions`, by name."""
    cwd: Path = field(default_factory=Path.cwd)
    """Folder that the names of files are relative to."""
    settings_file: Path | None = None
    """Where the settings come from; None where all is default."""

    def text_of(self, name: str) -> str | None:
        """Text of a file of the catalog; None for a file that was not read."""
        source = self.sources.get(name)
        return source.text if source is not None else None

    def path_in_settings(self, name: str) -> str:
        """A file's path from the settings' folder, as their patterns mean it, by the name that a finding gives it."""
        return display_name(self.cwd / name, self.folder)


def load(paths: Sequence[str | Path] = (), *, cwd: Path | None = None) -> Loaded:
    """Reads the catalog at `paths` (by default the settings' catalog). Raises ToolError where the run cannot go on."""
    base = cwd or Path.cwd()
    named = [Path(path) for path in paths]
    found = find_settings(named, base)
    settings = found.settings
    roots = named or [_from(base, found.folder / path) for path in settings.catalog]
    with _without_garbage_collection():
        files, problems = find_files(roots, exclude=settings.exclude, cwd=base, folder=found.folder)
        bound = Bound(diagnostics=list(problems))
        sources: dict[str, SourceFile] = {}
        documents = 0
        for path, name in files:
            source = read_source(path, name, settings.max_file_megabytes * 1024 * 1024)
            if isinstance(source, Diagnostic):
                bound.diagnostics.append(source)
                continue
            sources[name] = source
            documents += _read_file(source, bound)
        catalog, unresolved = build_catalog(bound.entities, bound.broken)
    return Loaded(
        settings=settings,
        folder=found.folder,
        catalog=catalog,
        diagnostics=(*bound.diagnostics, *unresolved),
        files=len(files),
        entities=documents,
        sources=sources,
        extension_schemas=_extension_schemas(found.folder / EXTENSION_SCHEMAS),
        cwd=base,
        settings_file=found.file,
    )


def _from(base: Path, path: Path) -> Path:
    """The path as one would type it in a folder."""
    try:
        return Path(os.path.relpath(path, base))
    except ValueError:  # On another drive.
        return path


EXTENSION_SCHEMAS = Path("schemas") / "extensions"
"""Where, beside the settings, an organisation keeps the schemas of its extensions."""


def _extension_schemas(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for file in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            found[file.stem] = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ToolError(f"{file}: not a JSON Schema: {error}", "mend or remove the file") from error
    return found


def _read_file(source: SourceFile, bound: Bound) -> int:
    documents, diagnostics, lost = read_documents(source)
    bound.diagnostics.extend(diagnostics)
    bound.broken.extend((kind, namespace or DEFAULT_NAMESPACE, name) for kind, namespace, name in lost)
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
    return len(documents)


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
