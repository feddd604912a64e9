"""Improvements: what they promise is what the prediction says of a catalog in which they are written down."""

from datetime import date
from unittest.mock import patch

import pytest
from tests.support.loading import CREW, entity_text, read_text, service

from servicescape.analysis.lenses import improvements as improvements_module
from servicescape.analysis.lenses.improvements import best_of, improvements
from servicescape.analysis.lenses.results import Improvement, Improvements
from servicescape.analysis.prediction.prediction import predict

TODAY = date(2026, 11, 22)
OWN = "slos: [{scope: own, objective: %s, indicator: {errorRatio: vector(0)}}]"


def shop(
    *,
    pricing: str = "99.5",
    checkout: str = "dependsOn: [pricing]",
    phone: str = "uses: [pricing], tested: 2026-10-01",
    demand: str = "demand: {perHour: 100}",
    more: str = "",
) -> str:
    return (
        CREW
        + service("pricing", OWN % pricing)
        + service("checkout", f"{checkout}\n{OWN % '99.9'}")
        + service("desk", OWN % "99.99")
        + more
        + entity_text("Channel", "web", "mode: self-service")
        + entity_text("Channel", "phone", "mode: live\nrunsOn: [desk]")
        + entity_text(
            "Journey",
            "buy",
            f"""
            owner: crew
            {demand}
            value: {{perCompletion: 10, currency: GBP}}
            steps:
              - name: pay
                legs:
                  - {{channel: web, uses: [checkout]}}
                  - {{channel: phone, {phone}}}
            """,
        )
    )


def lost(text: str) -> float:
    (journey,) = predict(read_text(text).catalog).journeys
    assert journey.attempts_lost_per_year is not None
    return journey.attempts_lost_per_year


def found(text: str) -> Improvements:
    catalog = read_text(text).catalog
    own = {each.component: each.own for each in predict(catalog).components}
    return improvements(catalog, "journey:buy", own, TODAY)


def of_kind(text: str, kind: str, about: str = "") -> Improvement:
    """The best change of a kind, whether it is among the three that are shown or not."""
    with patch.object(improvements_module, "BEST", 100):
        return next(
            each for each in found(text).best if each.kind == kind and about in (*each.components, each.step or "", "")
        )


def test_a_soft_edge_saves_what_the_catalog_with_that_edge_does_not_lose() -> None:
    before = shop(phone="uses: [checkout], tested: 2026-10-01")
    after = shop(phone="uses: [checkout], tested: 2026-10-01", checkout="dependsOn: [{on: pricing, kind: soft}]")
    assert of_kind(before, "soften").attempts_saved_per_year == pytest.approx(lost(before) - lost(after), rel=1e-9)


def test_doing_without_a_part_saves_what_the_leg_without_it_does_not_lose() -> None:
    before, after = shop(), shop(phone="tested: 2026-10-01")
    change = of_kind(before, "leg-without")
    assert change.attempts_saved_per_year == pytest.approx(lost(before) - lost(after), rel=1e-9)
    assert change.value_saved_per_year == pytest.approx((lost(before) - lost(after)) * 10, rel=1e-9)
    assert (change.step, change.components) == ("pay", ("service:pricing",))


def test_one_more_nine_saves_what_the_prediction_says_it_saves() -> None:
    text = shop(phone="uses: [checkout], tested: 2026-10-01")
    (journey,) = predict(read_text(text).catalog).journeys
    assert journey.importance is not None
    best = {each.component: each.attempts_saved_by_one_more_nine for each in journey.importance}
    change = of_kind(text, "one-more-nine", "service:pricing")
    assert change.components == ("service:pricing",)
    assert change.attempts_saved_per_year == pytest.approx(best["service:pricing"], rel=1e-9)
    after = shop(phone="uses: [checkout], tested: 2026-10-01", pricing="99.95")
    assert change.attempts_saved_per_year == pytest.approx(lost(text) - lost(after), rel=1e-9)


def test_a_second_provider_saves_what_a_group_of_two_does_not_lose() -> None:
    vendor = entity_text("External", "psp", "vendor: A\nsla: 99")
    both = vendor + entity_text("External", "psp-b", "vendor: B\nsla: 99")
    uses = "uses: [checkout], tested: 2026-10-01"
    before = shop(phone=uses, checkout="dependsOn: [psp]", more=vendor)
    after = shop(phone=uses, checkout="dependsOn: [{anyOf: [psp, psp-b], need: 1}]", more=both)
    change = of_kind(before, "second-provider")
    assert change.attempts_saved_per_year == pytest.approx(lost(before) - lost(after), rel=1e-9)


