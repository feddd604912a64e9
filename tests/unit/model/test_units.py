"""Exact decimals and durations."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from servicescape.model.units import Duration, NonNegative, Percent, Positive, PositiveDuration, Share

MS = {"w": 604_800_000, "d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("30d", 30 * MS["d"]),
        ("1h30m", 90 * MS["m"]),
        ("500ms", 500),
        ("1w", 7 * MS["d"]),
        ("1w2d3h4m5s6ms", 7 * MS["d"] + 2 * MS["d"] + 3 * MS["h"] + 4 * MS["m"] + 5006),
        ("0s", 0),
        ("007m", 7 * MS["m"]),
        ("90s", 90_000),
        ("999999999999w", 999_999_999_999 * MS["w"]),
    ],
)
def test_a_duration_is_read_and_kept_as_written(text: str, milliseconds: int) -> None:
    duration = Duration.parse(text)
    assert duration.milliseconds == milliseconds
    assert duration.seconds == milliseconds / 1000
    assert str(duration) == text
    assert repr(duration) == f"Duration('{text}')"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "30",
        "d",
        "1.5h",
        "-5m",
        "+5m",
        "5 m",
        " 5m",
        "5m ",
        "5m\n",
        "30m1h",
        "1h1h",
        "5M",
        "5min",
        "٣٠m",
        "５m",
        "1e3s",
        "9999999999999s",
        "9" * 5000 + "s",
    ],
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        Duration.parse(text)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [("90s", "1m30s"), ("1w", "7d"), ("24h", "1d"), ("1500ms", "1s500ms"), ("0m", "0s"), ("60m", "1h"), ("30d", "30d")],
)
def test_the_canonical_text_is_the_shortest(written: str, canonical: str) -> None:
    assert Duration.parse(written).canonical() == canonical


def test_equal_lengths_are_equal_however_written() -> None:
    assert Duration.parse("60m") == Duration.parse("1h") == Duration(3_600_000)
    assert len({Duration.parse("60m"), Duration.parse("1h")}) == 1
    assert Duration.parse("59m") < Duration.parse("1h") <= Duration.parse("60m")
    assert Duration.parse("1h") != "1h"
    assert str(Duration.of_seconds(0.0005)) == "0s"
    assert str(Duration.of_seconds(90.5)) == "1m30s500ms"


@given(st.integers(0, 10**15))
def test_the_canonical_text_says_the_same(milliseconds: int) -> None:
    assert Duration.parse(Duration(milliseconds).canonical()) == Duration(milliseconds)


@pytest.mark.parametrize("value", [30, 0, 1.5, True, None, ["30d"], {"days": 30}])
def test_a_duration_needs_its_unit(value: Any) -> None:
    with pytest.raises(ValidationError, match="a duration with its unit"):
        TypeAdapter(Duration).validate_python(value)


def test_nothing_lasts_no_time() -> None:
    with pytest.raises(ValidationError, match="longer than zero"):
        TypeAdapter(PositiveDuration).validate_python("0h0m")


def test_decimals_are_kept_to_the_last_digit() -> None:
    for text in ("99.950", "99.99999999999999999999", "0.1", "1e-7"):
        assert str(TypeAdapter(Percent).validate_python(Decimal(text))) == str(Decimal(text))
    assert TypeAdapter(Share).validate_python(0.1) == Decimal("0.1")
    assert TypeAdapter(NonNegative).validate_python(5) == Decimal(5)


@pytest.mark.parametrize(
    ("unit", "good", "bad"),
    [
        (Percent, ["0.0001", "50", "99.999999"], ["0", "100", "-1", "100.0001"]),
        (Share, ["0", "0.5", "1"], ["-0.01", "1.01", "50"]),
        (Positive, ["0.1", "1000000"], ["0", "-1"]),
        (NonNegative, ["0", "3"], ["-0.1"]),
    ],
)
def test_bounds(unit: Any, good: list[str], bad: list[str]) -> None:
    for text in good:
        assert TypeAdapter(unit).validate_python(Decimal(text)) == Decimal(text)
    for text in bad:
        with pytest.raises(ValidationError, match="the number must be"):
            TypeAdapter(unit).validate_python(Decimal(text))


@pytest.mark.parametrize(
    "value", ["99.9", True, None, [99], float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity")]
)
def test_what_is_no_number(value: Any) -> None:
    with pytest.raises(ValidationError, match="number is expected"):
        TypeAdapter(Percent).validate_python(value)
