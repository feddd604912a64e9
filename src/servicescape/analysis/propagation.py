"""When each component is down, and when it stops being fully ok, after one failure.

For every component D is the time at which it is down and G ≤ D the time at which it is no longer ok, in seconds since
the failure began; infinity means never. They are the greatest times (the fewest failures) that satisfy the equations

    D(v) = 0 where v failed, else the least over its edges of what makes it down, plus the edge's tolerance
    G(v) = 0 where v failed or is degraded, else the least over its edges of what harms it at all, and D(v)

so nothing in a cycle fails unless something outside makes it. They are found by Knuth's generalisation of Dijkstra's
algorithm (D. Knuth, A generalization of Dijkstra's algorithm, Information Processing Letters 6(1), 1977): every
contribution of an edge is no earlier than the times that it is made of, so times can be settled in their order, and
each edge is looked at once for each of the two times of each target.
"""

import heapq
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from servicescape.analysis.impact_graph import FailureGraph, Link
from servicescape.analysis.impact_results import PathLink
from servicescape.catalog.graph import Effect

_DOWN = 0
_HARMED = 1


class _Cause(NamedTuple):
    """Why a time was settled: the last of what had to happen first, and the edge that carried it."""

    number: int
    label: int
    adds_seconds: float
    fallback_used: bool


@dataclass(frozen=True)
class Propagation:
    """What one failure does to every component. Lists are by number of the graph."""

    graph: FailureGraph
    down: list[float]
    """D in seconds; `math.inf`: never."""
    harmed: list[float]
    """G in seconds, at most D."""
    _causes: tuple[list[_Cause | None], list[_Cause | None]]
    _chains: tuple[dict[int, tuple[PathLink, ...]], dict[int, tuple[PathLink, ...]]] = field(
        default_factory=lambda: ({}, {})
    )
    """Chains that were asked for: those of many components begin alike."""

    @cached_property
    def times(self) -> dict[str, tuple[float, float]]:
        """Reference → D and G, of the components that are no longer ok at some time."""
        refs, down, harmed = self.graph.refs, self.down, self.harmed
        return {refs[number]: (down[number], harmed[number]) for number in self.reached()}

    def down_at(self, ref: str) -> float:
        """Seconds until a component is down; infinity for never, and for what is not in the catalog."""
        number = self.graph.number.get(ref)
        return math.inf if number is None else self.down[number]

    def harmed_at(self, ref: str) -> float:
        """Seconds until a component is no longer ok; infinity for never, and for what is not in the catalog."""
        number = self.graph.number.get(ref)
        return math.inf if number is None else self.harmed[number]

    def reached(self) -> list[int]:
        """Numbers of the components that are no longer ok at some time."""
        return [number for number, at in enumerate(self.harmed) if at < math.inf]

    def chain(self, number: int, *, down: bool) -> tuple[PathLink, ...]:
        """The links that make a component down (or harm it), from what failed onwards; empty for what failed itself.

        Of all chains the one that acts first, of these the one with the fewest links, of these the first by reference.
        Where several things have to fail together (a group, a fallback), the chain leads over the last of them.
        """
        label = _DOWN if down else _HARMED
        wanted: list[tuple[int, int, _Cause]] = []
        links = self._chains[label].get(number)
        while links is None:
            cause = self._causes[label][number]
            if cause is None:
                links = ()
                break
            wanted.append((number, label, cause))
            number, label = cause.number, cause.label
            links = self._chains[label].get(number)
        refs = self.graph.refs
        for dependent, of, cause in reversed(wanted):
            links = (*links, PathLink(refs[dependent], refs[cause.number], cause.adds_seconds, cause.fallback_used))
            self._chains[of][dependent] = links
        return links


def propagate(
    graph: FailureGraph, fail: Iterable[int], degrade: Iterable[int] = (), *, within_seconds: float = math.inf
) -> Propagation:
    """Sends a failure through the graph.

    `fail` is down and `degrade` degraded from 0 on; what is degraded goes down as well where its own dependencies
    bring it down. Times of `within_seconds` and later count as never: the failure is over before its effect comes.
    """
    return _Settling(graph, within_seconds).run(fail, degrade)


