"""Customers blocked and contacts displaced at the worst moment, for many failures at once.

The answers are those of `customers`. What an attempt of a journey meets is told by the pattern of legs that its steps
are on, and there are few patterns, so each is worked out once, by `customers.attempt_shares`, and looked up after that.

For the channels' capacity, write u for the share of its contacts that channel c turns away, b for a journey's blocked
share and h for the share that needs c. Of the journey's demand d is blocked

    d·(1 - (1 - b)·∏(1 - u·h)) = d·b + Σ over non-empty sets S of its channels of -(-1)^|S| · d·(1 - b)·∏h · ∏u

Everything but ∏u adds up over journeys: one sum for d·b, one per channel for the contacts, one per set S. These sums
are kept for each failure and moment, and the turning away is worked out at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from servicescape.analysis.customers import BLOCKED, NOISE, Outcome, attempt_shares
from servicescape.analysis.matrix_journeys import StepTimes
from servicescape.analysis.matrix_times import Row
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Journey, Step

_Floats = npt.NDArray[np.float64]
Sum = tuple[str, tuple[str, ...]]
"""What is summed: `blocked`, `contacts` of a channel, or `needs` of a set of channels."""
MOST_CAPPED_CHANNELS = 6
"""A journey that can fall back on more channels of limited capacity at once has too many sets of them."""
_LARGEST_TABLE = 1 << 14
_SMALLEST_RATE = 1e-9
"""Customers an hour below this are rounding noise of sums and differences."""


@dataclass(frozen=True, slots=True)
class _Event:
    """Changes of the sums of a group of journeys: failure, time, and by how much (one column per sum)."""

    failures: npt.NDArray[np.intp]
    times: Row
    changes: _Floats


class Patterns:
    """Patterns of legs of one journey, numbered as they are met; pattern 0 is that of a journey unharmed."""

    def __init__(self, journey: Journey, capped: frozenset[str]) -> None:
        self._outcomes = [(step.share, step.optional, _outcomes(step)) for step in journey.steps]
        self.factors: list[int] = []
        size = 1
        for _, _, outcomes in self._outcomes:
            self.factors.append(size)
            size *= len(outcomes)
        self._size = size
        # Python's own integers where codes do not fit a machine word.
        self.code_type: type = np.int32 if size < 2**31 else np.int64 if size < 2**63 else object
        self._channels = sorted(
            {outcome for _, _, outcomes in self._outcomes for outcome in outcomes if isinstance(outcome, str)}
        )
        limited = [channel for channel in self._channels if channel in capped]
        self.is_wide = len(limited) > MOST_CAPPED_CHANNELS
        counts = range(1, 1 if self.is_wide else 1 + len(limited))
        self._sets = [chosen for count in counts for chosen in combinations(limited, count)]
        self.sums: tuple[Sum, ...] = (
            ("blocked", ()),
            *(("contacts", (channel,)) for channel in self._channels),
            *(("needs", chosen) for chosen in self._sets),
        )
        """Columns of `values`; those after them again, for demand at peak."""
        self._demand = np.array([journey.average_per_hour or 0.0, journey.peak_per_hour or 0.0])
        self._found: dict[int, int] = {0: 0}
        self._table = np.full(size, -1, dtype=np.int32) if size <= _LARGEST_TABLE else None
        if self._table is not None:
            self._table[0] = 0
        self.values: _Floats = np.zeros((1, 2 * len(self.sums)))

    def values_of(self, codes: npt.NDArray[Any]) -> _Floats:
        """Sums of patterns by code, one row per code."""
        numbers = self.numbers(codes)
        return np.asarray(self.values[numbers])

    def numbers(self, codes: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
        """Numbers of patterns by code: the sum over steps of the step's factor times the number of legs it has lost."""
        if self._table is None:
            distinct, inverse = np.unique(codes, return_inverse=True)
            self._add([code for code in distinct.tolist() if code not in self._found])
            return np.array([self._found[code] for code in distinct.tolist()], dtype=np.int32)[inverse]
        numbers = self._table[codes]
        missing = numbers < 0
        if missing.any():
            self._add(np.unique(codes[missing]).tolist())
            numbers = self._table[codes]
        return np.asarray(numbers)

    def _add(self, codes: list[int]) -> None:
        if not codes:
            return
        for code in codes:
            number = self._found[code] = len(self._found)
            if self._table is not None:
                self._table[code] = number
        shares = np.array([self._shares(code) for code in codes])
        self.values = np.concatenate([self.values, np.hstack([shares * demand for demand in self._demand])])

    def _shares(self, code: int) -> list[float]:
        """The sums of one attempt."""
        steps: list[tuple[float, bool, Outcome]] = []
        for share, optional, outcomes in self._outcomes:
            code, lost = divmod(code, len(outcomes))
            if lost:
                steps.append((share, optional, outcomes[lost]))
        shares = attempt_shares(steps)
        contacts, needs = dict(shares.contacts), dict(shares.depends_on)
        sums = [shares.blocked, *(contacts.get(channel, 0.0) for channel in self._channels)]
        for chosen in self._sets:
            product = 1.0 - shares.blocked
            for channel in chosen:
                product *= needs.get(channel, 0.0)
            sums.append(product)
        return sums


