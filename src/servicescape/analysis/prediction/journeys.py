"""The questions about one journey: its steps, its states, and what becomes of an attempt.

The states are nested monotone functions, Blocked ⊆ Moved ⊆ Harmed, so that degraded and fallback are exact as
differences of two of them, without variables of more than two values. A step's `share` is an event of its own, which
says whether an attempt uses the step; the rules for attempts and contacts are those of `customers`. That an attempt
falls back to a channel is "all of this and none of that", and so a difference of two disjunctions as well.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

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
from servicescape.analysis.prediction.questions import Questions
from servicescape.analysis.prediction.structure import Structure
from servicescape.analysis.prediction.terms import Roots, Term
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Journey, Step

_MOST_OPEN_WAYS = 3
"""Of sums over earlier ways, which double with each of them."""


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


def blocked_terms(steps: tuple[StepFunctions, ...]) -> list[Term]:
    """A mandatory step has lost all its legs."""
    return [_blocked(step) for step in steps if step.legs and not step.step.optional]


def moved_terms(steps: tuple[StepFunctions, ...]) -> list[Term]:
    """A mandatory step has lost its first leg."""
    return [Term((step.legs[0].down,)) for step in steps if step.legs and not step.step.optional]


def harmed_terms(steps: tuple[StepFunctions, ...]) -> list[Term]:
    """A mandatory step is not ok, or an optional one is blocked."""
    return [_blocked(step) if step.step.optional else Term((step.legs[0].harmed,)) for step in steps if step.legs]


def _blocked(step: StepFunctions) -> Term:
    return Term(tuple(leg.down for leg in step.legs))


def lost_terms(steps: tuple[StepFunctions, ...], questions: Questions) -> list[Term]:
    """An attempt ends at a mandatory step that it uses and that is blocked."""
    return [
        Term(_blocked(step).functions, questions.use(position, step.step.share))
        for position, step in enumerate(steps)
        if step.legs and not step.step.optional
    ]


@dataclass(frozen=True, slots=True)
class _Contact:
    """A way to fall back to a channel: the legs before are down, and this one is not."""

    position: int
    before: tuple[Function, ...]
    down: Function
    uses: tuple[int, ...]
    ends_if_down: bool
    """Whether nothing is left beyond it, so that an attempt that goes on cannot have found it down."""

    @property
    def wanted(self) -> Term:
        """That it is asked for."""
        return Term(self.before, self.uses)


def contact_chances(steps: tuple[StepFunctions, ...], questions: Questions) -> dict[str, float] | None:
    """Channel → chance that an attempt falls back to it, in any step; None where a diagram would be too large."""
    contacts: dict[str, list[_Contact]] = {}
    for position, step in enumerate(steps):
        uses = questions.use(position, step.step.share)
        for index, leg in enumerate(step.legs):
            if index and leg.channel != step.legs[0].channel:
                last = index == len(step.legs) - 1 and not step.step.optional
                before = tuple(each.down for each in step.legs[:index])
                contacts.setdefault(leg.channel, []).append(_Contact(position, before, leg.down, uses, last))
    found = {}
    for channel, ways in contacts.items():
        chance = _any_contact(steps, ways, questions)
        if chance is None:
            return None
        found[channel] = chance
    return found


def _any_contact(steps: tuple[StepFunctions, ...], ways: Sequence[_Contact], questions: Questions) -> float | None:
    """The sum over the ways of the chance that it is the first one that is taken."""
    total = 0.0
    for way in ways:
        lost = lost_terms(steps[: way.position], questions)
        earlier = [each for each in ways if each.position < way.position]
        # Of an attempt that goes on it is known that such a way, had it been asked for, would have been taken.
        never = [*lost, Term((way.down,)), *(each.wanted for each in earlier if each.ends_if_down)]
        open_ways = [each for each in earlier if not each.ends_if_down]
        if len(open_ways) > _MOST_OPEN_WAYS:
            return _any_contact_together(steps, ways, questions)
        # First of all: inclusion and exclusion over the earlier ways taken as well.
        for count in range(len(open_ways) + 1):
            for taken in itertools.combinations(open_ways, count):
                found = _chance_of_all_but(
                    [way.wanted, *(each.wanted for each in taken)],
                    [*never, *(Term((each.down,)) for each in taken)],
                    questions,
                )
                if found is None:
                    return None
                total += found if count % 2 == 0 else -found
    return total


def _chance_of_all_but(wanted: Sequence[Term], never: Sequence[Term], questions: Questions) -> float | None:
    """Chance that all of some terms are true and none of others is."""
    both = Term(
        tuple(function for term in wanted for function in term.functions),
        tuple(sorted({use for term in wanted for use in term.uses})),
    )
    return questions.chance_without(both, never)


def _any_contact_together(
    steps: tuple[StepFunctions, ...], ways: Sequence[_Contact], questions: Questions
) -> float | None:
    """The same by one diagram: where many ways are open it is smaller than many sums."""
    lost = lost_terms(steps, questions)
    mandatory = [position for position, step in enumerate(steps) if step.legs and not step.step.optional]
    functions = [function for way in ways for function in (*way.before, way.down)]
    functions += (function for term in lost for function in term.functions)
    uses = {use for way in ways for use in way.uses} | {use for term in lost for use in term.uses}
    functions += (Function(1 << use, 0) for use in sorted(uses))

    def build(compiled: Compiled, root: Roots) -> int:
        diagrams = compiled.diagrams

        def all_of(term: Term) -> int:
            found = TRUE
            for function in (*term.functions, *(Function(1 << use, 0) for use in term.uses)):
                found = diagrams.both(found, root(function))
            return found

        gone, taken = FALSE, FALSE
        for position in range(len(steps)):
            for way in ways:
                if way.position == position:
                    here = diagrams.without(all_of(way.wanted), root(way.down))
                    taken = diagrams.either(taken, diagrams.without(here, gone))
            if position in mandatory:
                gone = diagrams.either(gone, all_of(lost[mandatory.index(position)]))
        return taken

    return questions.together(functions, build)


def blocked_interval(intervals: Intervals, steps: tuple[StepFunctions, ...], rule: Rule) -> Interval:
    """Bounds of the chance that a journey is blocked."""
    blocked = [
        all_interval([intervals.of(leg.down) for leg in step.legs], rule)
        for step in steps
        if step.legs and not step.step.optional
    ]
    return any_interval(blocked, rule) if blocked else NOTHING
