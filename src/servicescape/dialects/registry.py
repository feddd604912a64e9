"""All foreign formats that are read. A further one is a module with `is_meant` and `translate`, and a line here."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from servicescape.diagnostics import Diagnostic, Position
from servicescape.dialects import openslo, pyrra, sloth
from servicescape.dialects.draft import Item, Path, Translation
from servicescape.dialects.shapes import Reader
from servicescape.syntax.document import Document

_DIALECTS = (openslo, sloth, pyrra)
_LISTS = {
    "List": "v1",
    f"{sloth.KIND}List": sloth.API_VERSION,
    f"{pyrra.KIND}List": pyrra.API_VERSION,
}
"""Kind of a list of Kubernetes objects → its `apiVersion`."""


def is_foreign(value: Any) -> bool:
    """Whether a document is written in a foreign format that is read: an object, or a list of such objects."""
    if isinstance(value, dict):
        if any(dialect.is_meant(value) for dialect in _DIALECTS):
            return True
        items = _listed(value)
        return items is not None and is_foreign(items)
    return (
        isinstance(value, tuple) and bool(value) and all(isinstance(item, dict) and is_foreign(item) for item in value)
    )


def translate(documents: Iterable[Document], *, keeps_sloths_names: bool = False) -> Translation:
    """All foreign documents of a catalog, which may refer to each other, to drafts of entities."""
    into = Translation(keeps_sloths_names=keeps_sloths_names)
    by_dialect: dict[str, list[Item]] = {dialect.LANGUAGE: [] for dialect in _DIALECTS}
    for document in sorted(documents, key=lambda document: (document.file, document.index)):
        for item in _items(document, document.value, ()):
            dialect = next(each for each in _DIALECTS if each.is_meant(item.value))
            kind = item.value.get("kind")
            if "apiVersion" in item.value and dialect is not openslo and kind not in dialect.KINDS:
                reader = Reader(item, dialect.LANGUAGE, {})
                reader.refuse_kind(kind, dialect.KINDS)
                into.diagnostics.extend(reader.diagnostics)
                continue
            by_dialect[dialect.LANGUAGE].append(item)
    for dialect in _DIALECTS:
        dialect.translate(by_dialect[dialect.LANGUAGE], into)
    into.diagnostics = _said_once(into.diagnostics)
    return into


def _said_once(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings, of equal ones on what means something a little different only the first of each file.

    They tell of the format and not of the place, and nothing has to be done at any of them.
    """
    alike: dict[tuple[str, ...], list[Diagnostic]] = {}
    for number, each in enumerate(diagnostics):
        is_of_format = each.code == "DIA162"
        alike.setdefault((each.file, each.message) if is_of_format else (str(number),), []).append(each)
    found = []
    for same in alike.values():
        first, more = min(same, key=_line_and_column), len(same) - 1
        places = "another place" if more == 1 else f"{more} other places"
        found.append(replace(first, label=f"{first.label}; so in {places} of this file") if more else first)
    return found


def _line_and_column(diagnostic: Diagnostic) -> tuple[int, int]:
    start = diagnostic.span.start if diagnostic.span else Position(0, 0)
    return start.line, start.column


def count_of(value: Any) -> int:
    """How many objects a foreign document holds."""
    if isinstance(value, tuple):
        return sum(count_of(item) for item in value)
    items = _listed(value)
    return count_of(items) if items is not None else 1


def _listed(value: dict[str, Any]) -> tuple[Any, ...] | None:
    items = value.get("items")
    kind = value.get("kind")
    if isinstance(kind, str) and _LISTS.get(kind) == value.get("apiVersion") and isinstance(items, tuple):
        return items
    return None


def _items(document: Document, value: Any, path: Path) -> Iterator[Item]:
    if isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _items(document, item, (*path, number))
        return
    items = _listed(value)
    if items is not None:
        yield from _items(document, items, (*path, "items"))
    else:
        yield Item(document, path, value)
