"""Exact places for findings: one member of a list, a few characters of a value."""

from servicescape.bind.located import Located, Path
from servicescape.bind.places import PlacesAsWritten
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Component, Edge
from servicescape.diagnostics import Position, Span
from servicescape.model.components import RedundantDependency
from servicescape.model.entity import Entity
from servicescape.model.names import COMPONENT_KINDS


def part_of_value(located: Located[Entity], path: Path, text: str, start: int, end: int) -> Span:
    """The place of `text[start:end]` in the value at a path, whose text this is.

    Only a value on one line, with or without quotes, shows its characters where they are; of a longer one the key is
    the best place to look at.
    """
    span = located.places.value_span(path)
    if span.start.line != span.end.line:
        return located.places.key_span(path)
    first = begin_of_text(span, text)
    if first is None:
        return span
    line = span.start.line
    return Span(Position(line, first + start), Position(line, first + end))


def is_whole(located: Located[Entity], path: Path) -> bool:
    """Whether nothing faulty was left out of a part of an entity; what follows from a lack would be no second fault."""
    places = located.places
    return not isinstance(places, PlacesAsWritten) or places.is_whole(path)


def begin_of_text(span: Span, text: str) -> int | None:
    """The column in which a value's text begins; None where it is not written in one line as it is.

    An anchor, a tag or an escape makes the written value longer than its text and its quotes.
    """
    if span.start.line != span.end.line:
        return None
    quotes = span.end.column - span.start.column - len(text)
    return {0: span.start.column, 2: span.start.column + 1}.get(quotes)


def path_of(
    catalog: Catalog,
    located: Located[Entity],
    path: Path,
    texts: tuple[str, ...],
    ref: str,
    kinds: tuple[str, ...] = COMPONENT_KINDS,
) -> Path:
    """Path of the item of a list of references that stands for `ref`; the list's own path where none does."""
    namespace = located.entity.metadata.namespace
    for number, text in enumerate(texts):
        if catalog.find(text, kinds, namespace) == ref:
            return (*path, number)
    return path


def path_of_target(catalog: Catalog, component: Component, edge: Edge, target: str) -> Path:
    """Where a component names one of an edge's targets."""
    if edge.path[-1] != "anyOf":
        return edge.path
    group = group_of(component, edge)
    return path_of(catalog, component.entity, edge.path, group.any_of, target) if group else edge.path


def group_of(component: Component, edge: Edge) -> RedundantDependency | None:
    """The redundant group as written that an edge stands for; None for a plain edge."""
    if edge.path[-1] != "anyOf":
        return None
    written = component.entity.entity.spec.depends_on[int(edge.path[2])]
    return written if isinstance(written, RedundantDependency) else None
