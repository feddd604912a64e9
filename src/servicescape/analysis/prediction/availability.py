"""How available each component is by itself, worked out from the ground up.

The first of these counts: what was measured (an overlay), an SLO of the component that measures availability, an
External's `sla`, the default of its tier. A promise of scope `total` includes what the component's dependencies do to
it, so its own availability is promise ÷ chance that they leave it up. Where that is more than 1, the promise cannot be
kept: a critical dependency should offer one nine more than what stands on it (B. Treynor, M. Dahlin, V. Rau, B. Beyer,
The Calculus of Service Availability, ACM Queue 15(2), 2017).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from servicescape.analysis.prediction.questions import Questions
from servicescape.analysis.prediction.structure import Structure, event_chances
from servicescape.analysis.promises import availability_slo
from servicescape.catalog.catalog import Catalog
from servicescape.model.components import ExternalSpec

AvailabilitySource = Literal["measured", "slo", "sla", "assumed"]
_MEASURED: AvailabilitySource = "measured"
_SLO: AvailabilitySource = "slo"

MOST_NODES = 20_000
"""Of the diagram of one component's dependencies."""

MOST_EFFORT = 2_000_000
"""Nodes of the diagrams of all components, some four seconds. Beyond, only single points count exactly; what fails
together beside them is bounded from above, and the note of the component says so."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """Availability in percent where nothing else is known, by tier."""

    by_tier: Mapping[int, float] = field(default_factory=lambda: {1: 99.95, 2: 99.9, 3: 99.5, 4: 99.0})
    without_tier: float = 99.9

    def of(self, tier: int | None) -> float:
        """The default of a tier."""
        return self.without_tier if tier is None else self.by_tier.get(tier, self.without_tier)


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured of a component."""

    availability: float
    """0 to 1."""
    total: bool = True
    """Whether it includes what dependencies did to the component."""


@dataclass(frozen=True, slots=True)
class Availability:
    """How available one component is, and where the figure comes from."""

    component: str
    own: float
    """Share of time in which it does not fail by itself, 0 to 1."""
    source: AvailabilitySource
    slo: str | None
    """Reference of the SLO that the figure comes from."""
    target_percent: float | None
    """What is promised or measured, in percent; None where the figure is assumed."""
    total: bool
    """Whether the target includes what dependencies do to the component."""
    best_possible: float | None
    """Chance that its dependencies leave it up; None where it was not needed, or could not be worked out exactly."""
    feasible: bool | None
    """Whether the target can be kept at all; None where nobody promised it, or where it could not be decided."""
    note: str | None = None
    """Why a figure is not what one would expect of its source."""

    @property
    def assumed(self) -> bool:
        """Whether nobody has said how available it is."""
        return self.source == "assumed"


def exceeds(possible: float, target: float) -> bool:
    """Whether what is possible reaches a target, up to the noise of binary fractions."""
    return target <= possible * (1 + 1e-12)


