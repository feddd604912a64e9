"""What the compiler must know of a query: that it is sound, what it selects, and which labels its result has."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import promql_parser
from promql_parser import (
    AggModifierType,
    AggregateExpr,
    BinaryExpr,
    Call,
    MatrixSelector,
    NumberLiteral,
    ParenExpr,
    StringLiteral,
    SubqueryExpr,
    UnaryExpr,
    VectorSelector,
)

from servicescape.compile.shapes import Shape, example_of, shape_of, value_mark
from servicescape.compile.template import QueryError

_OPERATORS = {"MatchOp.Equal": "=", "MatchOp.NotEqual": "!=", "MatchOp.Re": "=~", "MatchOp.NotRe": "!~"}
_LINEAR_CALLS = frozenset(("rate", "increase"))


@dataclass(frozen=True, slots=True)
class LabelMatcher:
    """One condition of a selector."""

    name: str
    op: str
    """`=`, `!=`, `=~` or `!~`."""
    value: str


@dataclass(frozen=True, slots=True)
class Selector:
    """One selection of series."""

    metric: str | None
    """Name written before the braces."""
    matchers: tuple[LabelMatcher, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A sound query with what was found out about it."""

    text: str
    """The query with its range filled in."""
    labels: frozenset[str] | None
    """Labels of its result; None where the query alone does not tell (no aggregation, or `without`)."""
    selectors: tuple[Selector, ...]
    counter: Selector | None
    """The one counter that it sums up, where it is a plain sum of rates and nothing else."""
    is_atomic: bool
    """Whether it needs no parentheses to stand beside an operator."""

    @property
    def operand(self) -> str:
        """The query so that it can stand beside any operator."""
        return self.text if self.is_atomic else parenthesise(self.text)


def parenthesise(text: str) -> str:
    """Text in parentheses; several lines are indented."""
    if "\n" not in text:
        return f"({text})"
    if "`" in text:
        # Raw strings may run over lines, and indentation would become part of them.
        return f"(\n{text}\n)"
    return "(\n" + "\n".join("  " + line for line in text.split("\n")) + "\n)"


def read_query(text: str) -> Query:
    """Parses a query; raises QueryError where Prometheus would not take it as a vector."""
    if not text:
        raise QueryError("the query is empty")
    shape = _known_shape(text)
    if shape is None:
        return _read(text)
    try:
        like = _read_like(shape.text)
    except QueryError:
        return _read(text)
    values = {value_mark(number): value for number, value in enumerate(shape.values)}
    selectors = tuple(_with_values(selector, values) for selector in like.selectors)
    counter = _with_values(like.counter, values) if like.counter is not None else None
    return Query(text, like.labels, selectors, counter, like.is_atomic)


def _known_shape(text: str) -> Shape | None:
    """The shape that stands for a query; None where it must be parsed itself."""
    shape = shape_of(text)
    return shape if shape is not None and all(map(_is_usual_regex, shape.regexes)) else None


@lru_cache(maxsize=4096)
def _read_like(shape: str) -> Query:
    return _read(example_of(shape))


_NAMES_ALONE = re.compile(r"[A-Za-z0-9_/-]+(?:\|[A-Za-z0-9_/-]+)*")


def _is_usual_regex(value: str) -> bool:
    """Whether it is a regular expression that does not match the empty text, as those of examples are."""
    return _NAMES_ALONE.fullmatch(value) is not None or _is_sound_regex(value)


@lru_cache(maxsize=4096)
def _is_sound_regex(value: str) -> bool:
    try:
        promql_parser.parse(f'{{x=~"{value}"}}')
    except ValueError:
        return False
    return True


def _with_values(selector: Selector, values: dict[str, str]) -> Selector:
    return Selector(
        selector.metric,
        tuple(LabelMatcher(each.name, each.op, values[each.value]) for each in selector.matchers),
    )


def _read(text: str) -> Query:
    tree = _parse(text)
    inner = _unwrapped(tree)
    if isinstance(inner, (MatrixSelector, SubqueryExpr)):
        raise QueryError(f"a query must give one value a series, not a range: {text}")
    if isinstance(inner, (NumberLiteral, StringLiteral)) or _is_scalar_call(inner):
        raise QueryError(f"a query must give series, not a single number or text: {text}")
    selectors: list[Selector] = []
    _collect(tree, selectors)
    return Query(
        text=text,
        labels=_result_labels(inner),
        selectors=tuple(selectors),
        counter=_counter(inner),
        is_atomic=isinstance(tree, (AggregateExpr, Call, ParenExpr, VectorSelector)),
    )


