"""A promtool test file for each SLO, made from its own queries.

The tests put traffic on series that the queries find and ask what the rules make of it. Where none is known that gives
a query the wanted value, the reason is told instead.
"""

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from servicescape.compile import names
from servicescape.compile.alerts import absent_hold
from servicescape.compile.burn_forecast import Recorded, fires, minutes_to_fire
from servicescape.compile.example_series import series_text
from servicescape.compile.example_traffic import RATE_MINUTES, EventTraffic, Stretch, Traffic, traffic_for
from servicescape.compile.options import Note
from servicescape.compile.plan import SloPlan
from servicescape.compile.promtool_text import (
    ANY_ALERT,
    Check,
    ever_fired,
    firing_now,
    head,
    silent,
    test_text,
    whole_minutes,
)
from servicescape.compile.reach import reachable_factor
from servicescape.compile.window_tables import AlertPair
from servicescape.compile.yaml_text import scalar
from servicescape.model.units import Duration

_EVENTS_PER_MINUTE = 600
_LONGEST_TEST = Duration.parse("1d")
_QUIET_MINUTES = 30
_HISTORY_MINUTES = 60
_LONGEST_APART = 120
"""Minutes between bad readings that are tried at most."""
_BAD_SPELLS = 3
"""So many bad minutes or slices make a burn."""


def test_file(plan: SloPlan, *, rule_path: str, interval: Duration) -> str | Note:
    """The test file of an SLO; a note where its queries do not allow one."""
    traffic = traffic_for(plan)
    if isinstance(traffic, str):
        return Note(plan.slo.ref, traffic)
    if interval.milliseconds != 60_000:
        return Note(plan.slo.ref, f"tests are made for an interval of 1m, not {interval}")
    if any(time.is_near_1970(_LONGEST_TEST) for time in plan.maintenance):
        return Note(plan.slo.ref, "it would be maintenance on the first of January 1970, when promtool's tests run")
    if plan.slices and not plan.slices.is_tiled:
        return Note(plan.slo.ref, f"its slices of {plan.slices.length} are not filled by recorded rates of 5m")
    return "".join(head(rule_path)) + _tests(plan, traffic)


def _tests(plan: SloPlan, traffic: Traffic) -> str:
    """All tests of an SLO. Those of most differ in nothing but its name and its series: they are made once."""
    if not isinstance(traffic, EventTraffic) or not plan.naming.scheme.is_ours or not _SIMPLE.fullmatch(plan.name):
        return tests_text(plan, traffic)
    pieces = _pieces(_Shape(_shape_key(plan, traffic), plan, traffic))
    values = {"n": plan.name}
    for number, one in enumerate(traffic.counted):
        values[str(number)] = scalar(series_text(one.labels))
    return "".join([values[piece] if index % 2 else piece for index, piece in enumerate(pieces)])


def tests_text(plan: SloPlan, traffic: Traffic) -> str:
    """All tests of an SLO, one after another."""
    return "".join(
        [*_quiet(plan, traffic), *_outage(plan, traffic), *_slow_burn(plan, traffic), *_vanished(plan, traffic)]
    )


