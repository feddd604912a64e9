"""Offsets to positions and back, whatever ends the lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicescape.diagnostics.position import LineTable, Position, Span


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("a", ["a"]),
        ("a\n", ["a", ""]),
        ("a\nb", ["a", "b"]),
        ("a\r\nb\r\n", ["a", "b", ""]),
        ("a\rb", ["a", "b"]),
        ("a\r\rb", ["a", "", "b"]),
        ("a\r\n\rb\n", ["a", "", "b", ""]),
        ("a\n\rb", ["a", "", "b"]),
        ("\n\n", ["", "", ""]),
        ("a\u2028b\u2029c\x85d\x0be\x0cf", ["a\u2028b\u2029c\x85d\x0be\x0cf"]),
        ("買い物\n🧺 x", ["買い物", "🧺 x"]),
    ],
)
def test_lines(text: str, lines: list[str]) -> None:
    table = LineTable(text)
    assert len(table) == len(lines)
    assert [table.line(number) for number in range(1, len(lines) + 1)] == lines
    assert table.line(0) == table.line(len(lines) + 1) == table.line(-3) == ""


@pytest.mark.parametrize(
    ("text", "offset", "line", "column"),
    [
        ("", 0, 1, 1),
        ("ab\ncd", 0, 1, 1),
        ("ab\ncd", 2, 1, 3),
        ("ab\ncd", 3, 2, 1),
        ("ab\ncd", 5, 2, 3),
        ("ab\r\ncd", 4, 2, 1),
        ("ab\rcd", 3, 2, 1),
        ("🧺b\nc", 1, 1, 2),
        ("🧺b\nc", 3, 2, 1),
        ("a\u2028b", 2, 1, 3),
    ],
)
def test_places_count_code_points_from_one(text: str, offset: int, line: int, column: int) -> None:
    table = LineTable(text)
    assert table.position(offset) == Position(line, column)
    assert table.offset(Position(line, column)) == offset


def test_a_column_past_the_end_is_the_end_of_its_line() -> None:
    assert LineTable("ab\r\ncd").offset(Position(1, 99)) == 2


def test_a_span_holds_both_ends() -> None:
    assert LineTable("ab\ncd").span(1, 4) == Span(Position(1, 2), Position(2, 2))
    assert Span.at(3, 4) == Span(Position(3, 4), Position(3, 4))


@given(st.text(alphabet="ab\r\n🧺\u2028", max_size=40))
def test_every_offset_comes_back(text: str) -> None:
    table = LineTable(text)
    for offset in range(len(text) + 1):
        position = table.position(offset)
        assert position.line <= len(table)
        # Within a two-character line break the end of the line is meant.
        if text[offset - 1 : offset + 1] != "\r\n":
            assert table.offset(position) == offset
    assert "".join(table.line(number) for number in range(1, len(table) + 1)) == text.replace("\r", "").replace(
        "\n", ""
    )
