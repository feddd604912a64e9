"""What all figures are made from, worked out once for a catalog."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from servicescape.analysis.failure_groups import within
from servicescape.analysis.hard_needs import hard_needs as hard_needs_of
from servicescape.analysis.hard_needs import longest_chains
from servicescape.analysis.journey_impact import leg_needs
from servicescape.analysis.lenses.data_items import GONE, masters
from servicescape.analysis.lenses.results import Demands, SubjectKind
from servicescape.analysis.prediction.feasibility import MOST_COMPONENTS, infeasible
from servicescape.analysis.prediction.results import JourneyPrediction
from servicescape.analysis.scenario import ScenarioResult, run_scenarios, scenario_targets
from servicescape.analysis.selection import dependencies_of, front_components
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Journey
from servicescape.catalog.objective import Slo


@dataclass(frozen=True, slots=True)
class Subject:
    """What a card is about, and what it is judged by."""

    ref: str
    kind: SubjectKind
    parts: tuple[str, ...]
    """Components, by reference."""
    journeys: tuple[str, ...]
    """Journeys, by reference."""


@dataclass(frozen=True)
class Facts:
    """A catalog, and what others have worked out about it."""

    catalog: Catalog
    today: date | None
    predicted: Mapping[str, JourneyPrediction]
    """Journey → prediction; empty where none was made."""
    no_prediction: str | None
    """Why there is none."""
    pages_per_week: Mapping[str, float | None]
    """SLO → pages a week at most; None where its table of windows is not known; SLOs that page nobody are missing."""
    demands: Demands = field(default_factory=Demands)
    """What the levels ask for."""

    @property
    def why_not(self) -> str | None:
        """Why nothing is known of what blocks journeys."""
        return self.no_prediction if self.no_prediction is not None or self.journeys else "the catalog has no journey"

    @cached_property
    def journeys(self) -> dict[str, Journey]:
        """Journeys that customers can take today."""
        return {ref: each for ref, each in self.catalog.journeys.items() if each.lifecycle not in GONE}

    @cached_property
    def reach(self) -> dict[str, frozenset[str]]:
        """Journey → all components that it needs in any way."""
        catalog = self.catalog
        return {ref: frozenset(dependencies_of(catalog, front_components(catalog, ref))) for ref in self.journeys}

    @cached_property
    def seen(self) -> frozenset[str]:
        """Components that customers meet: on this side of the line of visibility."""
        return frozenset(ref for journey in self.journeys for ref in front_components(self.catalog, journey))

    @cached_property
    def needed(self) -> frozenset[str]:
        """Components that some journey in production needs."""
        return frozenset(
            ref
            for name, journey in self.journeys.items()
            if journey.lifecycle == "production"
            for ref in self.reach[name]
        )

    @cached_property
    def slos_of(self) -> dict[str, list[Slo]]:
        """Component or journey → its SLOs."""
        found: dict[str, list[Slo]] = {}
        for slo in self.catalog.slos.values():
            found.setdefault(slo.target, []).append(slo)
        return found

    @cached_property
    def not_spared(self) -> frozenset[str]:
        """Components whose failure takes something down at once: a component, or a mandatory step."""
        found: set[str] = set()
        for component in self.catalog.components.values():
            if component.lifecycle in GONE:
                continue
            for edge in component.edges:
                if edge.is_hard and not edge.tolerates_seconds:
                    found.update(edge.targets)
        for journey in self.journeys.values():
            for step in journey.steps:
                if step.legs and not step.optional:
                    found.update(set.intersection(*(set(leg_needs(self.catalog, leg)) for leg in step.legs)))
        return frozenset(found)

    @cached_property
    def masters(self) -> dict[str, list[str]]:
        """Data item → components in service that are its system of record."""
        return {item: [each.ref for each in found] for item, found in masters(self.catalog).items()}

    @cached_property
    def scenarios(self) -> tuple[tuple[ScenarioResult, frozenset[str]], ...]:
        """Every scenario's result with the components that it fails or degrades."""
        found = []
        for result in run_scenarios(self.catalog):
            fail, degrade = scenario_targets(self.catalog, self.catalog.scenarios[result.scenario])
            found.append((result, frozenset((*fail, *degrade))))
        return tuple(found)

    @cached_property
    def failed_in_scenarios(self) -> frozenset[str]:
        """Components that some scenario fails."""
        return frozenset(
            ref for each in self.catalog.scenarios.values() for ref in scenario_targets(self.catalog, each)[0]
        )

    @cached_property
    def infeasible(self) -> frozenset[str] | None:
        """SLOs that cannot be kept; None where the catalog is too large to find out."""
        if len(self.catalog.components) > MOST_COMPONENTS:
            return None
        return frozenset(slo.ref for slo, _, _ in infeasible(self.catalog))

    @cached_property
    def chains(self) -> dict[str, tuple[int, str | None]]:
        """Component → links of the longest chain of hard dependencies below it, and the next in it."""
        return longest_chains(hard_needs_of(self.catalog))

    def alone(self, journeys: Iterable[str]) -> frozenset[str] | None:
        """Components each of which blocks one of these journeys by itself; None without a prediction, or a journey."""
        if self.no_prediction is not None or not self.journeys:
            return None
        return frozenset(ref for journey in journeys for ref in self.predicted[journey].single_points)

    def in_service(self, refs: Iterable[str]) -> tuple[str, ...]:
        """Those that exist today."""
        return tuple(ref for ref in refs if self.catalog.components[ref].lifecycle not in GONE)


def subjects(facts: Facts) -> tuple[Subject, ...]:
    """Journeys, teams and platforms, each by reference. Teams that own nothing, and what is gone, are left out.

    A journey is judged by all that it needs; a team by what it and the teams below it own; a platform by itself and
    what it needs, and by the journeys that stand on it.
    """
    catalog = facts.catalog
    found = [Subject(ref, "journey", tuple(sorted(facts.reach[ref])), (ref,)) for ref in sorted(facts.journeys)]
    for ref in sorted(catalog.teams):
        teams = within(catalog, ref)
        parts = tuple(name for name, each in catalog.components.items() if each.owner in teams)
        journeys = tuple(name for name, journey in facts.journeys.items() if journey.owner in teams)
        if parts or journeys:
            found.append(Subject(ref, "team", parts, journeys))
    for ref, component in sorted(catalog.components.items()):
        if component.kind == "Platform" and component.lifecycle not in GONE:
            parts = tuple(sorted(dependencies_of(catalog, [ref])))
            found.append(Subject(ref, "platform", parts, tuple(n for n in facts.journeys if ref in facts.reach[n])))
    return tuple(found)
