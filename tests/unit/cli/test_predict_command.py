"""`servicescape predict` on the example catalog: its JSON against its schema, and the story that it tells."""

import json
from typing import Any

import pytest

from tests.support.command import EXAMPLE, published, run


@pytest.fixture(scope="module")
def prediction() -> Any:
    return json.loads(run("predict", EXAMPLE, "--format", "json").stdout)


def test_json_has_the_published_form(prediction: Any) -> None:
    published(prediction, "predict")


def test_two_objectives_of_the_example_are_wishes(prediction: Any) -> None:
    missed = [journey["journey"] for journey in prediction["journeys"] if not journey["meets"]]
    assert missed == ["journey:buy-broadband", "journey:report-fault"]


def test_the_four_states_of_a_journey_are_all_there_is(prediction: Any) -> None:
    for journey in prediction["journeys"]:
        assert sum(journey["p"].values()) == pytest.approx(1, abs=1e-12)
        assert journey["availability"] == pytest.approx(1 - journey["p"]["blocked"], abs=1e-12)


def test_all_components_of_the_example_can_keep_their_promise(prediction: Any) -> None:
    assert [component["component"] for component in prediction["components"] if component["feasible"] is False] == []
