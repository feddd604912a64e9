"""Time zones in PromQL: local time, with its changes to daylight saving time and back, worked out from `time()`.

The IANA database ends the data of a zone with a rule for all years to come, such as "on the last Sunday of March".
Such a rule is arithmetic on the month, the day and the weekday, so that a compiled rule stays right for as long as the
zone's law does, needs no table of years, and does not depend on the day on which it was compiled. The few zones whose
changes follow no such rule (Morocco and Gaza, by Ramadan) get their changes one by one, up to the end of `LAST_YEAR`.

The database is that of the package `tzdata`, so that all machines compile the same; the system's only stands in.
"""

import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

FIRST_YEAR = 2026
LAST_YEAR = 2037
"""Years whose changes of the clock are checked against the zone's rule, and written out where there is none."""

DAY = 86_400

_ABBREVIATION = r"(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]+>)"
_TIME = r"[+-]?\d+(?::\d+){0,2}"
_CHANGE = rf",M(\d+)\.(\d)\.(\d)(?:/({_TIME}))?"
_FOOTER = re.compile(rf"{_ABBREVIATION}({_TIME})(?:{_ABBREVIATION}({_TIME})?{_CHANGE}{_CHANGE})?")
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class UnknownZoneError(ValueError):
    """There is no such time zone."""


@dataclass(frozen=True, slots=True)
class Change:
    """When the clock changes each year: at a time of the old clock on the nth weekday of a month."""

    month: int
    week: int
    """1 to 4; 5 is the last."""
    weekday: int
    """0 is Sunday."""
    seconds: int
    """After the midnight in which that day begins; may be negative, or more than a day."""

    @property
    def least(self) -> int:
        """The first day of the month that the change can fall on."""
        return 7 * (self.week - 1) + 1 if self.week < 5 else _DAYS[self.month - 1] - 6

    def on(self, year: int) -> int:
        """The second of a clock that has always shown the old time, counted from 1970."""
        first = datetime(year, self.month, self.least, tzinfo=UTC)
        wait = (self.weekday - first.isoweekday()) % 7
        return int((first + timedelta(days=wait)).timestamp()) + self.seconds

    def passed(self, shift: int, *, not_yet: bool = False) -> str:
        """PromQL: 1 from the day of the change on until the year ends, by the date of `time()` + shift."""
        then = moment(shift)
        since = f"(day_of_week({then}) + {7 - self.weekday}) % 7" if self.weekday else f"day_of_week({then})"
        date = f"month({then}) * 100 + day_of_month({then}) - {since}"
        return f"({date} {'<' if not_yet else '>='} bool {self.month * 100 + self.least})"


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone. Offsets are seconds that its clock is ahead of UTC."""

    name: str
    standard: int
    summer: int | None = None
    """Offset between `begins` and `ends`; None where the clock never changes, or follows no rule."""
    begins: Change | None = None
    ends: Change | None = None
    changes: tuple[tuple[int, int], ...] = ()
    """Where there is no rule: since when (seconds since 1970) which offset is in force; `standard` before that."""

    @property
    def offsets(self) -> tuple[int, ...]:
        """All offsets that its clock can have, the smallest first."""
        summer = () if self.summer is None else (self.summer,)
        return tuple(sorted({self.standard, *summer, *(offset for _, offset in self.changes)}))

    def clock(self) -> str:
        """PromQL: what the zone's clock shows, as seconds since 1970 of a clock that stood at UTC."""
        if self.changes:
            steps = ""
            before = self.standard
            for since, offset in self.changes:
                steps += f"\n{_signed(offset - before)} * (time() >= bool {since})"
                before = offset
            return f"vector(\ntime(){_signed(self.standard, '')}{steps}\n)"
        if self.summer is None or self.begins is None or self.ends is None:
            return moment(self.standard)
        summer = self._summer(
            self.standard - self.begins.seconds,
            self.summer - self.ends.seconds,
        )
        return f"{moment(self.standard)}\n{_signed(self.summer - self.standard)} * {summer}"

    def in_force(self, offset: int, minute: int, days: int = 0) -> str:
        """PromQL: 1 where an offset was in force when the clock last came to a minute of the day; empty: always.

        Last by this offset, and the given number of days before that. A time of day that the clock skips is taken as if
        it had not been changed yet, and one that it shows twice as the first of the two (RFC 5545, 3.3.5).
        """
        shift = offset - minute * 60
        if self.changes:
            return self._in_force_by_table(offset, shift, days)
        if self.summer is None or self.begins is None or self.ends is None:
            return ""
        most = max(self.standard, self.summer)
        # On which day after the change this minute is the first time after it.
        begins = _ceil_days(self.begins.seconds + most - self.standard - minute * 60)
        ends = _ceil_days(self.ends.seconds + most - self.summer - minute * 60)
        return self._summer(shift - (begins + days) * DAY, shift - (ends + days) * DAY, inverted=offset != self.summer)

    def _summer(self, begins_shift: int, ends_shift: int, *, inverted: bool = False) -> str:
        """1 in summer by the date of `time()` + shift, which differs for the two changes; inverted: 1 in winter."""
        assert self.begins is not None
        assert self.ends is not None
        # What lies within one year: summer north of the equator, winter south of it.
        first, last = (self.begins, begins_shift), (self.ends, ends_shift)
        is_north = self.begins.month < self.ends.month
        if not is_north:
            first, last = last, first
        within = [first[0].passed(first[1]), last[0].passed(last[1], not_yet=True)]
        if first[1] < last[1]:
            # On New Year's Eve the one date is still in the old year when the other is in the new one.
            within.append(f"(month({moment(first[1])}) < bool 12)")
        text = "\n* ".join(within)
        return f"({text})" if is_north != inverted else f"(1 - {text})"

    def _in_force_by_table(self, offset: int, shift: int, days: int) -> str:
        """By comparing the local time of that minute with the local times of all changes."""
        start = f"time(){_signed(offset - days * DAY, '')} - (time(){_signed(shift, '')}) % {DAY}"
        stretches = []
        spans = [(None, self.standard), *self.changes]
        for index, (since, current) in enumerate(spans):
            if current != offset:
                continue
            low = "" if since is None else f"({start} >= bool {since + max(current, spans[index - 1][1])})"
            following = spans[index + 1] if index + 1 < len(spans) else None
            until = None if following is None else following[0]
            high = (
                "" if following is None or until is None else f"({start} < bool {until + max(current, following[1])})"
            )
            stretches.append(" * ".join(part for part in (low, high) if part) or "1")
        return "vector(\n" + "\n+ ".join(stretches) + "\n)"