class Availabilities:
    """The availabilities of all components of a catalog."""

    def __init__(
        self,
        catalog: Catalog,
        structure: Structure,
        *,
        measured: Mapping[str, Measurement] | None = None,
        defaults: Defaults | None = None,
        only_single_points: bool = False,
    ) -> None:
        self._catalog = catalog
        self._structure = structure
        self._measured = measured or {}
        self._defaults = defaults or Defaults()
        self._only_single_points = only_single_points
        """Whether what only fails together is passed over: then `best_possible` is an upper bound, found at once."""
        self._slos = availability_slo(catalog)
        count = len(structure.graph.refs)
        self.unavailable: list[float] = [0.0] * count
        """By component, the share of time in which it fails by itself."""
        self._known = [False] * count
        self._found: list[Availability | None] = [None] * count
        self._possible = sum(source.events for source in structure.sources if source.kind != "own")
        """Events that may have a chance above 0. What is taken to be perfect need not be multiplied."""
        self._event_chances: dict[tuple[int, float], list[float]] = {}
        """Chances of a source's events by its first event and its own chance; asked for again and again."""
        self._questions = Questions(structure, self._chances_of, MOST_NODES)
        derived = []
        for number in range(count):
            if self._is_derived(number):
                derived.append(number)
            else:
                self._keep(number, self._direct(number))
        wanted = set(derived)
        for number in structure.order:
            if number in wanted:
                self._keep(number, self._derive(number))

    def all(self) -> tuple[Availability, ...]:
        """By component, in the order of references."""
        return tuple(found for found in self._found if found is not None)

    def _keep(self, number: int, availability: Availability) -> None:
        self._found[number] = availability
        self.unavailable[number] = _rounded_unavailability(availability)
        self._known[number] = True
        if self._structure.groups_of[number]:
            # The cause that a group has in common is as likely as that of its least likely member.
            self._questions.forget_chances()
        if self.unavailable[number]:
            self._possible |= self._structure.sources[number].events

    def _is_derived(self, number: int) -> bool:
        """Whether dependencies have to be divided out."""
        ref = self._structure.graph.refs[number]
        if not self._structure.graph.needs[number]:
            return False
        if ref in self._measured:
            return self._measured[ref].total
        slo = self._slos.get(ref)
        return slo is not None and slo.scope == "total"

    def _direct(self, number: int) -> Availability:
        ref = self._structure.graph.refs[number]
        component = self._catalog.components[ref]
        if ref in self._measured:
            measurement = self._measured[ref]
            percent = measurement.availability * 100
            return Availability(ref, measurement.availability, "measured", None, percent, measurement.total, None, None)
        slo = self._slos.get(ref)
        if slo is not None:
            target = float(slo.objective_percent)
            total = slo.scope == "total"
            return Availability(ref, target / 100, "slo", slo.ref, target, total, 1.0 if total else None, True)
        spec = component.entity.entity.spec
        if isinstance(spec, ExternalSpec) and spec.sla is not None:
            return Availability(ref, float(spec.sla) / 100, "sla", None, float(spec.sla), False, None, None)
        return Availability(ref, self._defaults.of(component.tier) / 100, "assumed", None, None, False, None, None)

    def _derive(self, number: int) -> Availability:
        """Own availability where the target includes the dependencies."""
        ref = self._structure.graph.refs[number]
        measurement = self._measured.get(ref)
        slo = self._slos.get(ref)
        if measurement is not None:
            target, percent, source = measurement.availability, measurement.availability * 100, _MEASURED
            slo = None
        else:
            assert slo is not None
            percent = float(slo.objective_percent)
            target, source = percent / 100, _SLO
        best: float | None = None
        feasible: bool | None = None
        note: str | None = None
        own = target
        if number in self._structure.in_circle:
            note = "it needs itself through others, so that its target is taken as its own availability"
        else:
            low, high = self.left_up(number)
            own = min(1.0, target / high) if high > 0 else 1.0
            if low == high:
                best = high
            else:
                note = f"what its dependencies leave is between {low:.6%} and {high:.6%}; the higher one counts"
            if slo is not None:
                feasible = True if exceeds(low, target) else None if exceeds(high, target) else False
            elif not exceeds(high, target):
                note = "better than what it needs is said to be"
        slo_ref = None if slo is None else slo.ref
        return Availability(ref, own, source, slo_ref, percent, True, best, feasible, note)

    def left_up(self, number: int) -> tuple[float, float]:
        """Chance that its dependencies leave a component up: the exact one twice, or a lower and an upper bound."""
        structure = self._structure
        function = structure.down[number]
        own = structure.sources[number].events
        for group in structure.groups_of[number]:
            own |= structure.sources[group].events
        if not function.gates or self._only_single_points:
            alone = structure.single_points.of(function)
            up = 1.0 - self._questions.any_of(alone & ~own & self._possible)
            return up, up
        without = own | ~self._possible
        if self._questions.effort < MOST_EFFORT:
            gone, gone_at_most = self._questions.function_bounds(function, without)
        else:
            gone, gone_at_most = self._questions.rough_bounds(function, without)
        return 1.0 - gone_at_most, 1.0 - gone

    def _chances_of(self, event: int) -> float:
        """Chance of one event, by what is known so far."""
        structure = self._structure
        source = structure.sources[structure.source_of_event[event]]
        if source.kind == "common-cause":
            known = [self.unavailable[each] for each in source.components if self._known[each]]
            chance = source.share * min(known, default=0.0)
        else:
            chance = structure.source_chance(source, self.unavailable)
        key = (source.first_event, chance)
        found = self._event_chances.get(key)
        if found is None:
            found = self._event_chances[key] = event_chances(source, chance)
        return found[event - source.first_event]


def _rounded_unavailability(availability: Availability) -> float:
    """1 − own, without the noise that binary fractions leave: of 99.9 % that is 0.001 and not 0.0010000000000000009."""
    if availability.target_percent is not None and availability.own == availability.target_percent / 100:
        return max(0.0, round(100.0 - availability.target_percent, 12) / 100)
    return max(0.0, 1.0 - availability.own)