_SIMPLE = re.compile(r"[a-z0-9][a-z0-9/-]*")
"""Names that YAML takes as it takes a mark; there are no others in a catalog."""
_MARK = re.compile(r"Q(n|\d+)Q")
"""Where the name of an SLO, or the series of a number, stands in the tests of its shape."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """SLOs with tests that differ in nothing but the name and the series, by one of them."""

    key: tuple[object, ...]
    plan: SloPlan = field(compare=False)
    traffic: EventTraffic = field(compare=False)


def _shape_key(plan: SloPlan, traffic: EventTraffic) -> tuple[object, ...]:
    """Everything that tests are made from, but for what marks stand for; terms are told by which they are."""
    alerting = plan.slo.alerting
    return (
        tuple((one.good.as_integer_ratio(), one.bad.as_integer_ratio()) for one in traffic.counted),
        traffic.has_error_series,
        id(plan.terms),
        plan.details("page") is None,
        plan.details("ticket") is None,
        alerting.absent,
        alerting.minimum_events,
        plan.measurement.total is None,
    )


@lru_cache(maxsize=512)
def _pieces(shape: _Shape) -> tuple[str, ...]:
    """The tests of a shape in pieces, every second of which is what a mark holds."""
    plan = replace(shape.plan, name="QnQ", naming=replace(shape.plan.naming, id="QnQ"))
    counted = tuple(
        replace(one, labels={"__name__": f"Q{number}Q"}) for number, one in enumerate(shape.traffic.counted)
    )
    return tuple(_MARK.split(tests_text(plan, replace(shape.traffic, counted=counted))))


def _quiet(plan: SloPlan, traffic: Traffic) -> list[str]:
    """Traffic within the objective, without an error series, and none at all: nobody is told anything."""
    name, end = plan.name, _QUIET_MINUTES
    ratio = plan.naming.scheme.every_ratio.format(of=plan.naming.of)
    quiet = silent(name, end)
    share = _harmless_share(plan, traffic)
    within = traffic.series([Stretch(end, _per_minute(plan), share)])
    title = "half of the budget's pace alerts nobody" if share else "good readings alert nobody"
    out = test_text(title, within, quiet)
    if traffic.has_error_series:
        perfect = traffic.series([Stretch(end, _per_minute(plan), Fraction(0))], errors_exist=False)
        out += test_text(
            "an error series that never appeared is no error", perfect, [*quiet, Check(f"max({ratio})", end, 0)]
        )
    if traffic.counts_events:
        idle = traffic.series([Stretch(end, Fraction(0), Fraction(0))])
        # A slice without traffic is a good one; a window of events without traffic has no error ratio.
        nothing = Check(f"max({ratio})", end, 0) if plan.slices else Check(f"count({ratio})", end, None)
        checks = [*quiet, nothing]
        if plan.measurement.total is not None:
            checks.append(Check(f'count({names.TOTAL_RATE}{{{names.SLO}="{name}"}})', end, 1))
        out += test_text("idle time is neither good nor bad", idle, checks)
    return out


def _outage(plan: SloPlan, traffic: Traffic) -> list[str]:
    """Everything fails: the fastest pair fires, and is silent again one short window after the end."""
    pair = next((pair for pair in plan.pairs if plan.details(pair.severity) is not None), None)
    if pair is None:
        return []
    begin = _HISTORY_MINUTES
    threshold = reachable_factor(pair.factor, plan.budget) * plan.budget
    fired = begin + minutes_to_fire(pair, threshold, _recorded(plan, traffic), begin)
    end = max(fired, begin + RATE_MINUTES)
    if plan.slices:
        end = _next_slice(plan, end)
    over = end + whole_minutes(pair.short) - RATE_MINUTES + max(traffic.lag, RATE_MINUTES) + 1
    if plan.slices:
        over = _next_slice(plan, over)
    series = traffic.series(
        [
            Stretch(begin, _per_minute(plan), Fraction(0)),
            Stretch(end - begin, _per_minute(plan), Fraction(1)),
            Stretch(over - end, _per_minute(plan), Fraction(0)),
        ]
    )
    firing = firing_now(plan.name, plan.naming.scheme.burn_alerts(pair.severity, pair.long.canonical()))
    checks = [
        Check(ever_fired(plan.name, ANY_ALERT, begin), begin, None),
        Check(firing, fired, 1),
        Check(firing, over, None),
    ]
    title = f"a total outage fires the {pair.long.canonical()} {pair.severity} within {fired - begin}m and ends with it"
    return test_text(title, series, checks)


def _slow_burn(plan: SloPlan, traffic: Traffic) -> list[str]:
    """A burn above what tickets ask for and below what pages do: somebody reads of it, nobody is woken."""
    factors: dict[str, list[tuple[AlertPair, Fraction]]] = {"page": [], "ticket": []}
    for pair in plan.pairs:
        if plan.details(pair.severity) is not None:
            factors[pair.severity].append((pair, reachable_factor(pair.factor, plan.budget)))
    if not factors["ticket"]:
        return []
    most = min([*(factor for _, factor in factors["page"]), 1 / plan.budget])
    surpassed = [(pair, factor) for pair, factor in factors["ticket"] if factor < most]
    if not surpassed:
        return []
    least = max(factor for _, factor in surpassed)
    most = min(most, 2 * least)
    limits = tuple((pair, factor * plan.budget) for pair, factor in (*surpassed, *factors["page"]))
    stretches = _slow_traffic(
        plan, traffic, (least * plan.budget, most * plan.budget), limits[: len(surpassed)], limits[len(surpassed) :]
    )
    if not stretches:
        return []
    end = sum(stretch.minutes for stretch in stretches)
    checks = [
        Check(firing_now(plan.name, plan.naming.scheme.burn_alerts("ticket")), end, len(surpassed)),
        Check(ever_fired(plan.name, plan.naming.scheme.burn_alerts("page"), end), end, None),
    ]
    return test_text("a slow burn is a ticket and wakes nobody", traffic.series(stretches), checks)


_Limits = tuple[tuple[AlertPair, Fraction], ...]
"""Window pairs with the error ratios above which they alert."""


def _slow_traffic(
    plan: SloPlan, traffic: Traffic, between: tuple[Fraction, Fraction], tickets: _Limits, pages: _Limits
) -> list[Stretch]:
    """A slow burn; nothing where bad minutes or slices cannot be spread so that no page fires."""
    low, high = between
    if traffic.has_fractions and not plan.slices:
        return [Stretch(_QUIET_MINUTES, _per_minute(plan), (low + high) / 2)]
    bad = plan.slices.length.milliseconds // 60_000 if plan.slices else 1
    recorded = _recorded(plan, traffic)
    for apart in range(2, _LONGEST_APART):
        if not low < Fraction(1, apart) < high:
            continue
        good_one = Stretch(bad * (apart - 1), _per_minute(plan), Fraction(0))
        # Some of them, and then until each average has seen the last.
        # At least an hour, beside which the minutes after it weigh little.
        spells = max(_BAD_SPELLS, _HISTORY_MINUTES // (bad * apart))
        stretches = [good_one, Stretch(bad, _per_minute(plan), Fraction(1))] * spells
        stretches.append(Stretch(sum(traffic.averages) + 1, _per_minute(plan), Fraction(0)))
        shares = traffic.shares(stretches)
        end = range(len(shares) - 1, len(shares))
        tells = all(fires(pair, limit, shares, recorded, end) == {True} for pair, limit in tickets)
        if tells and all(fires(pair, limit, shares, recorded, range(len(shares))) == {False} for pair, limit in pages):
            return stretches
    return []


def _recorded(plan: SloPlan, traffic: Traffic) -> Recorded:
    if not plan.slices:
        return Recorded(traffic.averages)
    return Recorded(traffic.averages, plan.slices.length.milliseconds // 60_000, Fraction(plan.slices.bad_share))


def _next_slice(plan: SloPlan, minute: int) -> int:
    """The end of the slice after the one that a minute is in, as the rules record it a minute later."""
    assert plan.slices is not None
    length = plan.slices.length.milliseconds // 60_000
    return (minute // length + 1) * length + 1


def _harmless_share(plan: SloPlan, traffic: Traffic) -> Fraction:
    """Half of what the budget allows, or of what a slice does."""
    if not traffic.has_fractions:
        return Fraction(0)
    return (Fraction(plan.slices.bad_share) if plan.slices else plan.budget) / 2


def _vanished(plan: SloPlan, traffic: Traffic) -> list[str]:
    """Series that are gone burn nothing, and raise the alert that was asked for."""
    absent = plan.slo.alerting.absent
    last = 20
    told = last + traffic.lag + 1
    if absent is not None:
        told += whole_minutes(absent_hold(absent))
    share = _harmless_share(plan, traffic)
    series = traffic.series([Stretch(last, _per_minute(plan), share)], gone=True)
    checks = [Check(ever_fired(plan.name, plan.naming.scheme.burn_alerts(), told), told, None)]
    if absent is None:
        return test_text("vanished series are no errors", series, checks)
    firing = firing_now(plan.name, f'alertname="{names.ABSENT_ALERT}"')
    checks += [Check(firing, told - 2, None), Check(firing, told, 1)]
    return test_text("vanished series are told from idle ones", series, checks)


def _per_minute(plan: SloPlan) -> Fraction:
    """Events a minute: so many that a minute has enough of them for `minimumEvents`."""
    return Fraction(max(_EVENTS_PER_MINUTE, plan.slo.alerting.minimum_events))
