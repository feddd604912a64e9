"""Catalogs for tests of selections and pictures, built from documents without the loader.

Only what a picture reads is resolved: components, channels, journeys, SLOs and names.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, cast

from servicescape.bind.located import Located
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Channel, Component, Edge, Effect, Journey, Leg, Step
from servicescape.catalog.names import NameIndex
from servicescape.catalog.objective import Slo
from servicescape.diagnostics import Span
from servicescape.model.entity import Entity
from servicescape.model.kinds import KINDS
from servicescape.model.names import COMPONENT_KINDS, canonical

Document = dict[str, Any]


class _Nowhere:
    file = "catalog.yaml"

    def value(self, path: tuple[str | int, ...]) -> Span:
        return Span.at(1, 1)

    key = value


def service(name: str, *depends_on: Any, **spec: Any) -> Document:
    """A Service document; `kind`, `title`, `labels`, `links` and `namespace` go to their own places."""
    return component("Service", name, *depends_on, **spec)


def component(kind: str, name: str, *depends_on: Any, **spec: Any) -> Document:
    """A Service, Platform or External document."""
    metadata = {"name": name} | {
        key: spec.pop(key) for key in ("title", "labels", "links", "namespace", "aliases") if key in spec
    }
    if kind == "External":
        spec.setdefault("vendor", "Nimbus")
    else:
        spec.setdefault("owner", "crew")
    return document(kind, metadata, {**spec, "dependsOn": list(depends_on)})


def document(kind: str, metadata: Mapping[str, Any], spec: Mapping[str, Any] | None = None) -> Document:
    """Any document of the language."""
    return {"apiVersion": "servicescape/v1", "kind": kind, "metadata": dict(metadata), "spec": dict(spec or {})}


def build_catalog(documents: Iterable[Mapping[str, Any]]) -> Catalog:
    """A catalog of the documents; references to nothing are left out."""
    entities = [KINDS[str(one["kind"])].model_validate(_frozen(one)) for one in documents]
    located = {one.ref: Located(one, _Nowhere()) for one in sorted(entities, key=lambda each: each.ref)}
    keys = [(one.kind, one.metadata.namespace, one.metadata.name) for one in entities]
    aliases = {
        (one.kind, one.metadata.namespace, alias): one.ref for one in entities for alias in one.metadata.aliases
    }
    names = NameIndex(keys, aliases)
    components = {ref: _component(one, names) for ref, one in located.items() if one.entity.kind in COMPONENT_KINDS}
    dependents: dict[str, list[Edge]] = defaultdict(list)
    for each in components.values():
        for edge in each.edges:
            for target in dict.fromkeys([*edge.targets, *([edge.fallback] if edge.fallback else [])]):
                dependents[target].append(edge)

    def of_kind(kind: str) -> Any:
        return {ref: one for ref, one in located.items() if one.entity.kind == kind}

    return Catalog(
        entities=located,
        components=components,
        channels={ref: _channel(one, names) for ref, one in of_kind("Channel").items()},
        journeys={ref: _journey(one, names) for ref, one in of_kind("Journey").items()},
        slos=_slos(located.values(), names),
        teams=of_kind("Team"),
        domains=of_kind("Domain"),
        indicators=of_kind("Indicator"),
        scenarios=of_kind("Scenario"),
        views=of_kind("View"),
        dependents={ref: tuple(edges) for ref, edges in sorted(dependents.items())},
        names=names,
    )


def _frozen(value: Any) -> Any:
    """Lists as the tuples that the strict model wants."""
    if isinstance(value, Mapping):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(_frozen(item) for item in value) if isinstance(value, list | tuple) else value


def _component(located: Located[Entity], names: NameIndex) -> Component:
    entity = cast(Any, located.entity)
    spec, meta = entity.spec, entity.metadata

    def find(text: str | None, *kinds: str) -> str | None:
        return names.find(text, kinds or COMPONENT_KINDS, meta.namespace) if text else None

    edges: list[Edge] = []
    platform = find(spec.platform, "Platform")
    if platform:
        edges.append(_edge(entity.ref, (platform,), ("spec", "platform"), role="platform"))
    for index, item in enumerate(spec.depends_on):
        path: tuple[str | int, ...] = ("spec", "dependsOn", index)
        wanted = (item,) if isinstance(item, str) else getattr(item, "any_of", None) or (item.on,)
        targets = tuple(ref for ref in map(find, wanted) if ref)
        if not targets:
            continue
        if isinstance(item, str):
            edges.append(_edge(entity.ref, targets, path))
        else:
            need = getattr(item, "need", 1)
            end = (*path, "anyOf") if hasattr(item, "any_of") else path
            edges.append(_edge(entity.ref, targets, end, item=item, need=need, fallback=find(item.fallback)))
    return Component(
        ref=entity.ref,
        kind=entity.kind,
        name=meta.name,
        title=entity.title,
        owner=find(spec.owner, "Team"),
        domain=find(spec.domain, "Domain"),
        platform=platform,
        vendor=getattr(spec, "vendor", None),
        tier=spec.tier,
        lifecycle=spec.lifecycle,
        type=spec.type,
        runbook=spec.recovery.runbook,
        mttr_seconds=None,
        edges=tuple(edges),
        entity=cast(Any, located),
    )


def _edge(source: str, targets: tuple[str, ...], path: tuple[str | int, ...], **given: Any) -> Edge:
    item = given.get("item")
    soft = item is not None and item.kind == "soft"
    fallback = given.get("fallback")
    return Edge(
        source=source,
        targets=targets,
        need=given.get("need", 1),
        when_down=Effect.DEGRADED if soft or fallback else Effect.DOWN,
        when_degraded=Effect.OK if soft else Effect.DEGRADED,
        fallback=fallback,
        tolerates_seconds=item.tolerates.seconds if item is not None and item.tolerates else 0.0,
        role=given.get("role", "dependency"),
        soft=soft,
        degrades=item.degrades if item is not None else None,
        because=item.because if item is not None else None,
        common_cause=None,
        switch_failure=None,
        path=path,
    )


def _channel(located: Located[Any], names: NameIndex) -> Channel:
    entity = located.entity
    spec, space = entity.spec, entity.metadata.namespace
    return Channel(
        ref=entity.ref,
        name=entity.metadata.name,
        title=entity.title,
        mode=spec.mode,
        owner=None,
        runs_on=tuple(filter(None, (names.find(one, COMPONENT_KINDS, space) for one in spec.runs_on))),
        capacity_per_hour=None,
        hours=spec.hours,
        cost_per_contact=None,
        entity=located,
    )


def _journey(located: Located[Any], names: NameIndex) -> Journey:
    entity = located.entity
    spec, space = entity.spec, entity.metadata.namespace

    def find(text: str | None) -> str | None:
        return names.find(text, COMPONENT_KINDS, space) if text else None

    steps = tuple(
        Step(
            name=step.name,
            title=step.title or step.name,
            optional=step.optional,
            share=float(step.share) if step.share is not None else 1.0,
            collects=step.collects,
            legs=tuple(
                Leg(
                    channel=names.find(leg.channel, ("Channel",), space) or canonical("Channel", leg.channel),
                    uses=tuple(filter(None, map(find, leg.uses))),
                    carries=leg.carries,
                    via=find(leg.via),
                    offered=leg.offered,
                    tested=leg.tested,
                    takes_seconds=leg.takes.seconds if leg.takes else None,
                    path=("spec", "steps", index, "legs", number),
                )
                for number, leg in enumerate(step.legs)
            ),
            customer_sees=step.on_failure.customer_sees,
            runbook=None,
            path=("spec", "steps", index),
        )
        for index, step in enumerate(spec.steps)
    )
    return Journey(
        ref=entity.ref,
        name=entity.metadata.name,
        title=entity.title,
        owner=names.find(spec.owner, ("Team",), space),
        domain=names.find(spec.domain, ("Domain",), space) if spec.domain else None,
        persona=spec.persona,
        lifecycle=spec.lifecycle,
        average_per_hour=None,
        peak_per_hour=None,
        value_per_completion=None,
        currency=None,
        objective_percent=float(spec.objective) if spec.objective else None,
        steps=steps,
        entity=located,
    )


def _slos(located: Iterable[Located[Any]], names: NameIndex) -> dict[str, Slo]:
    found: dict[str, Slo] = {}
    for one in located:
        space = one.entity.metadata.namespace
        if one.entity.kind == "SLO":
            target = names.find(one.entity.spec.for_, (*COMPONENT_KINDS, "Journey"), space)
            items = [(one.entity.metadata.name, target, one.entity.spec)]
        elif one.entity.kind in COMPONENT_KINDS:
            name = one.entity.metadata.name
            items = [(slo.name or f"{name}-{slo.measures}", one.ref, slo) for slo in one.entity.spec.slos]
        else:
            continue
        for name, target, spec in items:
            if target is None:
                continue
            ref = canonical("SLO", name, space)
            found[ref] = Slo(
                ref=ref,
                name=name,
                title=name,
                description=None,
                namespace=space,
                target=target,
                measures=spec.measures,
                scope=spec.scope,
                objective_percent=spec.objective,
                window=spec.window,
                sli=spec.indicator,
                indicator=None,
                budgeting=spec.budgeting,
                alerting=spec.alerting,
                maintenance=spec.maintenance,
                labels={},
                entity=one,
                path=("spec",),
            )
    return dict(sorted(found.items()))
