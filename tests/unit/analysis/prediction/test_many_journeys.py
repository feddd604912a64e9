"""Many journeys: what is found hangs neither on processes nor on what else is asked for."""

from dataclasses import replace

import pytest
from tests.support.command import EXAMPLE

from servicescape.analysis.prediction import workers
from servicescape.analysis.prediction.prediction import predict
from servicescape.app.load import load


def test_processes_find_the_same_as_one_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = load([EXAMPLE]).catalog
    alone = predict(catalog)
    monkeypatch.setattr(workers, "_WAIT_SECONDS", 0.0)
    monkeypatch.setattr(workers, "_WORTH_SECONDS", 0.0)
    steps: list[tuple[int, int]] = []
    assert predict(catalog, jobs=2, progress=lambda done, of: steps.append((done, of))) == alone
    assert steps[-1] == (len(catalog.journeys), len(catalog.journeys))


def test_a_journey_is_predicted_as_if_it_were_the_only_one() -> None:
    catalog = load([EXAMPLE]).catalog
    together = {each.journey: each for each in predict(catalog).journeys}
    for ref in catalog.journeys:
        assert predict(catalog, journeys=[ref]).journeys == (together[ref],)


def test_a_journey_that_gets_too_little_effort_says_so_and_shows_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = load([EXAMPLE]).catalog
    exact = {each.journey: each.availability for each in predict(catalog).journeys}
    for name in ("MOST_EFFORT", "_FEWEST", "_MOST"):
        monkeypatch.setattr(workers, name, 50)
    short = [each for each in predict(catalog).journeys if each.availability is None]
    assert short
    for each in short:
        assert each.bounds is not None
        low, high = each.bounds.availability
        assert low <= (exact[each.journey] or 0.0) <= high
        assert "alone it gets more" in each.notes[0]


@pytest.mark.parametrize("effort", [None, 50, 2_000])
def test_without_details_all_else_is_the_same(monkeypatch: pytest.MonkeyPatch, effort: int | None) -> None:
    catalog = load([EXAMPLE]).catalog
    if effort is not None:
        for name, rounds in (("MOST_EFFORT", 20), ("_FEWEST", 1), ("_MOST", 3)):
            monkeypatch.setattr(workers, name, effort * rounds)
    detailed = predict(catalog).journeys
    assert effort != 50 or {each.availability is None for each in detailed} == {True, False}
    for each, plain in zip(detailed, predict(catalog, details=False).journeys, strict=True):
        assert (plain.steps, plain.cut_sets, plain.importance, plain.common_causes) == ((), None, None, ())
        without = replace(each, steps=(), cut_sets=None, importance=None, common_causes=(), displaced=None, notes=())
        assert replace(plain, notes=()) == without
        assert set(plain.notes) <= set(each.notes)
