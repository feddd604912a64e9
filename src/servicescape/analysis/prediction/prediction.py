"""How often the journeys of a catalog work, fall back and are blocked, and what to mend first."""

import gc
from collections.abc import Iterable, Mapping, Sequence

from servicescape.analysis.impact_graph import FailureGraph
from servicescape.analysis.prediction.availability import (
    Availabilities,
    Defaults,
    Measurement,
    availability_slo,
)
from servicescape.analysis.prediction.compiled import Compiled
from servicescape.analysis.prediction.cut_sets import cut_sets
from servicescape.analysis.prediction.diagrams import FALSE
from servicescape.analysis.prediction.functions import Function, any_function, bits, positions, reached_gates
from servicescape.analysis.prediction.importance import importance
from servicescape.analysis.prediction.intervals import ASSOCIATED, FRECHET, Interval, Intervals, any_chance
from servicescape.analysis.prediction.journeys import (
    AttemptRoots,
    StateRoots,
    StepFunctions,
    all_functions,
    attempt_roots,
    blocked_interval,
    journey_functions,
    journey_roots,
    single_points,
    step_roots,
)
from servicescape.analysis.prediction.outcomes import Outcome, Roots, compile_question
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
from servicescape.analysis.prediction.structure import Structure, structure_of
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Journey

