"""What tests ask of Grafana dashboards: their queries as Prometheus would get them, and the names in them."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import promql_parser
from promql_parser import AggregateExpr, BinaryExpr, Call, MatrixSelector, ParenExpr, SubqueryExpr, VectorSelector

_VALUES = {"$__range": "1h", "$team": ".*", "$tier": ".*", "$domain": ".*"}


def loaded(files: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Dashboards by path."""
    return {path: json.loads(text) for path, text in files.items()}


def queries(dashboard: Mapping[str, Any]) -> Iterator[str]:
    """Every PromQL expression, with what Grafana puts in for variables."""
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            yield filled(target["expr"])
    for annotation in dashboard["annotations"]["list"]:
        yield filled(annotation["expr"])


def filled(expr: str) -> str:
    """An expression with variables replaced, all values being chosen."""
    for variable, value in _VALUES.items():
        expr = expr.replace(variable, value)
    expr = re.sub(r"\$by_\w+", ".*", expr)
    assert "$" not in expr, expr
    return expr


def names_in(expr: str) -> tuple[set[str], set[str]]:
    """Metrics and labels that an expression names."""
    metrics: set[str] = set()
    labels: set[str] = set()
    _walk(promql_parser.parse(expr), metrics, labels)
    return metrics, labels


def _walk(node: Any, metrics: set[str], labels: set[str]) -> None:
    if isinstance(node, VectorSelector):
        assert node.name, node
        metrics.add(node.name)
        labels.update(matcher.name for matcher in node.matchers.matchers)
    elif isinstance(node, MatrixSelector):
        _walk(node.vector_selector, metrics, labels)
    elif isinstance(node, AggregateExpr):
        if node.modifier:
            labels.update(node.modifier.labels)
        _walk(node.expr, metrics, labels)
    elif isinstance(node, BinaryExpr):
        if node.modifier:
            for part in (node.modifier.matching, node.modifier.card):
                labels.update(getattr(part, "labels", None) or ())
        _walk(node.lhs, metrics, labels)
        _walk(node.rhs, metrics, labels)
    elif isinstance(node, Call):
        for argument in node.args:
            _walk(argument, metrics, labels)
    elif isinstance(node, ParenExpr | SubqueryExpr):
        _walk(node.expr, metrics, labels)
