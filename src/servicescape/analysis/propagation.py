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

from servicescape.analysis.impact_graph import FailureGraph, rank_of
from servicescape.analysis.impact_results import Chain, PathLink
from servicescape.catalog.graph import Edge, Effect

_DOWN = 0
_HARMED = 1
# Python looks members up anew each time, and here it is done for every edge.
_FINE, _GONE = Effect.OK, Effect.DOWN


_Cause = tuple[int, int, float, bool]
"""Why a time was settled: the last of what had to happen first (component and label), the delay that the link's
tolerance adds, and whether a fallback had to fail as well. A plain tuple, because there is one for each component."""


@dataclass(frozen=True)
class Propagation:
    """What one failure does to every component. Lists are by number of the graph."""

    graph: FailureGraph
    down: list[float]
    """D in seconds; `math.inf`: never."""
    harmed: list[float]
    """G in seconds, at most D."""
    _causes: tuple[list[_Cause | None], list[_Cause | None]]
    _chains: tuple[dict[int, Chain], dict[int, Chain]] = field(default_factory=lambda: ({}, {}))
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

    def chain_to(self, ref: str) -> Chain:
        """The shortest chain that carries the worst state of a component that is reached."""
        number = self.graph.number[ref]
        return self.trace(number, down=self.down[number] < math.inf)

    def chain(self, number: int, *, down: bool) -> tuple[PathLink, ...]:
        """The links that make a component down (or harm it), as in `trace`."""
        return self.trace(number, down=down).links

    def trace(self, number: int, *, down: bool) -> Chain:
        """What makes a component down (or harms it), from what failed onwards.

        Of all chains the one that acts first, of these the one with the fewest links, of these the first by reference.
        Where several things have to fail together (a group, a fallback), the chain leads over the last of them.
        """
        label = _DOWN if down else _HARMED
        refs = self.graph.refs
        wanted: list[tuple[int, int, _Cause]] = []
        chain = self._chains[label].get(number)
        while chain is None:
            cause = self._causes[label][number]
            if cause is None:
                chain = Chain((refs[number],), ())
                break
            wanted.append((number, label, cause))
            number, label = cause[0], cause[1]
            chain = self._chains[label].get(number)
        path, links = chain
        for dependent, of, (target, _, adds, fallback_used) in reversed(wanted):
            ref = refs[dependent]
            path = (*path, ref)
            links = (*links, PathLink(ref, refs[target], adds, fallback_used))
            chain = self._chains[of][dependent] = Chain(path, links)
        return chain


def propagate(
    graph: FailureGraph, fail: Iterable[int], degrade: Iterable[int] = (), *, within_seconds: float = math.inf
) -> Propagation:
    """Sends a failure through the graph.

    `fail` is down and `degrade` degraded from 0 on; what is degraded goes down as well where its own dependencies
    bring it down. Times of `within_seconds` and later count as never: the failure is over before its effect comes.
    """
    return _Settling(graph, within_seconds).run(fail, degrade)


_Found = dict[int, _Cause | None]
"""What is reached at one time and over so many links: twice the component, plus the label → why."""


