"""A promtool test file for each SLO, made from its own queries.

The tests put traffic on series that the queries find and ask what the rules make of it. Only queries that plainly sum
up rates can be turned round like this; for others the reason is told instead.
"""

import posixpath
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from servicescape.compile import names
from servicescape.compile.decimals import decimal_text
from servicescape.compile.example_series import Labels, counterexample, example, is_found, series_text
from servicescape.compile.options import Note
from servicescape.compile.plan import SloPlan
from servicescape.compile.promql import Query, Selector, division
from servicescape.compile.reach import reachable_factor
from servicescape.compile.window_tables import AlertPair
from servicescape.compile.yaml_text import comment, scalar
from servicescape.model.units import Duration

_HEADER = "Written by servicescape from the service catalog; changes made here are lost. Run: promtool test rules FILE"
_EVENTS_PER_MINUTE = 600
_RATE_MINUTES = names.RATE_WINDOW.milliseconds // 60_000
_QUIET_MINUTES = 30
_HISTORY_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some minutes of even traffic."""

    minutes: int
    per_minute: Fraction
    bad_share: Fraction


@dataclass(frozen=True, slots=True)
class _Fixture:
    """Series that carry an SLO's events."""

    everything: Labels | None
    """Counts all events; None where good and bad ones are counted apart."""
    good: Labels | None
    bad: Labels | None

    def series(self, traffic: list[Stretch], *, bad_exists: bool = True) -> list[tuple[str, str]]:
        """Series and their samples, one a minute."""
        found = []
        for labels, share in ((self.everything, None), (self.good, False), (self.bad, True)):
            if labels is None or (share and not bad_exists):
                continue
            found.append((series_text(labels), _counter(tuple(traffic), share)))
        return found


@dataclass(frozen=True, slots=True)
class _Check:
    """An expression, when it is looked at, and the single number that it must give; None: nothing at all."""

    expr: str
    minute: int
    value: int | None


def test_file(plan: SloPlan, *, rule_path: str, interval: Duration) -> str | Note:
    """The test file of an SLO; a note where its queries do not allow one."""
    fixture = _fixture(plan)
    if isinstance(fixture, str):
        return Note(plan.slo.ref, fixture)
    if interval.milliseconds != 60_000:
        return Note(plan.slo.ref, f"tests are made for an interval of 1m, not {interval}")
    folder = names.TESTS_FOLDER + "/" + "/".join("x" for _ in rule_path.split("/")[1:])
    lines = [
        comment(_HEADER, ""),
        f"rule_files:\n  - {scalar(posixpath.relpath(rule_path, folder))}\n",
        "evaluation_interval: 1m\n",
        "tests:\n",
    ]
    lines += _quiet(plan, fixture)
    lines += _outage(plan, fixture)
    lines += _slow_burn(plan, fixture)
    lines += _vanished(plan, fixture)
    return "".join(lines)


def _fixture(plan: SloPlan) -> _Fixture | str:
    measurement = plan.measurement
    if measurement.counts_time:
        return "a gauge has no events to make up"
    part: Query | None
    total = measurement.total
    part, is_bad = measurement.bad or measurement.good, measurement.bad is not None
    if measurement.error_ratio is not None:
        sides = division(measurement.error_ratio.text)
        if sides is None:
            return "its error ratio is not one query divided by another"
        (part, total), is_bad = sides, True
    if total is None or part is None or total.counter is None or part.counter is None:
        return "its queries are more than a sum of rates"
    return _from_selectors(part.counter, total.counter, is_bad=is_bad, plan=plan)


def _from_selectors(part: Selector, total: Selector, *, is_bad: bool, plan: SloPlan) -> _Fixture | str:
    whole, counted = example(total), example(part)
    if whole is None or counted is None:
        return "no label values were found that its matchers accept"
    for label in plan.grouping or ():
        whole.setdefault(label, "a")
        counted.setdefault(label, "a")
    merged = {**whole, **counted}
    if whole["__name__"] != counted["__name__"] or not is_found(total, merged):
        if plan.grouping is None and {**whole, "__name__": ""} != {**counted, "__name__": ""}:
            return "its queries do not tell by which labels they group"
        return _Fixture(whole, None, counted) if is_bad else _Fixture(whole, counted, None)
    if plan.grouping is None:
        return "its queries do not tell by which labels they group"
    other = counterexample(part, total, merged)
    if other is None:
        return "no series was found that is counted in `total` alone"
    return _Fixture(None, other, merged) if is_bad else _Fixture(None, merged, other)


def _quiet(plan: SloPlan, fixture: _Fixture) -> list[str]:
    """Traffic within the objective, without an error series, and none at all: nobody is told anything."""
    name, end = plan.name, _QUIET_MINUTES
    any_alert = f'count(ALERTS{{{names.SLO}="{name}"}})'
    ratio = f'{names.ERROR_RATIO}{{{names.SLO}="{name}"}}'
    within = fixture.series([Stretch(end, _traffic(plan), plan.budget / 2)])
    idle = fixture.series([Stretch(end, Fraction(0), Fraction(0))])
    out = _test("half of the budget's pace alerts nobody", within, [_Check(any_alert, end, None)])
    if fixture.bad is not None:
        perfect = fixture.series([Stretch(end, _traffic(plan), Fraction(0))], bad_exists=False)
        checks = [_Check(any_alert, end, None), _Check(f"max({ratio})", end, 0)]
        out += _test("an error series that never appeared is no error", perfect, checks)
    checks = [_Check(any_alert, end, None), _Check(f"count({ratio})", end, None)]
    if plan.measurement.total is not None:
        checks.append(_Check(f'count({names.TOTAL_RATE}{{{names.SLO}="{name}"}})', end, 1))
    return out + _test("idle time is neither good nor bad", idle, checks)


