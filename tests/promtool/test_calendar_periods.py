"""Budgets of the calendar, held by promtool against events that are counted one by one with zoneinfo's dates."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.promtool.harness import near
from tests.promtool.moved_clock import Simulation
from tests.support.slo_catalogs import catalog, slo

pytestmark = pytest.mark.usefixtures("naming")

QUIET = {"page": "off", "ticket": "off"}
STEP = timedelta(minutes=5)
REMAINING = "sum(slo:error_budget_remaining:ratio)"


def ratio(unit: str) -> str:
    return f'sum(slo:error:ratio{{window="{unit}"}})'


def uneven(moment: datetime) -> tuple[float, float]:
    """Busy days and quiet nights; a different share of errors in each hour."""
    total = 4000 if 8 <= moment.hour < 20 else 50
    bad = (moment.day * 7 + moment.hour * 3) % 40
    return float(total - bad), float(bad)


def monthly(zone: str, unit: str = "month", **spec: Any) -> Any:
    return catalog(slo(objective=99, window={"calendar": unit, "timeZone": zone}, alerting=QUIET, **spec))


@pytest.mark.parametrize(
    ("zone", "year", "month", "before", "after", "days"),
    [
        # The clock changes on 28 March and on 31 October, some days or hours before the month ends.
        ("Europe/London", 2027, 4, 5, 1, (31, 30)),
        ("Europe/London", 2027, 11, 2, 1, (31, 30)),
        # It changes on 7 November, after the month began.
        ("America/New_York", 2027, 11, 1, 7, (31, 30)),
        ("Asia/Kolkata", 2028, 3, 1, 1, (29, 31)),
    ],
)
def test_a_month_to_date_counts_the_months_events_and_no_others(
    zone: str, year: int, month: int, before: int, after: int, days: tuple[int, int], tmp_path: Path
) -> None:
    begin = datetime(year, month, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    start = begin - timedelta(days=before)
    simulation = Simulation(start, 5, uneven)
    simulation.windows = ("5m", "month")
    simulation.expect(
        begin - STEP, near(ratio("month"), float(simulation.truth(start, begin - STEP)), relative=1e-9), 1
    )
    simulation.expect(begin - STEP, "sum(slo:period:days)", days[0])
    # At midnight the budget is whole, and nothing has happened yet.
    simulation.expect(begin, f"count({ratio('month')})", None)
    simulation.expect(begin, REMAINING, 1)
    simulation.expect(begin, "sum(slo:period:days)", days[1])
    for moment in (begin + STEP, begin + timedelta(hours=9), begin + timedelta(days=after)):
        truth = float(simulation.truth(begin, moment))
        simulation.expect(moment, near(ratio("month"), truth, relative=1e-9), 1)
        simulation.expect(moment, near(REMAINING, 1 - truth / 0.01, relative=1e-7), 1)
    simulation.run(tmp_path, monthly(zone))


@pytest.mark.parametrize(
    ("unit", "zone", "begin", "days", "later"),
    [
        ("quarter", "America/New_York", datetime(2027, 7, 1, 4, tzinfo=UTC), 92, None),
        ("quarter", "Australia/Sydney", datetime(2027, 12, 31, 13, tzinfo=UTC), 91, None),
        # A week begins on Monday.
        ("week", "Asia/Kolkata", datetime(2027, 5, 9, 18, 30, tzinfo=UTC), 7, None),
        # A month that begins within it changes nothing.
        ("week", "Europe/Berlin", datetime(2027, 9, 26, 22, tzinfo=UTC), 7, datetime(2027, 9, 30, 22, tzinfo=UTC)),
    ],
)
def test_other_periods_begin_when_they_should(
    unit: str, zone: str, begin: datetime, days: int, later: datetime | None, tmp_path: Path
) -> None:
    def events(moment: datetime) -> tuple[float, float]:
        return (10.0, 30.0) if moment <= begin else uneven(moment)

    simulation = Simulation(begin - timedelta(hours=12), 5, events)
    simulation.expect(begin - STEP, near(ratio(unit), 0.75), 1)
    simulation.expect(begin, f"count({ratio(unit)})", None)
    simulation.expect(begin, REMAINING, 1)
    moments = [begin + STEP, begin + timedelta(days=1, hours=7)]
    if later is not None:
        moments += [later - STEP, later, later + STEP]
    for moment in moments:
        simulation.expect(moment, near(ratio(unit), float(simulation.truth(begin, moment)), relative=1e-9), 1)
    simulation.expect(moments[-1], "sum(slo:period:days)", days)
    simulation.windows = ("5m", unit)
    simulation.run(tmp_path, monthly(zone, unit))


def test_a_gap_and_a_change_of_owner_lose_nothing_of_the_period(tmp_path: Path) -> None:
    begin = datetime(2027, 6, 1, tzinfo=UTC)
    simulation = Simulation(begin, 5, lambda moment: (90.0, 10.0))
    stale = 'component="basket",domain="commerce",measures="availability",slo="basket-availability",tier="1"'
    # A day of the old owner's before the day that is simulated, with a third of errors and a gap in it.
    old = "".join(f"{value} " for value in [30] * 100 + ["_"] * 50 + [30] * 50 + ["stale"])
    further = [
        (f'slo:period_total:rate5m{{{stale},begins="20270601",team="old"}}', old),
        (f'slo:period_bad:rate5m{{{stale},begins="20270601",team="old"}}', old.replace("30", "10")),
        (f'slo:period_total:rate5m{{{stale},begins="20270501",team="old"}}', old),
        (f'slo:period_bad:rate5m{{{stale},begins="20270501",team="old"}}', old),
    ]
    end = begin + timedelta(days=1)
    # 150 samples of 30 a second, of which 10 are bad, and 288 of 100 in five minutes, of which 10 are.
    truth = (150 * 10 + 288 * 10 / 300) / (150 * 30 + 288 * 100 / 300)
    simulation.expect(end, near(ratio("month"), truth, relative=1e-3), 1)
    simulation.expect(end, 'count(slo:error:ratio{window="month"})', 1)
    simulation.windows = ("5m", "month")
    simulation.run(tmp_path, monthly("UTC"), further)


def test_groups_have_a_budget_each(tmp_path: Path) -> None:
    query = 'sum by (code) (rate(http_requests_total{job="basket"}[{{window}}]))'
    begin = datetime(2027, 6, 1, tzinfo=UTC)
    simulation = Simulation(begin - timedelta(hours=1), 5, lambda moment: (90.0, 10.0))
    simulation.expect(begin + timedelta(hours=1), 'sum(slo:error:ratio{window="month",code="503"})', 0.25)
    simulation.expect(begin + timedelta(hours=1), 'count(slo:error:ratio{window="month"})', 2)
    simulation.run(tmp_path, monthly("UTC", indicator={"ratio": {"bad": query + " / 4", "total": query}}))


def test_means_and_slices_to_date(tmp_path: Path) -> None:
    begin = datetime(2027, 6, 1, tzinfo=UTC)

    def events(moment: datetime) -> tuple[float, float]:
        # In the first hour of June every second five minutes are bad; before it all of them.
        odd = int(moment.timestamp()) // 300 % 2
        return (60.0, 40.0) if moment <= begin or odd else (100.0, 0.0)

    by = 'sum(rate(http_requests_total{job="basket"%s}[{{window}}]))'
    mean = {"errorRatio": by % ',code="503"' + " / " + by % ""}
    for number, spec in enumerate(({"indicator": mean}, {"budgeting": {"timeslices": {"slice": "5m", "target": 90}}})):
        simulation = Simulation(begin - timedelta(hours=2), 5, events)
        simulation.expect(begin - STEP, near(ratio("month"), 0.4 if number == 0 else 1.0, relative=1e-9), 1)
        simulation.expect(begin, REMAINING, 1)
        simulation.expect(
            begin + timedelta(hours=1), near(ratio("month"), 0.2 if number == 0 else 0.5, relative=1e-9), 1
        )
        simulation.run(tmp_path / str(number), monthly("UTC", **spec))
