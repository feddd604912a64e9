"""Traffic that an SLO's own queries find: stretches of good and bad events, or of good and bad readings."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import groupby

from servicescape.compile import names
from servicescape.compile.decimals import decimal_text
from servicescape.compile.example_counters import CountedSeries, counted_series, terms_of
from servicescape.compile.example_readings import NoReadingError, readings_text, series_of, solve
from servicescape.compile.example_series import counterexample, example, is_found, series_text
from servicescape.compile.plan import SloPlan
from servicescape.compile.promql import Query, Selector, division, one_minus

RATE_MINUTES = names.RATE_WINDOW.milliseconds // 60_000
_HALF = Fraction(1, 2)

Series = tuple[str, str]
"""A series and its samples, one a minute, as promtool writes them."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some minutes of even traffic."""

    minutes: int
    per_minute: Fraction
    bad_share: Fraction


class Traffic(ABC):
    """What puts good and bad on the series of an SLO."""

    counts_events: bool
    """Whether there is such a thing as no traffic."""
    has_error_series: bool
    """Whether a series carries errors alone, which might not exist before the first of them."""
    has_fractions: bool
    """Whether any share of a minute can be bad; otherwise a minute is good or bad."""
    averages: tuple[int, ...]
    """The recorded ratio is the mean of so many minutes; several are taken one after the other (Prometheus 2.x)."""
    lag: int
    """Minutes for which the recorded rates go on after their source ended."""

    @abstractmethod
    def series(self, stretches: Sequence[Stretch], *, errors_exist: bool = True, gone: bool = False) -> list[Series]:
        """Series with their samples; `gone` ends them as a target that vanished."""

    def shares(self, stretches: Sequence[Stretch]) -> list[Fraction]:
        """The bad share of each minute."""
        found: list[Fraction] = []
        for stretch in stretches:
            share, minutes = stretch.bad_share, range(stretch.minutes)
            if self.has_fractions:
                found += [share] * stretch.minutes
            else:
                # As many bad minutes as the share asks for, spread evenly, each at the end of its part.
                found += [Fraction(int((index + 1) * share) - int(index * share)) for index in minutes]
        return found


@dataclass(frozen=True)
class EventTraffic(Traffic):
    """Counters that grow with each event."""

    counted: tuple[CountedSeries, ...]
    has_error_series: bool
    counts_events = True
    has_fractions = True
    averages = (RATE_MINUTES,)
    lag = RATE_MINUTES

    def series(self, stretches: Sequence[Stretch], *, errors_exist: bool = True, gone: bool = False) -> list[Series]:
        """Series with their samples."""
        end = " stale" if gone else ""
        return [
            (series_text(one.labels), _counter(stretches, one.good, one.bad) + end)
            for one in self.counted
            if errors_exist or one.good or not one.bad
        ]


class ReadingTraffic(Traffic):
    """Gauges that tell how bad it is; the query gives the bad share."""

    counts_events = False
    has_error_series = False

    def __init__(self, text: str, grouping: tuple[str, ...] | None):
        self._text = text
        good = solve(text, Fraction(0))
        solve(text, Fraction(1))
        self._selectors = list(good.values)
        self._labels = series_of(self._selectors, grouping)
        self.averages = tuple(minutes + 1 for minutes in good.averages)
        self.lag = good.lag
        try:
            solve(text, _HALF)
            self.has_fractions = True
        except NoReadingError:
            self.has_fractions = False

    def series(self, stretches: Sequence[Stretch], *, errors_exist: bool = True, gone: bool = False) -> list[Series]:
        """Series with their samples."""
        runs = [(share, len(list(same))) for share, same in groupby(self.shares(stretches))]
        solved = [(minutes, solve(self._text, share).values) for share, minutes in runs]
        return [
            readings_text(labels, [(minutes, values[selector]) for minutes, values in solved], gone=gone)
            for selector, labels in zip(self._selectors, self._labels, strict=True)
        ]


