"""The panels of an SLO: how much of its budget is left, how fast it goes, and what alerts."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import cycle

from servicescape.compile import names
from servicescape.compile.grafana.dashboard import panels_text
from servicescape.compile.grafana.panels import (
    BAD,
    BUDGET_STEPS,
    GOOD,
    LINES,
    NO_DATA,
    QUIET,
    WARNING,
    Grid,
    Json,
    Step,
    override,
    refs,
    stat,
    target,
    timeline,
    timeseries,
    values,
    words,
)
from servicescape.compile.grafana.queries import equal, firing, lane, series
from servicescape.compile.grafana.slo_shape import SloShape

NAME, TEXT, UPSTREAMS = "\ue000slo\ue001", "\ue000text\ue001", "\ue000upstreams\ue001"
"""Where the name of an SLO, its text and the names of its upstreams go."""
CHOSEN = "by_"
"""Variables by which series are chosen begin with it, so that they cannot be mistaken for one of ours."""

_MARK = re.compile(f"({NAME}|{TEXT}|{UPSTREAMS})")
_LANE = values({0: ("quiet", QUIET), 1: ("fires", BAD)})
_UPSTREAM = values({0: ("quiet", QUIET), 1: ("alerts", WARNING)})
_DAY_SECONDS = 86_400


@lru_cache(maxsize=4096)
def slo_panels(shape: SloShape) -> tuple[str, ...]:
    """The panels as the text that lists them, in pieces: what is the same for all SLOs, and the marks above."""
    grid = Grid()
    grid.row(8, (7, words(TEXT)), (5, _left(shape)), (4, _gone_in(shape)), (4, _pace(shape)), (4, _failed(shape)))
    grid.row(9, (12, _burn_down(shape)), (12, _burn_rates(shape)))
    events = _events(shape)
    ratios = _ratios(shape)
    grid.row(8, *(((12, ratios), (12, events)) if events else ((24, ratios),)))
    alerts = _alerts(shape)
    if alerts:
        grid.row(3 + 2 * max(len(alerts["targets"]), 1), (24, alerts))
    if shape.has_upstreams:
        grid.row(7, (24, _upstreams()))
    return tuple(_MARK.split(panels_text(grid.panels)))


def _this(shape: SloShape, *further: str) -> tuple[str, ...]:
    chosen = (f'{label}=~"${CHOSEN}{label}"' for label in shape.grouping or ())
    return (equal(names.SLO, NAME), *further, *chosen)


def _window(window: str) -> str:
    return equal(names.WINDOW, window)


def _worst(shape: SloShape, expr: str, how: str) -> str:
    """One figure for all series: the worst of them."""
    return expr if shape.grouping == () else f"{how}({expr})"


def _of(shape: SloShape) -> str:
    return "" if shape.grouping == () else ", the worst"


def _legend(shape: SloShape, *first: str) -> str:
    """Legend of a line: what stands first, and by what the SLO's series are told apart."""
    if shape.grouping is None:
        return ""
    return " ".join((*first, *(f"{{{{{label}}}}}" for label in shape.grouping)))


def _remaining(shape: SloShape) -> str:
    return series(names.BUDGET_REMAINING, *_this(shape))


def _burn(shape: SloShape, window: str) -> str:
    return series(names.BURN_RATE, *_this(shape, _window(window)))


def _left(shape: SloShape) -> Json:
    to_date = " to date" if shape.is_calendar else ""
    return stat(
        f"Budget left{_of(shape)}",
        f"Share of the error budget of the {shape.period}{to_date} that is left. Below 0 it is overspent.",
        [target(_worst(shape, _remaining(shape), "min"), "left")],
        unit="percentunit",
        steps=BUDGET_STEPS,
        decimals=1,
    )


