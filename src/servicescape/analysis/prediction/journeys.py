"""The diagrams of one journey: its steps, its states, and what becomes of an attempt.

The states are nested monotone functions, Blocked ⊆ Moved ⊆ Harmed, so that degraded and fallback are exact without
variables of more than two values. A step's `share` is a variable of its own, which says whether an attempt uses the
step; the rules for attempts and contacts are those of `customers`.
"""

from dataclasses import dataclass, field

from servicescape.analysis.journey_impact import leg_needs
from servicescape.analysis.prediction.compiled import Compiled
from servicescape.analysis.prediction.diagrams import FALSE, TRUE, Diagrams
from servicescape.analysis.prediction.functions import Function, any_function
from servicescape.analysis.prediction.intervals import (
    NOTHING,
    Interval,
    Intervals,
    Rule,
    all_interval,
    any_interval,
)
from servicescape.analysis.prediction.outcomes import Roots
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
    only_moved: int = FALSE
    """Moved and not blocked."""
    only_harmed: int = FALSE
    """Harmed and not moved."""

    def tell_apart(self, diagrams: Diagrams) -> "StateRoots":
        """With the two differences as diagrams of their own: a difference of chances would lose digits."""
        self.only_moved = diagrams.without(self.moved, self.blocked)
        self.only_harmed = diagrams.without(self.harmed, self.moved)
        return self


def step_roots(diagrams: Diagrams, step: StepFunctions, root: Roots, *, only_blocked: bool = False) -> StateRoots:
    """The states of one step that has legs."""
    down = [root(leg.down) for leg in step.legs]
    blocked = down[0]
    for each in down[1:]:
        blocked = diagrams.both(blocked, each)
    return StateRoots(blocked, down[0], FALSE if only_blocked else root(step.legs[0].harmed))


def journey_roots(
    diagrams: Diagrams, steps: tuple[StepFunctions, ...], root: Roots, *, only_blocked: bool = False
) -> StateRoots:
    """The states of a journey: as its worst mandatory step; a blocked optional step degrades it."""
    whole = StateRoots()
    for step in steps:
        if not step.legs or (only_blocked and step.step.optional):
            continue
        roots = step_roots(diagrams, step, root, only_blocked=only_blocked)
        if step.step.optional:
            whole.harmed = diagrams.either(whole.harmed, roots.blocked)
            continue
        whole.blocked = diagrams.either(whole.blocked, roots.blocked)
        whole.moved = diagrams.either(whole.moved, roots.moved)
        whole.harmed = diagrams.either(whole.harmed, roots.harmed)
    return whole


@dataclass(slots=True)
class AttemptRoots:
    """What becomes of an attempt."""

    lost: int = FALSE
    """It ends at a blocked step."""
    contacts: dict[str, int] = field(default_factory=dict)
    """Channel → it falls back to it."""
    shares: list[float] = field(default_factory=list)
    """Chances of the variables below those of failures: whether the attempt uses a step."""


def attempt_roots(compiled: Compiled, steps: tuple[StepFunctions, ...], root: Roots) -> AttemptRoots:
    """Follows an attempt through its steps, in their order."""
    diagrams = compiled.diagrams
    found = AttemptRoots()
    for step in steps:
        if not step.legs:
            continue
        uses = _uses(compiled, found, step.step.share)
        blocked = root(step.legs[0].down)
        for leg in step.legs[1:]:
            down = root(leg.down)
            if leg.channel != step.legs[0].channel:
                here = diagrams.without(diagrams.both(uses, diagrams.without(blocked, down)), found.lost)
                found.contacts[leg.channel] = diagrams.either(found.contacts.get(leg.channel, FALSE), here)
            blocked = diagrams.both(blocked, down)
        if not step.step.optional:
            found.lost = diagrams.either(found.lost, diagrams.both(uses, blocked))
    return found


def _uses(compiled: Compiled, found: AttemptRoots, share: float) -> int:
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