def _outcomes(step: Step) -> tuple[Outcome, ...]:
    """What a step does to attempts by the number of legs that it has lost."""
    if not step.legs:
        return (None,)
    home = step.legs[0].channel
    return (*(None if leg.channel == home else leg.channel for leg in step.legs), BLOCKED)


@dataclass(slots=True)
class _Group:
    """Journeys with the same sums."""

    sums: tuple[Sum, ...]
    at_once: _Floats
    """Failure × sum: journeys that change at time 0 only."""
    events: list[_Event] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WorstRates:
    """Customers an hour at the worst moment, by failure of a chunk: at average demand, then at peak."""

    blocked: tuple[Row, Row]
    displaced: tuple[Row, Row]


class ChunkOfCustomers:
    """Adds up what one chunk of failures does to the customers of all journeys."""

    def __init__(self, catalog: Catalog, failures: int, *, delays: bool) -> None:
        self._capacity = {
            channel.ref: channel.capacity_per_hour
            for channel in catalog.channels.values()
            if channel.capacity_per_hour is not None
        }
        self._count = failures
        self._delays = delays
        self._groups: dict[tuple[Sum, ...], _Group] = {}
        self.wide = np.zeros(failures, dtype=np.bool_)
        """Failures that hit a journey with too many channels; their rates must be worked out one by one."""

    def add(self, patterns: Patterns, steps: Sequence[tuple[int, StepTimes]]) -> None:
        """Takes in one journey: its steps, by position, that lose legs."""
        # Nobody is moved or blocked before a step has lost its first leg.
        hit = np.flatnonzero(np.min([times.left[0] for _, times in steps], axis=0) < np.inf)
        if not hit.size:
            return
        if patterns.is_wide:
            self.wide[hit] = True
            return
        factors = [patterns.factors[position] for position, times in steps for _ in times.left]
        lost_at = np.array([left[hit] for _, times in steps for left in times.left])
        lost = lost_at < np.inf
        codes: npt.NDArray[Any] = np.zeros(hit.size, dtype=patterns.code_type)
        for factor, gone in zip(factors, lost, strict=True):
            np.add(codes, factor, out=codes, where=gone)
        group = self._groups.get(patterns.sums)
        if group is None:
            width = 2 * len(patterns.sums)
            group = self._groups[patterns.sums] = _Group(patterns.sums, np.zeros((self._count, width)))
        if self._delays:
            late = (lost & (lost_at > 0)).any(axis=0)
            if late.any():
                group.events.append(_events(patterns, factors, lost_at[:, late], hit[late]))
                hit, codes = hit[~late], codes[~late]
        group.at_once[hit] += patterns.values_of(codes)

    def worst(self) -> WorstRates:
        """The highest rates over all moments of each failure."""
        sums = sorted({total for group in self._groups.values() for total in group.sums})
        column = {total: index for index, total in enumerate(sums)}
        width = len(sums)
        failures = [np.arange(self._count)]
        times = [np.zeros(self._count)]
        at_once = np.zeros((self._count, 2 * width))
        changes = [at_once]
        for group in self._groups.values():
            columns = [column[total] + offset for offset in (0, width) for total in group.sums]
            at_once[:, columns] += group.at_once
            for event in group.events:
                failures.append(event.failures)
                times.append(event.times)
                spread = np.zeros((event.failures.size, 2 * width))
                spread[:, columns] = event.changes
                changes.append(spread)
        moments, first = _moments(np.concatenate(failures), np.concatenate(times), np.concatenate(changes))
        rates = [self._rates(moments[:, :width], sums), self._rates(moments[:, width:], sums)]
        blocked = [_tidy(np.maximum.reduceat(blocked, first)) for blocked, _ in rates]
        displaced = [_tidy(np.maximum.reduceat(displaced, first)) for _, displaced in rates]
        return WorstRates((blocked[0], blocked[1]), (displaced[0], displaced[1]))

    def _rates(self, moments: _Floats, sums: Sequence[Sum]) -> tuple[Row, Row]:
        blocked = np.zeros(len(moments))
        displaced = np.zeros(len(moments))
        refused: dict[str, Row] = {}
        for index, (what, channels) in enumerate(sums):
            if what == "contacts":
                contacts = moments[:, index]
                displaced += contacts
                if channels[0] in self._capacity:
                    excess = _turned_away(contacts, self._capacity[channels[0]])
                    refused[channels[0]] = np.divide(excess, contacts, out=np.zeros_like(excess), where=excess > 0)
        for index, (what, channels) in enumerate(sums):
            if what == "blocked":
                blocked += moments[:, index]
            elif what == "needs":
                product = moments[:, index].copy()
                for channel in channels:
                    product *= refused[channel]
                if len(channels) % 2:
                    blocked += product
                else:
                    blocked -= product
        return blocked, displaced


