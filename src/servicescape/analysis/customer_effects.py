"""What the failure of each of many components does to journeys, and which channels take over: for alerts.

The same answer as `blast_radius` gives one by one, read off the arrays of the matrix, so that thousands of components
take seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from servicescape.analysis.impact_graph import FailureGraph
from servicescape.analysis.matrix_graph import order_below
from servicescape.analysis.matrix_journeys import JourneyPlans, StepPlan, StepTimes, journey_states
from servicescape.analysis.matrix_times import Failure, propagate_all
from servicescape.catalog.catalog import Catalog
from servicescape.model.scenario import JOURNEY_STATES, JourneyState


@dataclass(frozen=True, slots=True)
class JourneyEffect:
    """What becomes of one journey when one component is down for good."""

    journey: str
    state: JourneyState
    """Worst state; never `ok`."""
    after_seconds: float
    channels: tuple[str, ...]
    """References of the channels that mandatory steps fall back to in the end; only in the state `fallback`."""


def customer_effects(catalog: Catalog, refs: Iterable[str]) -> dict[str, tuple[JourneyEffect, ...]]:
    """Effects of each component's failure, worst first; components that no journey notices are left out.

    The order within a state is by time, then by journey. Raises KeyError for what is no component.
    """
    wanted = sorted(set(refs))
    graph = FailureGraph.of(catalog)
    plans = JourneyPlans(catalog, graph)
    failures = [
        Failure(row=row, fail=graph.numbers((ref,)), degrade=(), within_seconds=np.inf)
        for row, ref in enumerate(wanted)
    ]
    found: dict[int, list[tuple[int, float, int, tuple[str, ...]]]] = {}
    for chunk in propagate_all(graph, order_below(graph, plans.needed()), failures):
        view = plans.judge(chunk.times)
        for number, steps in enumerate(plans.steps):
            changed = [(plan, times) for plan in steps if (times := view.step(plan)) is not None]
            worst = journey_states([(plan.step, times) for plan, times in changed]) if changed else None
            if worst is None:
                continue
            for place in np.flatnonzero(worst.state).tolist():
                state = int(worst.state[place])
                channels = _channels(changed, place) if JOURNEY_STATES[state] == "fallback" else ()
                row = int(chunk.rows[place])
                found.setdefault(row, []).append((-state, float(worst.after[place]), number, channels))
    return {
        wanted[row]: tuple(
            JourneyEffect(plans.journeys[number].ref, JOURNEY_STATES[-state], after, channels)
            for state, after, number, channels in sorted(effects)
        )
        for row, effects in sorted(found.items())
    }


def _channels(changed: list[tuple[StepPlan, StepTimes]], place: int) -> tuple[str, ...]:
    """Channels of the legs that mandatory steps end up on, for those that left their first leg."""
    found: dict[str, None] = {}
    for plan, times in changed:
        gone = sum(bool(left[place] < np.inf) for left in times.left)
        if not plan.step.optional and 0 < gone < len(plan.legs):
            found[plan.legs[gone].channel] = None
    return tuple(sorted(found))