def division(text: str) -> tuple[Query, Query] | None:
    """Dividend and divisor of a query that is one plain division, without `on` and the like; None for others."""
    inner = _unwrapped(_parse(text))
    if not isinstance(inner, BinaryExpr) or str(inner.op) != "/":
        return None
    if inner.modifier is not None and inner.modifier.matching is not None:
        return None
    sides = [side for side in (inner.lhs, inner.rhs) if not isinstance(_unwrapped(side), NumberLiteral)]
    if len(sides) != 2:
        return None
    return read_query(sides[0].prettify()), read_query(sides[1].prettify())


def one_minus(text: str) -> str | None:
    """What a query subtracts from 1; None where it does not."""
    inner = _unwrapped(_parse(text))
    if not isinstance(inner, BinaryExpr) or str(inner.op) != "-":
        return None
    left = _unwrapped(inner.lhs)
    return str(inner.rhs.prettify()) if isinstance(left, NumberLiteral) and left.val == 1 else None


def check_composed(text: str) -> None:
    """Raises QueryError where an expression put together from queries does not parse."""
    shape = _known_shape(text)
    if shape is None or not _is_sound(shape.text):
        _parse(text)


@lru_cache(maxsize=4096)
def _is_sound(shape: str) -> bool:
    try:
        promql_parser.parse(example_of(shape))
    except ValueError:
        return False
    return True


def _parse(text: str) -> Any:
    try:
        return promql_parser.parse(text)
    except ValueError as error:
        raise QueryError(f"not a PromQL query ({error}): {text}") from error


def _unwrapped(tree: Any) -> Any:
    while isinstance(tree, ParenExpr):
        tree = tree.expr
    return tree


def _is_scalar_call(tree: Any) -> bool:
    return isinstance(tree, Call) and tree.func.return_type == promql_parser.ValueType.Scalar


def _collect(tree: Any, out: list[Selector]) -> None:
    if isinstance(tree, VectorSelector):
        out.append(selector_of(tree))
    elif isinstance(tree, MatrixSelector):
        out.append(selector_of(tree.vector_selector))
    elif isinstance(tree, (AggregateExpr, ParenExpr, UnaryExpr, SubqueryExpr)):
        _collect(tree.expr, out)
    elif isinstance(tree, Call):
        for argument in tree.args:
            _collect(argument, out)
    elif isinstance(tree, BinaryExpr):
        _collect(tree.lhs, out)
        _collect(tree.rhs, out)


def selector_of(node: VectorSelector) -> Selector:
    """What a node of a parsed query selects; raises QueryError for what Prometheus does not know."""
    matchers = node.matchers
    if matchers.or_matchers:
        raise QueryError("`or` between label matchers is not PromQL as Prometheus knows it")
    return Selector(node.name, tuple(LabelMatcher(m.name, _OPERATORS[str(m.op)], m.value) for m in matchers.matchers))


def _counter(tree: Any) -> Selector | None:
    """The selector below any nesting of `sum` over `rate` or `increase`."""
    tree = _unwrapped(tree)
    while isinstance(tree, AggregateExpr) and str(tree.op) == "sum":
        tree = _unwrapped(tree.expr)
    if not isinstance(tree, Call) or tree.func.name not in _LINEAR_CALLS:
        return None
    argument = tree.args[0]
    if not isinstance(argument, MatrixSelector):
        return None
    node = argument.vector_selector
    return selector_of(node) if node.offset is None and node.at is None else None


def _result_labels(tree: Any) -> frozenset[str] | None:
    tree = _unwrapped(tree)
    if isinstance(tree, AggregateExpr):
        if tree.modifier is None:
            return frozenset()
        if tree.modifier.type == AggModifierType.By:
            return frozenset(tree.modifier.labels)
        return None
    if isinstance(tree, Call):
        name = tree.func.name
        if name in ("vector", "absent"):
            return frozenset() if name == "vector" else None
        if name in ("label_replace", "label_join") or len(tree.args) == 0:
            return None
        known = [_result_labels(argument) for argument in tree.args]
        vectors = [labels for labels, argument in zip(known, tree.args, strict=True) if not _is_constant(argument)]
        return vectors[0] if len(vectors) == 1 else None
    if isinstance(tree, (UnaryExpr, SubqueryExpr)):
        return _result_labels(tree.expr)
    if isinstance(tree, BinaryExpr):
        return _binary_labels(tree)
    return None


def _is_constant(tree: Any) -> bool:
    tree = _unwrapped(tree)
    return isinstance(tree, (NumberLiteral, StringLiteral)) or _is_scalar_call(tree)


def _binary_labels(tree: BinaryExpr) -> frozenset[str] | None:
    if _is_constant(tree.lhs):
        return _result_labels(tree.rhs)
    left = _result_labels(tree.lhs)
    if _is_constant(tree.rhs) or str(tree.op) in ("and", "unless"):
        return left
    return left if left is not None and left == _result_labels(tree.rhs) else None
