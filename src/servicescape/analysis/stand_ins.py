"""Dependencies for which something stands in: a fallback, or other members of a group."""

import weakref
from collections.abc import Sequence

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Component, Edge

_LATEST: list[tuple["weakref.ref[Catalog]", Sequence[tuple[Component, Edge]]]] = []


def stand_ins(catalog: Catalog) -> Sequence[tuple[Component, Edge]]:
    """Every edge with a fallback, or written as a group, in the catalog's order. Worked out once for all rules."""
    if not _LATEST or _LATEST[0][0]() is not catalog:
        found = [
            (component, edge)
            for component in catalog.components.values()
            for edge in component.edges
            if edge.fallback is not None or edge.path[-1] == "anyOf"
        ]
        _LATEST[:] = [(weakref.ref(catalog), found)]
    return _LATEST[0][1]