def _gone_in(shape: SloShape) -> Json:
    pace = f"sum without ({names.WINDOW}) ({_burn(shape, shape.pace)})"
    days = f"max by ({names.SLO}) ({series(names.PERIOD_DAYS, equal(names.SLO, NAME))})"
    spent = f"clamp_min({_remaining(shape)}, 0) * on ({names.SLO}) group_left () {days} * {_DAY_SECONDS}"
    mappings = values({-1: ("not burning", GOOD), 0: ("spent", BAD)})
    return stat(
        f"Gone in{_of(shape)}",
        f"When the budget will be spent if it goes on as in the last {shape.pace}.",
        [target(f"min({spent} / ({pace} > 0))\nor\nmin({pace} * 0 - 1)", "gone in")],
        unit="s",
        steps=((None, GOOD), (0, BAD), (_DAY_SECONDS, WARNING), (7 * _DAY_SECONDS, GOOD)),
        mappings=mappings,
    )


def _pace(shape: SloShape) -> Json:
    steps: list[Step] = [(None, GOOD), (1, WARNING)]
    fastest = max((float(each.threshold) for each in shape.lanes if each.severity == "page"), default=0.0)
    if fastest > 1:
        steps.append((fastest, BAD))
    return stat(
        f"Burn rate, {shape.pace}{_of(shape)}",
        "How many times as fast as it may the budget is being spent: at 1 it lasts exactly for the period.",
        [target(_worst(shape, _burn(shape, shape.pace), "max"), "burn rate")],
        unit="suffix: ×",
        steps=steps,
        decimals=1,
    )


def _failed(shape: SloShape) -> Json:
    range_ = "[$__range]"
    this = _this(shape)
    if shape.has_slices:
        expr = f"sum(sum_over_time({series(names.SLICE_BAD, *this)}{range_}))"
        return stat(
            "Bad slices", "Slices of the time shown that were bad.", [target(expr, "bad", instant=True)],
            unit="short", steps=((None, GOOD), (1, WARNING)), decimals=0,
        )  # fmt: skip
    if shape.counts == "nothing":
        expr = series(names.ERROR_RATIO, *_this(shape, _window(shape.period)))
        return stat(
            f"Bad over the {shape.period}{_of(shape)}",
            f"Share that was bad over the {shape.period}. The budget is {shape.budget}.",
            [target(_worst(shape, expr, "max"), "bad")],
            unit="percentunit",
            steps=((None, GOOD), (float(shape.budget), BAD)),
        )
    bad, total = (
        f"sum(sum_over_time({series(metric, *this)}{range_})) * {shape.interval}"
        for metric in (names.BAD_RATE, names.TOTAL_RATE)
    )
    is_time = shape.counts == "time"
    return stat(
        "Bad time" if is_time else "Events",
        "Time that was bad, and all of it, in the time shown."
        if is_time
        else "Bad events, and all of them, in the time shown.",
        [target(bad, "bad", instant=True), target(total, "all", ref="B", instant=True)],
        unit="s" if is_time else "short",
        steps=((None, QUIET),),
    )


def _burn_down(shape: SloShape) -> Json:
    panel = timeseries(
        "Budget left over the period",
        "How the error budget was spent. The dashed line is where it is gone.",
        [target(_remaining(shape), _legend(shape, "left"))],
        unit="percentunit",
        steps=((None, "transparent"), (0, BAD)),
        custom={"fillOpacity": 10, "lineWidth": 2, "axisSoftMin": 0},
        limits={"max": 1},
    )
    return {**panel, "timeFrom": shape.days}


def _burn_rates(shape: SloShape) -> Json:
    alerting = {window for each in shape.lanes for window in (each.long, each.short)} or {shape.pace}
    windows = [window for window in shape.windows if window in alerting]
    only = f'{names.WINDOW}=~"{"|".join(windows)}"'
    expr = series(names.BURN_RATE, *_this(shape, only))
    steps: dict[float, str] = {}
    for each in shape.lanes:
        # Where a page and a ticket have the same threshold, the page matters.
        color = BAD if each.severity == "page" else WARNING
        steps[float(each.threshold)] = BAD if steps.get(float(each.threshold)) == BAD else color
    told = "; ".join(f"{each.severity} above {each.threshold} in {each.long} and {each.short}" for each in shape.lanes)
    lowest = min(steps, default=1.0)
    return timeseries(
        "Burn rate by window",
        f"How many times as fast as it may the budget is being spent. Alerts: {told or 'none'}.",
        [target(expr, _legend(shape, f"{{{{{names.WINDOW}}}}}"))],
        unit="suffix: ×",
        steps=((None, "transparent"), *sorted(steps.items())),
        custom={"axisSoftMin": 0, "axisSoftMax": lowest * 2},
        overrides=_colors(shape, windows),
    )


