"""Slices of time and maintenance, held by promtool against arithmetic on the events themselves."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.promtool.harness import near
from tests.promtool.moved_clock import Simulation
from tests.support.slo_catalogs import catalog, slo

pytestmark = pytest.mark.usefixtures("naming")

QUIET = {"page": "off", "ticket": "off"}
MINUTE = timedelta(minutes=1)
START = datetime.fromtimestamp(int(datetime(2027, 6, 15, 12, tzinfo=UTC).timestamp()) // 12_600 * 12_600, UTC)
"""A moment at which slices of every length that is tried here begin."""


def ratio(window: str) -> str:
    return f'sum(slo:error:ratio{{window="{window}"}})'


def firing(name: str = ".+") -> str:
    return f'count(ALERTS{{alertstate="firing",alertname=~"{name}"}})'


def bursts(moment: datetime) -> tuple[float, float]:
    """Traffic that comes and goes, and errors in bursts of a few minutes."""
    minute = int((moment - START).total_seconds()) // 60
    if 200 < minute <= 260:
        return 0.0, 0.0
    total = 40.0 + 60.0 * (minute % 3)
    bad = total * ((minute * 13) % 11) / 40 if minute % 37 < 9 else 0.0
    return total - bad, bad


def bad_slices(length: int, share: Fraction, until: datetime) -> list[bool]:
    """Slice by slice, whether more than a share of its events was bad."""
    found = []
    end = START + length * MINUTE
    while end <= until:
        minutes = [bursts(end - number * MINUTE) for number in range(length)]
        bad = sum(round(bad * 40) for _, bad in minutes)
        total = sum(round((good + bad) * 40) for good, bad in minutes)
        found.append(bad > total * share)
        end += length * MINUTE
    return found


@pytest.mark.parametrize(("length", "target"), [(5, 95.0), (10, 96.0), (30, 97.5), (2, 92.0), (7, 94.0)])
def test_slices_are_good_or_bad_by_their_own_target(length: int, target: float, tmp_path: Path) -> None:
    simulation = Simulation(START, 1, bursts)
    until = START + 420 * MINUTE
    found = bad_slices(length, 1 - Fraction(str(target)) / 100, until)
    assert 0 < sum(found) < len(found)
    window = "30d"
    for moment in (until, until - length * MINUTE):
        known = found[: int((moment - START) / (length * MINUTE))]
        simulation.expect(moment, near(ratio(window), sum(known) / len(known), relative=1e-9), 1)
    simulation.expect(until, f"sum(count_over_time(slo:slice:bad[{420 - length}m]))", len(found))
    simulation.windows = ("5m", window)
    simulation.run(
        tmp_path,
        catalog(slo(objective=90, budgeting={"timeslices": {"slice": f"{length}m", "target": target}}, alerting=QUIET)),
    )


def test_idle_slices_are_good_and_those_without_series_are_none(tmp_path: Path) -> None:
    def events(moment: datetime) -> tuple[float, float]:
        minute = int((moment - START).total_seconds()) // 60
        return (0.0, 0.0) if minute > 30 else (50.0, 50.0)

    simulation = Simulation(START, 1, events)
    simulation.expect(START + 60 * MINUTE, ratio("30d"), 0.5)
    simulation.windows = ("5m", "30d")
    simulation.run(tmp_path, catalog(slo(budgeting={"timeslices": {"slice": "10m", "target": 95}}, alerting=QUIET)))


def test_slices_page_by_the_burn_of_slices(tmp_path: Path) -> None:
    # Every slice is a little bad: 6 % of events, where 5 % are allowed. By events this burns 0.6 times the budget.
    simulation = Simulation(START, 1, lambda moment: (94.0, 6.0))
    simulation.expect(START + 40 * MINUTE, firing("ErrorBudgetBurnPage.+"), 2)
    simulation.run(tmp_path / "slices", catalog(slo(objective=95, budgeting=SLICES)))
    simulation = Simulation(START, 1, lambda moment: (96.0, 4.0))
    simulation.expect(START + 40 * MINUTE, firing(), None)
    simulation.run(tmp_path / "good", catalog(slo(objective=95, budgeting=SLICES)))


SLICES = {"timeslices": {"slice": "5m", "target": 95}}
SUNDAY = {"rrule": "FREQ=WEEKLY;BYDAY=SU;BYHOUR=2", "lasts": "1h", "timeZone": "Europe/London"}
"""Two o'clock in London is one o'clock UTC in June."""
BEGIN = datetime(2027, 6, 20, 1, tzinfo=UTC)
END = BEGIN + timedelta(hours=1)


def maintained(**spec: Any) -> Any:
    return catalog(slo(maintenance=[SUNDAY], **{"alerting": {"absent": "10m"}, **spec}))


def outage(begin: datetime, end: datetime) -> Any:
    return lambda moment: (0.0, 100.0) if begin < moment <= end else (99.95, 0.05)


@pytest.mark.parametrize(
    "spec", [{}, {"budgeting": SLICES}, {"window": {"calendar": "month"}}], ids=["events", "slices", "month"]
)
def test_an_outage_within_maintenance_costs_nothing_and_pages_nobody(spec: dict[str, Any], tmp_path: Path) -> None:
    simulation = Simulation(BEGIN - timedelta(hours=1), 1, outage(BEGIN, END))
    period = "month" if "window" in spec else "30d"
    for moment in (BEGIN + 30 * MINUTE, END, END + 5 * MINUTE, END + 30 * MINUTE):
        simulation.expect(moment, firing(), None)
        simulation.expect(moment, near(f"1 + {ratio(period)}", 1.0005 if "budgeting" not in spec else 1.0), 1)
    simulation.expect(BEGIN - MINUTE, "sum(slo:maintenance:active)", 0)
    simulation.expect(BEGIN, "sum(slo:maintenance:active)", 1)
    simulation.expect(END + 4 * MINUTE, "sum(slo:maintenance:active)", 1)
    simulation.expect(END + 5 * MINUTE, "sum(slo:maintenance:active)", 0)
    simulation.expect(END + 5 * MINUTE, "count(slo:total:rate5m)", 1)
    simulation.run(tmp_path, maintained(**spec))


def test_what_fails_before_and_after_maintenance_counts(tmp_path: Path) -> None:
    start = BEGIN - timedelta(hours=1)
    simulation = Simulation(start, 1, outage(BEGIN - 10 * MINUTE, END + 10 * MINUTE))
    simulation.expect(BEGIN - MINUTE, firing("ErrorBudgetBurnPage1h"), 1)
    simulation.expect(END + 10 * MINUTE, firing("ErrorBudgetBurnPage1h"), 1)
    # Ten minutes before and ten after; the first and last four minutes beside maintenance weigh less.
    simulation.expect(END + timedelta(hours=1), f"{ratio('30d')} > bool 0.12", 1)
    simulation.expect(END + timedelta(hours=1), f"{ratio('30d')} < bool 0.18", 1)
    simulation.run(tmp_path, maintained())


def test_series_that_are_gone_within_maintenance_are_not_missed(tmp_path: Path) -> None:
    simulation = Simulation(BEGIN - timedelta(minutes=30), 1, lambda moment: (-1.0, -1.0) if moment > BEGIN else (9, 1))
    absent = firing("SLOSeriesAbsent")
    simulation.expect(END, absent, None)
    simulation.expect(END + 5 * MINUTE, absent, None)
    simulation.expect(END + 16 * MINUTE, absent, 1)
    simulation.run(tmp_path, maintained())


@pytest.mark.parametrize(("day", "hour"), [(27, 2), (28, 1)], ids=["the Saturday before", "the day of the change"])
def test_maintenance_in_the_week_of_the_change(day: int, hour: int, tmp_path: Path) -> None:
    # On 28 March 2027 two o'clock in London is one o'clock UTC, because the clock has just been put forward.
    rrule = {"rrule": "FREQ=DAILY;BYHOUR=2", "lasts": "30m", "timeZone": "Europe/London"}
    begin = datetime(2027, 3, day, hour, tzinfo=UTC)
    simulation = Simulation(begin - timedelta(minutes=60), 1, lambda moment: (1.0, 0.0))
    for moment, active in ((begin - MINUTE, 0), (begin, 1), (begin + 34 * MINUTE, 1), (begin + 35 * MINUTE, 0)):
        simulation.expect(moment, "sum(slo:maintenance:active)", active)
    simulation.windows = ("5m",)
    simulation.run(tmp_path, catalog(slo(maintenance=[rrule], alerting=QUIET)))