class _Settling:
    """One run of the algorithm.

    What is reached at one time over equally many links is taken together, in the order of components. This is the
    order in which a queue of single entries would give them out, and takes a fifth of its time.
    """

    def __init__(self, graph: FailureGraph, within: float) -> None:
        count = len(graph.refs)
        self._graph = graph
        self._within = within
        self._times = ([math.inf] * count, [math.inf] * count)
        """Infinity: not settled so far."""
        self._causes: tuple[list[_Cause | None], list[_Cause | None]] = ([None] * count, [None] * count)
        self._failures: tuple[dict[int, int], dict[int, int]] = ({}, {})
        """By label: edge, by its identity → how many of its targets have failed so far."""
        self._found: dict[tuple[float, int], _Found] = {}
        """By time and number of links."""
        self._queue: list[tuple[float, int]] = []

    def run(self, fail: Iterable[int], degrade: Iterable[int]) -> Propagation:
        begin = self._at(0.0, 0)
        begin.update((2 * number + _DOWN, None) for number in fail)
        begin.update((2 * number + _HARMED, None) for number in degrade)
        harmed, causes_harmed = self._times[_HARMED], self._causes[_HARMED]
        while self._queue:
            time, steps = heapq.heappop(self._queue)
            found = self._found.pop((time, steps))
            for key in sorted(found):
                number, label = key >> 1, key & 1
                if self._times[label][number] < math.inf:
                    continue
                unharmed = harmed[number] == math.inf
                self._times[label][number] = time
                self._causes[label][number] = found[key]
                if unharmed:
                    # What is down is not ok.
                    harmed[number], causes_harmed[number] = time, found[key]
                self._send(time, steps, number, label, also_harmed=unharmed and label == _DOWN)
        return Propagation(self._graph, *self._times, self._causes)

    def _at(self, time: float, steps: int) -> _Found:
        place = (time, steps)
        found = self._found.get(place)
        if found is None:
            found = self._found[place] = {}
            heapq.heappush(self._queue, place)
        return found

    def _send(self, time: float, steps: int, number: int, label: int, *, also_harmed: bool) -> None:
        """Notes what a settled time brings about; `also_harmed`: being down is the first harm to the component."""
        graph, times, never = self._graph, self._times, math.inf
        numbers = graph.number
        because = (number, label, 0.0, False)
        at_once: _Found | None = None
        for edge in graph.dependents.get(graph.refs[number], ()):
            if edge.fallback is not None or len(edge.targets) > 1:
                self._count(edge, time, steps, number, label)
                if also_harmed:
                    self._count(edge, time, steps, number, _HARMED)
                continue
            when_degraded = edge.when_degraded
            effect = edge.when_down if label == _DOWN else when_degraded
            if edge.tolerates_seconds > 0:
                self._offer(edge, effect, (number, label, edge.tolerates_seconds, False), time, steps)
            elif effect is not _FINE:
                wanted = _DOWN if effect is _GONE else _HARMED
                source = numbers[edge.source]
                if times[wanted][source] == never and time < self._within:
                    if at_once is None:
                        at_once = self._at(time, steps + 1)
                    key = 2 * source + wanted
                    if key not in at_once or _is_better(because, at_once[key]):
                        at_once[key] = because
            # What is down at once is harmed at once: the second is news only where it does more.
            if also_harmed and when_degraded > effect:
                self._offer(edge, when_degraded, (number, _HARMED, edge.tolerates_seconds, False), time, steps)

    def _count(self, edge: Edge, time: float, steps: int, number: int, label: int) -> None:
        """Takes in that one target of an edge, or its fallback, has failed."""
        graph, failures = self._graph, self._failures[label]
        ref, fallback = graph.refs[number], edge.fallback
        rank = rank_of(edge.need, len(edge.targets))
        before = failures.get(id(edge), 0)
        after = failures[id(edge)] = before + edge.targets.count(ref)
        gone = False
        if before < rank <= after:
            effect = edge.when_down if label == _DOWN else edge.when_degraded
            self._offer(edge, effect, (number, label, edge.tolerates_seconds, False), time, steps)
            gone = label == _DOWN and fallback is not None and self._times[_DOWN][graph.number[fallback]] < math.inf
        elif label == _DOWN:
            gone = ref == fallback and after >= rank
        # A soft dependency never takes its dependent down: it makes no difference whether its fallback is there.
        if gone and not edge.soft:
            self._offer(edge, _GONE, (number, label, edge.tolerates_seconds, True), time, steps)

    def _offer(self, edge: Edge, effect: Effect, cause: _Cause, time: float, steps: int) -> None:
        """Notes a time at which an edge makes its source down or degraded."""
        at = time + cause[2]
        if effect is _FINE or at >= self._within:
            return
        wanted = _DOWN if effect is _GONE else _HARMED
        source = self._graph.number[edge.source]
        if self._times[wanted][source] == math.inf:
            found = self._at(at, steps + 1)
            key = 2 * source + wanted
            if key not in found or _is_better(cause, found[key]):
                found[key] = cause


def _is_better(cause: _Cause, known: _Cause | None) -> bool:
    """Whether a cause goes before another that acts at once: by component, then what needs no fallback to fail."""
    return known is not None and (cause[0], cause[3]) < (known[0], known[3])