def _outage(plan: SloPlan, fixture: _Fixture) -> list[str]:
    """Everything fails: the fastest pair fires, and is silent again one short window after the end."""
    pair = next((pair for pair in plan.pairs if plan.details(pair.severity) is not None), None)
    if pair is None:
        return []
    delay = _minutes_to_fire(pair, reachable_factor(pair.factor, plan.budget) * plan.budget)
    begin = _HISTORY_MINUTES
    fires = begin + delay + 1
    end = max(fires, begin + _RATE_MINUTES)
    over = end + _minutes(pair.short) + 1
    series = fixture.series(
        [
            Stretch(begin, _traffic(plan), Fraction(0)),
            Stretch(end - begin, _traffic(plan), Fraction(1)),
            Stretch(over - end, _traffic(plan), Fraction(0)),
        ]
    )
    firing = _firing(plan, names.burn_alert(pair.severity, pair.long.canonical()))
    checks = [_Check(firing, begin, None), _Check(firing, fires, 1), _Check(firing, over, None)]
    title = f"a total outage fires the {pair.long.canonical()} {pair.severity} within {fires - begin}m and ends with it"
    return _test(title, series, checks)


@lru_cache(maxsize=1024)
def _minutes_to_fire(pair: AlertPair, threshold: Fraction) -> int:
    """Minutes of a total outage, after an hour without errors, until both windows are above an error ratio.

    One sample a minute; the rate needs five minutes to reach the full error ratio, and the windows sum its samples.
    """
    minute = 0
    while True:
        minute += 1
        recent = [min(Fraction(age, _RATE_MINUTES), Fraction(1)) for age in range(minute, 0, -1)]
        above = True
        for window in (pair.short, pair.long):
            samples = min(_minutes(window) - _RATE_MINUTES + 1, _HISTORY_MINUTES + minute)
            above = above and sum(recent[:samples]) / samples > threshold
        if above:
            return minute


def _slow_burn(plan: SloPlan, fixture: _Fixture) -> list[str]:
    """A burn above what tickets ask for and below what pages do: somebody reads of it, nobody is woken."""
    factors: dict[str, list[Fraction]] = {"page": [], "ticket": []}
    for pair in plan.pairs:
        if plan.details(pair.severity) is not None:
            factors[pair.severity].append(reachable_factor(pair.factor, plan.budget))
    if not factors["ticket"]:
        return []
    most = min([*factors["page"], 1 / plan.budget])
    surpassed = [factor for factor in factors["ticket"] if factor < most]
    if not surpassed:
        return []
    burn = (max(surpassed) + most) / 2
    end = _QUIET_MINUTES
    series = fixture.series([Stretch(end, _traffic(plan), burn * plan.budget)])
    checks = [
        _Check(_firing(plan, names.burn_alert("ticket", ".+"), op="=~"), end, len(surpassed)),
        _Check(_firing(plan, names.burn_alert("page", ".+"), op="=~"), end, None),
    ]
    return _test("a slow burn is a ticket and wakes nobody", series, checks)


def _vanished(plan: SloPlan, fixture: _Fixture) -> list[str]:
    absent = plan.slo.alerting.absent
    if absent is None:
        return []
    last = 20
    fires = last + max(_minutes(absent), _RATE_MINUTES) + 1
    series = fixture.series([Stretch(last, _traffic(plan), plan.budget / 2)])
    firing = _firing(plan, names.ABSENT_ALERT)
    checks = [_Check(firing, fires - 3, None), _Check(firing, fires, 1)]
    return _test("vanished series are told from idle ones", series, checks)


def _firing(plan: SloPlan, alert: str, *, op: str = "=") -> str:
    return f'count(ALERTS{{alertname{op}"{alert}",alertstate="firing",{names.SLO}="{plan.name}"}})'


def _traffic(plan: SloPlan) -> Fraction:
    """Events a minute: so many that a minute has enough of them for `minimumEvents`."""
    return Fraction(max(_EVENTS_PER_MINUTE, plan.slo.alerting.minimum_events))


def _minutes(duration: Duration) -> int:
    """Whole minutes, rounded up."""
    return -(-duration.milliseconds // 60_000)


@lru_cache(maxsize=4096)
def _counter(traffic: tuple[Stretch, ...], bad: bool | None) -> str:
    """Samples of a counter of bad, of good or (None) of all events, in promtool's notation `start+stepxtimes`."""
    pieces = []
    value = Fraction(0)
    for index, part in enumerate(traffic):
        minutes = part.minutes
        rate = part.per_minute * (1 if bad is None else part.bad_share if bad else 1 - part.bad_share)
        # The first stretch begins with the sample at 0, the others one step after the end of the one before.
        start = value if index == 0 else value + rate
        steps = minutes if index == 0 else minutes - 1
        pieces.append(f"{decimal_text(start)}+{decimal_text(rate)}x{steps}")
        value += rate * minutes
    return " ".join(pieces)


def _test(name: str, series: list[tuple[str, str]], checks: list[_Check]) -> list[str]:
    out = [f"  - name: {scalar(name)}\n    interval: 1m\n    input_series:\n"]
    for labels, values in series:
        out.append(f"      - series: {scalar(labels)}\n        values: {scalar(values)}\n")
    out.append("    promql_expr_test:\n")
    for check in checks:
        samples = "[]" if check.value is None else f'[{{labels: "{{}}", value: {check.value}}}]'
        out.append(
            f"      - expr: {scalar(check.expr)}\n        eval_time: {check.minute}m\n        exp_samples: {samples}\n"
        )
    return out
