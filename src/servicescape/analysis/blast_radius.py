"""Everything that follows from one failure: components, journeys, customers, channels."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from servicescape.analysis.customers import (
    BLOCKED,
    UNHARMED,
    AttemptShares,
    CustomerFigures,
    Outcome,
    Stream,
    attempt_shares,
    customer_figures,
)
from servicescape.analysis.impact_graph import FailureGraph
from servicescape.analysis.impact_results import (
    JOURNEY_STATE_CODES,
    BlastRadius,
    ChannelLoad,
    ComponentImpact,
    JourneyImpact,
    Moment,
    StepImpact,
    Totals,
)
from servicescape.analysis.journey_impact import (
    Conditions,
    JourneyCourse,
    StepCourse,
    journey_course,
    phase_at,
)
from servicescape.analysis.opening import Openings, is_time_of_day, openings
from servicescape.analysis.propagation import Propagation, propagate
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Channel

_WEEK_SECONDS = 7 * 86_400.0


def blast_radius(
    catalog: Catalog,
    *,
    fail: Sequence[str],
    degrade: Sequence[str] = (),
    lasts_seconds: float | None = None,
    at: str = "average",
    graph: FailureGraph | None = None,
) -> BlastRadius:
    """What the failure of `fail` (down) and `degrade` (degraded), by canonical reference, does to everybody.

    The outage lasts from 0 up to but not including `lasts_seconds`: what a tolerance delays until its end or beyond
    does not come. Without a length all comes that can come, and there are no totals. `at` is `average`, `peak` (demand)
    or a time of day such as `20:30` or `Sa 20:30` (a Monday unless a weekday is named), at which the outage begins:
    average demand, and live channels only within their hours; without a length these are followed for a week after
    the last effect. What is both in `fail` and in `degrade` is down.

    `graph` saves building it again for another failure of the same catalog. Raises KeyError where a reference is not
    that of a component, ValueError where `at` has another form.
    """
    found = situation(catalog, fail=fail, degrade=degrade, lasts_seconds=lasts_seconds, at=at, graph=graph)
    failed, degraded, demand, shares = found.failed, found.degraded, found.demand, found.shares
    failure, conditions = found.conditions.failure, found.conditions
    courses = found.courses
    figures = customer_figures(found.streams(), found.capacity, found.conditions.within_seconds)

    displaced: dict[str, dict[str, float]] = {}
    for (ref, channel), figure in sorted(figures.journey_displaced.items()):
        if figure.highest_per_hour > 0:
            displaced.setdefault(ref, {})[channel] = figure.highest_per_hour
    journeys = [
        _journey_impact(course, conditions, figures, demand, displaced.get(course.journey.ref, {}), lasts_seconds)
        for course in courses
    ]
    journeys.sort(
        key=lambda impact: (-JOURNEY_STATE_CODES[impact.state], -(impact.blocked_per_hour or 0.0), impact.journey)
    )
    takes_contacts = {channel for phases in shares.values() for _, part in phases for channel, _ in part.contacts}
    channels = _channel_loads(catalog, failure, figures, takes_contacts, lasts_seconds)
    return BlastRadius(
        failed=failed,
        degraded=degraded,
        lasts_seconds=lasts_seconds,
        at=at,
        components=_component_impacts(failure, failed, degraded),
        journeys=tuple(journeys),
        channels=channels,
        totals=_totals(journeys, channels, demand, figures, lasts_seconds),
        runbooks=_runbooks(catalog, failure, journeys),
    )


@dataclass(frozen=True, slots=True)
class Situation:
    """A failure, and how every journey fares in it, before customers are counted."""

    failed: tuple[str, ...]
    degraded: tuple[str, ...]
    conditions: Conditions
    courses: tuple[JourneyCourse, ...]
    """In the order of the catalog's journeys."""
    demand: dict[str, float | None]
    """Journey → attempts an hour; None where it says nothing of them."""
    shares: dict[str, tuple[tuple[float, AttemptShares], ...]]
    """Journey → what becomes of an attempt, from which second on."""
    capacity: dict[str, float | None]
    """Channel → contacts an hour that it can take on."""

    def streams(self) -> list[Stream]:
        """The customers of the journeys that give their demand."""
        known = ((ref, per_hour) for ref, per_hour in self.demand.items() if per_hour is not None)
        return [Stream(ref, per_hour, self.shares[ref]) for ref, per_hour in known]


