"""Customers blocked and displaced, with channels that can take only so many."""

import math
from typing import Any

import pytest
from tests.support.impact_catalogs import catalog, channel, journey, leg, service, step

from servicescape.analysis.blast_radius import blast_radius
from servicescape.analysis.customers import BLOCKED, attempt_shares, turned_away
from servicescape.analysis.impact_results import BlastRadius

LOST = leg("web", "root")


def run(*entities: Any, lasts: float | None = 3600, at: str = "average") -> BlastRadius:
    parts = (service("root"), service("late", {"on": "root", "tolerates": "30m"}))
    return blast_radius(catalog(*parts, *entities), fail=["service:root"], lasts_seconds=lasts, at=at)


def desk(capacity: int | None = None, *needs: str, name: str = "desk", **spec: Any) -> Any:
    return channel(name, *needs, mode="live", capacity=capacity, **spec)


def test_a_customer_blocked_earlier_does_not_reach_a_later_step() -> None:
    shares = attempt_shares([(0.4, False, BLOCKED), (0.5, False, BLOCKED), (1.0, False, "channel:desk")])
    assert shares.blocked == pytest.approx(0.7)
    assert dict(shares.contacts) == pytest.approx({"channel:desk": 0.3})


def test_contacts_are_made_before_a_later_step_blocks() -> None:
    shares = attempt_shares([(0.5, False, "channel:desk"), (1.0, False, BLOCKED)])
    assert shares.blocked == 1
    assert dict(shares.contacts) == {"channel:desk": 0.5}


def test_an_attempt_is_one_contact_for_a_channel() -> None:
    shares = attempt_shares([(1.0, False, "channel:desk"), (0.5, False, "channel:chat"), (1.0, True, "channel:desk")])
    assert dict(shares.contacts) == {"channel:chat": 0.5, "channel:desk": 1.0}
    half = attempt_shares([(0.5, False, "channel:desk"), (0.0, False, None), (0.5, False, "channel:desk")])
    assert dict(half.contacts) == {"channel:desk": 0.75}


def test_a_blocked_optional_step_ends_nothing() -> None:
    shares = attempt_shares([(1.0, True, BLOCKED), (1.0, False, "channel:desk")])
    assert (shares.blocked, dict(shares.contacts)) == (0, {"channel:desk": 1.0})


def test_turning_away_blocks_who_needs_the_channel() -> None:
    mandatory = attempt_shares([(0.5, False, "channel:desk")])
    assert mandatory.blocked_when({"channel:desk": 0.2}) == pytest.approx(0.1)
    assert attempt_shares([(0.5, True, "channel:desk")]).blocked_when({"channel:desk": 0.2}) == 0
    both = attempt_shares([(1.0, False, "channel:desk"), (1.0, False, "channel:chat")])
    assert both.blocked_when({"channel:desk": 0.5, "channel:chat": 0.5}) == pytest.approx(0.75)


def test_rounding_is_not_a_flood() -> None:
    assert turned_away(0.1 + 0.2, 0.3) == 0
    assert turned_away(301, 300) == 1
    assert turned_away(301, None) == 0


def test_blocked_at_average_and_at_peak() -> None:
    j = journey("j", step("s", LOST, share=0.5), demand=100, peak=400)
    average, peak = run(j), run(j, at="peak")
    assert average.journeys[0].blocked_per_hour == 50
    assert peak.totals.blocked_per_hour == 200
    assert average.totals.blocked_customers == 50


def test_excess_is_turned_away_from_all_journeys_alike() -> None:
    result = run(
        desk(90, costPerContact=2),
        journey("one", step("s", LOST, leg("desk")), demand=100),
        journey("two", step("s", LOST, leg("desk"), share=0.5), demand=40),
    )
    (load,) = result.channels
    assert (load.contacts_per_hour, load.turned_away_per_hour, load.flooded_after_seconds) == (120, 30, 0)
    blocked = {impact.journey: impact.blocked_per_hour for impact in result.journeys}
    assert blocked == pytest.approx({"journey:one": 25, "journey:two": 5})
    assert result.totals.blocked_per_hour == pytest.approx(30)
    assert result.totals.displaced_per_hour == 120
    # Only those who are answered cost anything.
    assert load.cost_total == pytest.approx(180)


