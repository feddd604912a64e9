"""Recording rules of one SLO: two rates, and everything that follows from them.

A window W of the error ratio is the sum of the bad rates over it divided by the sum of the total rates, so that busy
minutes weigh more than quiet ones. A rate over five minutes looks five minutes back; its samples of the last W - 5m
therefore reach back W, and `cover` says how they cover it. Idle time adds nothing to either sum: it is neither good nor
bad, and where a whole window was idle there is no sample instead of a NaN.
"""

from fractions import Fraction
from functools import lru_cache

from servicescape.compile import names
from servicescape.compile.cover import cover
from servicescape.compile.decimals import decimal_text
from servicescape.compile.indicator import Measurement
from servicescape.compile.periods import LONGEST, CalendarPeriod, in_maintenance
from servicescape.compile.plan import SloPlan
from servicescape.compile.promql import check_composed, parenthesise
from servicescape.compile.rule import Rule, record
from servicescape.model.units import Duration

_ALL_OURS = ", ".join(sorted((*names.DESCRIPTIVE_LABELS, names.SLO)))
_DESCRIPTIVE = ", ".join(names.DESCRIPTIVE_LABELS)
_DAY_MS = 86_400_000


def source_rules(plan: SloPlan) -> list[Rule]:
    """The rules that hold the queries, and what follows from the time alone; they are evaluated first.

    Raises QueryError where the queries do not fit together.
    """
    return [*_time_rules(plan), *(_mean_rules(plan) if plan.measurement.error_ratio else _rate_rules(plan))]


def derived_rules(plan: SloPlan) -> list[Rule]:
    """The rules that read what the sources record, in the order of evaluation.

    Only slices that rates do not fill have queries of their own.
    """
    naming = plan.naming
    labels = naming.labels(plan.labels)
    budget = decimal_text(plan.budget)
    rules = slice_rules(plan) if plan.slices else []
    rules += [
        _record_ratio(plan, window.canonical(), _window_ratio(plan, window))
        for window in plan.windows
        if not (plan.measurement.error_ratio and window == names.RATE_WINDOW and not plan.slices)
    ]
    rules += period_rules(plan) if plan.calendar else []
    left = f"1 - {_bare(plan, naming.ratio(plan.period_name))} / {budget}"
    if plan.calendar:
        # Where nothing happened since the period began, all of the budget is there.
        left += f"\nor\n{_present(plan)} * 0 + 1"
    rules += [
        *_burn_rates(plan, budget),
        record(naming.scheme.remaining, left, _of_period(plan)),
        record(names.OBJECTIVE, f"vector({decimal_text(plan.objective)})", labels),
        record(names.ERROR_BUDGET, f"vector({budget})", labels),
        record(naming.scheme.days, _days(plan), labels),
    ]
    return rules


def selector(plan: SloPlan) -> str:
    """Matchers for the series of an SLO that are called so in every scheme of names."""
    # Names of entities have no character that would need escaping.
    return f'{{{names.SLO}="{plan.name}"}}'


def _burn_rates(plan: SloPlan, budget: str) -> list[Rule]:
    """Burn rates as the scheme records them: of all windows at once, or one metric for one window."""
    naming, rules = plan.naming, []
    spans = {"shortest": plan.windows[0].canonical(), "period": plan.period_name}
    for metric, span in naming.scheme.burn_rates:
        if span == "every":
            ratios = naming.scheme.every_ratio.format(of=naming.of)
            rules.append(record(metric, f"{ratios} / {budget}", naming.labels(plan.labels)))
        else:
            rules.append(record(metric, f"{naming.ratio(spans[span])} / {budget}", _with_window(plan, spans[span])))
    return rules


def info_rules(plan: SloPlan) -> list[Rule]:
    """The series of facts: ours in every scheme, and that of the scheme."""
    naming = plan.naming
    ours = {**plan.own_info, **plan.labels, **{name: text for name, text in plan.info.items() if text}}
    if naming.scheme.is_ours:
        return [record(names.INFO, "vector(1)", dict(sorted(ours.items())))]
    theirs = {**plan.own_info, **naming.labels(plan.labels), **naming.facts(plan.info["objective"])}
    return [
        # It tells which SLO of the catalog has which series.
        record(names.INFO, "vector(1)", dict(sorted({**ours, **naming.identity}.items()))),
        record(naming.scheme.info, "vector(1)", dict(sorted(theirs.items()))),
    ]


