"""The prediction of one journey."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from servicescape.analysis.prediction.cut_sets import cut_sets
from servicescape.analysis.prediction.functions import Function, any_function, bits, positions, reached_gates
from servicescape.analysis.prediction.importance import components_that_count, importance
from servicescape.analysis.prediction.intervals import FRECHET, Interval, Intervals
from servicescape.analysis.prediction.journeys import (
    StepFunctions,
    blocked_interval,
    blocked_terms,
    contact_chances,
    harmed_terms,
    lost_terms,
    moved_terms,
    single_points,
)
from servicescape.analysis.prediction.questions import Questions
from servicescape.analysis.prediction.results import (
    Bounds,
    CommonCause,
    Displaced,
    JourneyPrediction,
    States,
    StepPrediction,
)
from servicescape.analysis.prediction.structure import Structure
from servicescape.analysis.prediction.terms import difference


@dataclass(frozen=True, slots=True)
class Case:
    """One journey with its functions: all that has to be known of it."""

    journey: str
    title: str
    objective_percent: float | None
    attempts_per_year: float | None
    currency: str | None
    steps: tuple[StepFunctions, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What the predictions of all journeys of a catalog rest on. It can be sent to another process."""

    structure: Structure
    unavailable: tuple[float, ...]
    assumed: frozenset[int]
    """Components whose availability nobody has said."""
    costs: Mapping[str, float]
    """Channel → what a contact costs, where that is known."""
    order: int
    most_nodes: int
    details: bool
    """Whether steps, contacts, cut sets and importance are asked for as well."""


