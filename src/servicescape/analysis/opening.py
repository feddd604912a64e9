"""Hours of live channels during an outage that begins at a given time of the week."""

import datetime
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from servicescape.model.scenario import AT_PATTERN

_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONDAY = datetime.datetime(2025, 3, 10)
"""The week in which times of day are judged. It is fixed, so that results do not depend on the day they are made on;
in the middle of March most countries have no holidays, and hours that differ by season have their usual form."""
HOURS_HORIZON_SECONDS = 53 * 7 * 86_400.0
"""Hours are followed for so long; after that a channel stays as it is."""


@dataclass(frozen=True, slots=True)
class Openings:
    """Whether a channel is open, as a function of the time since the outage began."""

    open_at_first: bool = True
    changes: tuple[float, ...] = ()
    """Seconds at which it opens or closes, in turn; ascending, all above 0."""

    def is_open(self, at_seconds: float) -> bool:
        """Whether it is open at a time."""
        return self.open_at_first ^ bool(bisect_right(self.changes, at_seconds) % 2)


ALWAYS_OPEN = Openings()


def is_time_of_day(at: str) -> bool:
    """Whether a scenario's `at` is a time of day; raises ValueError where it is not an `at` at all."""
    if not re.fullmatch(AT_PATTERN, at):
        raise ValueError(f"not average, peak or a time of day: {at!r}")
    return at not in ("average", "peak")


@lru_cache(maxsize=256)
def openings(hours: str | None, at: str, lasts_seconds: float) -> Openings:
    """When a channel with these hours is open in an outage from a time of day on.

    `hours` is in OpenStreetMap's opening_hours form (https://wiki.openstreetmap.org/wiki/Key:opening_hours), in the
    same local time as `at`. A text that cannot be read counts as always open (a rule reports it), and so do hours that
    the form itself calls unknown.
    """
    if hours is None:
        return ALWAYS_OPEN
    # The package's type stub forgets ParserError.
    from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

    try:
        table = OpeningHours(hours)
    except ParserError:
        return ALWAYS_OPEN
    begin = _beginning(at)
    end = begin + datetime.timedelta(seconds=min(lasts_seconds, HOURS_HORIZON_SECONDS))
    open_at_first = True
    changes: list[float] = []
    was_open: bool | None = None
    for start, _, state, _ in table.intervals(begin, end):
        is_open = state != State.CLOSED
        if was_open is None:
            open_at_first = is_open
        elif is_open != was_open:
            changes.append((start - begin).total_seconds())
        was_open = is_open
    return Openings(open_at_first, tuple(changes))


def _beginning(at: str) -> datetime.datetime:
    day, _, clock = at.rpartition(" ")
    hour, minute = clock.split(":")
    days = _WEEKDAYS.index(day) if day else 0
    return _MONDAY + datetime.timedelta(days=days, hours=int(hour), minutes=int(minute))
