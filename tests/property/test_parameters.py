"""Whatever a parameter's value is, the query around it stays the query that its author wrote."""

import json
import re
from pathlib import Path
from typing import Any

import promql_parser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicescape.compile.parameters import arguments
from servicescape.compile.template import QueryError, fill
from servicescape.model.slo import Parameter
from tests.promtool.harness import promtool

HOSTILE = [
    '"}) or vector(1) #',
    "'}) or vector(1) #",
    "`}) or vector(1) #",
    "\\",
    "\\\\",
    '\\"',
    "\\E.*",
    "a|b",
    "a)|(b",
    "[a-z]+",
    "]",
    "(?i)x",
    "{{window}}",
    "{{ value }}",
    "{{{{",
    "x{1,3}",
    "^a$",
    "a.b",
    "$1",
    "two\nlines",
    "tab\tand\rreturn",
    "\u2028\ufeff\x00\x7f",
    "größe 🦊",
    "# no comment",
    " spaces ",
]

TEXTS = st.one_of(
    st.text(alphabet="ab\"'`\\{}[]()|.*+?^$,=~!#-:\n\r\t \x00\x7f\u2028é🦊", max_size=16),
    st.text(max_size=16),
    st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=3).map("".join),
)

PLACES = [
    'sum(rate(x{a="%s",b="c"}[{{window}}]))',
    "sum(rate(x{a='%s',b='c'}[{{window}}]))",
    "sum(rate(x{a=`%s`,b=`c`}[{{window}}]))",
    'sum(rate(x{a=~"%s",b="c"}[{{window}}]))',
    "sum(rate(x{a=~'%s',b='c'}[{{window}}]))",
    "sum(rate(x{a=~`%s`,b=`c`}[{{window}}]))",
    'sum(rate(x{a!~"%s",b="c"}[{{window}}])) or y{a != "{{ value }}"}',
]
AROUND = ["{{value}}", "before-{{ value }}", "{{value}}-after", "a-{{value}}-{{value}}-b", "é{{value}}{"]


def shape(tree: Any) -> Any:
    """All of a query but the values of its matchers."""
    if isinstance(tree, promql_parser.VectorSelector):
        assert not tree.matchers.or_matchers
        found = [(each.name, str(each.op)) for each in tree.matchers.matchers]
        return ("selector", tree.name, found, str(tree.offset), str(tree.at))
    if isinstance(tree, promql_parser.MatrixSelector):
        return ("range", shape(tree.vector_selector), str(tree.range))
    if isinstance(tree, promql_parser.Call):
        return (tree.func.name, [shape(each) for each in tree.args])
    if isinstance(tree, promql_parser.BinaryExpr):
        return (str(tree.op), shape(tree.lhs), shape(tree.rhs))
    if isinstance(tree, promql_parser.AggregateExpr):
        return (str(tree.op), shape(tree.expr))
    if isinstance(tree, (promql_parser.ParenExpr, promql_parser.UnaryExpr)):
        return shape(tree.expr)
    if isinstance(tree, promql_parser.NumberLiteral):
        return "number"
    raise AssertionError(type(tree))


def value_of(tree: Any, label: str) -> str:
    while not isinstance(tree, promql_parser.VectorSelector):
        if isinstance(tree, promql_parser.BinaryExpr):
            tree = tree.lhs
        elif isinstance(tree, promql_parser.Call):
            [tree] = tree.args
        else:
            tree = tree.vector_selector if isinstance(tree, promql_parser.MatrixSelector) else tree.expr
    [found] = [each.value for each in tree.matchers.matchers if each.name == label]
    return str(found)


def plain(template: str) -> str:
    return re.sub(r"\{\{ ?value ?\}\}", "x", template)


@given(TEXTS, st.sampled_from(PLACES), st.sampled_from(AROUND))
def test_a_text_is_itself_wherever_it_stands(value: str, place: str, around: str) -> None:
    around = around.rstrip("{") if "~" in place else around
    template = place % around
    query = fill(template, {"value": value, "window": "5m"}, frozenset({"value"}))
    tree = promql_parser.parse(query)
    assert shape(tree) == shape(promql_parser.parse(plain(template).replace("{{window}}", "5m")))
    meant = re.sub(r"\{\{ ?value ?\}\}", lambda _: value, around)
    found = value_of(tree, "a")
    if "~" not in place:
        assert found == meant
        return
    pattern = re.compile(found, re.DOTALL)
    assert pattern.fullmatch(meant)
    assert not pattern.fullmatch(meant + "x")
    for index, char in enumerate(meant):
        assert not pattern.fullmatch(meant[:index] + meant[index + 1 :] + ("y" if char != "y" else "z") * 2)


