"""What becomes of legs, steps and journeys over time when components fail.

A leg needs what its channel runs on and what it uses itself: it is down from the earliest D of these on and degraded
from the earliest G on. At any time a step is on its first leg that is not down.

With a time of day, live channels exist only within their hours: a leg in a closed channel is not there, neither to
fall back to nor to fall back from. States tell what the failure does, so a step whose first leg is closed at that hour
is `ok` on its first open one, and a step none of whose legs is open is `ok` as well: nobody could take it anyway.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

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
    def channel_times(self) -> "Mapping[str, _Times]":
        """Channel → times of what it runs on; channels that the failure does not reach are missing."""
        reached = self.failure.times
        found = ((channel.ref, _earliest(channel.runs_on, reached)) for channel in self.catalog.channels.values())
        return {ref: times for ref, times in found if times.harmed < math.inf}


class StepPhase(NamedTuple):
    """How a step fares from a time on."""

    at_seconds: float
    state: JourneyState
    leg: str | None
    """Channel of the leg in use; None while blocked, and while no leg is open."""
    moved_to: str | None
    """Channel that its customers move to because of the failure: that of the leg in use, where it is neither the first
    open leg nor in the same channel as that."""


class StepCourse(NamedTuple):
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
    channels = conditions.channel_times
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
    worst = before = _phase(legs, 0.0)
    phases = [before]
    for at in _times_of_change(legs, conditions.within_seconds):
        phase = _phase(legs, at)
        if phase[1:] != before[1:]:
            phases.append(phase)
            before = phase
            if JOURNEY_STATE_CODES[phase.state] > JOURNEY_STATE_CODES[worst.state]:
                worst = phase
    return StepCourse(step, tuple(phases), worst, _harmful(legs, worst))


class _Times(NamedTuple):
    """When something that needs components is down and no longer ok, and because of which of them."""

    down: float
    harmed: float
    downed_by: str | None
    harmed_by: str | None


_NEVER = _Times(math.inf, math.inf, None, None)


def _earliest(needs: Iterable[str], found: Mapping[str, tuple[float, float]], sofar: _Times = _NEVER) -> _Times:
    """Times of what needs all of these. Of those that act at once the first counts, what is known so far before all."""
    for ref in needs:
        times = found.get(ref)
        if times is not None:
            down, harmed = times
            if down < sofar.down:
                sofar = sofar._replace(down=down, downed_by=ref)
            if harmed < sofar.harmed:
                sofar = sofar._replace(harmed=harmed, harmed_by=ref)
    return sofar


class _LegTimes:
    """When a leg is down, degraded and open."""

    __slots__ = ("channel", "down", "downed_by", "harmed", "harmed_by", "openings")

    def __init__(self, leg: Leg, conditions: Conditions) -> None:
        self.channel = leg.channel
        # The channel's needs come before the leg's.
        self.down, self.harmed, self.downed_by, self.harmed_by = _earliest(
            leg.uses, conditions.failure.times, conditions.channel_times.get(leg.channel, _NEVER)
        )
        self.openings = conditions.openings.get(leg.channel, ALWAYS_OPEN)

    def is_open(self, at_seconds: float) -> bool:
        return self.openings is ALWAYS_OPEN or self.openings.is_open(at_seconds)


def _times_of_change(legs: list[_LegTimes], within: float) -> list[float]:
    """Times after 0 at which the phase may be another."""
    times: set[float] = set()
    for leg in legs:
        times.add(leg.down)
        times.add(leg.harmed)
        times.update(leg.openings.changes)
    return sorted(time for time in times if 0 < time < within)


def _phase(legs: list[_LegTimes], at: float) -> StepPhase:
    first: _LegTimes | None = None
    for leg in legs:
        if not leg.is_open(at):
            continue
        if first is None:
            first = leg
            if at < leg.down:
                return StepPhase(at, "ok" if at < leg.harmed else "degraded", leg.channel, None)
        elif at < leg.down:
            return StepPhase(at, "fallback", leg.channel, leg.channel if leg.channel != first.channel else None)
    return StepPhase(at, "ok" if first is None else "blocked", None, None)


def _harmful(legs: list[_LegTimes], worst: StepPhase) -> str | None:
    if worst.state == "ok":
        return None
    open_legs = [leg for leg in legs if leg.is_open(worst.at_seconds)]
    if worst.state == "blocked":
        # What took the last way out; where several went at once, the best of them.
        return max(open_legs, key=lambda leg: leg.down).downed_by
    return open_legs[0].harmed_by if worst.state == "degraded" else open_legs[0].downed_by