_Entry = tuple[float, int, int, int, int, int]
"""Time, links so far, component, label, and the cause: component (-1: none) and a number into the candidates."""


class _Settling:
    """One run of the algorithm."""

    def __init__(self, graph: FailureGraph, within: float) -> None:
        count = len(graph.refs)
        self._graph = graph
        self._within = within
        self._times = ([math.inf] * count, [math.inf] * count)
        self._causes: tuple[list[_Cause | None], list[_Cause | None]] = ([None] * count, [None] * count)
        self._settled = ([False] * count, [False] * count)
        self._failures: tuple[dict[int, int], dict[int, int]] = ({}, {})
        """By label: link → how many of its targets have failed so far."""
        self._queue: list[_Entry] = []
        self._candidates: list[_Cause] = []

    def run(self, fail: Iterable[int], degrade: Iterable[int]) -> Propagation:
        for number in fail:
            heapq.heappush(self._queue, (0.0, 0, number, _DOWN, -1, -1))
        for number in degrade:
            heapq.heappush(self._queue, (0.0, 0, number, _HARMED, -1, -1))
        while self._queue:
            time, steps, number, label, _, candidate = heapq.heappop(self._queue)
            if self._settled[label][number]:
                continue
            cause = self._candidates[candidate] if candidate >= 0 else None
            self._settle(time, steps, number, label, cause)
            # What is down is not ok. Of two equal entries the one for "down" comes first, so G is settled with it.
            if label == _DOWN and not self._settled[_HARMED][number]:
                self._settle(time, steps, number, _HARMED, cause)
        return Propagation(self._graph, *self._times, self._causes)

    def _settle(self, time: float, steps: int, number: int, label: int, cause: _Cause | None) -> None:
        self._settled[label][number] = True
        self._times[label][number] = time
        self._causes[label][number] = cause
        failures = self._failures[label]
        links, settled = self._graph.links, self._settled[label]
        for index in self._graph.needed_by[number]:
            link = links[index]
            if link.passes_on:
                # The dependent becomes just what this is: by far the most common need.
                if not settled[link.source]:
                    at = time + link.tolerates
                    if at < self._within:
                        self._push(at, steps, link, label, number, label)
                continue
            failed = failures[index] = failures.get(index, 0) + 1
            if failed != link.rank:
                continue
            if label == _HARMED:
                self._offer(link, link.when_degraded, time, steps, number, label)
                continue
            self._offer(link, link.when_down, time, steps, number, label)
            if link.fallback is not None and self._settled[_DOWN][link.fallback]:
                self._offer(link, Effect.DOWN, time, steps, number, label, fallback_used=True)
        if label == _DOWN:
            for index in self._graph.falls_back_from[number]:
                link = self._graph.links[index]
                # A component that is both target and fallback was counted as a target just now.
                if failures.get(index, 0) >= link.rank:
                    self._offer(link, Effect.DOWN, time, steps, number, label, fallback_used=True)

    def _offer(
        self,
        link: Link,
        effect: Effect,
        time: float,
        steps: int,
        number: int,
        label: int,
        *,
        fallback_used: bool = False,
    ) -> None:
        """Notes a time at which a link makes its source down or degraded."""
        at = time + link.tolerates
        if effect is Effect.OK or at >= self._within:
            return
        wanted = _DOWN if effect is Effect.DOWN else _HARMED
        if self._settled[wanted][link.source]:
            return
        self._push(at, steps, link, wanted, number, label, fallback_used)

    def _push(
        self, at: float, steps: int, link: Link, wanted: int, number: int, label: int, fallback_used: bool = False
    ) -> None:
        heapq.heappush(self._queue, (at, steps + 1, link.source, wanted, number, len(self._candidates)))
        self._candidates.append(_Cause(number, label, link.tolerates, fallback_used))
