"""The JSON Schemas as files."""

import json
from collections.abc import Iterable

from servicescape.catalog.catalog import Catalog
from servicescape.library import library_references
from servicescape.model.kinds import KINDS
from servicescape.model.names import DEFAULT_NAMESPACE, LIBRARY_NAMESPACE
from servicescape.model.schema import WHOLE_FILE, as_draft_07, file_schema, kind_schema, live_schema
from servicescape.model.settings import settings_schema

SETTINGS = "settings"


def schema_files() -> dict[str, str]:
    """All schemas that are checked in: file name → text."""
    schemas = {f"{kind.lower()}.json": kind_schema(kind) for kind in KINDS}
    schemas[f"{WHOLE_FILE}.json"] = file_schema()
    schemas[f"{WHOLE_FILE}.draft-07.json"] = as_draft_07(file_schema())
    schemas[f"{SETTINGS}.json"] = settings_schema()
    return {name: _text(schema) for name, schema in sorted(schemas.items())}


def one_schema(name: str, *, draft_07: bool = False, catalog: Catalog | None = None) -> str:
    """One schema as text: a kind's by its name, or that of a whole file. With a catalog, references are completed."""
    schema = file_schema() if name == WHOLE_FILE else kind_schema(name)
    if catalog is not None:
        found = catalog

        def names_of(kinds: tuple[str, ...]) -> Iterable[str]:
            return _names(found, kinds)

        schema = live_schema(schema, names_of)
    return _text(as_draft_07(schema) if draft_07 else schema)


def _names(catalog: Catalog, kinds: tuple[str, ...]) -> Iterable[str]:
    mixed = "Journey" in kinds and len(kinds) > 1
    for located in catalog.entities.values():
        entity = located.entity
        if entity.kind in kinds:
            prefix = "journey:" if mixed and entity.kind == "Journey" else ""
            space = entity.metadata.namespace
            yield f"{prefix}{'' if space == DEFAULT_NAMESPACE else f'{space}/'}{entity.metadata.name}"
    for kind in kinds:
        for name in library_references(kind):
            yield f"{LIBRARY_NAMESPACE}/{name}"


def _text(schema: object) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
