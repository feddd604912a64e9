"""Why a journey is blocked as often as it is: the failures that count most, and the way of each to the customer."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from servicescape.analysis.impact_graph import FailureGraph
from servicescape.analysis.journey_impact import leg_needs
from servicescape.analysis.prediction.results import CutSet
from servicescape.analysis.propagation import Propagation, propagate
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Journey, Leg


@dataclass(frozen=True, slots=True)
class Way:
    """How failures reach one leg of a step."""

    channel: str
    chain: tuple[str, ...]
    """References, from what the leg needs to what failed."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What one cut set does to a journey."""

    cut: CutSet
    step: str | None
    """Title of the first mandatory step that it blocks; None where a failed switch takes part, which has no chain."""
    ways: tuple[Way, ...]
    """One for each leg of the step."""


def reasons(catalog: Catalog, journey: Journey, cut_sets: tuple[CutSet, ...], most: int) -> Iterator[Reason]:
    """The reasons of the first cut sets, in their order."""
    graph = FailureGraph.of(catalog)
    for cut in cut_sets[:most]:
        if any(cause.kind == "switch" for cause in cut.causes):
            yield Reason(cut, None, ())
            continue
        failure = propagate(graph, graph.numbers(cut.components))
        yield _reason(catalog, graph, journey, cut, failure)


def _reason(catalog: Catalog, graph: FailureGraph, journey: Journey, cut: CutSet, failure: Propagation) -> Reason:
    for step in journey.steps:
        ways = [_way(catalog, graph, leg, failure) for leg in step.legs]
        gone = tuple(way for way in ways if way is not None)
        if gone and len(gone) == len(ways) and not step.optional:
            return Reason(cut, step.title, gone)
    return Reason(cut, None, ())


def _way(catalog: Catalog, graph: FailureGraph, leg: Leg, failure: Propagation) -> Way | None:
    """The chain that takes a leg down first, the shortest of several; None where it stays up."""
    found: list[tuple[float, tuple[str, ...]]] = []
    for ref in leg_needs(catalog, leg):
        if ref in graph.number and failure.down_at(ref) < math.inf:
            links = failure.chain(graph.number[ref], down=True)
            found.append((failure.down_at(ref), (ref, *(link.target for link in reversed(links)))))
    if not found:
        return None
    return Way(leg.channel, min(found, key=lambda each: (each[0], len(each[1]), each[1]))[1])
