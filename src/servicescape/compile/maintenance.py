"""Maintenance as PromQL: whether one of its times covers now, worked out from `time()`.

Nothing is stored and nothing has to have been running when the time began: the recurrence rule becomes a condition on
the local date and minute at which it would have begun. That excludes rules that count from a first time (`INTERVAL`,
`COUNT`), because the language has no such time.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from servicescape.compile.zones import DAY, Zone, moment
from servicescape.model.units import Duration

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
PARTS = ("BYMONTH", "BYMONTHDAY", "BYDAY", "BYHOUR", "BYMINUTE", "UNTIL")
LONGEST = Duration.parse("7d")
MOST_BEGINNINGS = 12
"""Times of day at which one rule may begin; each of them is a term of the expression."""

_WEEKDAYS = {"SU": 0, "MO": 1, "TU": 2, "WE": 3, "TH": 4, "FR": 5, "SA": 6}
_BYDAY = re.compile(r"([+-]?\d{1,2})?(SU|MO|TU|WE|TH|FR|SA)")
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z)?)?")


class RecurrenceError(ValueError):
    """A recurrence rule that no condition can be made from; the text says why, `help` what could stand there."""

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(reason)
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Recurrence:
    """When something begins, in local time."""

    months: tuple[int, ...] = ()
    """Empty, here and below: all of them."""
    days: tuple[int, ...] = ()
    """Days of the month; -1 is the last one."""
    weekdays: tuple[tuple[int, int], ...] = ()
    """Number within the month (0: every one, -1: the last) and weekday (0 is Sunday)."""
    minutes: tuple[int, ...] = (0,)
    """Minutes of the day."""
    until: tuple[int, bool] | None = None
    """The last moment it may begin at, as seconds since 1970, and whether that is local time."""


def read_rrule(text: str) -> Recurrence:
    """Reads an iCalendar recurrence rule (RFC 5545, 3.3.10); raises RecurrenceError.

    Without `BYHOUR` it begins at midnight, because there is no first time that would say another hour.
    """
    parts = _parts(text)
    frequency = parts.pop("FREQ")
    if frequency not in FREQUENCIES:
        raise RecurrenceError(
            f"maintenance cannot recur {frequency}",
            f"write FREQ={', '.join(FREQUENCIES[:-1])} or {FREQUENCIES[-1]}; "
            "for several times a day FREQ=DAILY;BYHOUR=2,14",
        )
    _refuse_what_counts(parts)
    months = _numbers(parts, "BYMONTH", 1, 12)
    days = _numbers(parts, "BYMONTHDAY", 1, 31, negative=True)
    weekdays = _weekdays(parts.get("BYDAY", ""), frequency, months)
    if frequency == "WEEKLY" and days:
        raise RecurrenceError(
            "a weekly rule has no BYMONTHDAY", "write FREQ=MONTHLY;BYMONTHDAY=…, or BYDAY for days of the week"
        )
    if frequency == "WEEKLY" and not weekdays:
        raise RecurrenceError("a weekly rule needs BYDAY", "write the day, as in FREQ=WEEKLY;BYDAY=SU;BYHOUR=2")
    if frequency in ("MONTHLY", "YEARLY") and not (weekdays or days):
        raise RecurrenceError(
            f"a {frequency.lower()} rule needs BYDAY or BYMONTHDAY",
            "write the day, as in BYDAY=1SU (first Sunday) or BYMONTHDAY=15",
        )
    if frequency == "YEARLY" and not months:
        raise RecurrenceError("a yearly rule needs BYMONTH", "write the month, as in FREQ=YEARLY;BYMONTH=12;BYDAY=-1SU")
    hours = _numbers(parts, "BYHOUR", 0, 23) or (0,)
    minutes = _numbers(parts, "BYMINUTE", 0, 59) or (0,)
    beginnings = tuple(sorted({hour * 60 + minute for hour in hours for minute in minutes}))
    if len(beginnings) > MOST_BEGINNINGS:
        raise RecurrenceError(
            f"it begins {len(beginnings)} times a day", f"at most {MOST_BEGINNINGS} can be compiled; write longer ones"
        )
    return Recurrence(months, days, weekdays, beginnings, _until(parts.get("UNTIL")))


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for piece in text.strip().rstrip(";").upper().split(";"):
        key, equals, value = piece.partition("=")
        if not equals or not value:
            raise RecurrenceError(f"`{piece}` is not KEY=VALUE", "write it as in FREQ=WEEKLY;BYDAY=SU;BYHOUR=2")
        if key in parts:
            raise RecurrenceError(f"{key} stands twice", "write all of its values in one, as in BYDAY=SA,SU")
        parts[key] = value
    if "FREQ" not in parts:
        raise RecurrenceError("it has no FREQ", "write it as in FREQ=WEEKLY;BYDAY=SU;BYHOUR=2")
    return parts


def _refuse_what_counts(parts: dict[str, str]) -> None:
    if parts.get("INTERVAL", "1") != "1":
        raise RecurrenceError(
            f"INTERVAL={parts['INTERVAL']} counts from a first time, and there is none",
            "name the days instead: FREQ=MONTHLY;BYDAY=1SU,3SU is the first and third Sunday",
        )
    if "COUNT" in parts:
        raise RecurrenceError("COUNT counts from a first time, and there is none", "write the end as UNTIL=20271231")
    if "BYSETPOS" in parts:
        raise RecurrenceError(
            "BYSETPOS cannot be compiled", "number the weekday: FREQ=MONTHLY;BYDAY=-1SU is the last Sunday"
        )
    if parts.get("BYSECOND", "0") != "0":
        raise RecurrenceError("BYSECOND cannot be compiled", "rules are evaluated once a minute: leave it out")
    for key in parts:
        if key not in (*PARTS, "INTERVAL", "BYSECOND", "WKST"):
            raise RecurrenceError(f"{key} cannot be compiled", f"what can be is FREQ, {', '.join(PARTS)}")


def _numbers(parts: dict[str, str], key: str, least: int, most: int, *, negative: bool = False) -> tuple[int, ...]:
    found = set()
    for piece in parts[key].split(",") if key in parts else ():
        number = int(piece) if re.fullmatch(r"[+-]?\d{1,2}", piece) else None
        if number is None or not (least <= number <= most or (negative and least <= -number <= most)):
            below = f", or -{least} to -{most} from the end" if negative else ""
            raise RecurrenceError(f"{key}={piece} is not there", f"write numbers from {least} to {most}{below}")
        found.add(number)
    return tuple(sorted(found))


def _weekdays(text: str, frequency: str, months: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    found = set()
    for piece in text.split(",") if text else ():
        match = _BYDAY.fullmatch(piece)
        number = int(match[1] or 0) if match else 0
        if match is None or not -5 <= number <= 5 or (match[1] and number == 0):
            raise RecurrenceError(
                f"BYDAY={piece} is no day",
                "write MO, TU, WE, TH, FR, SA, SU, or with a number 1SU to 5SU, -1SU to -5SU",
            )
        if number and (frequency in ("DAILY", "WEEKLY") or (frequency == "YEARLY" and not months)):
            raise RecurrenceError(
                f"BYDAY={piece} has a number, which only a month can have",
                f"write FREQ=MONTHLY;BYDAY={piece}, or leave the number out",
            )
        found.add((number, _WEEKDAYS[match[2]]))
    return tuple(sorted(found))


def _until(text: str | None) -> tuple[int, bool] | None:
    if text is None:
        return None
    match = _UNTIL.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        moment = datetime.strptime(match[1] + (match[2] or "235959"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise RecurrenceError(f"UNTIL={text} is no date", "write UNTIL=20271231 or UNTIL=20271231T235959Z") from error
    return int(moment.timestamp()), match[3] is None


def active(recurrence: Recurrence, zone: Zone, lasts: Duration) -> list[str]:
    """PromQL terms, each 1 while one of the times lasts and 0 otherwise; at most one of them is 1 if none overlap.

    A time lasts as long as it says, whatever the clock does meanwhile.
    """
    seconds = lasts.milliseconds // 1000
    terms = []
    for minute in recurrence.minutes:
        for offset in zone.offsets:
            for day in range(-(-seconds // DAY)):
                # What the local clock would show had the time begun at midnight, `day` days after it began.
                shift = offset - minute * 60 - day * DAY
                since = f"{moment(offset - minute * 60).removeprefix('vector')} % {DAY}"
                factors = [f"vector({since} < bool {min(seconds - day * DAY, DAY)})"]
                in_force = zone.in_force(offset, minute, day)
                factors += [*_on_date(recurrence, shift), *([in_force] if in_force else [])]
                if recurrence.until is not None:
                    last, is_local = recurrence.until
                    factors.append(f"(time() - {since} <= bool {last - (offset if is_local else 0) + day * DAY})")
                terms.append("\n* ".join(factors))
    return terms


def _on_date(recurrence: Recurrence, shift: int) -> list[str]:
    then = moment(shift)
    found = []
    if recurrence.months:
        found.append(_any(f"month({then})", recurrence.months))
    if recurrence.days:
        ends = {
            day: f"days_in_month({then}) - {-day - 1}" if day < -1 else f"days_in_month({then})"
            for day in recurrence.days
            if day < 0
        }
        runs = _runs(tuple(day for day in recurrence.days if day > 0))
        pieces = [
            f"(day_of_month({then}) == bool {first})"
            if first == last
            else f"(day_of_month({then}) >= bool {first}) * (day_of_month({then}) <= bool {last})"
            for first, last in runs
        ]
        pieces += [f"(day_of_month({then}) == bool {end})" for end in ends.values()]
        found.append(_sum(pieces))
    if recurrence.weekdays:
        every = tuple(weekday for number, weekday in recurrence.weekdays if number == 0)
        pieces = [_any(f"day_of_week({then})", every)] if every else []
        for number, weekday in recurrence.weekdays:
            if number and weekday not in every:
                pieces.append(f"(day_of_week({then}) == bool {weekday}){_nth(then, number)}")
        found.append(_sum(pieces))
    return found


def _nth(then: str, number: int) -> str:
    day = f"day_of_month({then})"
    if number > 0:
        first, last = 7 * number - 6, 7 * number
        low = f" * ({day} >= bool {first})" if first > 1 else ""
        return f"{low} * ({day} <= bool {last})" if last < 31 else low
    left = f"days_in_month({then}) - {day}"
    first, last = 7 * -number - 7, 7 * -number - 1
    low = f" * ({left} >= bool {first})" if first else ""
    return f"{low} * ({left} <= bool {last})" if last < 30 else low


def _any(value: str, numbers: tuple[int, ...]) -> str:
    return _sum([f"({value} == bool {number})" for number in numbers])


def _sum(pieces: list[str]) -> str:
    """Conditions of which any may hold; those that can hold together still give 1."""
    if len(pieces) == 1:
        return pieces[0]
    return f"({' + '.join(pieces)} > bool 0)"


def _runs(numbers: tuple[int, ...]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def is_near_1970(recurrence: Recurrence, zone: Zone, lasts: Duration, within: Duration) -> bool:
    """Whether it would be maintenance within so much time after 1970 began, which is when promtool's tests run."""
    begin = datetime(1970, 1, 1, tzinfo=UTC)
    for day in range(-(LONGEST.milliseconds // 1000 // DAY) - 2, 3):
        date = begin + timedelta(days=day)
        if not _is_on(recurrence, date):
            continue
        for minute in recurrence.minutes:
            for offset in zone.offsets:
                start = day * DAY + minute * 60 - offset
                if start < within.milliseconds // 1000 and start + lasts.milliseconds // 1000 > 0:
                    return True
    return False


def _is_on(recurrence: Recurrence, date: datetime) -> bool:
    last = (date.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    from_end = last.day - date.day
    numbers = (0, (date.day - 1) // 7 + 1, -(from_end // 7) - 1)
    return (
        (not recurrence.months or date.month in recurrence.months)
        and (not recurrence.days or date.day in recurrence.days or -from_end - 1 in recurrence.days)
        and (
            not recurrence.weekdays or any((number, date.isoweekday() % 7) in recurrence.weekdays for number in numbers)
        )
    )
