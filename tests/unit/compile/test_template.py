from typing import Any

import promql_parser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicescape.compile.promql import read_query
from servicescape.compile.template import QueryError, escape, fill, placeholders

TEMPLATE = 'sum(rate(http_requests_total{job="{{job}}",code=~"{{errors}}|429",path=\'/a/{{job}}\'}[{{window}}]))'

HOSTILE = st.one_of(
    st.text(alphabet="ab\"'`\\{}[]()|.*+?^$,=~!#\n\r\t \x00\x7f\u2028{{}}", max_size=12),
    st.text(max_size=12),
    st.sampled_from(
        [
            '"}) or vector(1) #',
            "\\",
            '\\"',
            "a)|(b",
            "[",
            "]",
            "(?i)x",
            "{{window}}",
            "{{job}}",
            "a\nb",
            "`",
            "\\Q",
            "x{1",
            "$1",
        ]
    ),
)


def matchers(query: str) -> list[tuple[str, str, str]]:
    tree: Any = promql_parser.parse(query)
    while not isinstance(tree, promql_parser.VectorSelector):
        if isinstance(tree, promql_parser.AggregateExpr):
            tree = tree.expr
        elif isinstance(tree, promql_parser.Call):
            [tree] = tree.args
        else:
            assert isinstance(tree, promql_parser.MatrixSelector)
            tree = tree.vector_selector
    assert not tree.matchers.or_matchers
    return [(matcher.name, str(matcher.op), matcher.value) for matcher in tree.matchers.matchers]


@given(HOSTILE)
def test_a_value_in_a_string_is_that_string_and_nothing_else(value: str) -> None:
    found = matchers(fill(TEMPLATE, {"job": value, "errors": "5..", "window": "5m"}))
    assert found == [
        ("job", "MatchOp.Equal", value),
        ("code", "MatchOp.Re", "(?:5..)|429"),
        ("path", "MatchOp.Equal", "/a/" + value),
    ]


@given(HOSTILE)
def test_a_value_in_a_regex_is_one_group_or_refused(value: str) -> None:
    try:
        query = fill(TEMPLATE, {"job": "basket", "errors": value, "window": "5m"})
    except QueryError:
        return
    [_, code, _] = matchers(query)
    assert code == ("code", "MatchOp.Re", f"(?:{value})|429")


@given(HOSTILE)
def test_a_value_in_a_raw_string_is_that_string(value: str) -> None:
    assert matchers(fill("x{a=`b{{v}}\\c`}", {"v": value})) == [("a", "MatchOp.Equal", f"b{value}\\c")]


@given(HOSTILE)
def test_a_bare_value_is_one_word_or_refused(value: str) -> None:
    try:
        query = fill("sum({{metric}}) > {{n}}", {"metric": value, "n": "1"})
        read_query(query)
    except QueryError:
        return
    tree = promql_parser.parse(query)
    assert isinstance(tree, promql_parser.BinaryExpr)
    assert isinstance(tree.lhs, promql_parser.AggregateExpr)


@pytest.mark.parametrize("value", ["a or b", "a)", "or", "1+1", "a,b", "", "a b", "[5m]", '"x"', "inf", "a{}"])
def test_bare_values_that_are_no_single_word(value: str) -> None:
    with pytest.raises(QueryError, match="outside of a string"):
        fill("sum({{metric}})", {"metric": value})


def test_names_in_a_grouping() -> None:
    assert fill("sum by ({{by}}) (x)", {"by": "cluster, region"}) == "sum by (cluster, region) (x)"
    with pytest.raises(QueryError):
        fill("sum by ({{by}}) (x)", {"by": "cluster) (y) or sum by (x"})


def test_a_negative_number_keeps_its_place() -> None:
    assert fill("x > {{n}}", {"n": "-5"}) == "x > (-5)"


@pytest.mark.parametrize("regex", ["a)|(b", "(", "[", "a]b[", "*", "(?=a)", "\\Qa"])
def test_what_is_no_regex_by_itself(regex: str) -> None:
    with pytest.raises(QueryError, match="regular expression"):
        fill('x{a=~"{{v}}"}', {"v": regex})


@pytest.mark.parametrize("regex", ["5..", "a|b", "[)]", "[]a]+", "[^](]", "(a|b)*", "\\(", "[[:alpha:]]+", "\\d+", ""])
def test_what_is_a_regex_by_itself(regex: str) -> None:
    assert matchers(fill('x{a=~"{{v}}"}', {"v": regex})) == [("a", "MatchOp.Re", regex)]


def test_places_inside_a_regex_that_no_value_fits() -> None:
    for template in ('x{a=~"[{{v}}]"}', 'x{a=~"b{1,{{v}}}"}'):
        with pytest.raises(QueryError, match="cannot stand inside"):
            fill(template, {"v": "3"})
    with pytest.raises(QueryError, match="backslash"):
        fill('x{a="\\{{v}}"}', {"v": '"'})


def test_a_missing_value_is_told() -> None:
    with pytest.raises(QueryError, match=r"`\{\{job\}\}`"):
        fill(TEMPLATE, {"window": "5m", "errors": "5.."})


def test_comments_go_and_strings_stay() -> None:
    query = 'sum( # all of {{x}}\n  rate(x{a="#1"}[{{window}}])\n) # done'
    assert fill(query, {"window": "5m"}) == 'sum(\n  rate(x{a="#1"}[5m])\n)'
    assert placeholders(query) == {"window"}


@given(st.text(max_size=20), st.sampled_from("\"'"))
def test_escaping_is_undone_by_reading(text: str, quote: str) -> None:
    assert matchers(f"x{{a={quote}{escape(text, quote)}{quote}}}") == [("a", "MatchOp.Equal", text)]
