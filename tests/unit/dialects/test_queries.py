"""Queries of other tools with `{{window}}` for the range: only what may change does."""

import pytest

from servicescape.dialects import queries
from servicescape.dialects.words import as_name, milliseconds_of


@pytest.mark.parametrize("written", ["{{.window}}", "{{ .window }}", "{{- .window -}}"])
def test_the_window_of_go_keeps_its_place(written: str) -> None:
    query = f'sum(rate(x{{a="1"}}[{written}])) + y'
    ours = queries.with_window(query)
    assert len(ours) == len(query)
    assert queries.has_window(ours)
    assert queries.foreign_action(ours) is None


@pytest.mark.parametrize("action", ["{{ .metric }}", "{{ if .x }}", "{{ printf `a` }}"])
def test_other_templates_are_found(action: str) -> None:
    assert queries.foreign_action(queries.with_window(f"rate({action}[{{{{.window}}}}])")) == action


def test_ranges_within_strings_and_comments_are_text() -> None:
    query = "sum(rate(x{a=\"[1m]\",b='[2m]',c=`[3m]`}[5m])) # [6m]"
    assert queries.ranges(query) == ["5m"]
    assert queries.with_window_for_ranges(query) == query.replace("[5m]", "[{{window}}]")


@pytest.mark.parametrize(
    ("query", "rates"),
    [
        ("x", "rate(x[{{window}}])"),
        ('sum(x{a="(b)"})', 'sum(rate(x{a="(b)"}[{{window}}]))'),
        ('{__name__="x"}', 'rate({__name__="x"}[{{window}}])'),
        ("sum by (le, job) (x) - (sum(y))", "sum by (le, job) (rate(x[{{window}}])) - (sum(rate(y[{{window}}])))"),
        ("sum(x) by (job)", "sum(rate(x[{{window}}])) by (job)"),
        # What is no sum cannot be taken apart.
        ("max(x)", None),
        ("x / y", None),
        ("sum(x) * 2", None),
        ("sum(x offset 5m)", None),
        ("x @ 5", None),
        ("x or y", None),
        ("sum by (a", None),
        ("1 + 2", None),
        ("rate(x[5m])", None),
    ],
)
def test_a_sum_of_counters_becomes_a_sum_of_rates(query: str, rates: str | None) -> None:
    assert queries.rates_of_counters(query) == rates


@pytest.mark.parametrize("text", ["", "sum(x)", "x[5m]", "x + y", 'x{a="b"', "x{a=b}", '{a="b"}', 'x{a="b" c="d"}'])
def test_what_is_no_selector(text: str) -> None:
    assert queries.read_selector(text) is None


def test_a_selector_and_its_conditions() -> None:
    selector = queries.read_selector(" x:y { a = \"1\", b=~'2|3', c!=`4`, }")
    assert selector is not None
    assert selector.metric == "x:y"
    assert selector.matchers == (("a", "=", '"1"'), ("b", "=~", "'2|3'"), ("c", "!=", "`4`"))
    assert selector.equal_to("a") == "1"
    assert selector.equal_to("b") is None
    assert selector.equalities() is None


def test_values_with_escapes_are_not_guessed() -> None:
    selector = queries.read_selector(r'x{a="1\"2"}')
    assert selector is not None
    assert selector.equal_to("a") is None


def test_names() -> None:
    assert as_name("My_Service v2") == "my-service-v2"
    assert as_name("--") == ""
    long = "a" * 40 + "-" + "b" * 40
    assert len(as_name(long)) == 63
    assert as_name(long) != as_name(long + "b"), "long names stay apart"


@pytest.mark.parametrize(("text", "expected"), [("2w", 1_209_600_000), ("1h30m", 5_400_000), ("1y", 31_536_000_000)])
def test_durations_of_prometheus(text: str, expected: int) -> None:
    assert milliseconds_of(text) == expected


@pytest.mark.parametrize("text", ["", "4", "4 w", "w", "1M", "-1d"])
def test_what_is_no_duration(text: str) -> None:
    assert milliseconds_of(text) is None
