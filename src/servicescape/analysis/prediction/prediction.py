"""How often the journeys of a catalog work, fall back and are blocked, and what to mend first."""

import gc
from collections.abc import Iterable, Mapping
from dataclasses import replace

from servicescape.analysis.impact_graph import FailureGraph
from servicescape.analysis.prediction.availability import Availabilities, Defaults, Measurement
from servicescape.analysis.prediction.cut_sets import cut_sets
from servicescape.analysis.prediction.functions import Function, any_function, bits, positions, reached_gates
from servicescape.analysis.prediction.importance import importance
from servicescape.analysis.prediction.intervals import FRECHET, Interval, Intervals
from servicescape.analysis.prediction.journeys import (
    StepFunctions,
    blocked_interval,
    blocked_terms,
    contact_chances,
    harmed_terms,
    journey_functions,
    lost_terms,
    moved_terms,
    single_points,
)
from servicescape.analysis.prediction.questions import Questions
from servicescape.analysis.prediction.results import (
    HOURS_A_YEAR,
    Bounds,
    CommonCause,
    Displaced,
    JourneyPrediction,
    Prediction,
    States,
    StepPrediction,
)
from servicescape.analysis.prediction.states import structure_of
from servicescape.analysis.prediction.structure import Structure
from servicescape.analysis.prediction.terms import difference
from servicescape.analysis.promises import availability_slo
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Journey

MOST_NODES = 150_000
"""Of the diagrams of one journey; more would take seconds and say little that bounds do not."""


def predict(
    catalog: Catalog,
    *,
    journeys: Iterable[str] | None = None,
    order: int = 2,
    measured: Mapping[str, Measurement] | None = None,
    defaults: Defaults | None = None,
    most_nodes: int = MOST_NODES,
) -> Prediction:
    """Predicts these journeys (by reference; all where None is given) from the availability of all components.

    Failures of components are taken to be independent, but for the groups that say otherwise. `order` is the number of
    causes up to which cut sets are looked for. What would need more than `most_nodes` gets bounds instead.
    """
    structure = structure_of(catalog, graph=FailureGraph.of(catalog))
    availabilities = Availabilities(catalog, structure, measured=measured, defaults=defaults)
    return Predictor(catalog, structure, availabilities, order, most_nodes).predict(
        sorted(catalog.journeys if journeys is None else journeys)
    )


class Predictor:
    """Predicts journeys of one catalog with one set of availabilities."""

    def __init__(
        self,
        catalog: Catalog,
        structure: Structure,
        availabilities: Availabilities,
        order: int,
        most_nodes: int = MOST_NODES,
    ) -> None:
        self._catalog = catalog
        self._structure = structure
        self._components = availabilities.all()
        self._unavailable = availabilities.unavailable
        self._order = order
        self._most_nodes = most_nodes
        self._chances = structure.chances(self._unavailable)
        self._frechet = Intervals(structure.gates, structure.single_points, self._chances.__getitem__, FRECHET)
        self._questions = Questions(structure, self._chances.__getitem__, most_nodes)
        self._slos = availability_slo(catalog)
        self._steps: dict[tuple[tuple[Function, Function], ...], States | None] = {}

    def predict(self, refs: Iterable[str]) -> Prediction:
        """The prediction of these journeys, and the availabilities that it rests on."""
        notes = []
        if self._structure.tolerances_left_out:
            notes.append("too many different sums of tolerances: every failure counts from its first second")
        return Prediction(
            components=self._components,
            journeys=tuple(self._journeys(refs)),
            order=self._order,
            tolerances_left_out=self._structure.tolerances_left_out,
            notes=tuple(notes),
        )

    def _journeys(self, refs: Iterable[str]) -> Iterable[JourneyPrediction]:
        """One journey after the other. Results pile up and hold no cycles: looking for some doubles the time."""
        enabled = gc.isenabled()
        gc.disable()
        try:
            for ref in refs:
                yield self._journey(self._catalog.journeys[ref])
        finally:
            if enabled:
                gc.enable()

    def _journey(self, journey: Journey) -> JourneyPrediction:
        steps = journey_functions(self._catalog, self._structure, journey)
        attempts = None if journey.average_per_hour is None else journey.average_per_hour * HOURS_A_YEAR
        objective = journey.objective_percent
        if objective is None and journey.ref in self._slos:
            objective = float(self._slos[journey.ref].objective_percent)
        frechet = _as_bounds(blocked_interval(self._frechet, steps, FRECHET))
        notes: list[str] = []
        blocked = self._questions.outcome(blocked_terms(steps))
        uses = any(step.step.share < 1 for step in steps if not step.step.optional)
        lost_outcome = self._questions.outcome(lost_terms(steps, self._questions)) if uses else blocked
        availability = served = lost = states = None
        sets = figures = bounds = None
        shared: tuple[CommonCause, ...] = ()
        if blocked is None:
            notes.append(f"the diagram would outgrow its limit of {self._most_nodes:,} nodes: bounds are shown")
            bounds = _as_bounds(self._questions.bounds(blocked_terms(steps)))
        else:
            availability = blocked.complement(self._chances)
            states = self._states(steps, blocked.probability(self._chances))
            if states is None:
                notes.append(
                    f"the diagram of degraded and fallback would outgrow its limit of {self._most_nodes:,} nodes"
                )
            sets = cut_sets(self._structure, blocked, self._unavailable, self._order)
            figures, shared = importance(
                self._structure, blocked, lost_outcome, self._chances, self._unavailable, attempts
            )
        if lost_outcome is not None:
            share_lost = lost_outcome.probability(self._chances)
            served = 1.0 - share_lost
            lost = None if attempts is None else share_lost * attempts
        displaced = self._displaced(steps, attempts, notes)
        step_states = [self._states_of_step(step) for step in steps]
        sources = self._sources_below(steps)
        blocking = {each.component for each in figures or ()}
        return JourneyPrediction(
            journey=journey.ref,
            title=journey.title,
            objective_percent=objective,
            meets=_meets(objective, availability, bounds),
            states=states,
            availability=availability,
            attempts_served=served,
            bounds=bounds,
            whatever_the_correlation=frechet,
            attempts_per_year=attempts,
            attempts_lost_per_year=lost,
            displaced=displaced,
            currency=journey.currency,
            steps=tuple(
                StepPrediction(each.step.name, each.step.title, each.step.optional, each.step.share, state)
                for each, state in zip(steps, step_states, strict=True)
            ),
            single_points=self._single_points(steps),
            cut_sets=sets,
            importance=figures,
            common_causes=shared,
            needs=len(sources),
            assumed=tuple(
                self._components[number].component
                for number in sources
                if self._components[number].assumed and self._components[number].component in blocking
            ),
            felt_at_once=tuple(
                self._structure.graph.refs[number] for number in sources if number in self._structure.felt_at_once
            ),
            notes=tuple(notes),
        )

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
        displaced = []
        for ref, chance in contact_chances(steps, self._questions).items():
            if chance is None:
                notes.append(f"the diagram of contacts would outgrow its limit of {self._most_nodes:,} nodes")
                return None
            contacts = chance * attempts
            cost = self._catalog.channels[ref].cost_per_contact
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