class JourneyPredictor:
    """Predicts journeys one by one, each as if it were the only one."""

    def __init__(self, ground: Ground) -> None:
        self._structure = structure = ground.structure
        self._ground = ground
        self._unavailable = ground.unavailable
        self._most_nodes = ground.most_nodes
        self._chances = structure.chances(ground.unavailable)
        self._frechet = Intervals(structure.gates, structure.single_points, self._chances.__getitem__, FRECHET)
        self._questions = Questions(structure, self._chances.__getitem__, ground.most_nodes)
        self._steps: dict[tuple[tuple[Function, Function], ...], States | None] = {}
        self.overview_cut_short = False
        """Whether the last journey would have needed more effort than was allowed for what is asked in any case."""

    @property
    def cut_short(self) -> bool:
        """Whether the last journey would have needed more effort than was allowed."""
        return self._questions.cut_short

    def predict(self, case: Case, most_effort: float) -> JourneyPrediction:
        """The prediction of one journey, with so much effort (nodes of diagrams, and what takes as long).

        Details come last, so that all else is the same with them and without.
        """
        self._questions.begin(most_effort)
        self._steps.clear()
        steps, attempts = case.steps, case.attempts_per_year
        frechet = _as_bounds(blocked_interval(self._frechet, steps, FRECHET))
        notes: list[str] = []
        blocked = self._questions.outcome(blocked_terms(steps))
        uses = any(step.step.share < 1 for step in steps if not step.step.optional)
        lost_outcome = self._questions.outcome(lost_terms(steps, self._questions)) if uses else blocked
        availability = served = lost = states = None
        sets = figures = bounds = None
        shared: tuple[CommonCause, ...] = ()
        blocking: set[int] = set()
        if blocked is None:
            notes.append(f"{self._too_large('the diagram')}: bounds are shown")
            bounds = _as_bounds(self._questions.bounds(blocked_terms(steps)))
        else:
            availability = blocked.complement(self._chances)
            states = self._states(steps, blocked.probability(self._chances))
            if states is None:
                notes.append(self._too_large("the diagram of degraded and fallback"))
            blocking = components_that_count(self._structure, blocked, lost_outcome)
            if self._ground.details:
                sets = cut_sets(self._structure, blocked, self._unavailable, self._ground.order)
                figures, shared = importance(
                    self._structure, blocked, lost_outcome, self._chances, self._unavailable, attempts
                )
        if lost_outcome is not None:
            share_lost = lost_outcome.probability(self._chances)
            served = 1.0 - share_lost
            lost = None if attempts is None else share_lost * attempts
        self.overview_cut_short = self.cut_short
        displaced = self._displaced(steps, attempts, notes) if self._ground.details else None
        sources = self._sources_below(steps)
        return JourneyPrediction(
            journey=case.journey,
            title=case.title,
            objective_percent=case.objective_percent,
            meets=_meets(case.objective_percent, availability, bounds),
            states=states,
            availability=availability,
            attempts_served=served,
            bounds=bounds,
            whatever_the_correlation=frechet,
            attempts_per_year=attempts,
            attempts_lost_per_year=lost,
            displaced=displaced,
            currency=case.currency,
            steps=tuple(
                StepPrediction(
                    each.step.name, each.step.title, each.step.optional, each.step.share, self._states_of_step(each)
                )
                for each in steps
            )
            if self._ground.details
            else (),
            single_points=self._single_points(steps),
            cut_sets=sets,
            importance=figures,
            common_causes=shared,
            needs=len(sources),
            assumed=tuple(
                self._structure.graph.refs[number]
                for number in sources
                if number in self._ground.assumed and number in blocking
            ),
            felt_at_once=tuple(
                self._structure.graph.refs[number] for number in sources if number in self._structure.felt_at_once
            ),
            notes=tuple(notes),
        )

    def _too_large(self, what: str) -> str:
        if self.cut_short:
            return f"{what} would take more than is spent on one of so many journeys (alone it gets more)"
        return f"{what} would outgrow its limit of {self._most_nodes:,} nodes"

    def _states(self, steps: tuple[StepFunctions, ...], blocked: float | None) -> States | None:
        """The states of some steps together: nested chances, each with its own single points factored out."""
        ask = self._questions.chance
        if blocked is None:
            blocked = ask(blocked_terms(steps))
        moved, harmed = ask(moved_terms(steps)), ask(harmed_terms(steps))
        if blocked is None or moved is None or harmed is None:
            return None
        return States(1.0 - harmed, difference(harmed, moved), difference(moved, blocked), blocked)

    def _states_of_step(self, step: StepFunctions) -> States | None:
        """One step by itself, whether the journey can do without it or not."""
        key = tuple((leg.down, leg.harmed) for leg in step.legs)
        if key not in self._steps:
            self._steps[key] = self._states((replace(step, step=replace(step.step, optional=False)),), None)
        return self._steps[key]

    def _displaced(
        self, steps: tuple[StepFunctions, ...], attempts: float | None, notes: list[str]
    ) -> tuple[Displaced, ...] | None:
        """The contacts a year that fall back, by channel."""
        if attempts is None:
            return None
        chances = contact_chances(steps, self._questions)
        if chances is None:
            notes.append(self._too_large("the diagram of contacts"))
            return None
        displaced = []
        for ref, chance in chances.items():
            contacts = chance * attempts
            cost = self._ground.costs.get(ref)
            if contacts > 0:
                displaced.append(Displaced(ref, contacts, None if cost is None else cost * contacts))
        return tuple(sorted(displaced, key=lambda each: (-each.contacts_per_year, each.channel)))

    def _sources_below(self, steps: tuple[StepFunctions, ...]) -> list[int]:
        """Numbers of the components of which anything in a journey hangs."""
        functions = [leg.down for step in steps for leg in step.legs]
        functions += (step.legs[0].harmed for step in steps if step.legs)
        gates = reached_gates(self._structure.gates, functions)
        inputs = (item for number in gates for item in self._structure.gates[number].inputs)
        events = any_function(functions).events | any_function(inputs).events
        found: set[int] = set()
        for event in positions(events):
            source = self._structure.sources[self._structure.source_of_event[event]]
            if source.kind == "own":
                found.update(source.components)
        return sorted(found)

    def _single_points(self, steps: tuple[StepFunctions, ...]) -> tuple[str, ...]:
        found: dict[str, float] = {}
        for event in bits(single_points(self._structure, steps)):
            source = self._structure.sources[self._structure.source_of_event[event]]
            if source.kind == "own":
                number = source.components[0]
                found[self._structure.graph.refs[number]] = self._unavailable[number]
        return tuple(sorted(found, key=lambda ref: (-found[ref], ref)))


def _as_bounds(blocked: Interval) -> Bounds:
    return Bounds((1.0 - blocked[1], 1.0 - blocked[0]))


def _meets(objective: float | None, availability: float | None, bounds: Bounds | None) -> bool | None:
    if objective is None:
        return None
    if availability is not None:
        return availability * 100 >= objective
    if bounds is None:
        return None
    low, high = bounds.availability
    return True if low * 100 >= objective else False if high * 100 < objective else None
