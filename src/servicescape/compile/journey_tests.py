"""A promtool test file for a journey's estimate: what its components' SLOs record goes in, alerts come out.

What the estimate must be is worked out here from the structure of the steps, and not by the rules.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache

from servicescape.compile import names
from servicescape.compile.burn_forecast import Recorded, minutes_to_fire
from servicescape.compile.decimals import decimal_text
from servicescape.compile.journey_blocking import chance
from servicescape.compile.journey_estimates import Estimate
from servicescape.compile.journey_rules import form_of
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
from servicescape.model.units import Duration

_QUIET_MINUTES = 30
_MIXED_MINUTES = 3
_HISTORY_MINUTES = 60
_MOST_SHARE_OF_LOSS = Fraction(95, 100)
"""An outage whose loss is nearer to a threshold than this takes too long to reach it in the long window."""

_Errors = Mapping[str, float]
_Stretches = Sequence[tuple[int, _Errors]]
"""Minutes, and the error ratios of the components that fail in them."""


def estimate_test(plan: SloPlan, *, rule_path: str, interval: Duration) -> str | Note:
    """The test file of an estimate; a note where there can be none."""
    if interval.milliseconds != 60_000:
        return Note(plan.slo.ref, f"tests are made for an interval of 1m, not {interval}")
    assert plan.estimate is not None
    worst = _worst_component(plan.estimate)
    return "".join(
        [
            *head(rule_path),
            *_quiet(plan, plan.estimate),
            *_mixed(plan, plan.estimate),
            *_way_out(plan, plan.estimate),
            *_outage(plan, plan.estimate, worst),
            *_slow_burn(plan, plan.estimate, worst),
        ]
    )


def loss(estimate: Estimate, errors: _Errors) -> float:
    """The share of attempts that the steps end, by the error ratios of the components."""
    served = 1.0
    for step in estimate.coverage.steps:
        # Where nothing of it fails, it serves everybody.
        if not errors.keys().isdisjoint(step.components):
            served *= 1.0 - step.step.share * chance(step.blocking, errors)
    return 1.0 - served


def _quiet(plan: SloPlan, estimate: Estimate) -> list[str]:
    end = _QUIET_MINUTES
    ratio = f"max({_ratio(plan)})"
    out = test_text(
        "components without errors alert nobody",
        _series(estimate, [(end, {})]),
        [*silent(plan.name, end), Check(ratio, end, 0)],
    )
    one = next(iter(sorted(estimate.sources)))
    out += test_text(
        "components that report nothing are taken for sound while another one reports",
        _series(estimate, [(end, {})], only=one),
        [*silent(plan.name, end), Check(ratio, end, 0)],
    )
    return out + test_text(
        "where no component reports there is no estimate",
        [("up", f"1x{end}")],
        [*silent(plan.name, end), Check(f"count({_ratio(plan)})", end, None)],
    )


def _mixed(plan: SloPlan, estimate: Estimate) -> list[str]:
    """Every component has errors, each others: the ratio is what the structure of the steps comes to."""
    refs = sorted(estimate.sources)
    errors = {ref: round((number + 1) / (len(refs) + 1) / 2, 6) for number, ref in enumerate(refs)}
    truth = f"{loss(estimate, errors):.9f}"
    now = _ratio(plan, names.RATE_WINDOW)
    check = Check(f"sum(abs({now} - {truth}) < bool 0.000001)", _MIXED_MINUTES, 1)
    return test_text("errors of all components add up", _series(estimate, [(_MIXED_MINUTES, errors)]), [check])


def _way_out(plan: SloPlan, estimate: Estimate) -> list[str]:
    """A component fails, one of a first leg if there is one, and another leg of each step works: nobody is blocked."""
    end = _QUIET_MINUTES
    steps = estimate.coverage.steps
    best = (ref for each in steps for ref in each.step.legs[0].uses if ref in each.components)
    for ref in dict.fromkeys((*best, *(ref for each in steps for ref in each.components))):
        if loss(estimate, {ref: 1.0}) == 0:
            title = f"without {names.label_of(ref)} alone there is another way, and nobody is alerted"
            series = _series(estimate, [(end, {ref: 1.0})])
            return test_text(title, series, [*silent(plan.name, end), Check(f"max({_ratio(plan)})", end, 0)])
    return []


def _outage(plan: SloPlan, estimate: Estimate, worst: tuple[str, Fraction]) -> list[str]:
    """The component that takes most attempts with it fails: the fastest pair fires, and its texts find the cause."""
    pair = next((pair for pair in plan.pairs if plan.details(pair.severity) is not None), None)
    if pair is None:
        return []
    ref, lost = worst
    threshold = reachable_factor(pair.factor, plan.budget) * plan.budget
    if threshold >= lost * _MOST_SHARE_OF_LOSS:
        return []
    begin = _HISTORY_MINUTES
    fired = begin + minutes_to_fire(pair, threshold / lost, Recorded(()), begin)
    over = fired + whole_minutes(pair.short) + 1
    errors = {ref: 1.0}
    series = _series(estimate, [(begin, {}), (fired - begin, errors), (over - fired, {})])
    firing = firing_now(plan.name, plan.naming.scheme.burn_alerts(pair.severity, pair.long.canonical()))
    checks = [
        Check(ever_fired(plan.name, ANY_ALERT, begin), begin, None),
        Check(firing, fired, 1),
        *_named(plan, estimate, errors, ref, pair, fired),
        Check(firing, over, None),
    ]
    title = f"without {names.label_of(ref)} the {pair.long.canonical()} {pair.severity} fires within {fired - begin}m"
    return test_text(f"{title}, finds it, and ends with it", series, checks)


def _named(plan: SloPlan, estimate: Estimate, errors: _Errors, ref: str, pair: AlertPair, minute: int) -> list[Check]:
    """What the texts of the alert ask: which step loses most attempts, and which of its components fails most."""
    lost = sorted(
        ((step.step.share * chance(step.blocking, errors), step) for step in estimate.coverage.steps),
        key=lambda each: -each[0],
    )
    step = lost[0][1].step.name
    this, window = f'{names.SLO}="{plan.name}"', pair.long.canonical()
    worst = f'topk(1, sum by ({names.COMPONENT}) (avg_over_time({names.NEED_ERROR}{{{this},{names.STEP}="{step}"}}'
    component = f'{names.NEED_ERROR}{{{this},{names.STEP}="{step}",{names.COMPONENT}="{names.label_of(ref)}"}}'
    checks = [Check(f"count({worst}[{window}])) > 0) and on ({names.COMPONENT}) {component})", minute, 1)]
    if len(lost) == 1 or lost[0][0] > lost[1][0]:
        most = f"topk(1, sum by ({names.STEP}) (avg_over_time({names.STEP_ERROR}{{{this}}}[{window}])) > 0)"
        found = f'{names.STEP_ERROR}{{{this},{names.STEP}="{step}"}}'
        checks.append(Check(f"count({most} and on ({names.STEP}) {found})", minute, 1))
    return checks


def _slow_burn(plan: SloPlan, estimate: Estimate, worst: tuple[str, Fraction]) -> list[str]:
    """A few errors of the same component: a ticket, and no page."""
    factors: dict[str, list[Fraction]] = {"page": [], "ticket": []}
    for pair in plan.pairs:
        if plan.details(pair.severity) is not None:
            factors[pair.severity].append(reachable_factor(pair.factor, plan.budget))
    ref, lost = worst
    most = min([*factors["page"], lost / plan.budget])
    surpassed = [factor for factor in factors["ticket"] if factor < most * _MOST_SHARE_OF_LOSS]
    if not surpassed:
        return []
    target = (max(surpassed) + min(most, 2 * max(surpassed))) / 2 * plan.budget
    end = _QUIET_MINUTES
    checks = [
        Check(firing_now(plan.name, plan.naming.scheme.burn_alerts("ticket")), end, len(surpassed)),
        Check(ever_fired(plan.name, plan.naming.scheme.burn_alerts("page"), end), end, None),
    ]
    series = _series(estimate, [(end, {ref: _error_that_loses(estimate, ref, float(target))})])
    return test_text(f"a few errors of {names.label_of(ref)} are a ticket and wake nobody", series, checks)


def _worst_component(estimate: Estimate) -> tuple[str, Fraction]:
    """The component that takes most attempts with it when it fails alone, and their share."""
    ref = min(sorted(estimate.sources), key=lambda each: -loss(estimate, {each: 1.0}))
    return ref, Fraction(loss(estimate, {ref: 1.0})).limit_denominator(10**9)


def _error_that_loses(estimate: Estimate, ref: str, share: float) -> float:
    """The error ratio of a component at which this share of attempts is lost, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if loss(estimate, {ref: middle}) < share else (low, middle)
    return round(high, 12)


