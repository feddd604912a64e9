"""Local time and maintenance as arithmetic on `time()`, held against zoneinfo and a calendar walked day by day."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from servicescape.compile.maintenance import RecurrenceError, active, is_near_1970, read_rrule
from servicescape.compile.zones import FIRST_YEAR, LAST_YEAR, UnknownZoneError, zone
from servicescape.model.units import Duration
from tests.support.promql_clock import clock_function

MINUTE, DAY = 60, 86_400

ZONES = [
    "UTC",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Berlin",
    "Europe/Chisinau",
    "America/New_York",
    "America/Santiago",
    "America/St_Johns",
    "America/Havana",
    "America/Nuuk",
    "Pacific/Easter",
    "Pacific/Chatham",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Asia/Kolkata",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Asia/Gaza",
    "Africa/Cairo",
    "Africa/Casablanca",
]
CHANGING = ["Europe/London", "Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "Pacific/Chatham", "Asia/Gaza"]


def _second(*parts: int, tzinfo: ZoneInfo | None = None, fold: int = 0) -> int:
    return int(datetime(*parts, tzinfo=tzinfo or UTC, fold=fold).timestamp())  # type: ignore[arg-type, misc]


@cache
def zone_info(name: str) -> ZoneInfo:
    """By the same data as the compiler; those of the system may know of other laws."""
    with (files("tzdata") / "zoneinfo" / name).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def changes(name: str) -> list[int]:
    """Every change of a clock within the years that are looked at, to the minute."""
    info = zone_info(name)
    found = []
    now, end = _second(FIRST_YEAR, 1, 1), _second(LAST_YEAR + 1, 1, 1)

    def offset(second: int) -> timedelta | None:
        return datetime.fromtimestamp(second, info).utcoffset()

    while now < end:
        if offset(now) != offset(now + DAY):
            low, high = now, now + DAY
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == offset(now) else (low, middle)
            found.append(high)
        now += DAY
    return found


@pytest.mark.parametrize("name", ZONES)
def test_the_local_clock_is_right_to_the_second(name: str) -> None:
    clock = clock_function(zone(name).clock())
    info = zone_info(name)
    moments = {moment + around for moment in changes(name) for around in (-DAY, -1, 0, 1, 3600, DAY)}
    moments |= set(range(_second(FIRST_YEAR, 1, 1), _second(LAST_YEAR + 1, 1, 1), 5 * DAY + 7177))
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        moments |= {_second(year, 1, 1) + hour * 3600 + around for hour in range(-14, 15) for around in (-1, 0)}
    for moment in moments:
        local = datetime.fromtimestamp(moment, info)
        offset = local.utcoffset()
        assert offset is not None
        assert clock(moment) == moment + offset.total_seconds(), local


def test_a_rule_needs_no_table_of_years() -> None:
    assert "bool 325" in zone("Europe/London").clock()
    assert not zone("Europe/London").changes
    local = clock_function(zone("Europe/London").clock())
    assert local(_second(2061, 7, 1)) == _second(2061, 7, 1, 1)
    assert zone("Asia/Gaza").changes


@pytest.mark.parametrize("name", ["London", "europe/london", "../etc/passwd", "", "Europe", "Mars/Olympus"])
def test_zones_that_there_are_not(name: str) -> None:
    with pytest.raises(UnknownZoneError):
        zone(name)


def _beginnings(days: Callable[[datetime], bool], times: list[tuple[int, int]], name: str, year: int) -> list[int]:
    """When something begins in a year, by walking through its days."""
    info = zone_info(name)
    day = datetime(year, 1, 1)
    found = []
    while day.year == year:
        if days(day):
            for hour, minute in times:
                # `fold=0` is the first of two, and for a skipped time the offset before the change.
                found.append(int(day.replace(hour=hour, minute=minute, tzinfo=info, fold=0).timestamp()))
        day += timedelta(days=1)
    return found


def _nth(day: datetime) -> int:
    return (day.day - 1) // 7 + 1


def _from_end(day: datetime) -> int:
    following = day.replace(day=28) + timedelta(days=4)
    last = (following - timedelta(days=following.day)).day
    return last - day.day


FORMS: dict[str, tuple[Callable[[datetime], bool], list[tuple[int, int]]]] = {
    "FREQ=DAILY": (lambda day: True, [(0, 0)]),
    "FREQ=DAILY;BYHOUR=1;BYMINUTE=30": (lambda day: True, [(1, 30)]),
    "FREQ=DAILY;BYHOUR=2,14;BYMONTH=3,10": (lambda day: day.month in (3, 10), [(2, 0), (14, 0)]),
    "FREQ=WEEKLY;BYDAY=SU;BYHOUR=2": (lambda day: day.isoweekday() == 7, [(2, 0)]),
    "FREQ=WEEKLY;BYDAY=SU;BYHOUR=1;BYMINUTE=15,45": (lambda day: day.isoweekday() == 7, [(1, 15), (1, 45)]),
    "FREQ=WEEKLY;BYDAY=SA,SU,MO;BYHOUR=23": (lambda day: day.isoweekday() in (1, 6, 7), [(23, 0)]),
    "FREQ=MONTHLY;BYDAY=1SU;BYHOUR=2": (lambda day: day.isoweekday() == 7 and _nth(day) == 1, [(2, 0)]),
    "FREQ=MONTHLY;BYDAY=-1SU,2TU;BYHOUR=1": (
        lambda day: (day.isoweekday() == 7 and _from_end(day) < 7) or (day.isoweekday() == 2 and _nth(day) == 2),
        [(1, 0)],
    ),
    "FREQ=MONTHLY;BYDAY=5FR,-2MO": (
        lambda day: (day.isoweekday() == 5 and _nth(day) == 5) or (day.isoweekday() == 1 and 7 <= _from_end(day) < 14),
        [(0, 0)],
    ),
    "FREQ=MONTHLY;BYMONTHDAY=1,15,-1;BYHOUR=0": (lambda day: day.day in (1, 15) or _from_end(day) == 0, [(0, 0)]),
    "FREQ=MONTHLY;BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=SA": (
        lambda day: 8 <= day.day <= 14 and day.isoweekday() == 6,
        [(0, 0)],
    ),
    "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24,25,26": (lambda day: day.month == 12 and day.day in (24, 25, 26), [(0, 0)]),
    "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU;BYHOUR=1;BYMINUTE=30": (
        lambda day: day.month in (3, 10) and day.isoweekday() == 7 and _from_end(day) < 7,
        [(1, 30)],
    ),
}


@pytest.mark.parametrize("rrule", FORMS)
@pytest.mark.parametrize("name", ["UTC", *CHANGING])
def test_maintenance_is_active_when_a_calendar_says_so(rrule: str, name: str) -> None:
    days, times = FORMS[rrule]
    random.seed(rrule + name)
    for lasts in ("2h", "1d2h30m"):
        seconds = Duration.parse(lasts).milliseconds // 1000
        terms = [clock_function(term) for term in active(read_rrule(rrule), zone(name), Duration.parse(lasts))]
        year = 2027
        starts = _beginnings(days, times, name, year)
        spans = sorted((start, start + seconds) for start in starts)
        moments = {edge + around for span in spans for edge in span for around in (-1, 0, 1)}
        moments |= {change + around for change in changes(name) for around in range(-4 * 3600, 4 * 3600, 900)}
        moments |= {random.randrange(_second(year, 1, 1), _second(year + 1, 1, 1)) for _ in range(100)}
        for moment in sorted(moments):
            if not _second(year, 1, 4) <= moment < _second(year, 12, 29):
                continue
            expected = any(start <= moment < end for start, end in spans)
            local = datetime.fromtimestamp(moment, zone_info(name))
            assert (sum(term(moment) for term in terms) > 0) == expected, (lasts, local)


@pytest.mark.parametrize(
    "rrule", [*FORMS, "FREQ=WEEKLY;BYDAY=TH;BYHOUR=23", "FREQ=WEEKLY;BYDAY=WE", "FREQ=WEEKLY;BYDAY=FR"]
)
@pytest.mark.parametrize("lasts", ["2h", "1d2h", "7d"])
def test_whether_tests_of_1970_would_be_maintenance(rrule: str, lasts: str) -> None:
    recurrence, duration = read_rrule(rrule), Duration.parse(lasts)
    terms = [clock_function(term) for term in active(recurrence, zone("Asia/Kolkata"), duration)]
    day = Duration.parse("1d")
    expected = any(term(minute * 60) for term in terms for minute in range(1440))
    assert is_near_1970(recurrence, zone("Asia/Kolkata"), duration, day) == expected


def test_the_end_of_a_recurrence() -> None:
    [one, other] = active(
        read_rrule("FREQ=DAILY;BYHOUR=2;UNTIL=20270702T010000Z"), zone("Europe/London"), Duration.parse("1h")
    )
    functions = [clock_function(one), clock_function(other)]
    for day, expected in ((1, 1), (2, 1), (3, 0)):
        assert sum(function(_second(2027, 7, day, 1, 30)) for function in functions) == expected
    [term] = active(read_rrule("FREQ=DAILY;UNTIL=20270702"), zone("UTC"), Duration.parse("1h"))
    assert [clock_function(term)(_second(2027, 7, day, 0, 30)) for day in (1, 2, 3)] == [1, 1, 0]


@pytest.mark.parametrize(
    ("rrule", "reason", "mend"),
    [
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", "INTERVAL=2 counts from a first time", "BYDAY=1SU,3SU"),
        ("FREQ=DAILY;COUNT=3", "COUNT counts from a first time", "UNTIL=20271231"),
        ("FREQ=HOURLY", "cannot recur HOURLY", "FREQ=DAILY;BYHOUR=2,14"),
        ("FREQ=WEEKLY", "a weekly rule needs BYDAY", "BYDAY=SU"),
        ("FREQ=MONTHLY;BYHOUR=2", "a monthly rule needs BYDAY or BYMONTHDAY", "BYDAY=1SU"),
        ("FREQ=YEARLY;BYDAY=SU", "a yearly rule needs BYMONTH", "BYMONTH=12"),
        ("FREQ=MONTHLY;BYDAY=SU;BYSETPOS=-1", "BYSETPOS cannot be compiled", "BYDAY=-1SU"),
        ("FREQ=WEEKLY;BYDAY=1SU", "BYDAY=1SU has a number", "FREQ=MONTHLY;BYDAY=1SU"),
        ("FREQ=WEEKLY;BYDAY=SUN", "BYDAY=SUN is no day", "1SU to 5SU"),
        ("FREQ=DAILY;BYHOUR=24", "BYHOUR=24 is not there", "0 to 23"),
        ("FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO cannot be compiled", "BYMONTH"),
        ("FREQ=DAILY;BYHOUR", "`BYHOUR` is not KEY=VALUE", "BYHOUR=2"),
        ("FREQ=DAILY;BYHOUR=1;BYHOUR=2", "BYHOUR stands twice", "in one"),
        ("FREQ=DAILY;UNTIL=20271332", "UNTIL=20271332 is no date", "UNTIL=20271231"),
        ("FREQ=DAILY;BYMINUTE=0,5,10,15,20,25,30,35,40,45,50,55;BYHOUR=1,2", "begins 24 times a day", "at most 12"),
    ],
)
def test_what_cannot_be_compiled_is_told_with_what_can(rrule: str, reason: str, mend: str) -> None:
    with pytest.raises(RecurrenceError, match=reason) as caught:
        read_rrule(rrule)
    assert mend in caught.value.mend
