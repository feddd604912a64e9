"""D and G of all components for many failures at once: `propagation`, with one array element per failure.

The equations and the answer are those of `propagation`. Here they are worked out from the ground up: strongly connected
components in topological order, each from the times of what it needs; within a circle again and again, from "never"
downwards, until nothing changes. Additions and minima come in the same order as there, so times are equal to the bit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from servicescape.analysis.impact_graph import FailureGraph, Link
from servicescape.analysis.matrix_graph import Order, reached_by
from servicescape.catalog.graph import Effect

Times = npt.NDArray[np.float64]
"""Seconds, shaped (2, failures): D, then G. Infinity: never."""
Row = npt.NDArray[np.float64]
"""Seconds by failure."""

# Python looks members up anew each time, and here it is done for every edge.
_FINE, _GONE = Effect.OK, Effect.DOWN
_BLOCK_BYTES = 160 * 1024 * 1024
"""Memory for the times of one chunk of failures."""
_MOST_FAILURES = 1024
"""Failures in a chunk: enough to make calls cheap, few enough for rows to stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One row of the matrix before it is worked out: numbers of components, and the length of the outage."""

    row: int
    fail: tuple[int, ...]
    degrade: tuple[int, ...]
    within_seconds: float


@dataclass(frozen=True, slots=True)
class Chunk:
    """Failures that were propagated together."""

    rows: npt.NDArray[np.intp]
    """Row of the matrix by failure."""
    times: dict[int, Times]
    """Component → its times. Components that none of the failures reaches are missing."""


def propagate_all(graph: FailureGraph, order: Order, failures: Sequence[Failure]) -> Iterator[Chunk]:
    """Propagates failures chunk by chunk. Those that concern nothing in the order are left out.

    The times of a chunk live in memory that the next chunk reuses.
    """
    located = [
        (position, failure) for failure in failures if (position := reached_by(order, _seeds(failure))) is not None
    ]
    located.sort(key=lambda pair: (pair[0], pair[1].row))
    count = len(order.position)
    if not located or not count:
        return
    size = max(1, min(_MOST_FAILURES, len(located), _BLOCK_BYTES // (16 * count)))
    block = np.empty((count, 2, size))
    slot = {number: index for index, number in enumerate(order.position)}
    for begin in range(0, len(located), size):
        part = located[begin : begin + size]
        chosen = [failure for _, failure in part]
        rows = np.array([failure.row for failure in chosen], dtype=np.intp)
        # Failures are sorted by where they begin, so nothing before the first of them is touched by any in the chunk.
        yield Chunk(rows, _Propagating(graph, order, chosen, block, slot).run(part[0][0]))


def _seeds(failure: Failure) -> tuple[int, ...]:
    return (*failure.fail, *failure.degrade)


class _Propagating:
    """One chunk."""

    def __init__(
        self,
        graph: FailureGraph,
        order: Order,
        failures: Sequence[Failure],
        block: npt.NDArray[np.float64],
        slot: dict[int, int],
    ) -> None:
        self._graph = graph
        self._order = order
        self._block = block[:, :, : len(failures)]
        self._slot = slot
        self._times: dict[int, Times] = {}
        self._never = np.full(len(failures), np.inf)
        self._failed: dict[int, list[int]] = {}
        self._degraded: dict[int, list[int]] = {}
        for index, failure in enumerate(failures):
            for number in failure.fail:
                self._failed.setdefault(number, []).append(index)
            for number in failure.degrade:
                self._degraded.setdefault(number, []).append(index)
        within = np.array([failure.within_seconds for failure in failures])
        self._within: Row | None = within if bool(np.isfinite(within).any()) else None

    def run(self, first: int) -> dict[int, Times]:
        for group in self._order.groups[first:]:
            if len(group) == 1:
                self._update(group[0])
            else:
                self._settle_circle(group)
        return self._times

    def _settle_circle(self, group: tuple[int, ...]) -> None:
        before: dict[int, Times] = {}
        changed = True
        while changed:
            changed = False
            for number in group:
                self._update(number)
                now = self._times.get(number)
                if now is None:
                    continue
                then = before.get(number)
                if then is None or not np.array_equal(then, now):
                    before[number] = now.copy()
                    changed = True

    def _update(self, number: int) -> None:
        """Works out a component's times from those of what it needs."""
        out = self._block[self._slot[number]]
        # In a circle there are times from the round before, and later rounds only bring them forward.
        begun = number in self._times
        touched = False
        for index in self._graph.needs[number]:
            link = self._graph.links[index]
            if link.passes_on:
                target = self._times.get(link.targets[0])
                if target is None:
                    continue
                if begun:
                    np.minimum(out, self._late(target, link), out=out)
                else:
                    out[...] = self._late(target, link)
            elif any(target in self._times for target in link.targets):
                if not begun:
                    out.fill(np.inf)
                self._apply(link, out)
                touched = True
            else:
                continue
            begun = True
        failed, degraded = self._failed.get(number), self._degraded.get(number)
        if failed is not None or degraded is not None:
            if not begun:
                out.fill(np.inf)
            out[:, failed or []] = 0.0
            out[1, degraded or []] = 0.0
        elif not begun:
            return
        if touched:
            np.minimum(out[1], out[0], out=out[1])
        self._times[number] = out

    def _late(self, times: npt.NDArray[np.float64], link: Link) -> npt.NDArray[np.float64]:
        """Times after the link's tolerance, and never where the outage is over by then."""
        if link.tolerates == 0:
            return times
        late = times + link.tolerates
        if self._within is not None:
            late[late >= self._within] = np.inf
        return late

    def _apply(self, link: Link, out: Times) -> None:
        """A link of any other kind than the plain hard one."""
        if link.when_degraded is not _FINE:
            harmed = self._late(self._ranked(link, 1), link)
            part = out[0 if link.when_degraded is _GONE else 1]
            np.minimum(part, harmed, out=part)
        fallback = None if link.fallback is None else self._times.get(link.fallback)
        if link.when_down is _FINE and fallback is None:
            return
        down = self._ranked(link, 0)
        if link.when_down is not _FINE:
            part = out[0 if link.when_down is _GONE else 1]
            np.minimum(part, self._late(down, link), out=part)
        if fallback is not None:
            np.minimum(out[0], self._late(np.maximum(down, fallback[0]), link), out=out[0])

    def _ranked(self, link: Link, label: int) -> Row:
        """The rank-th smallest of the targets' times."""
        members: list[Row] = [self._times[target][label] for target in link.targets if target in self._times]
        if len(members) < link.rank:
            return self._never
        if len(members) == 1:
            return members[0]
        stacked: Times = np.array(members)
        if link.rank < len(members):
            stacked.partition(link.rank - 1, axis=0)
            ranked: Row = stacked[link.rank - 1]
            return ranked
        latest: Row = stacked.max(axis=0)
        return latest