def _record_ratio(plan: SloPlan, window: str, expr: str) -> Rule:
    """Records the error ratio of a window."""
    metric = plan.naming.scheme.ratio_metric.format(window=window)
    return record(metric, expr, _with_window(plan, window))


def _time_rules(plan: SloPlan) -> list[Rule]:
    """What follows from the time alone: whether it is maintenance, and which period of the calendar it is."""
    rules = []
    if plan.maintenance:
        rules.append(record(names.MAINTENANCE, _checked(in_maintenance(plan.maintenance)), plan.labels))
    if plan.calendar:
        labels = dict(sorted({**plan.labels, names.ZONE: plan.calendar.zone.name}.items()))
        local = f"{names.LOCAL_TIME}{selector(plan)}"
        rules.append(record(names.LOCAL_TIME, _checked(plan.calendar.zone.clock()), labels))
        rules.append(record(names.CALENDAR_PERIOD, _checked(plan.calendar.current(local)), plan.labels))
    return rules


def outside_maintenance(plan: SloPlan, expr: str) -> str:
    """An expression that gives nothing in maintenance."""
    if not plan.maintenance:
        return expr
    return f"{expr}\nunless on () {names.MAINTENANCE}{selector(plan)} == 1"


def _rate_rules(plan: SloPlan) -> list[Rule]:
    total = plan.measurement.total
    assert total is not None
    return [
        record(names.TOTAL_RATE, _checked(outside_maintenance(plan, f"{total.operand} >= 0")), plan.labels),
        record(names.BAD_RATE, _checked(_bad(plan)), plan.labels),
    ]


def _bad(plan: SloPlan) -> str:
    """Bad events a second: 0 where there are events and no bad series, which often appears with the first error.

    `>= 0` lets no NaN through. The total is read from its own rule just before, so that its source is read once.
    """
    measurement = plan.measurement
    total = f"{names.TOTAL_RATE}{selector(plan)}"
    none = f"or ignoring ({_ALL_OURS})\n{total} * 0"
    if measurement.bad is not None:
        return f"{outside_maintenance(plan, f'{measurement.bad.operand} >= 0')}\n{none}"
    assert measurement.good is not None
    good = f"{measurement.good.operand} >= 0"
    if measurement.good_may_be_missing:
        good += "\n" + none
    indented = "\n".join("  " + line for line in good.split("\n")) if "`" not in good else good
    # Extrapolation can take the good rate a little above the total one.
    return f"clamp_min(\n{total}\n- ignoring ({_ALL_OURS})\n(\n{indented}\n),\n0)"


def _window_ratio(plan: SloPlan, window: Duration) -> str:
    """The error ratio over a window."""
    if plan.slices:
        # A second less, so that as many slices end within it as it is long, whichever of its ends a range includes.
        within = Duration(window.milliseconds - 1000).canonical()
        return mean_over_time(plan, f"{names.SLICE_BAD}{selector(plan)}", within)
    if plan.measurement.error_ratio is not None:
        ratio = _measured_ratio(plan)
        total, count = (_sum_over(plan, ratio, window, over) for over in ("sum", "count"))
        return f"{total}\n/\n{count}"
    bad, total = (_sum_over(plan, f"{metric}{selector(plan)}", window) for metric in (names.BAD_RATE, names.TOTAL_RATE))
    return f"{bad}\n/\n({total} > 0)"


def events_in(plan: SloPlan, window: Duration) -> str:
    """How many events came in a window, by the samples that its error ratio is made of.

    Not the mean rate over the window times its length: where the series are young, or were gone for a while, that
    would count events of minutes of which nothing is known.
    """
    total = _sum_over(plan, f"{names.TOTAL_RATE}{selector(plan)}", window)
    return f"{total} * {decimal_text(Fraction(plan.interval.milliseconds, 1000))}"


def _sum_over(plan: SloPlan, series: str, window: Duration, over: str = "sum") -> str:
    """The sum of a recorded rate's samples that together cover a window, or how many they count as."""
    found, by = cover(window, plan.interval), identity(plan)
    if not found.range:
        return f"sum {by} ({series})"
    within = f"{over}_over_time({series}[{found.range}])"
    if not found.weight:
        return f"sum {by} ({within})"
    first = f"{series} offset {found.reach}"
    last = series
    if over == "count":
        first, last = f"({first} >= bool 0)", f"({last} >= bool 0)"
    # With a label of their own they are in the sum beside the others, and one that is missing takes none with it.
    times, label = found.weight_text, names.WINDOW
    return (
        f"sum {by} (\n"
        f"  {within}\n"
        f'  or label_replace({times} * {last}, "{label}", "end", "", "")\n'
        f'  or label_replace({times} * {first}, "{label}", "begin", "", "")\n'
        ")"
    )


