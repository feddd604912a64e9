"""Entities to edges, legs and SLOs."""

from typing import Any

import pytest

from servicescape.catalog.graph import Edge, Effect
from tests.support.loading import CREW, Read, entity_text, read_text, service

OK, DEGRADED, DOWN = Effect.OK, Effect.DEGRADED, Effect.DOWN
OTHERS = "".join(service(name) for name in ("a", "b", "c"))


def _read(text: str) -> Read:
    read = read_text(text + CREW)
    assert not read.findings, read.findings
    return read


def _edges(spec: str) -> tuple[Edge, ...]:
    return _read(service("x", spec) + OTHERS).catalog.components["service:x"].edges


@pytest.mark.parametrize(
    ("dependency", "expected"),
    [
        ("a", {"when_down": DOWN, "when_degraded": DEGRADED, "is_hard": True, "soft": False, "is_group": False}),
        ("{on: a}", {"when_down": DOWN, "when_degraded": DEGRADED, "is_hard": True}),
        ("{on: a, kind: hard}", {"when_down": DOWN, "is_hard": True}),
        ("{on: a, kind: soft}", {"when_down": DEGRADED, "when_degraded": OK, "is_hard": False, "soft": True}),
        ("{on: a, fallback: b}", {"when_down": DEGRADED, "fallback": "service:b", "is_hard": False}),
        ("{on: a, fallback: b, switchFailure: 0.02}", {"switch_failure": 0.02}),
        ("{on: a, fallback: b, whenDown: ok}", {"when_down": OK}),
        ("{on: a, kind: soft, whenDown: down}", {"when_down": DOWN, "when_degraded": OK}),
        ("{on: a, whenDegraded: down}", {"when_down": DOWN, "when_degraded": DOWN}),
        ("{on: a, whenDegraded: ok}", {"when_degraded": OK}),
        ("{on: a, tolerates: 15m}", {"tolerates_seconds": 900.0, "when_down": DOWN}),
        ("{on: a, degrades: No prices, because: cached}", {"degrades": "No prices", "because": "cached"}),
        ("{anyOf: [b, a]}", {"targets": ("service:b", "service:a"), "need": 1, "is_group": True, "is_hard": False}),
        ("{anyOf: [a, b, c], need: 2, commonCause: 0.05}", {"need": 2, "common_cause": 0.05}),
        ("{anyOf: [a, b], need: 2}", {"need": 2, "is_hard": True}),
        ("{anyOf: [a, b], need: 9}", {"need": 2}),
        ("{anyOf: [a]}", {"need": 1, "is_group": True, "is_hard": True}),
        ("{anyOf: [a, a, b]}", {"targets": ("service:a", "service:b")}),
        ("{anyOf: [a, b], kind: soft}", {"when_down": DEGRADED, "when_degraded": OK}),
    ],
)
def test_what_a_dependency_does(dependency: str, expected: dict[str, Any]) -> None:
    (edge,) = _edges(f"dependsOn: [{dependency}]")
    assert (edge.source, edge.role) == ("service:x", "dependency")
    assert {name: getattr(edge, name) for name in expected} == expected


def test_a_plain_dependency_has_no_more_to_it() -> None:
    (edge,) = _edges("dependsOn: [a]")
    assert edge.path == ("spec", "dependsOn", 0)
    assert (edge.tolerates_seconds, edge.fallback, edge.common_cause, edge.switch_failure) == (0.0, None, None, None)


def test_the_platform_is_a_hard_dependency_and_comes_first() -> None:
    text = service("x", "dependsOn: [a]\nplatform: base") + OTHERS + entity_text("Platform", "base", "owner: crew")
    platform, dependency = _read(text).catalog.components["service:x"].edges
    assert (platform.targets, platform.role, platform.is_hard) == (("platform:base",), "platform", True)
    assert platform.path == ("spec", "platform")
    assert dependency.role == "dependency"


def test_edges_know_where_they_stand_even_after_faulty_items() -> None:
    read = read_text(
        service("x", "dependsOn:\n  - null\n  - {on: nope}\n  - {on: a}\n  - {anyOf: [b]}") + OTHERS + CREW
    )
    component = read.catalog.components["service:x"]
    assert [edge.targets for edge in component.edges] == [("service:a",), ("service:b",)]
    places = [component.entity.places.value_span(edge.path).start.line for edge in component.edges]
    assert places == [11, 12]


def test_who_needs_whom() -> None:
    read = _read(service("x", "dependsOn: [a, {on: b, fallback: c}]") + OTHERS)
    found = {ref: [edge.source for edge in edges] for ref, edges in read.catalog.dependents.items()}
    assert found == {
        "service:a": ["service:x"],
        "service:b": ["service:x"],
        "service:c": ["service:x"],
        "service:x": [],
    }