@given(TEXTS, st.sampled_from(["{{value}}", "a{{value}}b", "a|{{value}}", "({{value}})+", "[[:alpha:]]{{value}}"]))
def test_a_regular_expression_keeps_to_its_group_or_is_refused(value: str, around: str) -> None:
    template = f'sum(rate(x{{a=~"{around}",b="c"}}[5m]))'
    try:
        query = fill(template, {"value": value})
    except QueryError:
        return
    tree = promql_parser.parse(query)
    assert shape(tree) == shape(promql_parser.parse(plain(template)))
    inside = value if around == "{{value}}" else f"(?:{value})"
    assert value_of(tree, "a") == around.replace("{{value}}", inside)


@given(
    TEXTS, st.sampled_from(["[{{value}}]", "[^a{{value}}]", "[]{{value}}]", "[[:alpha:]{{value}}]", "a{1,{{value}}}"])
)
def test_no_value_can_stand_within_a_class_or_a_repetition(value: str, around: str) -> None:
    with pytest.raises(QueryError):
        fill(f'x{{a=~"{around}"}}', {"value": value}, frozenset({"value"}))


@given(st.one_of(TEXTS, st.sampled_from(["1", "1.5", "5m", "up", "a:b", "-1", "1e3", "or", "inf", "5", "x y", "0x1f"])))
def test_typed_values_outside_of_strings_are_what_they_say(value: str) -> None:
    template = "sum by (l) (rate({{metric}}[{{range}}])) > {{number}}"
    usual = {"metric": "up", "range": "5m", "number": "1"}
    types = {"metric": "name", "range": "duration", "number": "number"}
    for name, kind in types.items():
        params = {each: Parameter.model_validate({"type": types[each], "default": usual[each]}) for each in types}
        try:
            values = arguments(params, {name: value}, "mine", {})
            tree: Any = promql_parser.parse(fill(template, values.by_name))
        except (QueryError, ValueError):
            continue
        metric = value if kind == "name" else "up"
        selector = ("selector", metric, [], "None", "None")
        selected = tree.lhs.expr.args[0]
        assert isinstance(selected, promql_parser.MatrixSelector)
        assert shape(selected.vector_selector) == selector
        assert shape(tree.lhs) == ("sum", ("rate", [("range", selector, str(selected.range))]))
        assert shape(tree.rhs) == "number"


def test_prometheus_finds_the_series_of_a_text_and_no_other(tmp_path: Path) -> None:
    # promtool's notation of series knows no NUL and no line separators; JSON carries the rest.
    values = [value for value in HOSTILE if "\x00" not in value]
    rules = [
        {
            "record": f"found:{number}:{kind}",
            "expr": "count(" + fill(f"x{{a{op}'{{{{v}}}}'}}", {"v": value}, texts) + ")",
        }
        for number, value in enumerate(values)
        for kind, op, texts in (("text", "=", frozenset[str]()), ("regex", "=~", frozenset({"v"})))
    ]
    series = [{"series": f"x{{a={json.dumps(value, ensure_ascii=False)}}}", "values": "1"} for value in values]
    near = [{"series": f"x{{a={json.dumps(f'{value}x', ensure_ascii=False)}}}", "values": "1"} for value in values]
    checks = [
        {"expr": rule["record"], "eval_time": "0m", "exp_samples": [{"labels": rule["record"], "value": 1}]}
        for rule in rules
    ]
    (tmp_path / "rules.yaml").write_text(
        json.dumps({"groups": [{"name": "g", "rules": rules}]}, ensure_ascii=False), encoding="utf-8"
    )
    test = {"interval": "1m", "input_series": [*series, *near], "promql_expr_test": checks}
    file = {"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": [test]}
    (tmp_path / "test.yaml").write_text(json.dumps(file, ensure_ascii=False), encoding="utf-8")
    promtool("check", "rules", str(tmp_path / "rules.yaml"))
    promtool("test", "rules", str(tmp_path / "test.yaml"))
