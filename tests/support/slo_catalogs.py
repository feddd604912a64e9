"""Small catalogs with SLOs, built without files."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from servicescape.bind.located import Located
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Component, Edge, Effect, Journey, Leg, Step
from servicescape.catalog.names import NameIndex
from servicescape.catalog.objective import Slo
from servicescape.diagnostics import Span
from servicescape.model.entity import Entity
from servicescape.model.kinds import KINDS
from servicescape.model.names import canonical
from servicescape.model.slo import SLO, Indicator, SloSpec

BAD = 'sum(rate(http_requests_total{job="basket",code=~"5.."}[{{window}}]))'
TOTAL = 'sum(rate(http_requests_total{job="basket"}[{{window}}]))'
RATIO = {"ratio": {"bad": BAD, "total": TOTAL}}


class NoPlaces:
    """Places of a document that was never written."""

    file = "catalog/test.yaml"

    def value(self, path: tuple[str | int, ...]) -> Span:
        return Span.at(1, 1)

    def key(self, path: tuple[str | int, ...]) -> Span:
        return Span.at(1, 1)


def entity(kind: str, name: str, spec: dict[str, Any], **metadata: Any) -> Located[Any]:
    """An entity as the loader would give it."""
    document = {"apiVersion": "servicescape/v1", "kind": kind, "metadata": {"name": name, **metadata}, "spec": spec}
    return Located(KINDS[kind].model_validate(_frozen(document)), NoPlaces())


def _frozen(value: Any) -> Any:
    """Lists as tuples, which the strict models want."""
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def indicator(name: str, **spec: Any) -> Located[Indicator]:
    """A shared Indicator."""
    return entity("Indicator", name, spec)


def slo(
    name: str = "basket-availability",
    *,
    target: str = "service:basket",
    title: str | None = None,
    objective: float | Decimal = 99.9,
    shared: Located[Indicator] | None = None,
    **spec: Any,
) -> Slo:
    """An SLO with defaults as in the language; `spec` holds further keys as written in YAML."""
    body = _frozen({"for": target.split(":", 1)[1], "objective": objective, "indicator": RATIO, **spec})
    parsed = SloSpec.model_validate(body)
    located: Located[Entity] = Located(
        SLO.model_validate({"apiVersion": "servicescape/v1", "kind": "SLO", "metadata": {"name": name}, "spec": body}),
        NoPlaces(),
    )
    return Slo(
        ref=canonical("SLO", name),
        name=name,
        title=title or name,
        description=None,
        namespace="default",
        target=target,
        measures=parsed.measures,
        scope=parsed.scope,
        objective_percent=parsed.objective,
        window=parsed.window,
        sli=parsed.indicator,
        indicator=shared,
        budgeting=parsed.budgeting,
        alerting=parsed.alerting,
        maintenance=parsed.maintenance,
        labels={},
        entity=located,
        path=("spec",),
    )


def edge(source: str, target: str, *, when_down: Effect = Effect.DOWN, fallback: str | None = None) -> Edge:
    """A plain dependency between two components."""
    return Edge(
        source=source,
        targets=(target,),
        need=1,
        when_down=when_down,
        when_degraded=Effect.OK,
        fallback=fallback,
        tolerates_seconds=0,
        role="dependency",
        soft=when_down is not Effect.DOWN,
        degrades=None,
        because=None,
        common_cause=None,
        switch_failure=None,
        path=("spec", "dependsOn", 0),
    )


def component(
    name: str = "basket",
    *,
    needs: Sequence[str] = (),
    soft: Sequence[str] = (),
    owner: str | None = "storefront",
    domain: str | None = "commerce",
    tier: int | None = 1,
    runbook: str | None = None,
    links: Sequence[dict[str, str]] = (),
) -> Component:
    """A service with plain dependencies."""
    ref = f"service:{name}"
    return Component(
        ref=ref,
        kind="Service",
        name=name,
        title=name,
        owner=f"team:{owner}" if owner else None,
        domain=f"domain:{domain}" if domain else None,
        platform=None,
        vendor=None,
        tier=tier,
        lifecycle="production",
        type=None,
        runbook=runbook,
        mttr_seconds=None,
        edges=(
            *(edge(ref, f"service:{target}") for target in needs),
            *(edge(ref, f"service:{target}", when_down=Effect.DEGRADED) for target in soft),
        ),
        entity=entity("Service", name, {"owner": owner or "nobody"}, links=list(links)),
    )


def journey(name: str, uses: Sequence[str], *, owner: str = "digital-sales", domain: str | None = None) -> Journey:
    """A journey of one step with one leg."""
    leg = Leg("channel:web", tuple(f"service:{used}" for used in uses), (), None, None, None, None, ())
    spec = {"owner": owner, "steps": [{"name": "go", "legs": [{"channel": "web"}]}]}
    return Journey(
        ref=f"journey:{name}",
        name=name,
        title=name,
        owner=f"team:{owner}",
        domain=f"domain:{domain}" if domain else None,
        persona=None,
        lifecycle="production",
        average_per_hour=None,
        peak_per_hour=None,
        value_per_completion=None,
        currency=None,
        objective_percent=None,
        steps=(Step("go", "go", False, 1, (), (leg,), None, None, ()),),
        entity=entity("Journey", name, spec),
    )


def catalog(*slos: Slo, components: Sequence[Component] | None = None, journeys: Sequence[Journey] = ()) -> Catalog:
    """A catalog of these SLOs; without components, the one that `slo` is for by default."""
    parts = [component()] if components is None else components
    return Catalog(
        entities={},
        components={part.ref: part for part in sorted(parts, key=lambda part: part.ref)},
        channels={},
        journeys={item.ref: item for item in sorted(journeys, key=lambda item: item.ref)},
        slos={item.ref: item for item in sorted(slos, key=lambda item: item.ref)},
        teams={},
        domains={},
        indicators={},
        scenarios={},
        views={},
        dependents={},
        names=NameIndex([], {}),
    )
