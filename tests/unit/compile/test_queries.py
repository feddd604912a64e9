import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicescape.compile.example_series import counterexample, example, is_found, sample_of
from servicescape.compile.indicator import measure
from servicescape.compile.promql import division, read_query
from servicescape.compile.template import QueryError
from tests.support.slo_catalogs import indicator, slo


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("sum(x)", []),
        ("sum by (a, b) (x)", ["a", "b"]),
        ("sum(x) by (a)", ["a"]),
        ("sum without (a) (x)", None),
        ("rate(x[5m])", None),
        ("(sum by (a) (x)) * 2", ["a"]),
        ("2 * sum by (a) (x)", ["a"]),
        ("sum by (a) (x) / sum by (a) (y)", ["a"]),
        ("sum by (a) (x) / sum(y)", None),
        ("clamp_min(sum by (a) (x), 0)", ["a"]),
        ("sum(x) or vector(0)", []),
        ("histogram_quantile(0.9, sum by (le, a) (x))", ["a", "le"]),
    ],
)
def test_labels_of_a_result(query: str, labels: list[str] | None) -> None:
    assert read_query(query).labels == (None if labels is None else frozenset(labels))


@pytest.mark.parametrize(
    "query", ["", "sum(", "1", '"a"', "x[5m]", "scalar(x)", "time()", "foo(x)", 'x{a="1" or b="2"}']
)
def test_what_is_no_query(query: str) -> None:
    with pytest.raises(QueryError):
        read_query(query)


def test_operands_are_safe_beside_an_operator() -> None:
    assert read_query("a or b").operand == "(a or b)"
    assert read_query("-a").operand == "(-a)"
    assert read_query("a\nor\nb").operand == "(\n  a\n  or\n  b\n)"
    assert read_query("sum(a)").operand == "sum(a)"


def test_divisions() -> None:
    sides = division("sum(rate(a[5m])) / sum(rate(b[5m]))")
    assert sides is not None
    assert [side.text for side in sides] == ["sum(rate(a[5m]))", "sum(rate(b[5m]))"]
    assert division("a / on (x) b") is None
    assert division("a / 5") is None
    assert division("1 - a / b") is None


@pytest.mark.parametrize(
    "regex",
    ["5..", "4..|5..", "(GET|POST)", "a+b?c*", "[0-9]{3}", "[^x]y", "/api/.+", "\\d+\\.\\d", "(?:a|b)c", "a{2,}"],
)
def test_samples_match(regex: str) -> None:
    sample = sample_of(regex)
    assert sample is not None
    assert re.fullmatch(regex, sample)


@pytest.mark.filterwarnings("ignore::FutureWarning")
@given(st.text(alphabet="ab.|()[]{}*+?^$\\0-,", max_size=10))
def test_samples_match_or_are_none(regex: str) -> None:
    sample = sample_of(regex)
    assert sample is None or re.fullmatch(regex, sample)


def test_a_series_that_only_the_outer_selector_finds() -> None:
    [outer] = read_query('x{job="a",code!="200"}').selectors
    [inner] = read_query('x{job="a",code!="200",code=~"5.."}').selectors
    base = example(inner)
    assert base == {"__name__": "x", "job": "a", "code": "500"}
    other = counterexample(inner, outer, base)
    assert other is not None
    assert is_found(outer, other)
    assert not is_found(inner, other)


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        ('x{outcome!="SERVER_ERROR"}', "x"),
        ('x{outcome!~"FAILED|LOST"}', "x"),
        ('x{outcome="delivered"}', 'x{outcome=~"delivered|failed"}'),
    ],
)
def test_counterexamples_come_from_the_matchers(inner: str, outer: str) -> None:
    [wanted] = read_query(inner).selectors
    [whole] = read_query(outer).selectors
    base = example(wanted)
    assert base is not None
    other = counterexample(wanted, whole, base)
    assert other is not None
    assert is_found(whole, other)
    assert not is_found(wanted, other)


HTTP = indicator(
    "http",
    params={"job": {}, "errors": {"default": "5.."}},
    ratio={
        "bad": 'sum(rate(http_requests_total{job="{{job}}",code=~"{{errors}}"}[{{window}}]))',
        "total": 'sum(rate(http_requests_total{job="{{job}}"}[{{window}}]))',
    },
)


def test_a_shared_indicator() -> None:
    found = measure(slo(shared=HTTP, indicator={"use": "http", "with": {"job": 'a"b'}}))
    assert found.bad is not None
    assert found.bad.text == 'sum(rate(http_requests_total{job="a\\"b",code=~"5.."}[5m]))'


@pytest.mark.parametrize(
    ("given_", "reason"),
    [
        ({}, "needs a value for `job`"),
        ({"job": "a", "jobb": "b"}, "has no parameter `jobb`"),
        ({"job": "a", "errors": "("}, "regular"),
    ],
)
def test_wrong_arguments(given_: dict[str, str], reason: str) -> None:
    with pytest.raises(QueryError, match=reason):
        measure(slo(shared=HTTP, indicator={"use": "http", "with": given_}))


def ratio(bad: str, total: str) -> dict[str, object]:
    return {"ratio": {"bad": bad, "total": total}}


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        (ratio("sum(rate(a[5m]))", "sum(rate(b[{{window}}]))"), "`bad` has no `{{window}}`"),
        (ratio("sum(rate(b[{{window}}]))", "sum(rate(b[{{window}}]))"), "same query"),
        (ratio("sum by (a) (rate(a[{{window}}]))", "sum(rate(b[{{window}}]))"), "by \\(a\\) and `total` by no label"),
        (ratio("sum by (team) (rate(a[{{window}}]))", "sum by (team) (rate(b[{{window}}]))"), "groups by `team`"),
        (ratio("sum(rate(a[{{window}}])", "sum(rate(b[{{window}}]))"), "not a PromQL query"),
        ({"errorRatio": "sum(a)"}, "`errorRatio` has no"),
        (ratio("sum(rate(a{x='{{y}}'}[{{window}}]))", "sum(rate(b[{{window}}]))"), "there is no value"),
    ],
)
def test_queries_that_cannot_be_used(form: dict[str, object], reason: str) -> None:
    with pytest.raises(QueryError, match=reason):
        measure(slo(indicator=form))


def test_bounds_of_histograms() -> None:
    def good(histogram: str, below: str) -> str:
        found = measure(slo(indicator={"latency": {"histogram": histogram, "below": below}})).good
        assert found is not None
        return found.text

    assert good("h_seconds", "300ms") == 'sum(rate(h_seconds_bucket{le="0.3"}[5m]))'
    assert good("h_seconds", "1s") == 'sum(rate(h_seconds_bucket{le=~"1|1\\\\.0"}[5m]))'
    assert good("h_milliseconds", "1s") == 'sum(rate(h_milliseconds_bucket{le=~"1000|1000\\\\.0"}[5m]))'
