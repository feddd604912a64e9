"""How often the journeys of a catalog work, fall back and are blocked, and what to mend first."""

from collections.abc import Iterable, Mapping

from servicescape.analysis.impact_graph import FailureGraph
from servicescape.analysis.prediction.availability import (
    Availabilities,
    Defaults,
    Measurement,
    availability_slo,
)
from servicescape.analysis.prediction.compiled import Compiled, compile_functions
from servicescape.analysis.prediction.cut_sets import cut_sets
from servicescape.analysis.prediction.diagrams import deep_recursion
from servicescape.analysis.prediction.functions import any_function, bits, reached_gates
from servicescape.analysis.prediction.importance import importance, level_chances
from servicescape.analysis.prediction.intervals import ASSOCIATED, FRECHET, Interval, Intervals
from servicescape.analysis.prediction.journeys import (
    JourneyRoots,
    StateRoots,
    StepFunctions,
    all_functions,
    blocked_interval,
    build_roots,
    journey_functions,
    single_points,
)
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

MOST_NODES = 300_000
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

    def predict(self, refs: Iterable[str]) -> Prediction:
        """The prediction of these journeys, and the availabilities that it rests on."""
        notes = []
        if self._structure.tolerances_left_out:
            notes.append("too many different sums of tolerances: every failure counts from its first second")
        return Prediction(
            components=self._components,
            journeys=tuple(self._journey(self._catalog.journeys[ref]) for ref in refs),
            order=self._order,
            tolerances_left_out=self._structure.tolerances_left_out,
            notes=tuple(notes),
        )

    def _journey(self, journey: Journey) -> JourneyPrediction:
        steps = journey_functions(self._catalog, self._structure, journey)
        attempts = None if journey.average_per_hour is None else journey.average_per_hour * HOURS_A_YEAR
        objective = journey.objective_percent
        if objective is None and journey.ref in self._slos:
            objective = float(self._slos[journey.ref].objective_percent)
        frechet = _as_bounds(blocked_interval(self._frechet, steps, FRECHET))
        roots, compiled, notes = self._compile(steps)
        states = None
        availability = served = lost = None
        displaced = None
        step_states: list[States | None] = [None] * len(steps)
        sets = figures = None
        shared: tuple[CommonCause, ...] = ()
        bounds = None
        if compiled is None:
            bounds = _as_bounds(blocked_interval(self._associated, steps, ASSOCIATED))
        else:
            chances = level_chances(compiled, self._chances, roots.shares)
            diagrams = compiled.diagrams
            availability = diagrams.complement_probability(roots.journey.blocked, chances)
            served = diagrams.complement_probability(roots.lost, chances)
            share_lost = diagrams.probability(roots.lost, chances)
            lost = None if attempts is None else share_lost * attempts
            if not notes:
                states = _states(compiled, roots.journey, chances)
                step_states = [_states(compiled, each, chances) for each in roots.steps]
                if attempts is not None:
                    displaced = self._displaced(compiled, roots, chances, attempts)
            with deep_recursion(len(chances)):
                sets = cut_sets(
                    self._structure, diagrams, roots.journey.blocked, compiled.groups, self._unavailable, self._order
                )
            figures, shared = importance(
                self._structure,
                compiled,
                roots.journey.blocked,
                roots.lost,
                self._chances,
                roots.shares,
                self._unavailable,
                attempts,
            )
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
            notes=notes,
        )

    def _compile(self, steps: tuple[StepFunctions, ...]) -> tuple[JourneyRoots, Compiled | None, tuple[str, ...]]:
        """The diagrams of a journey; of its being blocked alone where all would be too large; or none."""
        roots = JourneyRoots()
        for only_blocked in (False, True):

            def build(compiled: Compiled, only_blocked: bool = only_blocked) -> None:
                nonlocal roots
                roots = build_roots(compiled, steps, only_blocked=only_blocked)

            functions = all_functions(steps, only_blocked=only_blocked)
            compiled = compile_functions(self._structure.gates, functions, build, most_nodes=self._most_nodes)
            if compiled is not None:
                note = f"the diagram of degraded and fallback would need more than {self._most_nodes:,} nodes"
                return roots, compiled, (note,) if only_blocked else ()
        note = f"the diagram would need more than {self._most_nodes:,} nodes: bounds are shown instead"
        return roots, None, (note,)

    def _displaced(
        self, compiled: Compiled, roots: JourneyRoots, chances: list[float], attempts: float
    ) -> tuple[Displaced, ...]:
        found = []
        for ref, root in roots.contacts.items():
            contacts = compiled.diagrams.probability(root, chances) * attempts
            cost = self._catalog.channels[ref].cost_per_contact
            if contacts > 0:
                found.append(Displaced(ref, contacts, None if cost is None else cost * contacts))
        return tuple(sorted(found, key=lambda each: (-each.contacts_per_year, each.channel)))

    def _sources_below(self, steps: tuple[StepFunctions, ...]) -> list[int]:
        """Numbers of the components of which anything in a journey hangs."""
        functions = [leg.down for step in steps for leg in step.legs]
        functions += (step.legs[0].harmed for step in steps if step.legs)
        gates = reached_gates(self._structure.gates, functions)
        inputs = (item for number in gates for item in self._structure.gates[number].inputs)
        events = any_function(functions).events | any_function(inputs).events
        found: set[int] = set()
        for event in bits(events):
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


def _states(compiled: Compiled, roots: StateRoots, chances: list[float]) -> States:
    diagrams = compiled.diagrams
    return States(
        ok=diagrams.complement_probability(roots.harmed, chances),
        degraded=diagrams.probability(diagrams.without(roots.harmed, roots.moved), chances),
        fallback=diagrams.probability(diagrams.without(roots.moved, roots.blocked), chances),
        blocked=diagrams.probability(roots.blocked, chances),
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