def test_a_stand_in_saves_what_an_edge_with_a_fallback_does_not_lose() -> None:
    uses = "uses: [checkout], tested: 2026-10-01"
    spare = service("spare", OWN % "99.5")
    before = shop(phone=uses)
    after = shop(phone=uses, checkout="dependsOn: [{on: pricing, fallback: spare}]", more=spare)
    change = of_kind(before, "fallback", "service:pricing")
    assert change.components == ("service:pricing",)
    assert change.attempts_saved_per_year == pytest.approx(lost(before) - lost(after), rel=1e-9)


def test_a_dead_end_is_given_a_leg() -> None:
    before = shop().replace(
        "    - name: pay",
        "    - name: look\n      legs: [{channel: web, uses: [pictures]}]\n    - name: pay",
    ) + service("pictures", OWN % "99")
    after = before.replace("{channel: web, uses: [pictures]}", "{channel: web, uses: [pictures]}, {channel: phone}")
    change = of_kind(before, "new-leg")
    assert change.step == "look"
    assert change.attempts_saved_per_year == pytest.approx(lost(before) - lost(after), rel=1e-9)


def test_a_promise_that_includes_its_dependencies_does_not_eat_up_the_gain() -> None:
    total = "slos: [{objective: 99, indicator: {errorRatio: vector(0)}}]"
    text = shop(phone="uses: [checkout], tested: 2026-10-01").replace(OWN % "99.9", total)
    change = of_kind(text, "soften")
    assert change.attempts_saved_per_year is not None
    # All of what pricing takes from checkout: 0.5 % of the time in which checkout itself works.
    own = 0.99 / 0.995
    assert change.attempts_saved_per_year == pytest.approx(0.005 * own * 100 * 8760, rel=1e-9)


def test_without_demand_attempts_are_not_known_and_the_order_is_the_same() -> None:
    known, unknown = found(shop()), found(shop(demand="lifecycle: production"))
    assert [each.what for each in known.best] == [each.what for each in unknown.best]
    assert [each.share_saved for each in unknown.best] == [each.share_saved for each in known.best]
    assert all(each.attempts_saved_per_year is None and each.value_saved_per_year is None for each in unknown.best)
    assert unknown.note is not None
    assert "no demand" in unknown.note


def test_a_way_that_was_never_tried_stands_with_what_rests_on_it() -> None:
    untried = shop(phone="uses: [pricing]")
    (way,) = found(untried).rehearse
    alone = "\n".join(line for line in untried.splitlines() if "channel: phone" not in line) + "\n"
    assert (way.step, way.channel, way.tested) == ("pay", "channel:phone", None)
    assert way.attempts_per_year == pytest.approx(lost(alone) - lost(untried), rel=1e-9)
    assert found(shop()).rehearse == ()
    assert [each.tested for each in found(shop(phone="tested: 2024-10-01")).rehearse] == ["2024-10-01"]


def test_what_keeps_data_is_not_stood_in_for() -> None:
    keeps = shop(phone="uses: [checkout]").replace("name: pricing\nspec:", "name: pricing\nspec:\n  masters: [price]")
    assert of_kind(keeps, "fallback").components == ("service:checkout",)
    with pytest.raises(StopIteration):
        of_kind(keeps, "fallback", "service:pricing")


def test_tools_of_the_desk_are_not_done_without() -> None:
    kinds = [each.kind for each in found(shop(phone="tested: 2026-10-01")).best]
    assert "leg-without" not in kinds


def _improvement(what: str, cost: int, saved: float) -> Improvement:
    return Improvement(what, cost, what, (what,), None, None, saved, None)


def test_what_a_cheaper_change_outdoes_comes_after_it() -> None:
    dear, cheap, small, least = (
        _improvement("dear", 4, 0.3),
        _improvement("cheap", 2, 0.4),
        _improvement("small", 3, 0.1),
        _improvement("least", 2, 0.05),
    )
    assert [each.what for each in best_of([small, dear, least, cheap])] == ["cheap", "dear", "small"]
    assert [each.what for each in best_of([dear, cheap])] == ["cheap", "dear"]
    assert [each.what for each in best_of([_improvement("a", 4, 0.5), small, least])] == ["a", "small", "least"]
