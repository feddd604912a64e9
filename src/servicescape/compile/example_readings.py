"""Readings that make a query give a wanted value, for queries that read gauges instead of counting events.

The query is solved from the outside in: for `1 - avg(up)` to be 0.25, `avg(up)` must be 0.75, and one series of that
value does it. Where a query does something that cannot be undone with certainty, there is no reading.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import promql_parser
from promql_parser import (
    AggregateExpr,
    BinaryExpr,
    Call,
    MatrixSelector,
    NumberLiteral,
    ParenExpr,
    SubqueryExpr,
    UnaryExpr,
    VectorSelector,
)

from servicescape.compile.decimals import decimal_text
from servicescape.compile.example_series import Labels, example, is_found, series_text
from servicescape.compile.promql import Selector, read_query, selector_of
from servicescape.compile.template import QueryError

_OF_ONE_SERIES = frozenset(("sum", "avg", "min", "max", "topk", "bottomk", "quantile"))
"""Aggregations that give the value of the one series they find."""
_COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


class NoReadingError(ValueError):
    """No reading is known to make the query give the wanted value."""


class Line(NamedTuple):
    """A value that changes evenly with time: `time() - 60` is `Line(-60, 1)`."""

    value: Fraction
    """At the time 0."""
    slope: Fraction = Fraction(0)
    """Change a second."""

    def plus(self, other: "Line", sign: int = 1) -> "Line":
        """The sum of both, or their difference."""
        return Line(self.value + sign * other.value, self.slope + sign * other.slope)

    def times(self, factor: Fraction) -> "Line":
        """The product with a number."""
        return Line(self.value * factor, self.slope * factor)

    def constant(self) -> Fraction:
        """The number that it is; raises NoReadingError where it changes with time."""
        if self.slope:
            raise NoReadingError
        return self.value


_ONE = Line(Fraction(1))


@dataclass(slots=True)
class Solved:
    """What the selectors of a query must find."""

    values: dict[Selector, Line]
    averages: list[int]
    """Minutes of each average over time, from the outside in."""
    lag: int = 0
    """Minutes for which the query goes on giving a value after its series ended."""


def solve(text: str, wanted: Fraction) -> Solved:
    """Readings for a query to give a value; raises NoReadingError."""
    solved = Solved({}, [])
    _solve(promql_parser.parse(text), Line(wanted), solved)
    if not solved.values:
        raise NoReadingError
    return solved


def series_of(selectors: list[Selector], grouping: tuple[str, ...] | None) -> list[Labels]:
    """A series for each selector, found by no other of them; raises NoReadingError."""
    found = []
    for selector in selectors:
        labels = example(selector)
        if labels is None:
            raise NoReadingError
        for label in grouping or ():
            labels.setdefault(label, "a")
        found.append(labels)
    for index, selector in enumerate(selectors):
        if [number for number, labels in enumerate(found) if is_found(selector, labels)] != [index]:
            raise NoReadingError
    return found


def readings_text(labels: Labels, lines: list[tuple[int, Line]], *, gone: bool = False) -> tuple[str, str]:
    """A series and its samples, one a minute, in promtool's notation; each line holds for so many minutes.

    The sample at minute 0 belongs to the first line. `gone` ends them as Prometheus marks a target that vanished.
    """
    pieces = []
    minute = -1
    for minutes, line in lines:
        count = minutes + 1 if minute < 0 else minutes
        if count:
            start = line.value + line.slope * 60 * (minute + 1)
            step = decimal_text(line.slope * 60)
            sign = "" if step.startswith("-") else "+"
            pieces.append(f"{decimal_text(start)}{sign}{step}x{count - 1}")
        minute += count
    return series_text(labels), " ".join([*pieces, *(["stale"] if gone else [])])


def _solve(tree: Any, wanted: Line, solved: Solved) -> None:
    if isinstance(tree, ParenExpr):
        _solve(tree.expr, wanted, solved)
    elif isinstance(tree, UnaryExpr):
        _solve(tree.expr, wanted.times(Fraction(-1)), solved)
    elif isinstance(tree, VectorSelector):
        _settle(tree, wanted, solved)
    elif isinstance(tree, AggregateExpr):
        _solve_aggregate(tree, wanted, solved)
    elif isinstance(tree, Call):
        _solve_call(tree, wanted, solved)
    elif isinstance(tree, BinaryExpr):
        _solve_binary(tree, wanted, solved)
    else:
        raise NoReadingError


def _settle(node: VectorSelector, wanted: Line, solved: Solved) -> None:
    if node.offset is not None or node.at is not None:
        raise NoReadingError
    if solved.values.setdefault(selector_of(node), wanted) != wanted:
        raise NoReadingError


def _solve_aggregate(tree: AggregateExpr, wanted: Line, solved: Solved) -> None:
    operation = str(tree.op)
    if operation in ("count", "group"):
        inner = _unwrapped(tree.expr)
        if wanted != _ONE or not isinstance(inner, VectorSelector):
            raise NoReadingError
        # Any value will do: it counts series. In `sum(up) / count(up)` the dividend has set it already.
        _settle(inner, solved.values.get(selector_of(inner), _ONE), solved)
    elif operation in _OF_ONE_SERIES:
        _solve(tree.expr, wanted, solved)
    else:
        raise NoReadingError


def _solve_call(tree: Call, wanted: Line, solved: Solved) -> None:
    name = tree.func.name
    if name in ("avg_over_time", "last_over_time"):
        argument = tree.args[0]
        if argument.offset is not None if isinstance(argument, SubqueryExpr) else False:
            raise NoReadingError
        minutes = -int(-argument.range.total_seconds() // 60)
        solved.lag += minutes
        if name == "avg_over_time":
            solved.averages.append(minutes)
        if isinstance(argument, MatrixSelector):
            _settle(argument.vector_selector, wanted, solved)
        else:
            _solve(argument.expr, wanted, solved)
    elif name in ("clamp", "clamp_min", "clamp_max"):
        bounds = [_constant(argument) for argument in tree.args[1:]]
        low = bounds[0] if name != "clamp_max" else None
        high = bounds[-1] if name != "clamp_min" else None
        value = wanted.constant()
        if (low is not None and value < low.constant()) or (high is not None and value > high.constant()):
            raise NoReadingError
        _solve(tree.args[0], wanted, solved)
    elif name in ("label_replace", "label_join"):
        _solve(tree.args[0], wanted, solved)
    else:
        raise NoReadingError


def _solve_binary(tree: BinaryExpr, wanted: Line, solved: Solved) -> None:
    operation = str(tree.op)
    if operation == "or":
        # The right side stands in for a left side without series, which has one here.
        _solve(tree.lhs, wanted, solved)
        return
    left, right = _constant_or_none(tree.lhs), _constant_or_none(tree.rhs)
    if operation in _TURNED:
        if tree.modifier is None or not tree.modifier.return_bool:
            # A filter lets the value through.
            if right is None or not _COMPARE[operation](wanted.constant(), right.constant()):
                raise NoReadingError
            _solve(tree.lhs, wanted, solved)
            return
        if wanted.constant() not in (0, 1):
            raise NoReadingError
        if left is not None:
            _solve(tree.rhs, _beside(left, _TURNED[operation], wanted.value == 1), solved)
        else:
            right = _companion(tree, solved) if right is None else right
            _solve(tree.lhs, _beside(right, operation, wanted.value == 1), solved)
        return
    if left is not None:
        _solve(tree.rhs, _right_operand(operation, left, wanted), solved)
        return
    if right is not None:
        _solve(tree.lhs, _left_operand(operation, right, wanted), solved)
        return
    _both_known(tree)
    _solve(tree.lhs, _left_operand(operation, _ONE, wanted), solved)
    _solve(tree.rhs, _ONE, solved)


def _companion(tree: BinaryExpr, solved: Solved) -> Line:
    """Sets the right one of two vectors to 1."""
    _both_known(tree)
    _solve(tree.rhs, _ONE, solved)
    return _ONE


def _both_known(tree: BinaryExpr) -> None:
    """Raises where the series of both sides might not find each other."""
    try:
        sides = [read_query(side.prettify()).labels for side in (tree.lhs, tree.rhs)]
    except QueryError as error:
        raise NoReadingError from error
    matching = tree.modifier.matching if tree.modifier is not None else None
    if None in sides or (matching is None and sides[0] != sides[1]):
        raise NoReadingError


def _right_operand(operation: str, left: Line, wanted: Line) -> Line:
    if operation == "-":
        return left.plus(wanted, -1)
    if operation == "/":
        if not wanted.constant() or left.slope:
            raise NoReadingError
        return Line(left.value / wanted.value)
    return _left_operand(operation, left, wanted)


def _left_operand(operation: str, right: Line, wanted: Line) -> Line:
    if operation == "+":
        return wanted.plus(right, -1)
    if operation == "-":
        return wanted.plus(right)
    factor = right.constant()
    if operation == "*" and factor:
        return wanted.times(1 / factor)
    if operation == "/" and factor:
        return wanted.times(factor)
    raise NoReadingError


def _beside(bound: Line, operation: str, holds: bool) -> Line:
    """A value for which a comparison with the bound holds, or does not: far from the bound, which may move."""
    far = max(Fraction(1), abs(bound.value) / 2)
    if operation in ("==", "!="):
        return bound if (operation == "==") == holds else bound.plus(Line(far))
    return bound.plus(Line(far), 1 if operation.startswith(">") == holds else -1)


def _constant(tree: Any) -> Line:
    line = _constant_or_none(tree)
    if line is None:
        raise NoReadingError
    return line


def _constant_or_none(tree: Any) -> Line | None:
    """The value of an expression without series; None for those with series."""
    tree = _unwrapped(tree)
    if isinstance(tree, NumberLiteral):
        return Line(Fraction(repr(tree.val)))
    if isinstance(tree, UnaryExpr):
        inner = _constant_or_none(tree.expr)
        return inner.times(Fraction(-1)) if inner else None
    if isinstance(tree, Call) and tree.func.name == "time":
        return Line(Fraction(0), Fraction(1))
    if isinstance(tree, Call) and tree.func.name in ("vector", "scalar"):
        return _constant_or_none(tree.args[0])
    if isinstance(tree, BinaryExpr):
        left, right = _constant_or_none(tree.lhs), _constant_or_none(tree.rhs)
        if left is None or right is None:
            return None
        operation = str(tree.op)
        if operation in "+-":
            return left.plus(right, 1 if operation == "+" else -1)
        if operation == "*" and not (left.slope and right.slope):
            return left.times(right.value) if not right.slope else right.times(left.value)
        if operation == "/" and right.value and not right.slope:
            return left.times(1 / right.value)
        raise NoReadingError
    return None


def _unwrapped(tree: Any) -> Any:
    while isinstance(tree, ParenExpr):
        tree = tree.expr
    return tree
