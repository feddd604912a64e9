"""Legs, steps and journeys over time."""

import itertools
from typing import Any

import pytest
from tests.support.impact_catalogs import catalog, channel, journey, leg, service, step

from servicescape.analysis.blast_radius import blast_radius
from servicescape.analysis.impact_results import BlastRadius, JourneyImpact


def late(name: str, after: str) -> Any:
    """A component that goes down some time after `root`."""
    return service(name, {"on": "root", "tolerates": after})


PARTS = (service("root"), service("a"), service("b"), late("a-late", "5m"), late("b-late", "10m"))
CHANNELS = (channel("web"), channel("chat"), channel("desk", mode="live"))


def hit(*steps: Any, fail: str = "root", degrade: str | None = None, **options: Any) -> JourneyImpact:
    result = run(*steps, fail=fail, degrade=degrade, **options)
    return result.journeys[0]


def run(*steps: Any, fail: str | None = "root", degrade: str | None = None, **options: Any) -> BlastRadius:
    built = catalog(*PARTS, *CHANNELS, journey("j", *steps))
    return blast_radius(
        built,
        fail=[f"service:{fail}"] if fail else [],
        degrade=[f"service:{degrade}"] if degrade else [],
        **options,
    )


def moments(impact: Any) -> list[tuple[float, str]]:
    return [(moment.at_seconds, moment.state) for moment in impact.timeline]


@pytest.mark.parametrize(
    ("legs", "expected"),
    [
        ([leg("web", "a")], [(0, "ok")]),
        ([leg("web", "root")], [(0, "blocked")]),
        ([leg("web", "a-late")], [(0, "ok"), (300, "blocked")]),
        ([leg("web", "root"), leg("desk")], [(0, "fallback")]),
        ([leg("web", "root"), leg("desk", "a-late")], [(0, "fallback"), (300, "blocked")]),
        ([leg("web", "b-late"), leg("desk", "a-late")], [(0, "ok"), (600, "blocked")]),
        ([leg("web", "root"), leg("chat", "a-late"), leg("desk", "b-late")], [(0, "fallback"), (600, "blocked")]),
        ([leg("web", "root"), leg("chat", "root"), leg("desk")], [(0, "fallback")]),
        ([leg("web", "a"), leg("desk", "root")], [(0, "ok")]),
    ],
)
def test_a_step_is_on_its_first_leg_that_is_not_down(legs: list[Any], expected: list[tuple[float, str]]) -> None:
    impact = hit(step("s", *legs))
    assert moments(impact) == expected
    # The step's own timeline also tells the legs of one state apart.
    assert [key for key, _ in itertools.groupby(state for _, state in moments(impact.steps[0]))] == [
        state for _, state in expected
    ]


def test_legs_in_use_are_named() -> None:
    impact = hit(step("s", leg("web", "root"), leg("chat", "a-late"), leg("desk", "b-late")))
    assert [moment.leg for moment in impact.steps[0].timeline] == ["channel:chat", "channel:desk", None]
    assert impact.steps[0].leg is None


def test_degraded_component_degrades_the_first_leg_only() -> None:
    assert hit(step("s", leg("web", "a")), fail="root", degrade="a").state == "degraded"
    assert hit(step("s", leg("web", "b"), leg("desk", "a")), degrade="a").state == "ok"
    assert hit(step("s", leg("web", "root"), leg("desk", "a")), degrade="a").state == "fallback"


def test_a_channel_without_what_it_runs_on_is_gone() -> None:
    built = catalog(service("root"), channel("desk", "root"), journey("j", step("s", leg("desk"))))
    assert blast_radius(built, fail=["service:root"]).journeys[0].state == "blocked"


@pytest.mark.parametrize(
    ("first", "second", "optional", "expected"),
    [
        ([leg("web", "root")], [leg("web")], False, "blocked"),
        ([leg("web")], [leg("web", "root"), leg("desk")], False, "fallback"),
        ([leg("web", "root"), leg("desk")], [leg("web", "root")], False, "blocked"),
        ([leg("web")], [leg("web", "root")], True, "degraded"),
        ([leg("web")], [leg("web", "root"), leg("desk")], True, "ok"),
        ([leg("web", "root"), leg("desk")], [leg("web", "root")], True, "fallback"),
    ],
)
def test_a_journey_is_its_worst_mandatory_step(
    first: list[Any], second: list[Any], optional: bool, expected: str
) -> None:
    assert hit(step("one", *first), step("two", *second, optional=optional)).state == expected


def test_worst_state_is_told_with_its_first_time() -> None:
    impact = hit(step("one", leg("web", "root"), leg("desk")), step("two", leg("web", "b-late")))
    assert (impact.state, impact.after_seconds) == ("blocked", 600)
    assert moments(impact) == [(0, "fallback"), (600, "blocked")]
    assert hit(step("one", leg("web", "a"))).after_seconds == 0


def test_because_leads_back_from_the_first_leg_to_what_failed() -> None:
    impact = hit(step("s", leg("web", "a", "a-late"), leg("desk", "root")))
    assert impact.steps[0].because == ("service:a-late", "service:root")
    assert hit(step("s", leg("web", "a"))).steps[0].because == ()
    assert hit(step("s", leg("web", "a")), degrade="a").steps[0].because == ("service:a",)


