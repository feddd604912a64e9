"""What the panels of an SLO depend on besides its name. SLOs of the same shape share them."""

from dataclasses import dataclass
from typing import Literal

from servicescape.compile import names
from servicescape.compile.decimals import decimal_text
from servicescape.compile.periods import LONGEST
from servicescape.compile.plan import SloPlan
from servicescape.compile.reach import reachable_factor


@dataclass(frozen=True, slots=True)
class BurnLane:
    """The alert of one window pair."""

    severity: str
    long: str
    short: str
    threshold: str


@dataclass(frozen=True, slots=True)
class SloShape:
    """Windows, alerts and the kind of measurement of an SLO."""

    budget: str
    period: str
    """Value of the label `window` of the whole period."""
    days: str
    """Range that holds the whole period."""
    windows: tuple[str, ...]
    """All windows for which there is an error ratio, shortest first; that of the whole period is among them."""
    lanes: tuple[BurnLane, ...]
    has_absent: bool
    counts: Literal["events", "time", "nothing"]
    has_slices: bool
    has_maintenance: bool
    is_calendar: bool
    grouping: tuple[str, ...] | None
    """Labels by which there are several series; None where that is not known."""
    interval: str
    """Seconds between two samples."""
    pace: str
    """Window by which "how fast" is told."""
    has_upstreams: bool


def shape_of(plan: SloPlan) -> SloShape:
    """The shape of an SLO."""
    lanes = tuple(
        BurnLane(
            pair.severity,
            pair.long.canonical(),
            pair.short.canonical(),
            decimal_text(reachable_factor(pair.factor, plan.budget)),
        )
        for pair in plan.pairs
        if plan.details(pair.severity) is not None
    )
    measurement = plan.measurement
    return SloShape(
        budget=decimal_text(plan.budget),
        period=plan.period_name,
        days=LONGEST[plan.calendar.unit].canonical() if plan.calendar else plan.period.canonical(),
        windows=(*(window.canonical() for window in plan.windows), *([plan.period_name] if plan.calendar else [])),
        lanes=lanes,
        has_absent=plan.slo.alerting.absent is not None,
        counts="nothing" if measurement.total is None else "time" if measurement.counts_time else "events",
        has_slices=plan.slices is not None,
        has_maintenance=bool(plan.maintenance),
        is_calendar=plan.calendar is not None,
        grouping=plan.grouping,
        interval=decimal_text(plan.interval.milliseconds // 1000),
        pace=pace_of(plan),
        has_upstreams=bool(plan.upstreams.strip(names.LIST_DELIMITER)),
    )


def pace_of(plan: SloPlan) -> str:
    """The window by which "how fast" is told: the long one of the fastest alert."""
    windows = [pair.long for pair in plan.pairs] or list(plan.windows)
    return min(windows).canonical()
