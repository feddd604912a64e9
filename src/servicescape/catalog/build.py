"""Entities to a catalog: names are made unique, references resolved, edges and legs worked out."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from servicescape.bind.located import Located, Path
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.dependents import changed_dependents, dependents
from servicescape.catalog.edges import edges_of
from servicescape.catalog.graph import Channel, Component, Edge, Journey, Leg, Step
from servicescape.catalog.known_references import KnownReferences
from servicescape.catalog.memory import BuildMemory
from servicescape.catalog.names import NameIndex
from servicescape.catalog.objective import Slo
from servicescape.catalog.references import Key, check_references, index_names, shared_key, with_article
from servicescape.diagnostics import Diagnostic, Label
from servicescape.library import library_indicator
from servicescape.model.components import AnyComponent, Recovery
from servicescape.model.entity import Entity
from servicescape.model.journey import Channel as ChannelEntity
from servicescape.model.journey import Journey as JourneyEntity
from servicescape.model.journey import Leg as LegPart
from servicescape.model.journey import Step as StepPart
from servicescape.model.names import COMPONENT_KINDS, canonical, name_of
from servicescape.model.organisation import Domain, Team
from servicescape.model.scenario import Scenario
from servicescape.model.slo import SLO, Indicator, Objective
from servicescape.model.view import View

_T = TypeVar("_T")
_E = TypeVar("_E", bound=Entity)


def build_catalog(
    entities: Iterable[Located[Entity]],
    broken: Iterable[Key] = (),
    memory: BuildMemory | None = None,
    known: KnownReferences | None = None,
) -> tuple[Catalog, tuple[Diagnostic, ...]]:
    """Resolves entities to one catalog, and says what does not resolve.

    `broken` names, as `(kind, namespace, name)`, what is defined but could not be read: references to it are left out
    without being reported a second time. The outcome does not depend on the order of the entities, except that of two
    definitions of one name the first (by file and line) counts. The `memory` of an earlier build, or else what is
    `known` from one of another process (and is brought up to date here), makes it faster, and not different.
    """
    ordered = sorted(entities, key=lambda located: (located.ref, located.file))
    diagnostics: list[Diagnostic] = []
    unique = _drop_duplicates(ordered, diagnostics)
    index = index_names(unique, diagnostics)
    if memory is not None:
        memory.renew(unique)
    if known is None:
        checked = memory.checked if memory is not None else None
        diagnostics.extend(check_references(unique, index, frozenset(broken), checked))
    else:
        diagnostics.extend(known.check(ordered, unique, index, frozenset(broken)))
    return _Builder(unique, index, diagnostics, memory).build(), tuple(diagnostics)


def _drop_duplicates(ordered: Sequence[Located[Entity]], diagnostics: list[Diagnostic]) -> list[Located[Entity]]:
    by_name: dict[tuple[str, str, str], list[Located[Entity]]] = defaultdict(list)
    for located in ordered:
        by_name[shared_key(located)].append(located)
    if len(by_name) == len(ordered):
        return list(ordered)
    kept: list[Located[Entity]] = []
    for group in by_name.values():
        if len(group) > 1:
            group = sorted(group, key=_place)
            first = group[0]
            first_label = Label(
                first.file,
                first.places.value_span(("metadata", "name")),
                f"first defined here, as {with_article(first.entity.kind)}",
            )
            diagnostics.extend(_duplicate(located, first, first_label) for located in group[1:])
        kept.append(group[0])
    return sorted(kept, key=lambda located: located.ref)


def _place(located: Located[Entity]) -> tuple[str, int, int]:
    start = located.places.value_span(("metadata", "name")).start
    return (located.file, start.line, start.column)


def _duplicate(located: Located[Entity], first: Located[Entity], label: Label) -> Diagnostic:
    entity = located.entity
    what = entity.kind
    same_kind = first.entity.kind == what
    return Diagnostic(
        code="REF204",
        message=f"the name `{entity.metadata.name}` is taken",
        file=located.file,
        span=located.places.value_span(("metadata", "name")),
        label=f"a second {what} of this name"
        if same_kind
        else f"{with_article(first.entity.kind)} has this name already",
        help="give one of the two another name, or remove the copy"
        if same_kind
        else "services, platforms and externals share one space of names, so that a dependency is a bare name",
        entity=located.ref,
        related=(label,),
    )


@dataclass(slots=True)
class _Builder:
    """Builds the parts of one catalog from entities whose names are unique."""

    entities: Sequence[Located[Entity]]
    index: NameIndex
    diagnostics: list[Diagnostic]
    memory: BuildMemory | None = None
    by_kind: dict[str, list[Located[Any]]] = field(default_factory=lambda: defaultdict(list))
    indicators: dict[str, Located[Indicator]] = field(default_factory=dict)

    def build(self) -> Catalog:
        for located in self.entities:
            self.by_kind[located.key[0]].append(located)
        self.indicators = {located.ref: located for located in self._of(Indicator)}
        memory = self.memory or BuildMemory()
        components = self._made(COMPONENT_KINDS, self._component, memory.components)
        return Catalog(
            entities={located.ref: located for located in self.entities},
            components=components,
            channels=self._made(("Channel",), self._channel, memory.channels),
            journeys=self._made(("Journey",), self._journey, memory.journeys),
            slos=self._slos(components),
            teams={located.ref: located for located in self._of(Team)},
            domains={located.ref: located for located in self._of(Domain)},
            indicators=self.indicators,
            scenarios={located.ref: located for located in self._of(Scenario)},
            views={located.ref: located for located in self._of(View)},
            dependents=self._dependents(components, memory),
            names=self.index,
        )

    def _dependents(self, components: dict[str, Component], memory: BuildMemory) -> dict[str, tuple[Edge, ...]]:
        before, known = memory.all_components, memory.dependents
        same = known is not None and before.keys() == components.keys()
        found = changed_dependents(before, components, known or {}) if same else dependents(components)
        if self.memory is not None:
            memory.all_components, memory.dependents = components, found
        return found

    def _made(self, kinds: tuple[str, ...], make: Callable[[Located[Any]], _T], known: dict[str, _T]) -> dict[str, _T]:
        """The parts for all entities of some kinds, in the alphabet's order of their references."""
        found: dict[str, _T] = {}
        is_kept = self.memory is not None
        for located in self.entities:
            if located.key[0] in kinds:
                ref = located.ref
                part = known.get(ref)
                if part is None:
                    part = make(located)
                    if is_kept:
                        known[ref] = part
                found[ref] = part
        return found

    def _of(self, kind: type[_E]) -> list[Located[_E]]:
        return self.by_kind[kind.__name__]

    def _find(self, text: str | None, kinds: tuple[str, ...], located: Located[Entity]) -> str | None:
        if text is None:
            return None
        return self.index.found(kinds, located.key[1])[text]

    def _all(self, texts: Sequence[str], kinds: tuple[str, ...], located: Located[Entity]) -> tuple[str, ...]:
        found = self.index.found(kinds, located.key[1])
        refs = [ref for text in texts if (ref := found[text]) is not None]
        return tuple(dict.fromkeys(refs)) if len(refs) > 1 else tuple(refs)

    def _component(self, located: Located[AnyComponent]) -> Component:
        entity, ref = located.entity, located.ref
        # As in `edges_of`.
        spec: dict[str, Any] = entity.spec.__dict__
        kind, _, name = located.key
        recovery: Recovery = spec["recovery"]
        mttr = recovery.mttr
        owner, domain, platform = spec["owner"], spec["domain"], spec["platform"]
        if platform is not None:
            platform = self._find(platform, ("Platform",), located)
        return Component(
            ref=ref,
            kind=kind,
            name=name,
            title=entity.metadata.title or name,
            owner=self._find(owner, ("Team",), located) if owner is not None else None,
            domain=self._find(domain, ("Domain",), located) if domain is not None else None,
            platform=platform,
            vendor=spec.get("vendor"),
            tier=spec["tier"],
            lifecycle=spec["lifecycle"],
            type=spec["type"],
            runbook=recovery.runbook,
            mttr_seconds=mttr.seconds if mttr is not None else None,
            edges=edges_of(ref, platform, spec["depends_on"], self.index.found(COMPONENT_KINDS, located.key[1])),
            entity=located,
            masters=spec["masters"],
            slos=spec["slos"],
        )

    def _channel(self, located: Located[ChannelEntity]) -> Channel:
        entity = located.entity
        spec = entity.spec
        return Channel(
            ref=located.ref,
            name=entity.metadata.name,
            title=entity.title,
            mode=spec.mode,
            owner=self._find(spec.owner, ("Team",), located),
            runs_on=self._all(spec.runs_on, COMPONENT_KINDS, located),
            capacity_per_hour=float(spec.capacity.per_hour) if spec.capacity else None,
            hours=spec.hours,
            cost_per_contact=float(spec.cost_per_contact) if spec.cost_per_contact is not None else None,
            entity=located,
        )

    def _journey(self, located: Located[JourneyEntity]) -> Journey:
        entity = located.entity
        spec = entity.spec
        average, peak = spec.demand.per_hour, spec.demand.peak_per_hour
        return Journey(
            ref=located.ref,
            name=entity.metadata.name,
            title=entity.title,
            owner=self._find(spec.owner, ("Team",), located),
            domain=self._find(spec.domain, ("Domain",), located),
            persona=spec.persona,
            lifecycle=spec.lifecycle,
            average_per_hour=float(average) if average is not None else None,
            peak_per_hour=float(peak) if peak is not None else float(average) if average is not None else None,
            value_per_completion=float(spec.value.per_completion) if spec.value else None,
            currency=spec.value.currency if spec.value else None,
            objective_percent=float(spec.objective) if spec.objective is not None else None,
            steps=tuple(self._step(located, step, ("spec", "steps", number)) for number, step in enumerate(spec.steps)),
            entity=located,
        )

    def _step(self, located: Located[JourneyEntity], step: StepPart, path: Path) -> Step:
        legs = (self._leg(located, leg, (*path, "legs", number)) for number, leg in enumerate(step.legs))
        return Step(
            name=step.name,
            title=step.title or step.name.replace("-", " ").capitalize(),
            optional=step.optional,
            share=float(step.share) if step.share is not None else 1.0,
            collects=step.collects,
            legs=tuple(leg for leg in legs if leg is not None),
            customer_sees=step.on_failure.customer_sees,
            runbook=step.on_failure.runbook,
            path=path,
        )

    def _leg(self, located: Located[JourneyEntity], leg: LegPart, path: Path) -> Leg | None:
        channel = self._find(leg.channel, ("Channel",), located)
        if channel is None:
            return None
        return Leg(
            channel=channel,
            uses=self._all(leg.uses, COMPONENT_KINDS, located),
            carries=leg.carries,
            via=self._find(leg.via, COMPONENT_KINDS, located),
            offered=leg.offered,
            tested=leg.tested,
            takes_seconds=leg.takes.seconds if leg.takes is not None else None,
            path=path,
        )

    def _slos(self, components: dict[str, Component]) -> dict[str, Slo]:
        found: dict[str, Slo] = {}
        for located in self._of(SLO):
            entity = located.entity
            target = self._find(entity.spec.for_, (*COMPONENT_KINDS, "Journey"), located)
            if target is not None:
                found[located.ref] = self._slo(
                    located, entity.metadata.name, entity.title, target, entity.spec, ("spec",)
                )
        for component in components.values():
            if component.slos:
                self._inline_slos(component.entity, found)
        return dict(sorted(found.items()))

    def _inline_slos(self, located: Located[AnyComponent], found: dict[str, Slo]) -> None:
        metadata = located.entity.metadata
        for number, inline in enumerate(located.entity.spec.slos):
            name = inline.name or f"{metadata.name}-{inline.measures}"
            path: Path = ("spec", "slos", number)
            slo = self._slo(located, name, inline.title or name, located.ref, inline, path)
            first = found.get(slo.ref)
            if first is None:
                found[slo.ref] = slo
                continue
            key = (*first.path, "name") if first.path != ("spec",) else ("metadata", "name")
            self.diagnostics.append(
                Diagnostic(
                    code="REF204",
                    message=f"the name `{name}` is taken",
                    file=located.file,
                    span=located.places.value_span((*path, "name") if inline.name else (*path, "objective")),
                    label="a second SLO of this name",
                    help="give it a `name` of its own",
                    entity=slo.ref,
                    related=(Label(first.entity.file, first.entity.places.value_span(key), "first defined here"),),
                )
            )

    def _slo(self, located: Located[Entity], name: str, title: str, target: str, spec: Objective, path: Path) -> Slo:
        known = self.memory.slos.get((located.ref, path)) if self.memory else None
        if known is None:
            known = self._make_slo(located, name, title, target, spec, path)
            if self.memory:
                self.memory.slos[located.ref, path] = known
        return known

    def _make_slo(
        self, located: Located[Entity], name: str, title: str, target: str, spec: Objective, path: Path
    ) -> Slo:
        metadata = located.entity.metadata
        use = self._find(spec.indicator.use, ("Indicator",), located)
        return Slo(
            ref=canonical("SLO", name, metadata.namespace),
            name=name,
            title=title,
            description=metadata.description if path == ("spec",) else None,
            namespace=metadata.namespace,
            target=target,
            measures=spec.measures,
            scope=spec.scope,
            objective_percent=spec.objective,
            window=spec.window,
            sli=spec.indicator,
            indicator=None if use is None else self.indicators.get(use) or library_indicator(name_of(use)),
            budgeting=spec.budgeting,
            alerting=spec.alerting,
            maintenance=spec.maintenance,
            labels=metadata.labels,
            entity=located,
            path=path,
        )
