"""When the alert of a window pair fires, worked out minute by minute as the recorded rules do it.

Versions of Prometheus differ by one sample in what a range holds: up to 2.x both of its ends, from 3.0 on only the
later one. What is told here holds for both. Rules are evaluated once a minute.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate

from servicescape.compile import names
from servicescape.compile.cover import cover
from servicescape.compile.window_tables import AlertPair
from servicescape.model.units import Duration

_MINUTE_MS = 60_000
_RATE_MINUTES = names.RATE_WINDOW.milliseconds // _MINUTE_MS
_INTERVAL = Duration(_MINUTE_MS)
_LONGEST = 45 * 1440


@dataclass(frozen=True, slots=True)
class Recorded:
    """How the rules come from the bad share of each minute to what a window is the mean of."""

    averages: tuple[int, ...]
    """Means over so many minutes, one after the other; from Prometheus 3.0 on, over one minute less."""
    slice_minutes: int = 0
    """Length of a slice; 0 where the budget counts no slices."""
    slice_share: Fraction = Fraction(0)
    """A slice is bad above this share."""


@lru_cache(maxsize=1024)
def minutes_to_fire(pair: AlertPair, threshold: Fraction, recorded: Recorded, history: int) -> int:
    """Minutes of a total outage, after so many without errors, until both windows are above an error ratio."""
    minutes = 64
    while minutes < _LONGEST:
        shares = [Fraction(0)] * history + [Fraction(1)] * minutes
        firing = [_firing(pair, threshold, shares, recorded, closed=closed) for closed in (False, True)]
        for minute in range(history, len(shares)):
            if all(states[minute] for states in firing):
                return minute - history + 1
        minutes *= 4
    raise ValueError("a total outage never reaches the threshold")


def fires(
    pair: AlertPair, threshold: Fraction, shares: Sequence[Fraction], recorded: Recorded, minutes: Iterable[int]
) -> set[bool]:
    """Whether the pair fires in these minutes (0 is the first): always, never, or (both values) now and then."""
    states = [_firing(pair, threshold, shares, recorded, closed=closed) for closed in (False, True)]
    return {state[minute] for state in states for minute in minutes}


def _firing(
    pair: AlertPair, threshold: Fraction, shares: Sequence[Fraction], recorded: Recorded, *, closed: bool
) -> list[bool]:
    ratios = list(shares)
    for minutes in recorded.averages:
        ratios = _means(ratios, minutes - 1 + closed)
    above = []
    if recorded.slice_minutes:
        ratios = _slices(ratios, recorded)
    for window in (pair.short, pair.long):
        minutes = -(-window.milliseconds // _MINUTE_MS)
        if recorded.slice_minutes:
            by_slice = _means(ratios, max(minutes // recorded.slice_minutes, 1))
            # Until the first slice ends there is nothing to tell; then each minute goes by the last one that ended.
            known = [False] * (recorded.slice_minutes - 1)
            each = [ratio > threshold for ratio in by_slice for _ in range(recorded.slice_minutes)]
            above.append([*known, *each][: len(shares)])
        else:
            found = cover(window, _INTERVAL)
            means = _means(ratios, found.samples if found.weight else found.samples + closed, found.weight)
            above.append([ratio > threshold for ratio in means])
    return [both == (True, True) for both in zip(*above, strict=True)]


def _slices(ratios: Sequence[Fraction], recorded: Recorded) -> list[Fraction]:
    """1 for each slice that was bad, as its recorded rates tell, and 0 for each that was not; minute 1 is the first."""
    found = []
    for end in range(recorded.slice_minutes - 1, len(ratios), recorded.slice_minutes):
        tiles = [ratios[index] for index in range(end, end - recorded.slice_minutes, -_RATE_MINUTES)]
        found.append(Fraction(int(sum(tiles) / len(tiles) > recorded.slice_share)))
    return found


def _means(values: Sequence[Fraction], samples: int, ends: Fraction = Fraction(0)) -> list[Fraction]:
    """The mean of as many values up to each, or of those that there are; the first and the last count so much more."""
    sums = [Fraction(0), *accumulate(values)]
    found = []
    for index in range(1, len(values) + 1):
        total, weight = sums[index] - sums[max(index - samples, 0)], Fraction(min(samples, index))
        if ends:
            total += ends * values[index - 1]
            weight += ends
            if index >= samples:
                total += ends * values[index - samples]
                weight += ends
        found.append(total / weight)
    return found
