"""Which promises cannot be kept, and what stands in their way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.objective import Slo

if TYPE_CHECKING:
    from servicescape.analysis.prediction.availability import Availability

MOST_COMPONENTS = 1500
"""Of a larger catalog only a prediction is asked: the rule must not make `validate` wait."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A component without which another is down, and how available it is by itself."""

    component: str
    available: float


def infeasible(catalog: Catalog) -> Iterator[tuple[Slo, Availability, tuple[Limit, ...]]]:
    """SLOs that what is known of their components' dependencies rules out, with what limits them, weakest first.

    Only dependencies that take the component down alone count, so that the product of the limits is the best possible.
    """
    if len(catalog.components) > MOST_COMPONENTS or not any(
        slo.measures == "availability" and slo.scope == "total" for slo in catalog.slos.values()
    ):
        return
    # Not before it is known that there is something to predict: numpy comes along.
    from servicescape.analysis.prediction.availability import Availabilities, Defaults
    from servicescape.analysis.prediction.functions import bits
    from servicescape.analysis.prediction.states import structure_of

    # Nothing is taken for granted against a promise.
    perfect = Defaults({}, 100.0)
    structure = structure_of(catalog)
    availabilities = Availabilities(catalog, structure, defaults=perfect, only_single_points=True)
    numbers = structure.graph.number
    known = availabilities.all()
    chances = structure.chances(availabilities.unavailable)
    possible = sum(1 << event for event, chance in enumerate(chances) if chance)
    for availability in known:
        if availability.feasible is not False or availability.slo is None or availability.best_possible is None:
            continue
        number = numbers[availability.component]
        limits: dict[int, float] = {}
        alone = structure.single_points.of(structure.down[number]) & possible
        for event in bits(alone):
            source = structure.sources[structure.source_of_event[event]]
            if source.kind == "own" and source.components[0] != number:
                each = source.components[0]
                # A failure that is tolerated for a while limits by what outlasts that.
                limits[each] = limits.get(each, 0.0)
        for each in limits:
            survived = 1.0
            for event in bits(structure.sources[each].events & alone):
                survived *= 1.0 - chances[event]
            limits[each] = survived
        found = sorted(
            (Limit(structure.graph.refs[each], available) for each, available in limits.items() if available < 1),
            key=lambda limit: (limit.available, limit.component),
        )
        yield catalog.slos[availability.slo], availability, tuple(found)