def _ratio(plan: SloPlan, window: Duration | None = None) -> str:
    naming = plan.naming
    return naming.ratio(window.canonical()) if window else naming.scheme.every_ratio.format(of=naming.of)


def _series(estimate: Estimate, stretches: _Stretches, *, only: str | None = None) -> list[tuple[str, str]]:
    """What the SLOs of the components record; `only` one of them reports."""
    found = []
    for ref in sorted(estimate.sources):
        if only is not None and ref != only:
            continue
        plan = estimate.sources[ref]
        labels = f'{names.COMPONENT}="{names.label_of(ref)}",{names.SLO}="{plan.name}"'
        errors = tuple([(minutes, failing.get(ref, 0.0)) for minutes, failing in stretches])
        form = form_of(plan)
        if form == "counts":
            found.append((f"{names.TOTAL_RATE}{{{labels}}}", f"10x{sum(minutes for minutes, _ in errors)}"))
            found.append((f"{names.BAD_RATE}{{{labels}}}", _values(errors, 10)))
        elif form == "named":
            found.append((plan.naming.ratio(names.RATE_WINDOW.canonical()), _values(errors)))
        else:
            window = f',{names.WINDOW}="{names.RATE_WINDOW.canonical()}"' if form == "ratio" else ""
            metric = names.ERROR_RATIO if form == "ratio" else names.MEASURED_RATIO
            found.append((f"{metric}{{{labels}{window}}}", _values(errors)))
    return found


@lru_cache(maxsize=4096)
def _values(stretches: tuple[tuple[int, float], ...], times: int = 1) -> str:
    """Samples every minute: those of the first stretch begin at minute 0."""
    pieces = []
    for index, (minutes, error) in enumerate(stretches):
        value = Fraction(repr(error)) * times
        # `1x5` are six samples.
        pieces.append(f"{decimal_text(value)}x{minutes if index == 0 else minutes - 1}")
    return " ".join(pieces)
