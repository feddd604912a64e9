"""The diagrams of one journey: its steps, its states, and what becomes of an attempt.

The states are nested monotone functions, Blocked ⊆ Moved ⊆ Harmed, so that degraded and fallback are exact without
variables of more than two values. A step's `share` is a variable of its own, which says whether an attempt uses the
step; the rules for attempts and contacts are those of `customers`.
"""

from dataclasses import dataclass, field

from servicescape.analysis.journey_impact import leg_needs
from servicescape.analysis.prediction.compiled import Compiled
from servicescape.analysis.prediction.diagrams import FALSE, TRUE
from servicescape.analysis.prediction.functions import Function, any_function
from servicescape.analysis.prediction.intervals import (
    NOTHING,
    Interval,
    Intervals,
    Rule,
    all_interval,
    any_interval,
)
from servicescape.analysis.prediction.structure import Structure
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Journey, Step


@dataclass(frozen=True, slots=True)
class LegFunctions:
    """One way of doing a step."""

    channel: str
    down: Function
    harmed: Function


@dataclass(frozen=True, slots=True)
class StepFunctions:
    """A step with the functions of its legs, best first."""

    step: Step
    legs: tuple[LegFunctions, ...]


def journey_functions(catalog: Catalog, structure: Structure, journey: Journey) -> tuple[StepFunctions, ...]:
    """The steps of a journey. A step without legs is never blocked: nothing is known of it."""
    number = structure.graph.number
    found = []
    for step in journey.steps:
        legs = []
        for leg in step.legs:
            needs = [number[ref] for ref in leg_needs(catalog, leg) if ref in number]
            legs.append(
                LegFunctions(
                    leg.channel,
                    any_function([structure.down[each] for each in needs]),
                    any_function([structure.harmed[each] for each in needs]),
                )
            )
        found.append(StepFunctions(step, tuple(legs)))
    return tuple(found)


def all_functions(steps: tuple[StepFunctions, ...], *, only_blocked: bool = False) -> list[Function]:
    """What a diagram of these steps is built from, in the order in which variables should be met."""
    found = [leg.down for step in steps for leg in step.legs]
    if not only_blocked:
        found += (step.legs[0].harmed for step in steps if step.legs)
    return list(dict.fromkeys(found))


def single_points(structure: Structure, steps: tuple[StepFunctions, ...]) -> int:
    """The events each of which blocks a mandatory step, as bits."""
    found = 0
    for step in steps:
        if step.legs and not step.step.optional:
            alone = -1
            for leg in step.legs:
                alone &= structure.single_points.of(leg.down)
            found |= alone
    return found


@dataclass(slots=True)
class StateRoots:
    """Nested functions: blocked, on no first leg, not ok."""

    blocked: int = FALSE
    moved: int = FALSE
    harmed: int = FALSE


@dataclass(slots=True)
class JourneyRoots:
    """Nodes of everything that is asked of a journey."""

    journey: StateRoots = field(default_factory=StateRoots)
    steps: list[StateRoots] = field(default_factory=list)
    lost: int = FALSE
    """An attempt ends at a blocked step."""
    contacts: dict[str, int] = field(default_factory=dict)
    """Channel → an attempt falls back to it."""
    shares: list[float] = field(default_factory=list)
    """Chances of the variables below those of failures: whether an attempt uses a step."""


def build_roots(compiled: Compiled, steps: tuple[StepFunctions, ...], *, only_blocked: bool = False) -> JourneyRoots:
    """Builds the diagrams of a journey; with `only_blocked` those of its being blocked alone."""
    diagrams = compiled.diagrams
    found = JourneyRoots()
    whole = found.journey
    for step in steps:
        roots = StateRoots()
        found.steps.append(roots)
        if not step.legs:
            continue
        down = [compiled.root(leg.down) for leg in step.legs]
        uses = _uses(compiled, found, step.step.share)
        roots.moved = roots.blocked = down[0]
        if not only_blocked:
            roots.harmed = compiled.root(step.legs[0].harmed)
        for leg, leg_down in zip(step.legs[1:], down[1:], strict=True):
            if not only_blocked and leg.channel != step.legs[0].channel:
                here = diagrams.both(uses, diagrams.without(roots.blocked, leg_down))
                here = diagrams.without(here, found.lost)
                found.contacts[leg.channel] = diagrams.either(found.contacts.get(leg.channel, FALSE), here)
            roots.blocked = diagrams.both(roots.blocked, leg_down)
        if step.step.optional:
            whole.harmed = diagrams.either(whole.harmed, roots.blocked)
            continue
        found.lost = diagrams.either(found.lost, diagrams.both(uses, roots.blocked))
        whole.blocked = diagrams.either(whole.blocked, roots.blocked)
        whole.moved = diagrams.either(whole.moved, roots.moved)
        whole.harmed = diagrams.either(whole.harmed, roots.harmed)
    return found


def _uses(compiled: Compiled, found: JourneyRoots, share: float) -> int:
    if share >= 1.0:
        return TRUE
    level = len(compiled.groups) + len(found.shares)
    found.shares.append(share)
    return compiled.diagrams.node(level, FALSE, TRUE)


def blocked_interval(intervals: Intervals, steps: tuple[StepFunctions, ...], rule: Rule) -> Interval:
    """Bounds of the chance that a journey is blocked."""
    blocked = [
        all_interval([intervals.of(leg.down) for leg in step.legs], rule)
        for step in steps
        if step.legs and not step.step.optional
    ]
    return any_interval(blocked, rule) if blocked else NOTHING