def situation(
    catalog: Catalog,
    *,
    fail: Sequence[str],
    degrade: Sequence[str] = (),
    lasts_seconds: float | None = None,
    at: str = "average",
    graph: FailureGraph | None = None,
) -> Situation:
    """How every journey fares in a failure; what the arguments mean, and what is raised, is as for `blast_radius`."""
    graph = graph or FailureGraph.of(catalog)
    failed = tuple(dict.fromkeys(fail))
    degraded = tuple(ref for ref in dict.fromkeys(degrade) if ref not in failed)
    within = math.inf if lasts_seconds is None else lasts_seconds
    failure = propagate(graph, graph.numbers(failed), graph.numbers(degraded), within_seconds=within)
    conditions = Conditions(catalog, failure, _openings(catalog, failure, at, within), within)
    courses = tuple(journey_course(journey, conditions) for journey in catalog.journeys.values())
    return Situation(
        failed=failed,
        degraded=degraded,
        conditions=conditions,
        courses=courses,
        demand={
            journey.ref: journey.peak_per_hour if at == "peak" else journey.average_per_hour
            for journey in catalog.journeys.values()
        },
        shares={course.journey.ref: _attempt_phases(course) for course in courses},
        capacity={channel.ref: channel.capacity_per_hour for channel in catalog.channels.values()},
    )


def _openings(catalog: Catalog, failure: Propagation, at: str, within: float) -> dict[str, Openings]:
    if not is_time_of_day(at):
        return {}
    if within == math.inf:
        times = (time for times in (failure.down, failure.harmed) for time in times if time < math.inf)
        within = max(times, default=0.0) + _WEEK_SECONDS
    return {
        channel.ref: openings(channel.hours, at, within)
        for channel in catalog.channels.values()
        if channel.mode == "live"
    }


_UNHARMED_PHASES = ((0.0, UNHARMED),)


def _attempt_phases(course: JourneyCourse) -> tuple[tuple[float, AttemptShares], ...]:
    if all(len(step.phases) == 1 and _outcome(step, 0.0) is None for step in course.steps):
        return _UNHARMED_PHASES
    times = sorted({phase.at_seconds for step in course.steps for phase in step.phases} | {0.0})
    phases: list[tuple[float, AttemptShares]] = []
    for at in times:
        shares = attempt_shares([(step.step.share, step.step.optional, _outcome(step, at)) for step in course.steps])
        if not phases or phases[-1][1] != shares:
            phases.append((at, shares))
    return tuple(phases)


def _outcome(course: StepCourse, at: float) -> Outcome:
    phase = phase_at(course.phases, at)
    return BLOCKED if phase.state == "blocked" else phase.moved_to


def _component_impacts(
    failure: Propagation, failed: tuple[str, ...], degraded: tuple[str, ...]
) -> tuple[ComponentImpact, ...]:
    refs = failure.graph.refs
    first = {ref: position for position, ref in enumerate((*failed, *degraded))}
    impacts = [
        ComponentImpact(
            refs[number],
            "down" if failure.down[number] < math.inf else "degraded",
            failure.down[number],
            failure.harmed[number],
            failure,
        )
        for number in failure.reached()
    ]
    impacts.sort(key=lambda impact: (first.get(impact.component, len(first)), impact.degraded_after_seconds))
    return tuple(impacts)


def _journey_impact(
    course: JourneyCourse,
    conditions: Conditions,
    figures: CustomerFigures,
    demand: dict[str, float | None],
    displaced: dict[str, float],
    lasts_seconds: float | None,
) -> JourneyImpact:
    journey = course.journey
    blocked = figures.journey_blocked.get(journey.ref)
    known = demand[journey.ref] is not None
    total = None
    if known and lasts_seconds is not None:
        total = blocked.total if blocked else 0.0
    value = journey.value_per_completion
    return JourneyImpact(
        journey=journey.ref,
        title=journey.title,
        state=course.worst.state,
        after_seconds=course.worst.at_seconds,
        timeline=course.timeline,
        steps=tuple(_step_impact(step, conditions.failure) for step in course.steps),
        blocked_per_hour=(blocked.highest_per_hour if blocked else 0.0) if known else None,
        displaced_per_hour=displaced,
        blocked_total=total,
        value_lost=None if total is None or value is None else total * value,
        currency=journey.currency,
    )


