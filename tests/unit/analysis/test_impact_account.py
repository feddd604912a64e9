"""The parts of the figures add up to the figures."""

import math
from itertools import pairwise
from pathlib import Path

import pytest
from tests.support.impact_catalogs import catalog, channel, journey, leg, service, step

from servicescape.analysis.blast_radius import blast_radius
from servicescape.analysis.impact_account import impact_account
from servicescape.analysis.scenario import scenario_targets
from servicescape.app.load import load
from servicescape.catalog.catalog import Catalog


@pytest.fixture(scope="module")
def example() -> Catalog:
    return load([Path(__file__).parents[3] / "catalog"]).catalog


@pytest.mark.parametrize("at", ["average", "peak", "Sa 18:30"])
@pytest.mark.parametrize("lasts", [None, 1800.0, 14400.0, 100_000.0])
def test_parts_add_up_for_every_component_of_the_example(example: Catalog, at: str, lasts: float | None) -> None:
    failures = [((ref,), ()) for ref in example.components]
    failures += [scenario_targets(example, located) for located in example.scenarios.values()]  # type: ignore[misc]
    for fail, degrade in failures:
        totals = blast_radius(example, fail=fail, degrade=degrade, lasts_seconds=lasts, at=at).totals
        account = impact_account(example, fail=fail, degrade=degrade, lasts_seconds=lasts, at=at)
        stretches = account.stretches
        highest = max((stretch.blocked_per_hour for stretch in stretches), default=0.0)
        assert highest == pytest.approx(totals.blocked_per_hour, abs=1e-6)
        assert max((s.displaced_per_hour for s in stretches), default=0.0) == pytest.approx(
            totals.displaced_per_hour, abs=1e-6
        )
        if lasts is not None:
            blocked = math.fsum(s.blocked_per_hour * s.hours for s in stretches)
            assert blocked == pytest.approx(totals.blocked_customers, abs=1e-6)
            moved = math.fsum(s.displaced_per_hour * s.hours for s in stretches)
            assert moved == pytest.approx(totals.displaced_contacts, abs=1e-6)
        for before, after in pairwise(stretches):
            assert before.end_seconds <= after.begin_seconds
            alike = (before.journeys, before.channels) == (after.journeys, after.channels)
            assert not alike or before.end_seconds < after.begin_seconds


def test_each_part_of_a_journeys_rate_is_kept() -> None:
    made = catalog(
        service("shop"),
        service("till"),
        channel("phone", capacity=60),
        journey(
            "buy",
            step("choose", leg("web", "shop"), leg("phone"), share=0.5),
            step("pay", leg("web", "till"), share=0.8),
            step("rate", leg("web", "shop"), optional=True),
            demand=200,
        ),
        journey("wait", step("sit", leg("web", "shop")), demand=None),
    )
    account = impact_account(made, fail=["service:shop", "service:till"], lasts_seconds=7200)
    (stretch,) = account.stretches
    (rates,) = stretch.journeys
    assert [(one.step, one.moved_to) for one in rates.steps] == [("choose", "channel:phone"), ("pay", None)]
    assert rates.ended == pytest.approx(0.8)
    (contact,) = rates.contacts
    assert (contact.share, contact.per_hour, contact.refused) == pytest.approx((0.5, 100, 0.4))
    assert rates.blocked_per_hour == pytest.approx(200 * (1 - 0.2 * (1 - 0.4 * 0.5)))
    (load,) = stretch.channels
    assert (load.contacts_per_hour, load.capacity_per_hour, load.turned_away_per_hour) == pytest.approx((100, 60, 40))
    assert account.without_demand == ("journey:wait",)
