"""Counters that carry good and bad events, for queries that add and subtract rates.

Each query is read as a sum of rates with factors. Each series that might exist adds so much to the total and so much to
the part (the bad or the good events) for each of its own events. One or two series are sought that together make one
good event, and one or two that make one bad event.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from typing import Any

import promql_parser
from promql_parser import AggregateExpr, BinaryExpr, Call, MatrixSelector, NumberLiteral, ParenExpr, UnaryExpr

from servicescape.compile.example_series import Labels, counterexample, example, is_found
from servicescape.compile.promql import Selector, selector_of

_RATES = frozenset(("rate", "increase"))
_MOST_CANDIDATES = 24

Terms = tuple[tuple[Fraction, Selector], ...]
"""A sum of rates: factor and selector of each."""


@dataclass(frozen=True, slots=True)
class CountedSeries:
    """A series, and how much of it each event adds."""

    labels: Labels
    good: Fraction
    bad: Fraction


def terms_of(text: str) -> Terms | None:
    """The rates that a query sums up, with their factors; None where it does anything else."""
    return _terms(promql_parser.parse(text))


def counted_series(
    part: Terms, total: Terms, *, is_bad: bool, grouping: tuple[str, ...] | None
) -> tuple[CountedSeries, ...] | None:
    """Series that carry events so that a good one adds 1 to the total, and a bad one 1 to the total and its part.

    Those that no event needs are there too, without events: a sum has no value where one of its terms has no series.
    None where no such series were found.
    """
    selectors = list(dict.fromkeys(selector for _, selector in (*total, *part)))
    candidates = _candidates(selectors, grouping)
    if grouping is None and len({tuple(sorted(_unnamed(labels).items())) for labels in candidates}) != 1:
        # The queries keep labels that nobody knows, and would not find each other.
        return None
    weights = [(_weight(total, labels), _weight(part, labels)) for labels in candidates]
    good = _combination(weights, (Fraction(1), Fraction(0 if is_bad else 1)))
    bad = _combination(weights, (Fraction(1), Fraction(1 if is_bad else 0)))
    if good is None or bad is None:
        return None
    used = dict.fromkeys((*good, *bad))
    for selector in selectors:
        if not any(is_found(selector, candidates[index]) for index in used):
            used[next(index for index, labels in enumerate(candidates) if is_found(selector, labels))] = None
    return tuple(
        CountedSeries(candidates[index], good.get(index, Fraction(0)), bad.get(index, Fraction(0))) for index in used
    )


def _terms(tree: Any) -> Terms | None:
    tree = _unwrapped(tree)
    if isinstance(tree, AggregateExpr) and str(tree.op) == "sum":
        return _terms(tree.expr)
    if isinstance(tree, UnaryExpr):
        return _scaled(_terms(tree.expr), Fraction(-1))
    if isinstance(tree, Call):
        if tree.func.name == "clamp_min" and isinstance(_unwrapped(tree.args[1]), NumberLiteral):
            return _terms(tree.args[0])
        argument = tree.args[0] if tree.args else None
        if tree.func.name not in _RATES or not isinstance(argument, MatrixSelector):
            return None
        node = argument.vector_selector
        return ((Fraction(1), selector_of(node)),) if node.offset is None and node.at is None else None
    return _binary_terms(tree) if isinstance(tree, BinaryExpr) else None


def _binary_terms(tree: BinaryExpr) -> Terms | None:
    operation = str(tree.op)
    if operation == "or":
        # `or vector(0)` stands in where there is no series yet.
        return _terms(tree.lhs)
    left, right = _unwrapped(tree.lhs), _unwrapped(tree.rhs)
    if operation in ("*", "/") and isinstance(right, NumberLiteral) and right.val > 0:
        factor = Fraction(repr(right.val))
        return _scaled(_terms(left), factor if operation == "*" else 1 / factor)
    if operation == "*" and isinstance(left, NumberLiteral) and left.val > 0:
        return _scaled(_terms(right), Fraction(repr(left.val)))
    if operation not in ("+", "-") or (tree.modifier is not None and tree.modifier.matching is not None):
        return None
    before, after = _terms(left), _scaled(_terms(right), Fraction(1 if operation == "+" else -1))
    return None if before is None or after is None else before + after


def _scaled(terms: Terms | None, factor: Fraction) -> Terms | None:
    return None if terms is None else tuple((factor * old, selector) for old, selector in terms)


def _unwrapped(tree: Any) -> Any:
    while isinstance(tree, ParenExpr):
        tree = tree.expr
    return tree


def _candidates(selectors: Sequence[Selector], grouping: tuple[str, ...] | None) -> list[Labels]:
    """Series that differ in which of the selectors find them."""
    plain = [labels for selector in selectors if (labels := example(selector)) is not None]
    found = [{**one, **other} for one in plain for other in plain]
    for inner, outer in permutations(selectors, 2):
        base = example(outer)
        changed = counterexample(inner, outer, base) if base is not None else None
        if changed is not None:
            found.append(changed)
    for labels in found:
        for label in grouping or ():
            labels.setdefault(label, "a")
    kept: list[Labels] = []
    for labels in (*plain, *found):
        for label in grouping or ():
            labels.setdefault(label, "a")
        if labels not in kept and any(is_found(selector, labels) for selector in selectors):
            kept.append(labels)
    return kept[:_MOST_CANDIDATES]


def _unnamed(labels: Labels) -> Labels:
    return {name: value for name, value in labels.items() if name != "__name__"}


def _weight(terms: Terms, labels: Labels) -> Fraction:
    return sum((factor for factor, selector in terms if is_found(selector, labels)), Fraction(0))


def _combination(
    weights: Sequence[tuple[Fraction, Fraction]], wanted: tuple[Fraction, Fraction]
) -> dict[int, Fraction] | None:
    """One or two candidates, and how much of each, that add up to what is wanted; never less than nothing of one."""
    for index, (total, part) in enumerate(weights):
        share = wanted[0] / total if total else Fraction(0)
        if share > 0 and part * share == wanted[1]:
            return {index: share}
    for one, (total, part) in enumerate(weights):
        for other in range(one + 1, len(weights)):
            second_total, second_part = weights[other]
            determinant = total * second_part - second_total * part
            if not determinant:
                continue
            first = (wanted[0] * second_part - second_total * wanted[1]) / determinant
            second = (total * wanted[1] - wanted[0] * part) / determinant
            if first > 0 and second > 0:
                return {one: first, other: second}
    return None
