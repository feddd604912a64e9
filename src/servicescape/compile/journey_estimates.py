"""The SLO of a journey that has an `objective` and nothing that measures it: an estimate from its components' SLOs.

What it is made of is worked out here: which components of which steps are measured, when a step is blocked, and what
the estimate cannot see. `journey_rules` writes it as rules.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from servicescape.analysis.journey_impact import leg_needs
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Journey, Step
from servicescape.catalog.objective import Slo
from servicescape.compile import names
from servicescape.compile.journey_blocking import Blocking, TooEntangledError, blocking, components_of
from servicescape.compile.plan import SloPlan
from servicescape.model.slo import Alerting, Sli
from servicescape.model.units import Duration

MEASURES = "availability"
PERIOD = Duration.parse("30d")
_NOT_ALIVE = ("planned", "retired")
_PREFIX = "journey:"


@cache
def _sli() -> Sli:
    """It has no query of its own: `journey_rules` writes down what it is measured by."""
    return Sli.model_validate({"errorRatio": names.STEP_ERROR})


@cache
def _alerting(*, pages: bool) -> Alerting:
    return Alerting.model_validate({} if pages else {"page": "off"})


@dataclass(frozen=True, slots=True)
class EstimatedStep:
    """A mandatory step that can be seen blocked."""

    step: Step
    blocking: Blocking
    components: tuple[str, ...]
    """References of the measured components that have a part in it, sorted."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of a journey the SLOs of its components measure."""

    steps: tuple[EstimatedStep, ...]
    unmeasured: tuple[str, ...]
    """References of what the legs of mandatory steps need and nothing measures, sorted."""
    unseen: tuple[Step, ...]
    """Mandatory steps that would be blocked by components none of which, or too few of which, are measured."""
    entangled: tuple[Step, ...]
    """Mandatory steps whose legs share their components in more ways than a rule can hold."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the rules of one derived SLO are made from."""

    journey: Journey
    coverage: Coverage
    sources: Mapping[str, SloPlan]
    """Component → the SLO whose recorded series stand for it."""


def journeys_to_estimate(catalog: Catalog) -> Iterator[Journey]:
    """Journeys with an `objective` that no SLO of their own measures; the planned and the retired left aside."""
    measured = {slo.target for slo in catalog.slos.values() if slo.measures == MEASURES}
    for ref in sorted(catalog.journeys):
        journey = catalog.journeys[ref]
        if journey.objective_percent is None or ref in measured or journey.lifecycle in _NOT_ALIVE:
            continue
        yield journey


def measured_components(catalog: Catalog) -> dict[str, list[Slo]]:
    """Component → its SLOs that measure availability: as callers see it first, then the lowest promise."""
    found: dict[str, list[Slo]] = {}
    for ref in sorted(catalog.slos):
        slo = catalog.slos[ref]
        if slo.measures == MEASURES and slo.target in catalog.components:
            found.setdefault(slo.target, []).append(slo)
    for slos in found.values():
        slos.sort(key=lambda slo: (slo.scope != "total", slo.objective_percent, slo.ref))
    return found


def coverage(catalog: Catalog, journey: Journey, measured: Collection[str]) -> Coverage:
    """What of a journey's mandatory steps can be told from the components that are measured."""
    known = frozenset(measured)  # Given as one, it is not copied for each of thousands of journeys.
    steps: list[EstimatedStep] = []
    unmeasured: set[str] = set()
    unseen: list[Step] = []
    entangled: list[Step] = []
    for step in journey.steps:
        if step.optional or not step.share:
            continue
        legs = [frozenset(catalog.components.keys() & leg_needs(catalog, leg)) for leg in step.legs]
        if not legs or not all(legs):
            continue  # A leg that needs nothing is never out.
        unmeasured.update(ref for leg in legs for ref in leg if ref not in known)
        try:
            found = blocking([leg & known for leg in legs])
        except TooEntangledError:
            entangled.append(step)
            continue
        if found is None:
            unseen.append(step)
        else:
            steps.append(EstimatedStep(step, found, tuple(sorted(components_of(found)))))
    return Coverage(tuple(steps), tuple(sorted(unmeasured)), tuple(unseen), tuple(entangled))


def derived_ref(journey: Journey) -> str:
    """Reference of a derived SLO: `slo:journey:buy-broadband`. No name of an SLO has a colon."""
    return f"slo:{_PREFIX}{names.label_of(journey.ref)}"


def is_derived(slo_label: str) -> bool:
    """Whether this value of the label `slo` is that of a derived SLO."""
    return slo_label.startswith(_PREFIX)


def derived_slo(journey: Journey, *, pages: bool = True) -> Slo:
    """The SLO that a journey's `objective` stands for."""
    located = journey.entity
    objective = located.entity.spec.objective
    assert objective is not None
    name = names.label_of(derived_ref(journey))
    return Slo(
        ref=derived_ref(journey),
        name=name,
        title=f"{journey.title} (estimate)",
        description=None,
        namespace=located.key[1],
        target=journey.ref,
        measures=MEASURES,
        scope="total",
        objective_percent=Decimal(objective),
        window=PERIOD,
        sli=_sli(),
        indicator=None,
        budgeting="occurrences",
        alerting=_alerting(pages=pages),
        maintenance=(),
        labels={},
        entity=located,
        path=("spec",),
    )