def _events(patterns: Patterns, factors: Sequence[int], lost_at: _Floats, failures: npt.NDArray[np.intp]) -> _Event:
    """All changes of a journey under some failures, one after another in time.

    `lost_at` says when a step has lost so many legs: one row per factor, one column per failure.
    """
    order = np.argsort(lost_at, axis=0, kind="stable")
    times = np.take_along_axis(lost_at, order, axis=0)
    steps: npt.NDArray[Any] = np.array(factors, dtype=patterns.code_type)[order]
    codes: npt.NDArray[Any] = np.cumsum(steps, axis=0, dtype=patterns.code_type)
    last = np.ones(times.shape, dtype=np.bool_)
    last[:-1] = times[1:] != times[:-1]
    last &= times < np.inf
    # By failure, then by time.
    failure, position = np.nonzero(last.T)
    values = patterns.values_of(codes[position, failure])
    changes = values.copy()
    again = failure[1:] == failure[:-1]
    changes[1:][again] -= values[:-1][again]
    return _Event(failures[failure], times[position, failure], changes)


def _moments(failures: npt.NDArray[np.intp], times: Row, changes: _Floats) -> tuple[_Floats, npt.NDArray[np.intp]]:
    """Sums at every moment at which anything changes, by failure and time, and where each failure begins."""
    order = np.lexsort((times, failures))
    failures, times = failures[order], times[order]
    new_failure = np.ones(failures.size, dtype=np.bool_)
    new_failure[1:] = failures[1:] != failures[:-1]
    new_moment = new_failure.copy()
    new_moment[1:] |= times[1:] != times[:-1]
    begins = np.flatnonzero(new_moment)
    moments = np.add.reduceat(changes[order], begins, axis=0)
    first = np.flatnonzero(new_failure[begins])
    for begin, end in zip(first, [*first[1:], begins.size], strict=True):
        if end - begin > 1:
            np.cumsum(moments[begin:end], axis=0, out=moments[begin:end])
    return moments, first


def _turned_away(contacts_per_hour: Row, capacity_per_hour: float) -> Row:
    """`customers.turned_away` by element."""
    return np.where(contacts_per_hour > capacity_per_hour * (1 + NOISE), contacts_per_hour - capacity_per_hour, 0.0)


def _tidy(rates: Row) -> Row:
    return np.where(np.abs(rates) < _SMALLEST_RATE, 0.0, rates)
