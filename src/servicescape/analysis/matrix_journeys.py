"""States of steps and journeys for many failures at once: `journey_impact`, with one array element per failure.

Without hours everything a failure does to a step only gets worse with time, so a step is told by a few times: when its
first leg is degraded, and when each further leg is the last one left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from servicescape.analysis.impact_graph import FailureGraph
from servicescape.analysis.matrix_times import Row, Times
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Journey, Step


@dataclass(frozen=True, slots=True)
class LegNeeds:
    """Numbers of the components without any one of which a leg is gone."""

    channel: str
    own: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StepPlan:
    """A step with its needs resolved."""

    step: Step
    legs: tuple[LegNeeds, ...]


@dataclass(frozen=True, slots=True)
class StepTimes:
    """When a step changes, by failure."""

    degraded: Row
    left: tuple[Row, ...]
    """When the first leg is gone, when the first two are gone, and so on, up to a leg that no failure reaches."""
    blocked: Row | None
    """When all legs are gone; None: never."""


@dataclass(frozen=True, slots=True)
class WorstStates:
    """Worst state by failure as a code, and when it is reached (infinity where it is ok)."""

    state: npt.NDArray[np.uint8]
    after: Row


class JourneyPlans:
    """All journeys of a catalog, ready to be judged by one chunk of failures after another."""

    def __init__(self, catalog: Catalog, graph: FailureGraph) -> None:
        self.journeys: tuple[Journey, ...] = tuple(catalog.journeys.values())
        self._number = graph.number
        self._channels = {channel.ref: self._numbers(channel.runs_on) for channel in catalog.channels.values()}
        self.steps = [tuple(self._plan(step) for step in journey.steps) for journey in self.journeys]

    def _numbers(self, refs: Sequence[str]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self._number[ref] for ref in refs if ref in self._number))

    def _plan(self, step: Step) -> StepPlan:
        return StepPlan(step, tuple(LegNeeds(leg.channel, self._numbers(leg.uses)) for leg in step.legs))

    def needed(self) -> set[int]:
        """Numbers of the components that journeys use themselves."""
        return {
            number
            for steps in self.steps
            for step in steps
            for leg in step.legs
            for number in (*leg.own, *self._channels.get(leg.channel, ()))
        }

    def judge(self, times: Mapping[int, Times]) -> "ChunkOfSteps":
        """The times of one chunk as seen by steps."""
        channels = {
            ref: worst for ref, needs in self._channels.items() if (worst := _earliest(needs, times)) is not None
        }
        return ChunkOfSteps(times, channels)


def _earliest(needs: Sequence[int], times: Mapping[int, Times], also: Times | None = None) -> Times | None:
    parts = [times[number] for number in needs if number in times]
    if also is not None:
        parts.append(also)
    if len(parts) < 2:
        return parts[0] if parts else None
    earliest = np.minimum(parts[0], parts[1])
    for part in parts[2:]:
        np.minimum(earliest, part, out=earliest)
    return earliest


@dataclass(frozen=True, slots=True)
class ChunkOfSteps:
    """What one chunk of failures does to legs and steps."""

    times: Mapping[int, Times]
    channels: Mapping[str, Times]
    """Channels that any of the failures reaches."""

    def step(self, plan: StepPlan) -> StepTimes | None:
        """When a step changes; None where no failure reaches its first leg, so that it stays ok."""
        first = self._leg(plan.legs[0]) if plan.legs else None
        if first is None:
            return None
        left = [first[0]]
        for leg in plan.legs[1:]:
            times = self._leg(leg)
            if times is None:
                return StepTimes(first[1], tuple(left), None)
            left.append(np.maximum(left[-1], times[0]))
        return StepTimes(first[1], tuple(left), left[-1])

    def _leg(self, leg: LegNeeds) -> Times | None:
        return _earliest(leg.own, self.times, self.channels.get(leg.channel))


def step_states(times: StepTimes) -> WorstStates:
    """Worst state of a step."""
    return worst_states(times.degraded, times.left[0], times.blocked)


def journey_states(steps: Sequence[tuple[Step, StepTimes]]) -> WorstStates | None:
    """Worst state of a journey: that of its worst mandatory step; a blocked optional step makes it degraded.

    None where it stays ok. `steps` leaves out those that stay ok.
    """
    degraded = [times.degraded for step, times in steps if not step.optional]
    degraded += [times.blocked for step, times in steps if step.optional and times.blocked is not None]
    if not degraded:
        return None
    fallback = [times.left[0] for step, times in steps if not step.optional]
    blocked = [times.blocked for step, times in steps if not step.optional and times.blocked is not None]
    return worst_states(_least(degraded), _least(fallback) if fallback else None, _least(blocked) if blocked else None)


def _least(rows: Sequence[Row]) -> Row:
    least = rows[0]
    if len(rows) > 1:
        least = np.minimum(least, rows[1])
        for row in rows[2:]:
            np.minimum(least, row, out=least)
    return least


def worst_states(degraded: Row, fallback: Row | None, blocked: Row | None) -> WorstStates:
    """Worst state from the times of the three states, of which a worse one never comes before a better one."""
    state = (degraded < np.inf).view(np.uint8)
    after = degraded
    for times in (fallback, blocked):
        if times is not None:
            reached = times < np.inf
            state = state + reached.view(np.uint8)
            after = np.where(reached, times, after)
    return WorstStates(state, after)
