"""What becomes of legs, steps and journeys over time when components fail.

A leg needs what its channel runs on and what it uses itself: it is down from the earliest D of these on and degraded
from the earliest G on. At any time a step is on its first leg that is not down.

With a time of day, live channels exist only within their hours: a leg in a closed channel is not there, neither to
fall back to nor to fall back from. States tell what the failure does, so a step whose first leg is closed at that hour
is `ok` on its first open one, and a step none of whose legs is open is `ok` as well: nobody could take it anyway.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from servicescape.analysis.impact_results import JOURNEY_STATE_CODES, Moment
from servicescape.analysis.opening import ALWAYS_OPEN, Openings
from servicescape.analysis.propagation import Propagation
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Journey, Leg, Step
from servicescape.model.scenario import JOURNEY_STATES, JourneyState


@dataclass(frozen=True)
class Conditions:
    """What all steps are judged by: the failure, and which channels are open when."""

    catalog: Catalog
    failure: Propagation
    openings: Mapping[str, Openings]
    """Channel → when it is open; channels that are always open may be missing."""
    within_seconds: float
    """Length of the outage; infinity where it has none."""

    @cached_property
    def reached_channels(self) -> frozenset[str]:
        """Channels that run on something which the failure reaches."""
        reached = self.failure.times
        channels = self.catalog.channels.values()
        return frozenset(channel.ref for channel in channels if any(ref in reached for ref in channel.runs_on))


@dataclass(frozen=True, slots=True)
class StepPhase:
    """How a step fares from a time on."""

    at_seconds: float
    state: JourneyState
    leg: str | None
    """Channel of the leg in use; None while blocked, and while no leg is open."""
    moved_to: str | None
    """Channel that its customers move to because of the failure: that of the leg in use, where it is neither the first
    open leg nor in the same channel as that."""


@dataclass(frozen=True, slots=True)
class StepCourse:
    """A step over the whole outage."""

    step: Step
    phases: tuple[StepPhase, ...]
    """Never empty; the first is at 0, and each differs from the one before it."""
    worst: StepPhase
    """The first phase in the worst state."""
    harmful: str | None
    """Component that brings about the worst state: that degrades or takes away the first leg, or, where the step is
    blocked, that takes away the last one left. None where it is ok."""


@dataclass(frozen=True, slots=True)
class JourneyCourse:
    """A journey over the whole outage."""

    journey: Journey
    steps: tuple[StepCourse, ...]
    timeline: tuple[Moment, ...]
    worst: Moment
    """The first moment of the worst state."""


def leg_needs(catalog: Catalog, leg: Leg) -> tuple[str, ...]:
    """Components without any one of which a leg is gone: its channel's, then its own."""
    channel = catalog.channels.get(leg.channel)
    return (*(channel.runs_on if channel else ()), *leg.uses)


def journey_course(journey: Journey, conditions: Conditions) -> JourneyCourse:
    """How a journey fares: at any time as its worst mandatory step; a blocked optional step makes it degraded."""
    if not conditions.openings and not _is_reached(journey, conditions):
        return _unharmed(journey)
    steps = tuple(step_course(step, conditions) for step in journey.steps)
    changes = sorted({phase.at_seconds for step in steps for phase in step.phases})
    timeline: list[Moment] = []
    for at in changes or (0.0,):
        state = JOURNEY_STATES[max((_share_in_journey(step, at) for step in steps), default=0)]
        if not timeline or timeline[-1].state != state:
            timeline.append(Moment(at, state))
    return JourneyCourse(
        journey, steps, tuple(timeline), max(timeline, key=lambda moment: JOURNEY_STATE_CODES[moment.state])
    )


def _is_reached(journey: Journey, conditions: Conditions) -> bool:
    """Whether the failure concerns anything that a leg of the journey needs."""
    reached = conditions.failure.times
    channels = conditions.reached_channels
    return any(
        leg.channel in channels or any(ref in reached for ref in leg.uses)
        for step in journey.steps
        for leg in step.legs
    )


def _unharmed(journey: Journey) -> JourneyCourse:
    steps = tuple(
        StepCourse(step, (phase,), phase, None)
        for step in journey.steps
        for phase in (StepPhase(0.0, "ok", step.legs[0].channel if step.legs else None, None),)
    )
    well = Moment(0.0, "ok")
    return JourneyCourse(journey, steps, (well,), well)


def _share_in_journey(step: StepCourse, at: float) -> int:
    code = JOURNEY_STATE_CODES[phase_at(step.phases, at).state]
    if step.step.optional:
        return 1 if code == JOURNEY_STATE_CODES["blocked"] else 0
    return code


def phase_at(phases: tuple[StepPhase, ...], at_seconds: float) -> StepPhase:
    """The phase that a time falls into."""
    current = phases[0]
    for phase in phases:
        if phase.at_seconds > at_seconds:
            break
        current = phase
    return current


def step_course(step: Step, conditions: Conditions) -> StepCourse:
    """How a step fares. A step that has lost all its legs to unresolved references is `ok`: nothing is known of it."""
    legs = [_LegTimes(leg, conditions) for leg in step.legs]
    phases: list[StepPhase] = []
    for at in _times_of_change(legs, conditions.within_seconds):
        phase = _phase(legs, at)
        if not phases or (phase.state, phase.leg, phase.moved_to) != (
            phases[-1].state,
            phases[-1].leg,
            phases[-1].moved_to,
        ):
            phases.append(phase)
    worst = max(phases, key=lambda phase: JOURNEY_STATE_CODES[phase.state])
    return StepCourse(step, tuple(phases), worst, _harmful(legs, worst))


class _LegTimes:
    """When a leg is down, degraded and open."""

    def __init__(self, leg: Leg, conditions: Conditions) -> None:
        times = conditions.failure.times
        self.channel = leg.channel
        # The component that acts first; of those that act at once the first as written, the channel's before the leg's.
        needs = leg_needs(conditions.catalog, leg)
        self.downed_by = self.harmed_by = needs[0] if needs else None
        self.down = self.harmed = math.inf
        for ref in needs:
            found = times.get(ref)
            if found is None:
                continue
            down, harmed = found
            if down < self.down:
                self.down, self.downed_by = down, ref
            if harmed < self.harmed:
                self.harmed, self.harmed_by = harmed, ref
        self.openings = conditions.openings.get(leg.channel, ALWAYS_OPEN)


def _times_of_change(legs: list[_LegTimes], within: float) -> list[float]:
    times = {0.0}
    for leg in legs:
        times.update((leg.down, leg.harmed, *leg.openings.changes))
    return sorted(time for time in times if time < within)


def _phase(legs: list[_LegTimes], at: float) -> StepPhase:
    open_legs = [leg for leg in legs if leg.openings.is_open(at)]
    if not open_legs:
        return StepPhase(at, "ok", None, None)
    first = open_legs[0]
    used = next((leg for leg in open_legs if at < leg.down), None)
    if used is None:
        return StepPhase(at, "blocked", None, None)
    if used is first:
        return StepPhase(at, "ok" if at < first.harmed else "degraded", first.channel, None)
    return StepPhase(at, "fallback", used.channel, used.channel if used.channel != first.channel else None)


def _harmful(legs: list[_LegTimes], worst: StepPhase) -> str | None:
    if worst.state == "ok":
        return None
    open_legs = [leg for leg in legs if leg.openings.is_open(worst.at_seconds)]
    if worst.state == "blocked":
        # What took the last way out; where several went at once, the best of them.
        return max(open_legs, key=lambda leg: leg.down).downed_by
    return open_legs[0].harmed_by if worst.state == "degraded" else open_legs[0].downed_by