def mean_over_time(plan: SloPlan, series: str, range_: str) -> str:
    """The mean of all samples of a series within a range."""
    over = identity(plan)
    return f"sum {over} (sum_over_time({series}[{range_}]))\n/\nsum {over} (count_over_time({series}[{range_}]))"


def _measured_ratio(plan: SloPlan) -> str:
    """The recorded series of an error ratio over five minutes; the error ratio of slices is that of slices."""
    if plan.slices:
        return f"{names.MEASURED_RATIO}{selector(plan)}"
    return plan.naming.ratio(names.RATE_WINDOW.canonical())


def _present(plan: SloPlan) -> str:
    """A series that is there while the SLO is measured."""
    if plan.measurement.error_ratio is not None:
        return _bare(plan, _measured_ratio(plan))
    series = f"{names.TOTAL_RATE}{selector(plan)}"
    return series if plan.naming.scheme.is_ours else f"sum {identity(plan)} ({series})"


def _bare(plan: SloPlan, ratio: str) -> str:
    """An error ratio without its window, or with nothing of what only its own scheme says."""
    if plan.naming.scheme.is_ours:
        return f"sum without ({names.WINDOW}) ({ratio})"
    return f"sum {identity(plan)} ({ratio})"


def identity(plan: SloPlan, *further: str) -> str:
    """Aggregation to what an SLO's series are told apart by, across changes of the descriptive labels.

    A budget outlives a change of owner or tier: without this it would start anew under the new label. `further` labels
    are summed up as well.
    """
    if plan.naming.scheme.is_ours:
        return _by(plan.grouping, further)
    # Series of this SLO alone are read; what tells them apart in another scheme is added by the rule.
    if plan.grouping is not None:
        return f"by ({', '.join(plan.grouping)})"
    return f"without ({', '.join((*set_labels(plan), *further))})"


def set_labels(plan: SloPlan) -> tuple[str, ...]:
    """Every label that rules set on series of an SLO, in whichever scheme."""
    if plan.naming.scheme.is_ours:
        return (*names.DESCRIPTIVE_LABELS, names.SLO, names.WINDOW)
    labels = {*names.DESCRIPTIVE_LABELS, names.SLO, names.WINDOW, *plan.naming.labels(plan.labels)}
    return tuple(sorted({*labels, plan.naming.scheme.window}))


@lru_cache(maxsize=1024)
def _by(grouping: tuple[str, ...] | None, further: tuple[str, ...]) -> str:
    if grouping is None:
        return f"without ({', '.join((_DESCRIPTIVE, names.WINDOW, *further))})"
    return f"by ({', '.join((names.SLO, *grouping))})"


def _mean_rules(plan: SloPlan) -> list[Rule]:
    expr = _checked(outside_maintenance(plan, ratio_operand(plan, plan.measurement)))
    if plan.slices:
        return [record(names.MEASURED_RATIO, expr, plan.labels)]
    return [_record_ratio(plan, names.RATE_WINDOW.canonical(), expr)]


def ratio_operand(plan: SloPlan, measurement: Measurement) -> str:
    """The error ratio as its own query gives it; in parentheses where something is to follow."""
    assert measurement.error_ratio is not None
    ratio = f"{measurement.error_ratio.operand} >= 0"
    if measurement.divisor is None:
        return ratio
    # As with counts: no series of errors while there are events means no errors. A slice without events is good.
    ratio += f"\nor\n({measurement.divisor.operand} {'>=' if plan.slices else '>'} 0) * 0"
    return parenthesise(ratio) if plan.maintenance else ratio


def _with_window(plan: SloPlan, window: str) -> dict[str, str]:
    labels = {**plan.naming.labels(plan.labels), plan.naming.scheme.window: window}
    # Ours comes last in the alphabet, so that the labels stay sorted.
    return labels if plan.naming.scheme.is_ours else dict(sorted(labels.items()))


def _of_period(plan: SloPlan) -> dict[str, str]:
    """Labels of what is there for the whole period alone."""
    return plan.labels if plan.naming.scheme.is_ours else _with_window(plan, plan.period_name)


def _days(plan: SloPlan) -> str:
    if plan.calendar:
        return plan.calendar.days(f"{names.LOCAL_TIME}{selector(plan)}")
    return f"vector({decimal_text(Fraction(plan.period.milliseconds, _DAY_MS))})"


