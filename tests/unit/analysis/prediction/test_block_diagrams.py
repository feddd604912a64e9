"""Block diagrams of the textbooks, as catalogs, against closed forms worked out by hand."""

import math
from typing import Any

import pytest
from tests.support.impact_catalogs import catalog, journey, leg, service, step

from servicescape.analysis.prediction.availability import Measurement
from servicescape.analysis.prediction.prediction import predict
from servicescape.analysis.prediction.results import JourneyPrediction

Q = {"a": 0.01, "b": 0.02, "c": 0.03, "d": 0.04, "e": 0.05}


def predicted(*needs: Any, q: dict[str, float] = Q, more: tuple[Any, ...] = ()) -> JourneyPrediction:
    """A journey over a component `top` that never fails by itself and needs all of this."""
    entities = [service(name) for name in q] + [service("top", *needs), *more]
    entities.append(journey("j", step("s", leg("web", "top"))))
    built = catalog(entities)
    chances = {ref: q.get(ref.split(":")[1], 0.0) for ref in built.components}
    found = predict(built, order=4, measured={ref: Measurement(1 - each, total=False) for ref, each in chances.items()})
    return found.journeys[0]


def blocked(found: JourneyPrediction) -> float:
    assert found.states is not None
    return found.states.blocked


def cuts(found: JourneyPrediction) -> set[frozenset[str]]:
    """The cut sets that have a chance."""
    sets = [cut for cut in found.cut_sets or () if cut.probability]
    return {frozenset(each.removeprefix("service:") for each in cut.components) for cut in sets}


def test_series() -> None:
    found = predicted("a", "b", "c")
    assert blocked(found) == pytest.approx(1 - 0.99 * 0.98 * 0.97, rel=1e-12)
    assert cuts(found) == {frozenset("a"), frozenset("b"), frozenset("c")}


def test_parallel() -> None:
    found = predicted({"anyOf": ["a", "b", "c"]})
    assert blocked(found) == pytest.approx(0.01 * 0.02 * 0.03, rel=1e-12)
    assert cuts(found) == {frozenset("abc")}


def test_two_of_three() -> None:
    found = predicted({"anyOf": ["a", "b", "c"], "need": 2})
    a, b, c = 0.01, 0.02, 0.03
    assert blocked(found) == pytest.approx(a * b + a * c + b * c - 2 * a * b * c, rel=1e-12)
    assert cuts(found) == {frozenset("ab"), frozenset("ac"), frozenset("bc")}


def test_bridge() -> None:
    """Two ways from left to right, a–d and b–e, with c across: cut by ab, de, ace and bcd."""
    halves = (
        service("left-up", "a"),
        service("left-down", "b"),
        service("across-down", "a", "c"),
        service("across-up", "b", "c"),
        service("up", {"anyOf": ["left-up", "across-up"]}, "d"),
        service("down", {"anyOf": ["left-down", "across-down"]}, "e"),
    )
    found = predicted({"anyOf": ["up", "down"]}, more=halves)
    a, b, c, d, e = (1 - Q[name] for name in "abcde")
    # Works, by whether c does: (a ∨ b)(d ∨ e), or else ad ∨ be.
    with_c = (1 - (1 - a) * (1 - b)) * (1 - (1 - d) * (1 - e))
    without_c = 1 - (1 - a * d) * (1 - b * e)
    assert found.availability == pytest.approx(c * with_c + (1 - c) * without_c, rel=1e-12)
    assert cuts(found) == {frozenset("ab"), frozenset("de"), frozenset("ace"), frozenset("bcd")}


def test_common_cause_of_a_pair() -> None:
    """The beta factor: both by themselves, or both together."""
    q, beta = 0.01, 0.1
    found = predicted({"anyOf": ["a", "b"], "commonCause": beta}, q={"a": q, "b": q})
    alone = (1 - beta) * q
    assert blocked(found) == pytest.approx(beta * q + (1 - beta * q) * alone**2, rel=1e-12)
    assert [cause.components for cause in found.common_causes] == [("service:a", "service:b")]


def test_switch_to_a_spare_that_may_fail() -> None:
    found = predicted(
        {"on": "a", "fallback": "b", "switchFailure": 0.1, "degrades": "slower"}, q={"a": 0.01, "b": 0.02}
    )
    assert blocked(found) == pytest.approx(0.01 * (0.02 + 0.98 * 0.1), rel=1e-12)
    assert found.states is not None
    assert found.states.degraded == pytest.approx(0.01 * 0.98 * 0.9, rel=1e-12)


def test_tolerated_failure_counts_for_what_outlasts_it() -> None:
    entities = (
        service("slow", recovery={"mttr": "30m"}),
        service("shop", {"on": "slow", "tolerates": "15m", "because": "answers are kept"}),
        journey("j", step("s", leg("web", "shop"))),
    )
    measured = {"service:slow": Measurement(0.99, total=False), "service:shop": Measurement(1.0, total=False)}
    found = predict(catalog(*entities), measured=measured).journeys[0]
    assert blocked(found) == pytest.approx(0.01 * math.exp(-0.5), rel=1e-12)


def test_importance_of_a_series_and_a_pair() -> None:
    """Blocked = a ∨ bc: every measure from its definition, worked out by hand."""
    found = predicted("a", {"anyOf": ["b", "c"]}, q={"a": 0.01, "b": 0.2, "c": 0.3})
    total = 0.01 + 0.99 * 0.06
    figures = {each.component: each for each in found.importance or ()}
    one = figures["service:b"]
    failed, never = 0.01 + 0.99 * 0.3, 0.01
    assert one.birnbaum == pytest.approx(failed - never, rel=1e-12)
    assert one.criticality == pytest.approx(0.2 * (failed - never) / total, rel=1e-12)
    assert one.fussell_vesely == pytest.approx(0.2 * failed / total, rel=1e-12)
    assert one.raw == pytest.approx(failed / total, rel=1e-12)
    assert one.rrw == pytest.approx(total / never, rel=1e-12)
    better = 0.01 + 0.99 * (0.02 * 0.3)
    assert one.attempts_saved_by_one_more_nine == pytest.approx((total - better) * 100 * 8760, rel=1e-12)
