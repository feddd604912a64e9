"""The order in which the impact matrix works through the components."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from servicescape.analysis.impact_graph import FailureGraph


@dataclass(frozen=True)
class Order:
    """Components that something needs, dependencies before their dependents."""

    groups: tuple[tuple[int, ...], ...]
    """Strongly connected components of the graph: one component, or those that depend on each other in a circle."""
    position: dict[int, int]
    """Component → position of its group. Components that nobody asked for are missing."""


def order_below(graph: FailureGraph, tops: Iterable[int]) -> Order:
    """Orders all that these components need, directly or through others.

    Tarjan's algorithm (R. Tarjan, Depth-first search and linear graph algorithms, 1972), which yields the groups from
    the ground up; with a stack of its own, because catalogs may be deeper than Python's.
    """
    successors: list[tuple[int, ...] | None] = [None] * len(graph.refs)
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    on_stack: set[int] = set()
    stack: list[int] = []
    groups: list[tuple[int, ...]] = []
    for top in sorted(set(tops)):
        if top in index:
            continue
        work = [(top, 0)]
        while work:
            node, next_successor = work.pop()
            if next_successor == 0:
                index[node] = low[node] = len(index)
                stack.append(node)
                on_stack.add(node)
            needed = successors[node]
            if needed is None:
                needed = successors[node] = _needed(graph, node)
            descended = False
            for position in range(next_successor, len(needed)):
                successor = needed[position]
                if successor not in index:
                    work.append((node, position + 1))
                    work.append((successor, 0))
                    descended = True
                    break
                if successor in on_stack:
                    low[node] = min(low[node], index[successor])
            if descended:
                continue
            if work:
                parent = work[-1][0]
                low[parent] = min(low[parent], low[node])
            if low[node] == index[node]:
                groups.append(_pop_group(stack, on_stack, node))
    position_of = {node: position for position, group in enumerate(groups) for node in group}
    return Order(tuple(groups), position_of)


def _needed(graph: FailureGraph, node: int) -> tuple[int, ...]:
    needed: dict[int, None] = {}
    for number in graph.needs[node]:
        link = graph.links[number]
        needed.update(dict.fromkeys(link.targets))
        if link.fallback is not None:
            needed[link.fallback] = None
    return tuple(needed)


def _pop_group(stack: list[int], on_stack: set[int], node: int) -> tuple[int, ...]:
    group = []
    while True:
        member = stack.pop()
        on_stack.discard(member)
        group.append(member)
        if member == node:
            # The order in which the search came by: within a circle it needs the fewest rounds.
            return tuple(group)


def reached_by(order: Order, numbers: Sequence[int]) -> int | None:
    """Position of the first group that a failure of these components concerns; None where it concerns none."""
    return min((order.position[number] for number in numbers if number in order.position), default=None)
