"""Scenarios: what they make fail, and what they assert."""

from typing import Any

import pytest
from tests.support.impact_catalogs import catalog, entity, external, journey, leg, scenario, service, step

from servicescape.analysis.scenario import Check, run_scenario, run_scenarios, scenario_targets
from servicescape.catalog.catalog import Catalog

ENTITIES = (
    entity("Team", "tribe", {}),
    entity("Team", "inner", {"parent": "tribe"}),
    entity("Domain", "sales", {}),
    entity("Domain", "web-sales", {"parent": "sales"}),
    service("a", owner="inner", domain="sales", labels={"zone": "one", "disk": "ssd"}),
    service("b", owner="tribe", domain="web-sales", labels={"zone": "one"}),
    service("c"),
    external("x", vendor="Nimbus"),
    external("y", vendor="Nimbus"),
    external("z", vendor="Other"),
    journey("shop", step("s", leg("web", "a"))),
    journey("pay", step("s", leg("web", "x")), demand=None),
)


def built(**spec: Any) -> tuple[Catalog, Any]:
    made = catalog(*ENTITIES, scenario("what-if", **spec))
    return made, made.scenarios["scenario:what-if"]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("c", ["service:c"]),
        ({"team": "tribe"}, ["service:a", "service:b"]),
        ({"team": "inner"}, ["service:a"]),
        ({"domain": "sales"}, ["service:a", "service:b"]),
        ({"domain": "web-sales"}, ["service:b"]),
        ({"vendor": "Nimbus"}, ["external:x", "external:y"]),
        ({"label": {"zone": "one"}}, ["service:a", "service:b"]),
        ({"label": {"zone": "one", "disk": "ssd"}}, ["service:a"]),
        ({"team": "tribe", "label": {"disk": "ssd"}}, ["service:a"]),
        ({"vendor": "Nobody"}, []),
    ],
)
def test_targets(target: Any, expected: list[str]) -> None:
    made, located = built(fail=[target])
    assert scenario_targets(made, located) == (tuple(expected), ())


def test_targets_keep_the_authors_order_and_failing_beats_degrading() -> None:
    made, located = built(fail=["c", {"vendor": "Nimbus"}, "c"], degrade=["z", "x", "a"])
    assert scenario_targets(made, located) == (
        ("service:c", "external:x", "external:y"),
        ("external:z", "service:a"),
    )


@pytest.mark.parametrize(
    ("expect", "check"),
    [
        ({"journeys": {"shop": "blocked"}}, Check("journey:shop", "blocked", "blocked", ok=True)),
        ({"journeys": {"shop": "ok"}}, Check("journey:shop", "ok", "blocked", ok=False)),
        (
            {"journeys": {"shop": {"atMost": "fallback"}}},
            Check("journey:shop", "at most fallback", "blocked", ok=False),
        ),
        (
            {"journeys": {"shop": {"atLeast": "degraded", "atMost": "blocked"}}},
            Check("journey:shop", "at least degraded, at most blocked", "blocked", ok=True),
        ),
        ({"journeys": {"pay": {"atLeast": "degraded"}}}, Check("journey:pay", "at least degraded", "ok", ok=False)),
        (
            {"blockedCustomersPerHour": {"atMost": 100}},
            Check("blockedCustomersPerHour", "at most 100", "100", ok=True),
        ),
        (
            {"displacedContactsPerHour": {"atLeast": 1}},
            Check("displacedContactsPerHour", "at least 1", "0", ok=False),
        ),
    ],
)
def test_expectations(expect: Any, check: Check) -> None:
    made, located = built(fail=["a"], expect=expect)
    result = run_scenario(made, located)
    assert result.checks == (check,)
    assert result.ok is check.ok


def test_an_unknown_figure_meets_no_expectation() -> None:
    made, located = built(fail=["x"], expect={"blockedCustomersPerHour": {"atMost": 10}})
    assert run_scenario(made, located).checks == (Check("blockedCustomersPerHour", "at most 10", "unknown", ok=False),)


def test_a_scenario_in_which_nothing_fails_proves_nothing() -> None:
    made, located = built(fail=[{"vendor": "Nobody"}], expect={"journeys": {"shop": "ok"}})
    result = run_scenario(made, located)
    assert [check.ok for check in result.checks] == [True, False]
    assert not result.ok


def test_length_and_time_are_those_of_the_scenario() -> None:
    made, _ = built(fail=["a"], lasts="2h", at="Sa 20:30")
    (result,) = run_scenarios(made)
    assert (result.impact.lasts_seconds, result.impact.at) == (7200, "Sa 20:30")
    assert result.impact.totals.blocked_customers == 200
    assert (result.scenario, result.title, result.ok) == ("scenario:what-if", "what-if", True)
