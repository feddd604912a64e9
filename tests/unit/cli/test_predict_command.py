"""`servicescape predict` on the example catalog: its JSON against its schema, and the story that it tells."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from servicescape.analysis.prediction import prediction as prediction_module
from servicescape.analysis.prediction.one_journey import Ground
from servicescape.analysis.prediction.workers import predict_all
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


def test_json_that_is_written_in_pieces_is_one_document(tmp_path: Path) -> None:
    shown = run("predict", EXAMPLE, "--format", "json").stdout
    assert shown == json.dumps(json.loads(shown), indent=2, ensure_ascii=False) + "\n"
    run("predict", EXAMPLE, "-o", str(tmp_path / "all.json"))
    assert (tmp_path / "all.json").read_text(encoding="utf-8") == shown
    assert [each.name for each in tmp_path.iterdir()] == ["all.json"]


def test_the_table_of_all_journeys_is_that_of_their_details(monkeypatch: pytest.MonkeyPatch) -> None:
    table = run("predict", EXAMPLE).stdout
    monkeypatch.setattr(prediction_module, "predict_all", with_details)
    assert run("predict", EXAMPLE).stdout == table


def with_details(ground: Ground, *rest: Any) -> Any:
    assert not ground.details
    return predict_all(replace(ground, details=True), *rest)