def moment(shift: int) -> str:
    """PromQL: a moment so many seconds after now, for functions such as `month`."""
    return f"vector(time(){_signed(shift, '')})"


def _signed(number: int, zero: str = "+ 0") -> str:
    """A number as the right side of an addition."""
    text = f"{'+' if number > 0 else '-'} {abs(number)}"
    return zero if number == 0 else text if zero else f" {text}"


def _ceil_days(seconds: int) -> int:
    return -(-seconds // DAY)


@cache
def zone(name: str) -> Zone:
    """The zone with an IANA name; raises UnknownZoneError."""
    if name == "UTC":
        return Zone(name, 0)
    data = _data_of(name)
    by_rule = _by_rule(name, data.rstrip(b"\n").rpartition(b"\n")[2].decode("ascii", "replace"))
    found = _changes(name, data)
    if by_rule is not None and _agrees(by_rule, found):
        return by_rule
    return Zone(name, found[0][1], changes=tuple(found[1:]))


def _data_of(name: str) -> bytes:
    from importlib.resources import files
    from zoneinfo import TZPATH

    if not re.fullmatch(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*", name):
        raise UnknownZoneError(name)
    candidates = [Path(folder) / name for folder in TZPATH]
    try:
        own = files("tzdata") / "zoneinfo" / name
    except ModuleNotFoundError:
        own = None
    for file in (own, *candidates):
        if file is not None and file.is_file():
            data = file.read_bytes()
            if data.startswith(b"TZif"):
                return data
    raise UnknownZoneError(name)


def _by_rule(name: str, footer: str) -> Zone | None:
    """The zone by the rule at the end of its data (POSIX, 8.3); None where that is of another form."""
    match = _FOOTER.fullmatch(footer)
    if match is None:
        return None
    standard = -_seconds(match[1])
    if match[3] is None:
        return Zone(name, standard)
    begins, ends = (
        Change(int(match[at]), int(match[at + 1]), int(match[at + 2]), _seconds(match[at + 3] or "2")) for at in (3, 7)
    )
    if {begins.month, ends.month} & {2, 12}:
        return None  # The last day of February depends on the year, and December is taken (see `_summer`).
    return Zone(name, standard, -_seconds(match[2]) if match[2] else standard + 3600, begins, ends)


def _seconds(text: str) -> int:
    parts = [int(part) for part in text.lstrip("+-").split(":")]
    total = sum(part * unit for part, unit in zip(parts, (3600, 60, 1), strict=False))
    return -total if text.startswith("-") else total


def _agrees(by_rule: Zone, found: list[tuple[int, int]]) -> bool:
    """Whether a rule gives the changes of the years that are looked at."""
    if by_rule.summer is None or by_rule.begins is None or by_rule.ends is None:
        return found[1:] == [] and found[0][1] == by_rule.standard
    expected = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        expected.append((by_rule.begins.on(year) - by_rule.standard, by_rule.summer))
        expected.append((by_rule.ends.on(year) - by_rule.summer, by_rule.standard))
    return found[1:] == sorted(expected)


def _changes(name: str, data: bytes) -> list[tuple[int, int]]:
    """The offset when the years begin that are looked at, and every change of it up to their end."""
    from zoneinfo import ZoneInfo

    info = ZoneInfo.from_file(io.BytesIO(data), key=name)

    def offset(second: int) -> int:
        delta = datetime.fromtimestamp(second, info).utcoffset()
        assert delta is not None
        return int(delta.total_seconds())

    now = int(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp())
    end = int(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp())
    found = [(now, offset(now))]
    while now < end:
        following = min(now + DAY, end)
        if offset(following) != found[-1][1]:
            low, high = now, following
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == found[-1][1] else (low, middle)
            found.append((high, offset(high)))
        now = following
    return found
