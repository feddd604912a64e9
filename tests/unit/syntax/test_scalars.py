"""Plain scalars: YAML 1.2, exact numbers, and a reason for what is no number."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicescape.syntax.scalars import NOT_NUMERIC_STARTS, read_plain, why_not_a_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("NULL", None),
        ("nUll", "nUll"),
        ("true", True),
        ("False", False),
        ("tRue", "tRue"),
        ("0", 0),
        ("-0", 0),
        ("+12", 12),
        ("123456789012345678901234567890", 123456789012345678901234567890),
        ("99.950", Decimal("99.950")),
        ("1.", Decimal("1")),
        (".5", Decimal("0.5")),
        ("-.5e-3", Decimal("-0.0005")),
        ("1e3", Decimal(1000)),
        ("1E+99", Decimal("1e99")),
    ],
)
def test_what_yaml_1_2_reads(text: str, value: Any) -> None:
    found = read_plain(text)
    assert found == value
    assert type(found) is type(value)


def test_decimals_keep_their_last_digit() -> None:
    assert str(read_plain("99.950")) == "99.950"
    assert str(read_plain("0.10000000000000000000001")) == "0.10000000000000000000001"


TEXTS = """
    no on yes off Y n 2026-10-01 12:30:45 1:30 10.0.0.1 1-2 + - . .. 0b1 e5 1e 1.2.3 --1 +-1 ٣ １ NaN Infinity inf
"""


@pytest.mark.parametrize("text", [*TEXTS.split(), "9" * 41])
def test_what_stays_text(text: str) -> None:
    assert read_plain(text) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("010", "leading zero"),
        ("-007", "leading zero"),
        ("00.5", "leading zero"),
        ("0o17", "octal"),
        ("0x1f", "hexadecimal"),
        ("0X1F", "hexadecimal"),
        ("1_000", "underscores"),
        ("99_9.5", "underscores"),
        ("1,000", "commas"),
        ("1,234,567.8", "commas"),
        ("99,9", "point, not a comma"),
        ("99.9%", "percent"),
        ("99.9 %", "percent"),
        (".inf", "finite"),
        ("-.Inf", "finite"),
        (".NaN", "finite"),
        ("1e999", "exponent"),
        ("1e-4000", "exponent"),
    ],
)
def test_why_it_is_no_number(text: str, words: str) -> None:
    assert read_plain(text) == text
    assert words in (why_not_a_number(text) or "")


@pytest.mark.parametrize("text", ["", "abc", "5", "1.5", "30d", "v1.2"])
def test_no_reason_for_what_does_not_look_like_one(text: str) -> None:
    assert why_not_a_number(text) is None


@given(st.text(max_size=8))
def test_the_short_cut_skips_no_number(text: str) -> None:
    if text and text[0] in NOT_NUMERIC_STARTS:
        assert read_plain(text) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**9), max_value=10**9))
def test_any_decimal_is_exact(number: Decimal) -> None:
    found = read_plain(f"{number:f}")
    assert isinstance(found, Decimal)
    assert (found, found.as_tuple()) == (number, number.as_tuple())
