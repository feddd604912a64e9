"""How often the journeys of a catalog work, fall back and are blocked, and what to mend first."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from servicescape.analysis.impact_graph import FailureGraph
from servicescape.analysis.prediction.availability import Availabilities, Defaults, Measurement
from servicescape.analysis.prediction.journeys import journey_functions
from servicescape.analysis.prediction.one_journey import Case, Ground
from servicescape.analysis.prediction.results import HOURS_A_YEAR, Prediction
from servicescape.analysis.prediction.states import structure_of
from servicescape.analysis.prediction.structure import Structure
from servicescape.analysis.prediction.workers import Progress, predict_all
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
    details: bool = True,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Prediction:
    """Predicts these journeys (by reference; all where None is given) from the availability of all components.

    Failures of components are taken to be independent, but for the groups that say otherwise. `order` is the number of
    causes up to which cut sets are looked for. What would need more than `most_nodes` gets bounds instead. Without
    `details` there are no steps, contacts, cut sets and importance, which take most of the time; the rest is the same.
    With `jobs` above 1 many journeys are worked on in so many processes; what is found does not hang on it.
    """
    structure = structure_of(catalog, graph=FailureGraph.of(catalog))
    availabilities = Availabilities(catalog, structure, measured=measured, defaults=defaults)
    return Predictor(catalog, structure, availabilities, order, most_nodes, details).predict(
        sorted(catalog.journeys if journeys is None else journeys), jobs=jobs, progress=progress
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
        details: bool = True,
    ) -> None:
        self._catalog = catalog
        self._structure = structure
        self._components = availabilities.all()
        self._ground = Ground(
            # Of the functions only those of the journeys are needed, which come with these.
            structure=replace(structure, down=(), harmed=()),
            unavailable=tuple(availabilities.unavailable),
            assumed=frozenset(number for number, each in enumerate(self._components) if each.assumed),
            costs={
                ref: channel.cost_per_contact
                for ref, channel in catalog.channels.items()
                if channel.cost_per_contact is not None
            },
            order=order,
            most_nodes=most_nodes,
            details=details,
        )
        self._slos = availability_slo(catalog)

    def predict(self, refs: Iterable[str], *, jobs: int = 1, progress: Progress | None = None) -> Prediction:
        """The prediction of these journeys, and the availabilities that it rests on."""
        notes = []
        if self._structure.tolerances_left_out:
            notes.append("too many different sums of tolerances: every failure counts from its first second")
        cases = [self._case(self._catalog.journeys[ref]) for ref in refs]
        return Prediction(
            components=self._components,
            journeys=tuple(predict_all(self._ground, cases, jobs, progress)),
            order=self._ground.order,
            tolerances_left_out=self._structure.tolerances_left_out,
            notes=tuple(notes),
        )

    def _case(self, journey: Journey) -> Case:
        objective = journey.objective_percent
        if objective is None and journey.ref in self._slos:
            objective = float(self._slos[journey.ref].objective_percent)
        return Case(
            journey=journey.ref,
            title=journey.title,
            objective_percent=objective,
            attempts_per_year=None if journey.average_per_hour is None else journey.average_per_hour * HOURS_A_YEAR,
            currency=journey.currency,
            steps=journey_functions(self._catalog, self._structure, journey),
        )