def test_an_outage_that_ends_first_does_no_harm() -> None:
    assert hit(step("s", leg("web", "a-late")), lasts_seconds=300).state == "ok"
    assert hit(step("s", leg("web", "a-late")), lasts_seconds=301).state == "blocked"


DESK_HOURS = {"mode": "live", "hours": "Mo-Fr 08:00-20:00; Sa 10:00-14:00"}


def at_time(at: str, *legs: Any, lasts: float | None = 86_400, **hours: Any) -> JourneyImpact:
    built = catalog(service("root"), channel("desk", **(DESK_HOURS | hours)), journey("j", step("s", *legs)))
    return blast_radius(built, fail=["service:root"], lasts_seconds=lasts, at=at).journeys[0]


WEB_THEN_DESK = (leg("web", "root"), leg("desk"))


def test_live_channels_exist_within_their_hours() -> None:
    evening = at_time("19:30", *WEB_THEN_DESK)
    assert moments(evening) == [(0, "fallback"), (1800, "blocked"), (45_000, "fallback")]
    assert moments(at_time("Sa 13:00", *WEB_THEN_DESK, lasts=7200)) == [(0, "fallback"), (3600, "blocked")]
    assert moments(at_time("Su 12:00", *WEB_THEN_DESK, lasts=7200)) == [(0, "blocked")]


def test_hours_are_followed_for_a_week_where_the_outage_has_no_length() -> None:
    course = moments(at_time("12:00", *WEB_THEN_DESK, lasts=None))
    assert len(course) == 1 + 2 * 6
    assert course[-1][0] < 7 * 86_400


def test_hours_do_not_matter_at_average_and_peak() -> None:
    for at in ("average", "peak"):
        assert moments(at_time(at, *WEB_THEN_DESK)) == [(0, "fallback")]


def test_hours_matter_for_live_channels_only() -> None:
    assert moments(at_time("Su 12:00", *WEB_THEN_DESK, mode="assisted")) == [(0, "fallback")]


def test_hours_that_cannot_be_read_count_as_always_open() -> None:
    assert moments(at_time("Su 12:00", *WEB_THEN_DESK, hours="whenever we like")) == [(0, "fallback")]


def test_being_closed_is_not_the_failures_doing() -> None:
    closed_first = at_time("Su 12:00", leg("desk"), leg("web"), lasts=3600)
    assert moments(closed_first) == [(0, "ok")]
    assert closed_first.steps[0].leg == "channel:web"
    assert closed_first.displaced_per_hour == {}
    only_desk = at_time("19:00", leg("desk", "root"), lasts=7200)
    assert moments(only_desk) == [(0, "blocked"), (3600, "ok")]


@pytest.mark.parametrize("at", ["noon", "24:00", "8:00", "Xx 10:00", ""])
def test_other_times_are_refused(at: str) -> None:
    with pytest.raises(ValueError, match="time of day"):
        run(step("s", leg("web")), at=at)


def _evening(hours: str, at: str, lasts: float, *, capacity: int | None = 60) -> BlastRadius:
    """The shop's way out is a phone with these hours; the shop is lost from a time of day on."""
    made = catalog(
        service("shop"),
        channel("phone", mode="live", capacity=capacity, hours=hours),
        journey("buy", step("pay", leg("web", "shop"), leg("phone")), demand=100),
    )
    return blast_radius(made, fail=["service:shop"], lasts_seconds=lasts, at=at)


@pytest.mark.parametrize(
    ("hours", "at", "hours_long", "timeline"),
    [
        # closes during the outage, and opens again on the next morning
        ("08:00-20:00", "19:00", 14, [(0, "fallback"), (1, "blocked"), (13, "fallback")]),
        # over midnight: Friday's night is Saturday's early morning
        ("Fr 20:00-04:00", "Sa 02:00", 4, [(0, "fallback"), (2, "blocked")]),
        ("22:00-06:00", "23:00", 8, [(0, "fallback"), (7, "blocked")]),
        ("22:00-06:00", "12:00", 11, [(0, "blocked"), (10, "fallback")]),
        # a lunch break, and a week's end
        ("Mo-Fr 08:00-12:00,13:00-17:00", "11:00", 3, [(0, "fallback"), (1, "blocked"), (2, "fallback")]),
        ("Mo-Fr 08:00-20:00", "Su 12:00", 24, [(0, "blocked"), (20, "fallback")]),
        ("24/7", "Su 03:00", 240, [(0, "fallback")]),
        # an outage that ends just when the phone closes never meets it
        ("08:00-20:00", "19:00", 1, [(0, "fallback")]),
    ],
)
def test_ways_open_and_close_during_an_outage(
    hours: str, at: str, hours_long: float, timeline: list[tuple[float, str]]
) -> None:
    result = _evening(hours, at, hours_long * 3600)
    assert [(moment.at_seconds / 3600, moment.state) for moment in result.journeys[0].timeline] == timeline


def test_totals_follow_the_hours() -> None:
    totals = _evening("08:00-20:00", "19:00", 14 * 3600).totals
    # An hour with the phone (60 of 100 answered), twelve without anything, and an hour with it again.
    assert totals.blocked_customers == pytest.approx(40 + 12 * 100 + 40)
    assert totals.displaced_contacts == pytest.approx(200)


def test_public_holidays_are_not_known() -> None:
    """The fixed week has none, so `PH off` changes nothing; the page on impact says so."""
    assert _evening("Mo-Su 08:00-20:00; PH off", "10:00", 3600).journeys[0].state == "fallback"
