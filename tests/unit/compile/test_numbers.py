from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicescape.compile.decimals import decimal_text
from servicescape.compile.names import RATE_WINDOW
from servicescape.compile.reach import can_fire, error_budget, reachable_factor
from servicescape.compile.window_tables import SRE_WORKBOOK, built_in_table, pairs_for, table_from
from servicescape.model.units import Duration

TABLE = built_in_table(SRE_WORKBOOK)
assert TABLE is not None


@pytest.mark.parametrize(
    ("objective", "budget"),
    [("99.9", "0.001"), ("99.95", "0.0005"), ("99.999", "0.00001"), ("90", "0.1"), ("12.5", "0.875")],
)
def test_budgets_are_exact(objective: str, budget: str) -> None:
    assert decimal_text(error_budget(Decimal(objective))) == budget


@given(st.decimals(min_value=-1000, max_value=1000, allow_nan=False, places=9))
def test_decimals_lose_nothing(value: Decimal) -> None:
    text = decimal_text(value)
    assert Decimal(text) == value
    assert "e" not in text.lower()


def test_endless_decimals_are_rounded() -> None:
    assert decimal_text(Fraction(14, 15)) == "0.933333"
    assert decimal_text(Fraction(1, 3) / 100000) == "0.00000333333"


def rows(period: str) -> list[tuple[str, str, str, str]]:
    pairs, _ = pairs_for(TABLE, Duration.parse(period))
    return [(pair.severity, pair.long.canonical(), pair.short.canonical(), decimal_text(pair.factor)) for pair in pairs]


def test_the_workbooks_table() -> None:
    assert TABLE.source == "https://sre.google/workbook/alerting-on-slos/"
    assert rows("30d") == [
        ("page", "1h", "5m", "14.4"),
        ("page", "6h", "30m", "6"),
        ("ticket", "1d", "2h", "3"),
        ("ticket", "3d", "6h", "1"),
    ]


def test_other_periods() -> None:
    assert [factor for *_, factor in rows("28d")] == ["13.44", "5.6", "2.8", "0.933333"]
    assert [factor for *_, factor in rows("90d")] == ["43.2", "18", "9", "3"]
    assert rows("7d") == [
        ("page", "1h", "5m", "3.36"),
        ("page", "6h", "30m", "1.4"),
        ("ticket", "16h48m", "1h24m", "1"),
    ]


def test_a_period_too_short_for_a_pair_is_refused_with_the_smallest_that_is_not() -> None:
    pairs, refused = pairs_for(TABLE, Duration.parse("1h"))
    assert [(pair.severity, pair.long.canonical()) for pair in pairs] == [("ticket", "6m")]
    rest = "the smallest window for an alert is 6m, which takes a period of at least"
    assert [item.reason for item in refused] == [
        f"2 % of a budget of 1h is spent in 1m12s at a burn rate of 1; {rest} 5h",
        f"5 % of a budget of 1h is spent in 3m at a burn rate of 1; {rest} 2h",
    ]
    assert not pairs_for(TABLE, Duration.parse("5h"))[1]
    assert pairs_for(TABLE, Duration.parse("4h59m"))[1]


@given(st.integers(min_value=60, max_value=90 * 24 * 60))
def test_windows_make_sense_for_every_period(minutes: int) -> None:
    period = Duration(minutes * 60_000)
    pairs, refused = pairs_for(TABLE, period)
    assert pairs
    for pair in pairs:
        assert RATE_WINDOW <= pair.short <= pair.long < period
        assert pair.long > RATE_WINDOW
        assert pair.factor >= Fraction(9, 10)
        assert pair.factor == pair.budget_share * period.milliseconds / pair.long.milliseconds
        assert pair.long.milliseconds % 60_000 == pair.short.milliseconds % 60_000 == 0
    assert len(pairs) + len(refused) <= len(TABLE.pairs)


def slice_rows(period: str, length: str) -> list[tuple[str, str, str, str]]:
    pairs, _ = pairs_for(TABLE, Duration.parse(period), Duration.parse(length))
    return [(pair.severity, pair.long.canonical(), pair.short.canonical(), decimal_text(pair.factor)) for pair in pairs]


def test_windows_of_slices_are_whole_slices() -> None:
    assert slice_rows("30d", "5m") == rows("30d")
    assert slice_rows("30d", "1h") == [
        ("page", "2h", "1h", "7.2"),
        ("page", "6h", "1h", "6"),
        ("ticket", "1d", "2h", "3"),
        ("ticket", "3d", "6h", "1"),
    ]


@given(st.integers(min_value=60, max_value=90 * 24 * 60), st.integers(min_value=1, max_value=12 * 60))
def test_windows_make_sense_for_every_slice(minutes: int, length: int) -> None:
    period = Duration(minutes * 60_000)
    pairs, refused = pairs_for(TABLE, period, Duration(length * 60_000))
    for pair in pairs:
        assert pair.long.milliseconds % (length * 60_000) == pair.short.milliseconds % (length * 60_000) == 0
        assert 2 * pair.short.milliseconds <= pair.long.milliseconds < period.milliseconds
        assert pair.short >= RATE_WINDOW
        assert pair.factor >= Fraction(9, 10)
        assert pair.factor == pair.budget_share * period.milliseconds / pair.long.milliseconds
    assert len(pairs) + len(refused) <= len(TABLE.pairs)


def test_a_table_that_makes_no_sense() -> None:
    row = {"severity": "page", "long": "1h", "short": "5m", "budgetShare": 2}
    assert table_from({"name": "t", "pairs": [row]}).pairs[0].budget_share == Fraction(1, 50)
    for change in ({"severity": "shout"}, {"short": "1m"}, {"short": "1h"}, {"budgetShare": 0}, {"budgetShare": 101}):
        with pytest.raises(ValueError):  # noqa: PT011  (the words are the table's own business)
            table_from({"name": "t", "pairs": [row | change]})


def test_out_of_reach() -> None:
    ninety = error_budget(Decimal(90))
    assert not can_fire(Fraction("14.4"), ninety)
    assert reachable_factor(Fraction("14.4"), ninety) == 9
    assert reachable_factor(Fraction(6), ninety) == 6


@given(
    st.decimals(min_value="0.001", max_value="99.99999", places=5),
    st.fractions(min_value=Fraction(9, 10), max_value=50),
)
def test_every_alert_can_fire(objective: Decimal, factor: Fraction) -> None:
    budget = error_budget(objective)
    assert can_fire(reachable_factor(factor, budget), budget)
    assert reachable_factor(factor, budget) <= max(factor, 1)


@pytest.mark.parametrize("name", ["a" * 300, "../windows/sre-workbook", "sre\0workbook", ""])
def test_a_table_is_found_by_its_name_alone(name: str) -> None:
    assert built_in_table(name) is None