MOST_NODES = 60_000
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
        self._frechet = Intervals(structure, self._chances.__getitem__, FRECHET)
        self._associated = Intervals(structure, self._chances.__getitem__, ASSOCIATED)
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
        alone = single_points(self._structure, steps)
        chain = self._chance_of_any(alone)
        notes: list[str] = []
        blocked, states = self._states_of_journey(steps, alone)
        if blocked is None:
            notes.append(f"the diagram would need more than {self._most_nodes:,} nodes: bounds are shown")
        elif states is None:
            notes.append(f"the diagram of degraded and fallback would need more than {self._most_nodes:,} nodes")
        lost_outcome, displaced = self._attempts(steps, blocked, attempts, notes)
        availability = served = lost = None
        sets = figures = bounds = None
        shared: tuple[CommonCause, ...] = ()
        if blocked is None:
            low, high = blocked_interval(self._associated, steps, ASSOCIATED)
            # The rest of the diagram is what happens besides the single points, which are exact.
            rest = blocked_interval(self._without(alone), steps, ASSOCIATED)[1]
            bounds = _as_bounds((max(low, chain), min(high, chain + (1.0 - chain) * rest)))
        else:
            diagrams, chances = blocked.compiled.diagrams, blocked.level_chances(self._chances)
            availability = (1.0 - chain) * diagrams.complement_probability(blocked.root, chances)
            sets = cut_sets(self._structure, blocked, self._unavailable, self._order)
            figures, shared = importance(
                self._structure, blocked, lost_outcome, self._chances, self._unavailable, attempts
            )
        if lost_outcome is not None:
            share_lost = lost_outcome.probabilities(self._chances, [{}])[0]
            served = 1.0 - share_lost
            lost = None if attempts is None else share_lost * attempts
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

    def _states_of_journey(self, steps: tuple[StepFunctions, ...], alone: int) -> tuple[Outcome | None, States | None]:
        """The journey's being blocked, and its states: by one diagram, or else by one for each state."""
        found = StateRoots()

        def build(compiled: Compiled, root: Roots, only_blocked: bool = False) -> None:
            nonlocal found
            found = journey_roots(compiled.diagrams, steps, root, only_blocked=only_blocked)
            if not only_blocked:
                found.tell_apart(compiled.diagrams)

        functions = all_functions(steps)
        compiled = compile_question(self._structure, functions, build, most_nodes=self._most_nodes, without=alone)
        if compiled is not None:
            outcome = Outcome(compiled, found.blocked, alone)
            return outcome, _states(outcome, found, self._chances, self._chance_of_any(alone))
        compiled = compile_question(
            self._structure,
            all_functions(steps, only_blocked=True),
            lambda compiled, root: build(compiled, root, True),
            most_nodes=self._most_nodes,
            without=alone,
        )
        if compiled is None:
            return None, None
        outcome = Outcome(compiled, found.blocked, alone)
        return outcome, self._states_apart(steps, outcome)

    def _states_apart(self, steps: tuple[StepFunctions, ...], blocked: Outcome) -> States | None:
        """States by a diagram each, each without its own single points: smaller than all in one."""
        mandatory = [step for step in steps if step.legs and not step.step.optional]
        optional = [step for step in steps if step.legs and step.step.optional]
        moved = self._any_of([step.legs[0].down for step in mandatory], ())
        harmed = self._any_of([step.legs[0].harmed for step in mandatory], optional)
        if moved is None or harmed is None:
            return None
        low = blocked.probabilities(self._chances, [{}])[0]
        return States(1.0 - harmed, max(0.0, harmed - moved), max(0.0, moved - low), low)

    def _any_of(self, functions: Sequence[Function], optional: Sequence[StepFunctions]) -> float | None:
        """Chance that one of these functions is true, or one of these steps blocked."""
        points = self._structure.single_points
        alone = 0
        for function in functions:
            alone |= points.of(function)
        node = FALSE

        def build(compiled: Compiled, root: Roots) -> None:
            nonlocal node
            node = FALSE
            for function in functions:
                node = compiled.diagrams.either(node, root(function))
            for step in optional:
                blocked = step_roots(compiled.diagrams, step, root, only_blocked=True).blocked
                node = compiled.diagrams.either(node, blocked)

        wanted = [*functions, *(leg.down for step in optional for leg in step.legs)]
        compiled = compile_question(self._structure, wanted, build, most_nodes=self._most_nodes, without=alone)
        return None if compiled is None else Outcome(compiled, node, alone).probabilities(self._chances, [{}])[0]

    def _states_of_step(self, step: StepFunctions) -> States | None:
        key = tuple((leg.down, leg.harmed) for leg in step.legs)
        if key in self._steps:
            return self._steps[key]
        alone = -1
        for leg in step.legs:
            alone &= self._structure.single_points.of(leg.down)
        alone = max(alone, 0)
        roots = StateRoots()

        def build(compiled: Compiled, root: Roots) -> None:
            nonlocal roots
            roots = (
                step_roots(compiled.diagrams, step, root).tell_apart(compiled.diagrams) if step.legs else StateRoots()
            )

        compiled = compile_question(
            self._structure, all_functions((step,)), build, most_nodes=self._most_nodes, without=alone
        )
        states = None
        if compiled is not None:
            states = _states(Outcome(compiled, roots.blocked, alone), roots, self._chances, self._chance_of_any(alone))
        self._steps[key] = states
        return states

    def _attempts(
        self,
        steps: tuple[StepFunctions, ...],
        blocked: Outcome | None,
        attempts: float | None,
        notes: list[str],
    ) -> tuple[Outcome | None, tuple[Displaced, ...] | None]:
        """An attempt's being lost, and the contacts a year that fall back."""
        found = AttemptRoots()

        def build(compiled: Compiled, root: Roots) -> None:
            nonlocal found
            found = attempt_roots(compiled, steps, root)

        functions = all_functions(steps, only_blocked=True)
        compiled = compile_question(self._structure, functions, build, most_nodes=self._most_nodes)
        if compiled is None:
            notes.append(f"the diagram of contacts would need more than {self._most_nodes:,} nodes")
            if all(step.step.share >= 1 for step in steps if not step.step.optional):
                return blocked, None
            return None, None
        lost = Outcome(compiled, found.lost, 0, tuple(found.shares))
        if attempts is None:
            return lost, None
        chances = lost.level_chances(self._chances)
        displaced = []
        for ref, root in found.contacts.items():
            contacts = compiled.diagrams.probability(root, chances) * attempts
            cost = self._catalog.channels[ref].cost_per_contact
            if contacts > 0:
                displaced.append(Displaced(ref, contacts, None if cost is None else cost * contacts))
        return lost, tuple(sorted(displaced, key=lambda each: (-each.contacts_per_year, each.channel)))

    def _chance_of_any(self, events: int) -> float:
        return any_chance(self._chances[event] for event in positions(events))

    def _without(self, events: int) -> Intervals:
        return Intervals(self._structure, self._chances.__getitem__, ASSOCIATED, events)

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


def _states(outcome: Outcome, roots: StateRoots, chances: Sequence[float], chain: float) -> States:
    """Shares of time; `chain` is the chance of the single points, which are left out of the diagram."""
    diagrams, levels = outcome.compiled.diagrams, outcome.level_chances(chances)
    rest = 1.0 - chain
    return States(
        ok=rest * diagrams.complement_probability(roots.harmed, levels),
        degraded=rest * diagrams.probability(roots.only_harmed, levels),
        fallback=rest * diagrams.probability(roots.only_moved, levels),
        blocked=chain + rest * diagrams.probability(roots.blocked, levels),
    )


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
