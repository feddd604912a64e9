"""What an estimate is made from: the structure of steps, which journeys have one, and where it cannot be had."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicescape.analysis.prediction.availability import Measurement
from servicescape.analysis.prediction.prediction import predict
from servicescape.compile.alertmanager.configuration import compile_alertmanager
from servicescape.compile.journey_blocking import AllOut, AnyOut, Choice, TooEntangledError, blocking, chance
from servicescape.compile.options import CompileOptions
from servicescape.compile.prometheus import CompiledRules, compile_prometheus
from servicescape.model.settings import CompileSettings
from tests.support.journey_catalogs import journey, ratio, service, slo, step, text
from tests.support.loading import read_text

LEGS = st.lists(st.sets(st.sampled_from("abcdefg"), min_size=1, max_size=5).map(sorted), min_size=1, max_size=5)
ERRORS = st.fixed_dictionaries({name: st.floats(0, 1) for name in "abcdefg"})


def compiled(*documents: dict[str, Any], **settings: Any) -> CompiledRules:
    read = read_text(text(*documents))
    assert read.findings == []
    return compile_prometheus(read.catalog, options=CompileOptions(settings=CompileSettings(**settings)))


def enumerated(legs: list[list[str]], errors: dict[str, float]) -> float:
    """The chance that each leg has something out, summed up over all that can be out."""
    total = 0.0
    for states in product((False, True), repeat=len(errors)):
        out = {name for name, state in zip(errors, states, strict=True) if state}
        if all(out.intersection(leg) for leg in legs):
            weight = 1.0
            for name in errors:
                weight *= errors[name] if name in out else 1 - errors[name]
            total += weight
    return total


@given(LEGS, ERRORS)
@settings(deadline=None)
def test_the_chance_is_that_of_all_states(legs: list[list[str]], errors: dict[str, float]) -> None:
    found = blocking(legs)
    assert found is not None
    assert abs(chance(found, errors) - enumerated(legs, errors)) < 1e-12


@given(LEGS, ERRORS)
@settings(deadline=None, max_examples=50)
def test_a_step_agrees_with_the_prediction(legs: list[list[str]], errors: dict[str, float]) -> None:
    found = blocking(legs)
    catalog = read_text(text(*map(service, "abcdefg"), journey("buy", [step("pay", legs)]))).catalog
    measured = {f"service:{name}": Measurement(1 - error, total=False) for name, error in errors.items()}
    [[predicted]] = [each.steps for each in predict(catalog, measured=measured).journeys]
    assert found is not None
    assert predicted.states is not None
    assert abs(chance(found, errors) - predicted.states.blocked) < 1e-9


def test_structures() -> None:
    assert blocking([["a", "b"]]) == AnyOut(("a", "b"))
    assert blocking([["a"], ["b"]]) == AllOut((AnyOut(("a",)), AnyOut(("b",))))
    assert blocking([["a", "c"], ["b", "c"]]) == AnyOut(("c",), (AllOut((AnyOut(("a",)), AnyOut(("b",)))),))
    assert blocking([["a", "b"], ["a"]]) == AnyOut(("a",))
    assert blocking([["a"], []]) is None
    assert blocking([]) is None
    assert isinstance(blocking([["a", "b"], ["b", "c"], ["c", "a"]]), Choice)


def test_legs_that_share_everything_in_pairs_are_refused() -> None:
    # Twelve legs, each of which shares another component with each of the others.
    legs = [[f"c{min(i, j)}x{max(i, j)}" for j in range(12) if j != i] for i in range(12)]
    with pytest.raises(TooEntangledError):
        blocking(legs)


def test_who_has_an_estimate() -> None:
    steps = [step("go", [["a"]])]
    unpromised = journey("unpromised", steps)
    del unpromised["spec"]["objective"]
    rules = compiled(
        service("a"),
        journey("plain", steps),
        unpromised,
        journey("planned", steps, lifecycle="planned"),
        journey("retired", steps, lifecycle="retired"),
        journey("deprecated", steps, lifecycle="deprecated"),
        journey("measured", steps),
        journey("rated", steps),
        slo("m", "journey:measured"),
        slo("r", "journey:rated", measures="quality"),
    )
    estimates = [plan.name for plan in rules.plans if plan.estimate]
    assert estimates == ["journey:deprecated", "journey:plain", "journey:rated"]


def test_which_slo_stands_for_a_component() -> None:
    slos = [
        {"name": "own", "scope": "own", "objective": 90, "indicator": ratio("x")},
        {"name": "high", "objective": 99.9, "indicator": ratio("y")},
        {"name": "low", "objective": 99, "indicator": ratio("z")},
        {"name": "slow", "measures": "latency", "objective": 80, "indicator": ratio("w")},
    ]
    [rules] = [
        text
        for path, text in compiled(service("a", slos=slos), journey("buy", [step("go", [["a"]])])).files.items()
        if "journey_buy" in path
    ]
    assert 'avg by (component) (slo:error:ratio{slo="low",window="5m"})' in rules


def test_an_slo_that_cannot_be_compiled_leaves_its_place_to_the_next() -> None:
    slos = [
        {"name": "broken", "objective": 90, "indicator": {"gauge": "sum("}},
        {"name": "sound", "objective": 99, "indicator": ratio("x")},
    ]
    rules = compiled(service("a", slos=slos), journey("buy", [step("go", [["a"]])]))
    [plan] = [plan for plan in rules.plans if plan.estimate]
    assert [source.name for source in plan.estimate.sources.values()] == ["sound"]  # type: ignore[union-attr]


def test_what_cannot_be_estimated_is_told_with_the_reason() -> None:
    free = service("free", slos=[])
    rules = compiled(free, service("a"), journey("buy", [step("go", [["free"]]), step("on", [["a"], ["free"]])]))
    [entry] = rules.uncompiled
    assert (entry.slo, entry.part) == ("slo:journey:buy", "")
    assert "without an SLO for the availability of free" in entry.reason
    rules = compiled(service("a"), journey("buy", [step("go", [["a"], []])]))
    [entry] = rules.uncompiled
    assert "nothing to estimate" in entry.reason


def test_what_is_left_out_is_named() -> None:
    steps = [step("go", [["a", "free"]]), step("pay", [["a"], ["free"]])]
    rules = compiled(service("a"), service("free", slos=[]), journey("buy", steps))
    [text] = [text for path, text in rules.files.items() if "journey_buy" in path]
    assert "It leaves out free (no SLO for availability); step pay (a leg of which nothing is measured)." in text
    assert any("leaves out" in note.text for note in rules.notes)


def test_shards_that_do_not_see_each_other_have_no_estimates() -> None:
    documents = [service("a"), journey("buy", [step("go", [["a"]])])]
    [entry] = compiled(*documents, shards=2).uncompiled
    assert "servers that do not see each other's series" in entry.reason
    assert not compiled(*documents, shards=2, target="mimir").uncompiled


def test_a_page_of_what_blocks_it_silences_a_journey() -> None:
    read = read_text(
        text(
            service("a", dependsOn=["base"]),
            service("b", dependsOn=["base"]),
            service("base"),
            journey("buy", [step("go", [["a"], ["b"]])]),
        )
    )
    rules = compile_prometheus(read.catalog)
    alerts = [rule for file in rules.rule_files for group in file.groups for rule in group.rules if rule.alert]
    upstreams = {rule.labels["upstreams"] for rule in alerts if rule.labels["slo"] == "journey:buy"}
    # Without a there is still b; both stand on base.
    assert upstreams == {",base,"}
    [configuration] = compile_alertmanager(read.catalog, alerts).files.values()
    assert ",base," in configuration
    assert ",a," not in configuration


def test_estimates_page_or_write_tickets_or_are_not_made() -> None:
    documents = [service("a"), journey("buy", [step("go", [["a"]])])]
    for setting, severities in (("page", {"page", "ticket"}), ("ticket", {"ticket"}), ("off", set())):
        rules = [
            rule
            for file in compiled(*documents, estimates=setting).rule_files
            for group in file.groups
            for rule in group.rules
            if rule.alert and rule.labels["slo"] == "journey:buy"
        ]
        assert {rule.labels["severity"] for rule in rules} == severities
