"""Widths on a terminal, and text made to fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from servicescape.report.cells import cut_around, lay_out, visible, width_of, wrap


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", 0),
        ("abc", 3),
        ("買い物", 6),
        ("cafe\u0301", 4),
        ("ｶﾞ", 2),
        ("\u1112\u1161\u11ab", 2),
        ("👩", 2),
        ("👩\u200d💻", 2),
        ("👩\u200d👩\u200d👧", 2),
        ("👍\U0001f3fd", 2),
        ("🏃\U0001f3fd\u200d♂\ufe0f", 2),
        ("❤", 1),
        ("❤\ufe0f", 2),
        ("1\ufe0f\u20e3", 2),
        ("🇬🇧", 2),
        ("a\u200db", 2),
        ("\u200b", 1),
        ("\ufeff", 1),
        ("\x00\x1b\x7f\x9b", 4),
        ("\ud800", 1),
        ("\t", 4),
        ("ab\tc", 5),
        ("漢\tc", 5),
        ("…│┌", 3),
    ],
)
def test_width(text: str, cells: int) -> None:
    assert width_of(text) == cells


@given(st.text(st.sampled_from("ab 漢字é\u0301ｶ한👩💻❤…│�\u0e01\u0e47")))
def test_width_is_what_rich_says_where_nothing_is_joined(text: str) -> None:
    assert width_of(text) == cell_len(text)


@given(st.text())
def test_what_is_printed_is_printable_and_stays_so(text: str) -> None:
    shown = visible(text)
    shown.encode("utf-8")
    assert not set(shown) & {"\x1b", "\n", "\r", "\t", "\u202e", "\u2028", "\u200b"}
    assert visible(shown) == shown


@given(
    line=st.text(st.sampled_from("ab \t漢é\u0301👩\u200d❤\ufe0f\x1b"), max_size=400),
    ends=st.tuples(st.integers(0, 420), st.integers(0, 420)),
    room=st.integers(1, 60),
)
def test_a_cut_fits_and_marks_at_least_one_cell(line: str, ends: tuple[int, int], room: int) -> None:
    window = cut_around(line, min(ends), max(ends), room)
    room = max(room, 3)
    assert lay_out(window.text).width <= room
    assert 0 <= window.start < window.end <= room


@given(line=st.text(st.sampled_from("abc漢"), min_size=1, max_size=300), data=st.data(), room=st.integers(12, 60))
def test_a_cut_shows_what_it_is_cut_around(line: str, data: st.DataObject, room: int) -> None:
    start = data.draw(st.integers(0, len(line) - 1))
    stretch = line[start : start + 3]
    assert stretch in cut_around(line, start, start + 3, room).text


def test_a_line_that_fits_is_not_cut() -> None:
    assert cut_around("abc", 1, 2, 3).text == "abc"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("one two three", ["one two", "three"]),
        ("keeps  two  spaces", ["keeps two", "spaces"]),
        ("a  b", ["a  b"]),
        ("first\n  - indented", ["first", "  -", "  indented"]),
        ("abcdefghijklmnopqrstu", ["abcdefghij", "klmnopqrst", "u"]),
        ("see https://example.org/long/path now", ["see", "https://example.org/long/path", "now"]),
        ("買い物かごを", ["買い物かご", "を"]),
    ],
)
def test_wrapping(text: str, lines: list[str]) -> None:
    assert wrap(text, 10, 10) == lines


@given(
    text=st.text(st.sampled_from("ab 漢é\u0301👩\n"), max_size=200), first=st.integers(4, 40), rest=st.integers(4, 40)
)
def test_wrapped_lines_fit_and_lose_no_letter(text: str, first: int, rest: int) -> None:
    lines = wrap(text, first, rest)
    assert width_of(lines[0]) <= first
    assert all(width_of(line) <= rest for line in lines[1:])
    assert "".join("".join(lines).split()) == "".join(text.split())
