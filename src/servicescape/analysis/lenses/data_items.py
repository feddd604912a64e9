"""Which system is the record of which data item, and what is asked of customers."""

import weakref
from collections.abc import Iterator, Mapping, Sequence

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Component, Journey, Step

GONE = ("planned", "retired", "unknown")
"""Lifecycles of what cannot carry anybody today."""


_LATEST: list[tuple["weakref.ref[Catalog]", Mapping[str, Sequence[Component]]]] = []


def masters(catalog: Catalog) -> Mapping[str, Sequence[Component]]:
    """Data item → components in service that are its system of record, by reference. Worked out once for all rules.

    A deprecated one counts only where no other is left: until it is gone, its successor stands beside it.
    """
    if not _LATEST or _LATEST[0][0]() is not catalog:
        _LATEST[:] = [(weakref.ref(catalog), _masters(catalog))]
    return _LATEST[0][1]


def _masters(catalog: Catalog) -> dict[str, list[Component]]:
    found: dict[str, list[Component]] = {}
    for component in catalog.components.values():
        if component.lifecycle not in GONE:
            for item in dict.fromkeys(component.masters) if component.masters else ():
                found.setdefault(item, []).append(component)
    return {
        item: [each for each in components if each.lifecycle != "deprecated"] or components
        for item, components in found.items()
    }


def collected(catalog: Catalog) -> Iterator[tuple[Journey, Step, int, str]]:
    """Every data item that a step of a journey in service collects, with its place in the list."""
    for journey in catalog.journeys.values():
        if journey.lifecycle not in GONE:
            for step in journey.steps:
                for number, item in enumerate(step.collects):
                    yield journey, step, number, item
