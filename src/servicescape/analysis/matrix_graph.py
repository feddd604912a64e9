"""The order in which the impact matrix works through the components."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from servicescape.analysis.circles import strongly_connected
from servicescape.analysis.impact_graph import FailureGraph


@dataclass(frozen=True)
class Order:
    """Components that something needs, dependencies before their dependents."""

    groups: tuple[tuple[int, ...], ...]
    """Strongly connected components of the graph: one component, or those that depend on each other in a circle."""
    position: dict[int, int]
    """Component → position of its group. Components that nobody asked for are missing."""


def order_below(graph: FailureGraph, tops: Iterable[int]) -> Order:
    """Orders all that these components need, directly or through others, from the ground up.

    Within a circle the search's own order is kept: it needs the fewest rounds.
    """
    groups = tuple(tuple(group) for group in strongly_connected(sorted(set(tops)), lambda node: _needed(graph, node)))
    return Order(groups, {node: position for position, group in enumerate(groups) for node in group})


def _needed(graph: FailureGraph, node: int) -> tuple[int, ...]:
    needed: dict[int, None] = {}
    for number in graph.needs[node]:
        link = graph.links[number]
        needed.update(dict.fromkeys(link.targets))
        if link.fallback is not None:
            needed[link.fallback] = None
    return tuple(needed)


def reached_by(order: Order, numbers: Sequence[int]) -> int | None:
    """Position of the first group that a failure of these components concerns; None where it concerns none."""
    return min((order.position[number] for number in numbers if number in order.position), default=None)