def _checked(expr: str) -> str:
    check_composed(expr)
    return expr


def slice_rules(plan: SloPlan) -> list[Rule]:
    """Whether the slice that ends now was bad: a single sample when it ends. An idle slice is not bad.

    Where the series are gone, or all of it was maintenance, there is no slice to judge.
    """
    slices = plan.slices
    assert slices is not None
    over, tiles = identity(plan), slices.tiles
    untiled = plan.slice_measurement
    if untiled is not None:
        bad_or_ratio = _untiled_slice(plan, untiled, slices.bad_share)
    elif plan.measurement.error_ratio is not None:
        series = _measured_ratio(plan)
        ratio = f"avg_over_time({series}{tiles})" if tiles else series
        bad_or_ratio = f"avg {over} ({ratio})\n> bool {slices.bad_share}"
    else:
        bad, total = (
            f"sum {over} ({f'sum_over_time({series}{tiles})' if tiles else series})"
            for series in (f"{metric}{selector(plan)}" for metric in (names.BAD_RATE, names.TOTAL_RATE))
        )
        bad_or_ratio = f"{bad}\n> bool\n{total} * {slices.bad_share}"
    expr = f"{parenthesise(bad_or_ratio)}\nand on () {slices.is_end(plan.interval)}"
    return [record(names.SLICE_BAD, _checked(expr), plan.labels)]


def _untiled_slice(plan: SloPlan, measurement: Measurement, share: str) -> str:
    """A slice that windows of the recorded rates do not fill, from the queries themselves."""
    if measurement.error_ratio is not None:
        return f"{parenthesise(outside_maintenance(plan, ratio_operand(plan, measurement)))}\n> bool {share}"
    assert measurement.total is not None
    total = f"{measurement.total.operand} >= 0"
    if measurement.bad is not None:
        bad = f"{measurement.bad.operand} >= 0\nor\n({measurement.total.operand} >= 0) * 0"
    else:
        assert measurement.good is not None
        good = f"{measurement.good.operand} >= 0"
        if measurement.good_may_be_missing:
            good += f"\nor\n({measurement.total.operand} >= 0) * 0"
        bad = f"({measurement.total.operand} >= 0)\n-\n{parenthesise(good)}"
    return f"{parenthesise(outside_maintenance(plan, parenthesise(bad)))}\n> bool\n{parenthesise(total)} * {share}"


def period_rules(plan: SloPlan) -> list[Rule]:
    """The calendar period to date: samples with the beginning of their period, and the ratio of the current one's."""
    calendar = plan.calendar
    assert calendar is not None
    local = f"{names.LOCAL_TIME}{selector(plan)}"
    covers = plan.slices.length if plan.slices else names.RATE_WINDOW
    begins = calendar.of_sample(local, covers)
    if plan.slices:
        copies = [(names.PERIOD_RATIO, f"{names.SLICE_BAD}{selector(plan)}")]
    elif plan.measurement.error_ratio is not None:
        copies = [(names.PERIOD_RATIO, _bare(plan, _measured_ratio(plan)))]
    else:
        copies = [
            (names.PERIOD_TOTAL, f"{names.TOTAL_RATE}{selector(plan)}"),
            (names.PERIOD_BAD, f"{names.BAD_RATE}{selector(plan)}"),
        ]
    rules = [
        record(metric, _checked(f"{series}\n* on () group_left ({names.BEGINS})\n{begins}"), plan.labels)
        for metric, series in copies
    ]
    if len(copies) == 2:
        bad, total = (_to_date(plan, calendar, metric) for metric in (names.PERIOD_BAD, names.PERIOD_TOTAL))
        ratio = f"{bad}\n/\n({total} > 0)"
    else:
        total, count = (_to_date(plan, calendar, names.PERIOD_RATIO, over) for over in ("sum", "count"))
        ratio = f"{total}\n/\n{count}"
    rules.append(_record_ratio(plan, calendar.unit, _checked(ratio)))
    return rules


def _to_date(plan: SloPlan, calendar: CalendarPeriod, metric: str, over: str = "sum") -> str:
    """The sum of all samples of the current period; those of the last one are told apart by their label."""
    this = selector(plan)
    within = f"{over}_over_time({metric}{this}[{LONGEST[calendar.unit].canonical()}])"
    current = f"on ({names.BEGINS}) {names.CALENDAR_PERIOD}{this}"
    return f"sum {identity(plan, names.BEGINS)} ({within} and {current})"