def test_a_journey_with_its_steps_and_legs() -> None:
    text = """\
        owner: crew
        demand: {perHour: 100}
        value: {perCompletion: 1.50, currency: EUR}
        objective: 99.5
        steps:
          - name: check-line
            legs:
              - {channel: web, uses: [a, b, a]}
              - {channel: phone, carries: [postcode], via: c, offered: found, tested: 2026-10-01, takes: 12m}
          - {name: pay, title: Pay now, optional: true, share: 0.5, collects: [card], legs: [{channel: web}]}
    """
    channels = entity_text("Channel", "web", "mode: live\nrunsOn: [a]") + entity_text("Channel", "phone", "mode: live")
    journey = _read(entity_text("Journey", "buy", text) + channels + OTHERS).catalog.journeys["journey:buy"]
    assert (journey.average_per_hour, journey.peak_per_hour, journey.value_per_completion) == (100.0, 100.0, 1.5)
    first, second = journey.steps
    assert (first.title, first.share, first.optional) == ("Check line", 1.0, False)
    assert (second.title, second.share, second.optional, second.collects) == ("Pay now", 0.5, True, ("card",))
    assert first.legs[0].uses == ("service:a", "service:b")
    leg = first.legs[1]
    assert (leg.via, leg.offered, str(leg.tested), leg.takes_seconds) == ("service:c", "found", "2026-10-01", 720.0)
    assert leg.path == ("spec", "steps", 0, "legs", 1)


def test_slos_of_their_own_and_within_components() -> None:
    indicator = entity_text("Indicator", "http", "gauge: up")
    inline = """\
        slos:
          - {objective: 99.9, indicator: {use: http}}
          - {objective: 9, measures: latency, indicator: {gauge: up}}
    """
    own = entity_text("SLO", "own", "for: x\nobjective: 99.950\nindicator: {use: http}", metadata="labels: {a: b}")
    slos = _read(service("x", inline) + indicator + own).catalog.slos
    assert list(slos) == ["slo:own", "slo:x-availability", "slo:x-latency"]
    assert {slo.target for slo in slos.values()} == {"service:x"}
    assert slos["slo:own"].indicator is not None
    assert slos["slo:own"].indicator.ref == "indicator:http"
    assert str(slos["slo:own"].objective_percent) == "99.950"
    assert slos["slo:own"].labels == {"a": "b"}
    assert slos["slo:x-latency"].path == ("spec", "slos", 1)


_INLINE = "{objective: 9, indicator: {gauge: up}}"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (service("x", f"slos:\n  - {_INLINE}\n  - {_INLINE}"), 10),
        (
            service("x", "slos:\n  - {name: s, objective: 9, indicator: {gauge: up}}")
            + entity_text("SLO", "s", "for: x\nobjective: 9\nindicator: {gauge: up}"),
            9,
        ),
    ],
)
def test_two_slos_of_one_name(text: str, line: int) -> None:
    read = read_text(text + CREW)
    assert (read.only.code, read.only.message[:10]) == ("REF204", "the name `")
    assert read.only.span is not None
    assert read.only.span.start.line == line
    assert read.only.related[0].message == "first defined here"


def test_what_resolves_to_nothing_is_left_out() -> None:
    text = service("x", "platform: nope\ndependsOn: [nope, {anyOf: [nope, a], need: 2}]")
    legs = "[{channel: nope}, {channel: web, uses: [nope]}]"
    journey = entity_text("Journey", "j", f"owner: nope\nsteps: [{{name: s, legs: {legs}}}]")
    slo = entity_text("SLO", "s", "for: nope\nobjective: 9\nindicator: {gauge: up}")
    read = read_text(text + OTHERS + CREW + journey + slo + entity_text("Channel", "web", "mode: live"))
    assert set(read.codes) == {"REF201"}
    (edge,) = read.catalog.components["service:x"].edges
    assert (edge.targets, edge.need) == (("service:a",), 1)
    found = read.catalog.journeys["journey:j"]
    assert found.owner is None
    assert [leg.uses for leg in found.steps[0].legs] == [()]
    assert not read.catalog.slos


def test_the_catalog_answers_by_reference() -> None:
    catalog = _read(service("x", metadata="title: The X\naliases: [old]") + OTHERS).catalog
    assert catalog.find("old", ("Service",)) == "service:x"
    assert catalog.find("x", ("Team",)) is None
    assert [catalog.title(ref) for ref in ("service:x", "service:a", "service:?")] == ["The X", "a", "service:?"]
    assert list(catalog.entities) == sorted(catalog.entities)
