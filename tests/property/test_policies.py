"""A policy never raises, whatever it asks of whatever entity."""

from functools import cache
from types import SimpleNamespace
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from servicescape.bind.located import Located
from servicescape.catalog.build import build_catalog
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Span
from servicescape.diagnostics.errors import ToolError
from servicescape.model.kinds import KINDS
from servicescape.model.settings import Policy, Settings
from servicescape.rules.policies import rules_of_policies
from servicescape.rules.registry import installed_rules
from servicescape.rules.rule import RuleContext
from tests.support.maximal import maximal_documents

PLACES: Any = SimpleNamespace(
    file="a.yaml", value_span=lambda path: Span.at(1, len(path) + 1), key_span=lambda path: Span.at(1, 1)
)


@cache
def catalog() -> Catalog:
    """Every kind, with every field."""
    located = []
    for kind in KINDS.values():
        value, _ = next(iter(maximal_documents(kind)))
        located.append(Located(kind.model_validate(value), PLACES))
    return build_catalog(located)[0]


def one_of(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from(text.split())


VALUES = one_of(
    """spec metadata kind ref apiVersion spec.tier spec.owner spec.dependsOn spec.dependsOn[0] spec.dependsOn[99]
    spec.slos[0].objective spec.steps[0].legs metadata.labels metadata["labels"]["x"] metadata.name spec.recovery.mttr
    spec.extensions.a.b.c spec["for"] 1 1.5 -1 0 9223372036854775807 "a" "(" "30m" null true [] {} [1] {"a":1}"""
)
OPERATORS = one_of("+ - * / % == != < >= && || in")
FUNCTIONS = one_of("size type int uint double string bytes timestamp duration dyn has")
METHODS = one_of("matches contains startsWith")
MACROS = one_of("all exists exists_one map filter")
EXPRESSIONS = st.recursive(
    VALUES,
    lambda inner: (
        st.builds("({} {} {})".format, inner, OPERATORS, inner)
        | st.builds("{}({})".format, FUNCTIONS, inner)
        | st.builds("{}.{}({})".format, inner, METHODS, inner)
        | st.builds("{}.{}(x, {} == x)".format, inner, MACROS, inner)
        | st.builds("!({})".format, inner)
        | st.builds("({} ? {} : {})".format, inner, inner, inner)
    ),
    max_leaves=6,
)


def judge(when: str, expect: str, at: str = "") -> None:
    policy = Policy.model_validate(
        {"code": "ACME001", "name": "a", "when": when, "expect": expect, "at": at, "message": "{name} {owner} {title}"}
    )
    try:
        [rule] = rules_of_policies([policy], installed_rules())
    except ToolError as error:
        refusal = error
    else:
        for finding in rule().check(catalog(), RuleContext(Settings())):
            assert finding.code == "ACME001"
            assert finding.message
            assert finding.span is not None
        return
    assert "`ACME001`" in refusal.message
    assert refusal.hint


@settings(deadline=None)
@given(EXPRESSIONS | st.just(""), EXPRESSIONS, st.sampled_from(["", "spec.owner", "spec.steps.0.legs.0.via", "kind"]))
def test_expressions(when: str, expect: str, at: str) -> None:
    judge(when, expect, at)


@settings(deadline=None)
@given(st.text(min_size=1, max_size=30), st.text(max_size=10))
@example("true", "spec.²")  # A digit, and no number.
def test_any_text(expect: str, at: str) -> None:
    judge("", expect, at)