def test_figures_are_integrated_between_changes() -> None:
    result = run(
        desk(60, "late", costPerContact=1),
        journey("j", step("s", LOST, leg("desk")), demand=100, value={"perCompletion": 10, "currency": "GBP"}),
        lasts=7200,
    )
    totals = result.totals
    # Half an hour of 40 turned away, then one and a half of 100 blocked.
    assert totals.blocked_customers == pytest.approx(20 + 150)
    assert totals.displaced_contacts == pytest.approx(50)
    assert totals.contact_cost == pytest.approx(30)
    assert totals.value_lost == pytest.approx({"GBP": 1700})
    assert (totals.blocked_per_hour, totals.displaced_per_hour) == (100, 100)
    (load,) = result.channels
    assert (load.state, load.contacts_per_hour) == ("down", 100)


def test_a_flood_may_be_worse_than_the_end() -> None:
    # First a small channel is flooded; when it is gone, a large one takes all.
    result = run(
        desk(10, "late", name="chat"), desk(), journey("j", step("s", LOST, leg("chat"), leg("desk"))), lasts=None
    )
    assert result.totals.blocked_per_hour == pytest.approx(90)
    flooded = {load.channel: load.flooded_after_seconds for load in result.channels}
    assert flooded == {"channel:chat": 0, "channel:desk": math.inf}


def test_the_first_leg_displaces_nobody_even_where_it_is_live() -> None:
    result = run(desk(), journey("j", step("s", leg("desk"), LOST), step("t", LOST, leg("desk"), optional=True)))
    assert result.totals.displaced_per_hour == 100
    quiet = run(desk(), journey("j", step("s", leg("desk"), LOST)))
    assert quiet.totals.displaced_per_hour == 0


def test_another_leg_in_the_same_channel_displaces_nobody() -> None:
    result = run(journey("j", step("s", LOST, leg("web"))))
    assert result.journeys[0].state == "fallback"
    assert (result.totals.displaced_per_hour, result.channels) == (0, ())


def test_without_a_length_there_are_no_totals() -> None:
    result = run(
        desk(costPerContact=1),
        journey("j", step("s", LOST, leg("desk")), value={"perCompletion": 10, "currency": "GBP"}),
        lasts=None,
    )
    totals = result.totals
    assert (totals.blocked_per_hour, totals.displaced_per_hour) == (0, 100)
    assert (totals.blocked_customers, totals.displaced_contacts, totals.contact_cost) == (None, None, None)
    assert (totals.value_lost, result.channels[0].cost_total, result.journeys[0].value_lost) == ({}, None, None)


def test_what_is_not_given_is_none() -> None:
    result = run(desk(), journey("j", step("s", LOST, leg("desk")), demand=None))
    (impact,) = result.journeys
    assert (impact.state, impact.blocked_per_hour, impact.blocked_total) == ("fallback", None, None)
    (load,) = result.channels
    assert (load.contacts_per_hour, load.turned_away_per_hour, load.cost_total) == (None, None, None)
    totals = result.totals
    assert (totals.blocked_per_hour, totals.displaced_per_hour, totals.displaced_contacts) == (None, None, None)


def test_unknown_demand_of_who_is_not_hit_does_not_matter() -> None:
    result = run(journey("hit", step("s", LOST)), journey("safe", step("s", leg("web")), demand=None))
    assert result.totals.blocked_per_hour == 100
    hit_unknown = run(journey("hit", step("s", LOST), demand=None), journey("safe", step("s", leg("web"))))
    assert hit_unknown.totals.blocked_per_hour is None


def test_peak_is_average_where_only_that_is_given_but_not_the_other_way_round() -> None:
    assert run(journey("j", step("s", LOST), demand=70), at="peak").totals.blocked_per_hour == 70
    assert run(journey("j", step("s", LOST), demand=None, peak=70)).totals.blocked_per_hour is None


def test_a_time_of_day_uses_average_demand_and_closes_the_desk() -> None:
    result = run(
        desk(hours="Mo-Su 08:00-20:00"), journey("j", step("s", LOST, leg("desk")), demand=100, peak=900), at="19:30"
    )
    totals = result.totals
    assert (totals.blocked_customers, totals.displaced_contacts) == pytest.approx((50, 50))
    assert (totals.blocked_per_hour, totals.displaced_per_hour) == (100, 100)
