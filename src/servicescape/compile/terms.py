"""What an SLO says of time: its period, its slices and its maintenance; and what of it cannot be compiled."""

from fractions import Fraction

from servicescape.catalog.objective import Slo
from servicescape.compile.decimals import decimal_text
from servicescape.compile.maintenance import LONGEST, RecurrenceError, read_rrule
from servicescape.compile.periods import NOMINAL, CalendarPeriod, MaintenanceTime, Slices
from servicescape.compile.window_tables import AlertPair, WindowTable, pairs_for
from servicescape.compile.zones import zone
from servicescape.model.slo import Maintenance, Timeslices
from servicescape.model.units import Duration

SHORTEST_PERIOD = Duration.parse("1h")
LONGEST_PERIOD = Duration.parse("90d")
SHORTEST_SLICE = Duration.parse("1m")
LEAST_SLICES = 10
"""A period has at least so many slices: fewer could not tell an objective of 90 % from one of 99."""

_MINUTE_MS = 60_000
_HAIR = Fraction(1, 10**9)
"""Sums of rates are exact to fifteen digits; a slice exactly on its target is good all the same."""


def period_of(slo: Slo) -> Duration:
    """The length of the period by which burn rates are worked out."""
    return slo.window if isinstance(slo.window, Duration) else NOMINAL[slo.window.calendar]


def calendar_of(slo: Slo) -> CalendarPeriod | None:
    """The calendar period; None where the window rolls. Raises UnknownZoneError."""
    if isinstance(slo.window, Duration):
        return None
    return CalendarPeriod(slo.window.calendar, zone(slo.window.time_zone))


def timeslices_of(slo: Slo) -> Timeslices | None:
    """The slices as written; None where events are counted."""
    return None if isinstance(slo.budgeting, str) else slo.budgeting.timeslices


def slice_of(slo: Slo) -> Slices | None:
    """The slices that the budget counts; None where it counts events."""
    written = timeslices_of(slo)
    if written is None:
        return None
    share = 1 - Fraction(written.target) / 100
    return Slices(Duration(written.slice.milliseconds), decimal_text(share * (1 + _HAIR)))


def alert_pairs(slo: Slo, table: WindowTable) -> tuple[AlertPair, ...]:
    """The rows of a table that alert on an SLO."""
    slices = timeslices_of(slo)
    return pairs_for(table, period_of(slo), slices.slice if slices else None)[0]


def maintenance_of(slo: Slo) -> tuple[MaintenanceTime, ...]:
    """The times that do not count; raises RecurrenceError and UnknownZoneError."""
    return tuple(read_maintenance(written) for written in slo.maintenance)


def read_maintenance(written: Maintenance) -> MaintenanceTime:
    """One of these times; raises RecurrenceError and UnknownZoneError."""
    if written.lasts > LONGEST or written.lasts.milliseconds % _MINUTE_MS:
        raise RecurrenceError(
            f"it lasts {written.lasts}", f"at most {LONGEST} in whole minutes can be compiled; write it as several"
        )
    return MaintenanceTime(read_rrule(written.rrule), zone(written.time_zone), written.lasts)


def window_fault(slo: Slo) -> str | None:
    """Why a rolling window cannot be compiled; None where it can."""
    window = slo.window
    if isinstance(window, Duration) and (
        not SHORTEST_PERIOD <= window <= LONGEST_PERIOD or window.milliseconds % _MINUTE_MS
    ):
        limits = f"{SHORTEST_PERIOD} to {LONGEST_PERIOD} in whole minutes"
        return f"a rolling window must be {limits}, not {window}"
    return None


def slice_fault(slo: Slo, interval: Duration) -> str | None:
    """Why slices cannot be compiled; None where they can, and where there are none."""
    written = timeslices_of(slo)
    if written is None:
        return None
    length = written.slice
    if length < SHORTEST_SLICE or length.milliseconds % interval.milliseconds:
        return (
            f"a slice of {length} does not end when rules are evaluated, "
            f"which is every {interval.canonical()}: take {SHORTEST_SLICE} or more, in multiples of that"
        )
    most = Duration(period_of(slo).milliseconds // LEAST_SLICES)
    if length > most:
        return f"a period of {period_of(slo).canonical()} has fewer than {LEAST_SLICES} slices of {length}"
    return None
