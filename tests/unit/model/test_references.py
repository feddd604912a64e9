"""Every reference of every kind is found, and nothing else."""

import datetime
from typing import Any

import pytest

from servicescape.model.kinds import KINDS
from servicescape.model.references import reference_keys, references_of
from tests.support.maximal import maximal_documents


@pytest.mark.parametrize("kind", KINDS)
def test_each_reference_of_a_maximal_document_is_found(kind: str) -> None:
    for value, expected in maximal_documents(KINDS[kind]):
        entity = KINDS[kind].model_validate(value)
        found = {(use.path, use.is_key): (use.text, use.kinds) for use in references_of(entity)}
        assert found == expected


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("Team", {("spec", "parent")}),
        ("Domain", {("spec", "owner"), ("spec", "parent")}),
        (
            "Service",
            {
                ("spec", "owner"),
                ("spec", "domain"),
                ("spec", "platform"),
                ("spec", "dependsOn", 0),
                ("spec", "dependsOn", 1, "on"),
                ("spec", "dependsOn", 1, "fallback"),
                ("spec", "dependsOn", 2, "anyOf", 3),
                ("spec", "slos", 0, "indicator", "use"),
            },
        ),
        ("External", {("spec", "owner"), ("spec", "platform"), ("spec", "dependsOn", 0)}),
        ("SLO", {("spec", "for"), ("spec", "indicator", "use")}),
        ("Channel", {("spec", "owner"), ("spec", "runsOn", 0)}),
        (
            "Journey",
            {
                ("spec", "owner"),
                ("spec", "domain"),
                ("spec", "steps", 0, "legs", 1, "channel"),
                ("spec", "steps", 0, "legs", 1, "uses", 0),
                ("spec", "steps", 0, "legs", 1, "via"),
            },
        ),
        (
            "Scenario",
            {
                ("spec", "fail", 0),
                ("spec", "fail", 1, "team"),
                ("spec", "degrade", 1, "domain"),
                ("spec", "expect", "journeys"),
            },
        ),
        (
            "View",
            {
                ("spec", "include", 0, "domain"),
                ("spec", "include", 0, "owner"),
                ("spec", "include", 0, "journey"),
                ("spec", "include", 0, "name"),
                ("spec", "include", 0, "dependenciesOf"),
                ("spec", "exclude", 0, "dependentsOf"),
                ("spec", "include", 0, "between", 1),
                ("spec", "scenario"),
                ("spec", "layout", "order", 0),
            },
        ),
        ("Platform", {("spec", "owner")}),
        ("Indicator", set()),
    ],
)
def test_the_references_that_the_language_names(kind: str, least: set[Any]) -> None:
    found = {
        use.path[:-1] if use.is_key else use.path
        for value, _ in maximal_documents(KINDS[kind])
        for use in references_of(KINDS[kind].model_validate(value))
    }
    assert least <= found
    assert bool(least) == bool(found)


def test_keys_under_which_a_reference_stands() -> None:
    assert {"owner", "dependsOn", "on", "anyOf", "for", "use", "uses", "channel", "fail", "between"} <= reference_keys()
    assert not {"name", "labels", "title", "type", "journeys", "vendor", ""} & (reference_keys() - {"name"})


def test_a_day_is_read() -> None:
    (value, _), *_ = maximal_documents(KINDS["Journey"])
    journey: Any = KINDS["Journey"].model_validate(value)
    assert journey.spec.steps[0].legs[0].tested == datetime.date(2026, 10, 1)