def traffic_for(plan: SloPlan) -> Traffic | str:
    """Traffic for the queries of an SLO; the reason where none was found."""
    measurement = plan.measurement
    if measurement.counts_time and measurement.bad is not None:
        return _readings(measurement.bad.text, plan)
    part, total, is_bad = measurement.bad or measurement.good, measurement.total, measurement.bad is not None
    if measurement.error_ratio is not None:
        text = measurement.error_ratio.text
        rest = one_minus(text)
        sides = division(rest or text)
        if sides is None or terms_of(sides[0].text) is None:
            return _readings(text, plan)
        (part, total), is_bad = sides, rest is None
    assert part is not None
    assert total is not None
    if "histogram_count" in total.text:
        return "promtool of Prometheus 2.42 has no way to write native histograms"
    return _plain(part, total, is_bad=is_bad, plan=plan) or _summed(part, total, is_bad=is_bad, plan=plan)


def _readings(text: str, plan: SloPlan) -> Traffic | str:
    try:
        return ReadingTraffic(text, plan.grouping)
    except ValueError:
        return "no readings were found that give its query a known value"


def _plain(part: Query, total: Query, *, is_bad: bool, plan: SloPlan) -> Traffic | None:
    """Traffic for the usual case: each query sums up one counter."""
    if part.counter is None or total.counter is None:
        return None
    whole, counted = example(total.counter), example(part.counter)
    if whole is None or counted is None:
        return None
    for label in plan.grouping or ():
        whole.setdefault(label, "a")
        counted.setdefault(label, "a")
    zero, one = Fraction(0), Fraction(1)
    of_part = (zero, one) if is_bad else (one, zero)
    merged = {**whole, **counted}
    if whole["__name__"] != counted["__name__"] or not is_found(total.counter, merged):
        if plan.grouping is None and {**whole, "__name__": ""} != {**counted, "__name__": ""}:
            return None
        return EventTraffic((CountedSeries(whole, one, one), CountedSeries(counted, *of_part)), is_bad)
    other = counterexample(part.counter, total.counter, merged)
    if plan.grouping is None or other is None:
        return None
    series = (CountedSeries(other, *reversed(of_part)), CountedSeries(merged, *of_part))
    return EventTraffic(series if is_bad else series[::-1], has_error_series=True)


def _summed(part: Query, total: Query, *, is_bad: bool, plan: SloPlan) -> Traffic | str:
    """Traffic for queries that add and subtract rates."""
    parts, totals = terms_of(part.text), terms_of(total.text)
    if parts is None or totals is None:
        return "its queries do more than add and subtract rates"
    found = counted_series(parts, totals, is_bad=is_bad, grouping=plan.grouping)
    if found is None:
        return "no series were found that carry good events apart from bad ones"
    kept = [one for one in found if one.good or not one.bad]
    needed: set[Selector] = {selector for _, selector in (totals if is_bad else (*totals, *parts))}
    lone = len(kept) < len(found) and all(any(is_found(s, one.labels) for one in kept) for s in needed)
    return EventTraffic(found, has_error_series=lone)


def _counter(stretches: Sequence[Stretch], good: Fraction, bad: Fraction) -> str:
    """Samples of a counter in promtool's notation `start+stepxtimes`."""
    # Thousands of SLOs have a few dozen of them, and whole numbers are found again faster than fractions.
    plain = tuple(
        (part.minutes, part.per_minute.as_integer_ratio(), part.bad_share.as_integer_ratio()) for part in stretches
    )
    return _samples(plain, good.as_integer_ratio(), bad.as_integer_ratio())


_Ratio = tuple[int, int]


@lru_cache(maxsize=4096)
def _samples(stretches: tuple[tuple[int, _Ratio, _Ratio], ...], of_good: _Ratio, of_bad: _Ratio) -> str:
    pieces = []
    good, bad = Fraction(*of_good), Fraction(*of_bad)
    value = Fraction(0)
    for index, (minutes, per_minute, bad_share) in enumerate(stretches):
        share = Fraction(*bad_share)
        rate = Fraction(*per_minute) * (good * (1 - share) + bad * share)
        # The first stretch begins with the sample at 0, the others one step after the end of the one before.
        start = value if index == 0 else value + rate
        steps = minutes if index == 0 else minutes - 1
        pieces.append(f"{decimal_text(start)}+{decimal_text(rate)}x{steps}")
        value += rate * minutes
    return " ".join(pieces)
