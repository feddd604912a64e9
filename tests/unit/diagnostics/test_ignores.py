from datetime import date

import pytest

from servicescape.diagnostics.ignores import FaultyIgnore, ParsedIgnore, parse_ignore


def _parsed(comment: str) -> ParsedIgnore:
    parsed = parse_ignore(comment)
    assert isinstance(parsed, ParsedIgnore), parsed
    return parsed


def test_codes_day_and_reason() -> None:
    parsed = _parsed("# servicescape: ignore[REF201, dep] until 2026-12-31 see the plan")
    assert [text for _, text in parsed.codes] == ["REF201", "dep"]
    assert (parsed.until, parsed.reason, parsed.whole_file) == (date(2026, 12, 31), "see the plan", False)


@pytest.mark.parametrize(
    "comment",
    [
        "#servicescape:ignore[REF201]",
        "#  servicescape:  ignore [ REF201 ]  ",
        "# servicescape: ignore[REF201]: reason",
        "# servicescape: ignore[REF201] -- reason",
        "# servicescape: ignore[REF201,]",
        "# owned by others # servicescape: ignore[REF201]",
    ],
)
def test_blanks_and_separators_do_not_matter(comment: str) -> None:
    assert [text for _, text in _parsed(comment).codes] == ["REF201"]


def test_places_of_codes_count_in_the_comment() -> None:
    comment = "# 買い物 # servicescape: ignore[ REF201 ,DEP ]"
    assert [comment[start : start + len(text)] for start, text in _parsed(comment).codes] == ["REF201", "DEP"]


@pytest.mark.parametrize(
    "comment",
    [
        "# a comment",
        "# servicescape: the tool that reads this",
        "# see the servicescape pages, ignore[REF201]",
        "# yaml-language-server: $schema=servicescape.json",
        "# servicescape:",
        "# servicescape: see [the pages]",
    ],
)
def test_other_comments_are_none_of_ours(comment: str) -> None:
    assert parse_ignore(comment) is None


@pytest.mark.parametrize(
    ("comment", "concerned"),
    [
        ("# servicescape: ingore[REF201]", "ingore"),
        ("# servicescape: noqa", "noqa"),
        ("# servicescape: ignore REF201", "# servicescape: ignore REF201"),
        ("# servicescape: ignore[REF201", "# servicescape: ignore[REF201"),
        ("# servicescape: ignore[REF201] until summer", "summer"),
        ("# servicescape: ignore[REF201] until 31.12.2026", "31.12.2026"),
        ("# servicescape: ignore[REF201] until 2026-02-29", "2026-02-29"),
        ("# servicescape: ignore[REF201] known until 2026-12-31", "until 2026-12-31"),
    ],
)
def test_slips_of_the_pen_are_told_at_their_place(comment: str, concerned: str) -> None:
    fault = parse_ignore(comment)
    assert isinstance(fault, FaultyIgnore)
    assert not fault.blanket
    assert comment[fault.start : fault.end] == concerned
    assert fault.help


@pytest.mark.parametrize(
    "text", ["ignore", "ignore all of it", "ignore[]", "ignore[ ]", "ignore[all]", "ignore-file[*]"]
)
def test_a_comment_without_codes_is_blanket(text: str) -> None:
    fault = parse_ignore(f"# servicescape: {text}")
    assert isinstance(fault, FaultyIgnore)
    assert fault.blanket
