"""`servicescape predict` on the example catalog: its JSON against its schema, and the story that it tells."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from servicescape.cli.main import cli

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def prediction() -> Any:
    arguments = ["predict", str(ROOT / "catalog"), "--format", "json"]
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    return json.loads(result.stdout)


def test_json_has_the_published_form(prediction: Any) -> None:
    schema = json.loads((ROOT / "schemas" / "output" / "predict.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(prediction)


def test_two_objectives_of_the_example_are_wishes(prediction: Any) -> None:
    missed = [journey["journey"] for journey in prediction["journeys"] if not journey["meets"]]
    assert missed == ["journey:buy-broadband", "journey:report-fault"]


def test_the_four_states_of_a_journey_are_all_there_is(prediction: Any) -> None:
    for journey in prediction["journeys"]:
        assert sum(journey["p"].values()) == pytest.approx(1, abs=1e-12)
        assert journey["availability"] == pytest.approx(1 - journey["p"]["blocked"], abs=1e-12)


def test_all_components_of_the_example_can_keep_their_promise(prediction: Any) -> None:
    assert [component["component"] for component in prediction["components"] if component["feasible"] is False] == []
