"""A query that is read by its shape is read as if it had been parsed itself."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicescape.compile import promql
from servicescape.compile.promql import Query, check_composed, read_query
from servicescape.compile.shapes import shape_of
from servicescape.compile.template import QueryError

VALUES = st.one_of(
    st.sampled_from(
        ["", "a", "v0", "v1", ".*", ".+", "5..", "a|b", "(", "[", "a=", "=", '=~"x', "\\", "\\d", "#", "x y", "é"]
    ),
    st.text(alphabet="ab=~!\"'\\`#.*+(|) ,{}[]\x00é", max_size=8),
)
QUOTES = st.sampled_from(['"', "'", "`"])
FORMS = st.sampled_from(
    [
        "sum(rate(x{{a{op}{one},b={two}}}[5m]))",
        "sum by (c) (rate(x{{a{op} {one}}}[5m])) / sum by (c) (rate(x{{b!={two}}}[5m]))",
        "{{a{op}{one}}}",
        "{{__name__{op}{one},b={two}}}",
        'label_replace(x{{a{op}{one}}}, {two}, "$1", "b", "(.*)")',
        "count_values({one}, x{{b{op}{two}}})",
        "x{{a{op}{one} or b={two}}}",
        "x{{a{op}{one}}} == {two}",
        "rate(x{{a{op}{one}}}[5m] offset 1m) # {two}",
    ]
)


def fault_of(function: Callable[[str], object], text: str) -> str:
    try:
        function(text)
    except QueryError as error:
        return str(error)
    return ""


def parsed(text: str) -> Query | None:
    try:
        return promql._read(text)
    except QueryError:
        return None


@given(
    form=FORMS, op=st.sampled_from(["=", "!=", "=~", "!~"]), one=VALUES, two=VALUES, quotes=st.tuples(QUOTES, QUOTES)
)
def test_reading_by_shape_changes_nothing(form: str, op: str, one: str, two: str, quotes: tuple[str, str]) -> None:
    text = form.format(op=op, one=f"{quotes[0]}{one}{quotes[0]}", two=f"{quotes[1]}{two}{quotes[1]}")
    expected = parsed(text)
    try:
        found = read_query(text)
    except QueryError:
        found = None
    assert found == expected


@given(form=FORMS, op=st.sampled_from(["=", "=~"]), one=VALUES, two=VALUES)
def test_what_does_not_parse_is_refused_by_its_own_words(form: str, op: str, one: str, two: str) -> None:
    text = form.format(op=op, one=f'"{one}"', two=f'"{two}"')
    assert fault_of(check_composed, text) == fault_of(promql._parse, text)


def test_queries_of_one_form_share_a_shape() -> None:
    first = shape_of('sum(rate(x{job="basket",code=~"5.."}[5m]))')
    second = shape_of('sum(rate(x{job="crm",code=~"4..|5.."}[5m]))')
    assert first is not None
    assert second is not None
    assert first.text == second.text
    assert (second.values, second.regexes) == (("crm", "4..|5.."), ("4..|5..",))


@pytest.mark.parametrize("text", ['x{a=""}', 'x{a="\\n"}', "x{a=`b`}", 'label_join(x, "a", "=", "b")', 'x{a="b"} # c'])
def test_what_is_out_of_the_ordinary_has_no_shape(text: str) -> None:
    assert shape_of(text) is None