def _ratios(shape: SloShape) -> Json:
    expr = series(names.ERROR_RATIO, *_this(shape))
    what = "slices" if shape.has_slices else {"events": "events", "time": "the time", "nothing": "it"}[shape.counts]
    return timeseries(
        "Error ratio by window",
        f"Share of {what} that was bad. The dashed line is the budget, {shape.budget}.",
        [target(expr, _legend(shape, f"{{{{{names.WINDOW}}}}}"))],
        unit="percentunit",
        steps=((None, "transparent"), (float(shape.budget), WARNING)),
        custom={"axisSoftMin": 0, "axisSoftMax": float(shape.budget) * 2},
        overrides=_colors(shape, shape.windows),
    )


def _colors(shape: SloShape, windows: Sequence[str]) -> list[Json]:
    """The same colour for a window in both panels."""
    if shape.grouping is None:
        return []
    color_of = dict(zip(shape.windows, cycle(LINES), strict=False))
    return [
        override("byRegexp", f"/^{window}( |$)/", color={"mode": "fixed", "fixedColor": color_of[window]})
        for window in windows
    ]


def _events(shape: SloShape) -> Json | None:
    if shape.counts == "nothing":
        return None
    bad, total = (f"sum({series(metric, *_this(shape))})" for metric in (names.BAD_RATE, names.TOTAL_RATE))
    is_time = shape.counts == "time"
    return timeseries(
        "Good and bad time" if is_time else "Good and bad events",
        "Share of the time that was good and bad, over five minutes."
        if is_time
        else "Events a second, over five minutes.",
        [target(bad, "bad"), target(f"{total} - {bad}", "good", ref="B")],
        unit="percentunit" if is_time else "eps",
        custom={"fillOpacity": 40, "stacking": {"mode": "normal", "group": "A"}, "axisSoftMin": 0},
        overrides=[
            override("byName", "bad", color={"mode": "fixed", "fixedColor": BAD}),
            override("byName", "good", color={"mode": "fixed", "fixedColor": GOOD}),
        ],
    )


def _alerts(shape: SloShape) -> Json | None:
    this, labels = _this(shape), shape.grouping or ()
    queries = [
        (
            lane(
                firing(*this, equal(names.ALERT_NAME, names.burn_alert(each.severity, each.long))),
                _burn(shape, each.long),
                labels,
            ),
            f"{each.severity} {each.long}",
        )
        for each in shape.lanes
    ]
    if shape.has_absent:
        # Of series that are all gone there is no label left to choose by.
        gone = (equal(names.SLO, NAME), equal(names.ALERT_NAME, names.ABSENT_ALERT))
        queries.append((lane(firing(*gone), series(names.INFO, equal(names.SLO, NAME))), "series gone"))
    if not queries:
        return None
    targets = [
        target(expr, f"{text} {_legend(shape)}".strip(), ref=ref)
        for ref, (expr, text) in zip(refs(len(queries)), queries, strict=True)
    ]
    return timeline("Alerts", f"When each alert of this SLO fired. A gap is where there is {NO_DATA}.", targets, _LANE)


def _upstreams() -> Json:
    of = f'{names.COMPONENT}=~"{UPSTREAMS}"'
    expr = lane(firing(of), series(names.INFO, of), (names.COMPONENT,))
    return timeline(
        "Alerts of what it cannot work without",
        "If one of these alerts as well, it is probably the cause. Components without an SLO are not shown.",
        [target(expr, f"{{{{{names.COMPONENT}}}}}")],
        _UPSTREAM,
    )