def _step_impact(course: StepCourse, failure: Propagation) -> StepImpact:
    because: tuple[str, ...] = ()
    if course.harmful is not None:
        number = failure.graph.number[course.harmful]
        because = failure.trace(number, down=course.worst.state != "degraded").path[::-1]
    timeline: list[Moment] = []
    for phase in course.phases:
        moment = Moment(phase.at_seconds, phase.state, phase.leg)
        if not timeline or (timeline[-1].state, timeline[-1].leg) != (moment.state, moment.leg):
            timeline.append(moment)
    return StepImpact(
        step=course.step.name,
        title=course.step.title,
        optional=course.step.optional,
        state=course.worst.state,
        after_seconds=course.worst.at_seconds,
        leg=course.worst.leg,
        timeline=tuple(timeline),
        because=because,
        customer_sees=course.step.customer_sees,
    )


def _channel_loads(
    catalog: Catalog,
    failure: Propagation,
    figures: CustomerFigures,
    takes_contacts: set[str],
    lasts_seconds: float | None,
) -> tuple[ChannelLoad, ...]:
    loads = []
    for channel in catalog.channels.values():
        state = _channel_state(channel, failure)
        if channel.ref in takes_contacts or state != "ok":
            loads.append(_channel_load(channel, state, figures, channel.ref in takes_contacts, lasts_seconds))
    loads.sort(key=lambda load: (-(load.contacts_per_hour or 0.0), load.channel))
    return tuple(loads)


def _channel_state(channel: Channel, failure: Propagation) -> str:
    if any(failure.down_at(ref) < math.inf for ref in channel.runs_on):
        return "down"
    return "degraded" if any(failure.harmed_at(ref) < math.inf for ref in channel.runs_on) else "ok"


def _channel_load(
    channel: Channel, state: str, figures: CustomerFigures, takes_contacts: bool, lasts_seconds: float | None
) -> ChannelLoad:
    contacts = figures.channel_contacts.get(channel.ref)
    refused = figures.channel_turned_away.get(channel.ref)
    per_hour: float | None = 0.0
    turned_away: float | None = 0.0
    cost = None if lasts_seconds is None or channel.cost_per_contact is None else 0.0
    if contacts is not None and refused is not None:
        per_hour = contacts.highest_per_hour
        turned_away = None if channel.capacity_per_hour is None else refused.highest_per_hour
        if cost is not None and channel.cost_per_contact is not None:
            cost = (contacts.total - refused.total) * channel.cost_per_contact
    elif takes_contacts:
        per_hour = turned_away = cost = None
    return ChannelLoad(
        channel=channel.ref,
        title=channel.title,
        state=state,
        contacts_per_hour=per_hour,
        capacity_per_hour=channel.capacity_per_hour,
        turned_away_per_hour=turned_away,
        flooded_after_seconds=figures.flooded_after.get(channel.ref, math.inf),
        cost_total=cost,
    )


def _totals(
    journeys: Sequence[JourneyImpact],
    channels: Sequence[ChannelLoad],
    demand: dict[str, float | None],
    figures: CustomerFigures,
    lasts_seconds: float | None,
) -> Totals:
    hit = [journey.journey for journey in journeys if journey.is_hit]
    known = any(demand[ref] is not None for ref in hit or demand)
    timed = known and lasts_seconds is not None
    costs = [load.cost_total for load in channels if load.contacts_per_hour != 0]
    value_lost: dict[str, float] = {}
    for journey in sorted(journeys, key=lambda impact: impact.journey):
        if journey.value_lost and journey.currency is not None:
            value_lost[journey.currency] = value_lost.get(journey.currency, 0.0) + journey.value_lost
    return Totals(
        journeys_hit=len(hit),
        journeys=len(journeys),
        blocked_per_hour=figures.blocked.highest_per_hour if known else None,
        displaced_per_hour=figures.displaced.highest_per_hour if known else None,
        blocked_customers=figures.blocked.total if timed else None,
        displaced_contacts=figures.displaced.total if timed else None,
        contact_cost=_sum_of_known(costs) if timed else None,
        value_lost=dict(sorted(value_lost.items())),
    )


def _sum_of_known(figures: Iterable[float | None]) -> float | None:
    """Sum of the figures that are known; None where there are figures and none of them is."""
    figures = list(figures)
    known = [figure for figure in figures if figure is not None]
    return math.fsum(known) if known or not figures else None


def _runbooks(
    catalog: Catalog, failure: Propagation, journeys: Iterable[JourneyImpact]
) -> tuple[tuple[str, str | None], ...]:
    """Runbooks along the chains to journeys, what fails first at the top, then by reference."""
    links = {ref for journey in journeys if journey.is_hit for step in journey.steps for ref in step.because}
    ordered = sorted(links, key=lambda ref: (failure.harmed_at(ref), ref))
    return tuple((ref, catalog.components[ref].runbook) for ref in ordered)
