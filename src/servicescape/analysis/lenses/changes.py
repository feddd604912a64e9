"""Changes of a catalog that could help a journey: each makes another catalog, which can be predicted."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from servicescape.analysis.hard_needs import hard_needs
from servicescape.analysis.prediction.availability import Measurement
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.dependents import dependents
from servicescape.catalog.graph import Channel, Component, Edge, Effect, Journey, Leg
from servicescape.model.names import name_of

COSTS = {
    "soften": 2,
    "leg-without": 2,
    "new-leg": 3,
    "fallback": 3,
    "second-provider": 4,
    "one-more-nine": 4,
}
"""Kind of change → class of effort. 1 is trying what exists, which changes nothing; 2 is for one team, with what is
there; 3 is for several teams, or a new part; 4 takes a contract, or engineering for months."""
_STORES = ("datastore", "queue", "network", "infrastructure")
"""Types of parts that what stands on them cannot go on without, short of another one."""

Measured = dict[str, Measurement]


@dataclass(frozen=True, slots=True)
class Change:
    """One change, and how promising it looks before it is predicted."""

    kind: str
    what: str
    components: tuple[str, ...]
    step: str | None
    promise: float
    """Chance of the failures that it could take the sting out of; only for the order in which changes are tried."""
    apply: Callable[[Catalog, Measured], tuple[Catalog, Measured]]


def changes(catalog: Catalog, journey: Journey, unavailable: Mapping[str, float]) -> Iterator[Change]:
    """Changes worth a try for a journey, where `unavailable` weighs the failures of components that block it."""
    needs = hard_needs(catalog)
    numbers = {ref: weight for ref, weight in unavailable.items() if weight > 0}

    def weight(ref: str) -> float:
        below = needs.of([ref])
        return sum(share for each, share in numbers.items() if needs.holds(below, each))

    for ref in numbers:
        component = catalog.components[ref]
        yield _one_more_nine(component, numbers[ref])
        if component.kind == "External":
            yield _second(component, numbers[ref], "second-provider")
        elif _may_be_stood_in_for(component):
            yield _second(component, weight(ref), "fallback")
    parts = {ref for ref in catalog.components if weight(ref) > 0}
    for component in catalog.components.values():
        for number, edge in enumerate(component.edges):
            target = edge.targets[0]
            if _may_be_soft(catalog, edge) and target in parts:
                yield _soften(component, number, target, weight(target))
    yield from _legs(catalog, journey, weight)


def _one_more_nine(component: Component, promise: float) -> Change:
    def apply(catalog: Catalog, measured: Measured) -> tuple[Catalog, Measured]:
        own = 1.0 - (1.0 - measured[component.ref].availability) / 10
        return catalog, {**measured, component.ref: Measurement(own, total=False)}

    return Change("one-more-nine", f"one more nine for `{component.name}`", (component.ref,), None, promise, apply)


def _may_be_soft(catalog: Catalog, edge: Edge) -> bool:
    target = catalog.components[edge.targets[0]]
    return (
        edge.is_hard
        and len(edge.targets) == 1
        and edge.role == "dependency"
        and target.kind != "Platform"
        and target.type not in _STORES
    )


def _may_be_stood_in_for(component: Component) -> bool:
    """Not what keeps data: another one would have to know it all."""
    return component.kind == "Service" and component.type not in _STORES and not component.entity.entity.spec.masters


def _soften(component: Component, number: int, target: str, promise: float) -> Change:
    def apply(catalog: Catalog, measured: Measured) -> tuple[Catalog, Measured]:
        edges = list(component.edges)
        edges[number] = _changed_edge(edges[number], when_down=Effect.DEGRADED, when_degraded=Effect.OK, soft=True)
        return with_components(catalog, [_changed(component, edges=tuple(edges))]), measured

    what = f"let `{component.name}` go on without `{name_of(target)}`, worse (`kind: soft`)"
    return Change("soften", what, (component.ref, target), None, promise, apply)


def _second(component: Component, promise: float, kind: str) -> Change:
    """A second one beside a component, for all that need it: as good, and independent but for the platform."""
    ref = component.ref
    door, twin = f"{ref}+door", f"{ref}+twin"

    def apply(catalog: Catalog, measured: Measured) -> tuple[Catalog, Measured]:
        platform = tuple(
            _changed_edge(edge, source=twin) for edge in component.edges if edge.role == "platform" and edge.is_hard
        )
        to_both = Edge(
            source=door,
            targets=(ref,) if kind == "fallback" else (ref, twin),
            need=1,
            when_down=Effect.DEGRADED if kind == "fallback" else Effect.DOWN,
            when_degraded=Effect.DEGRADED,
            fallback=twin if kind == "fallback" else None,
            tolerates_seconds=0.0,
            role="dependency",
            soft=False,
            degrades=None,
            because=None,
            common_cause=None,
            switch_failure=None,
            path=("spec", "dependsOn", 0),
        )
        added = [_changed(component, ref=twin, edges=platform), _changed(component, ref=door, edges=(to_both,))]
        moved = [_changed(each, edges=edges) for each, edges in _moved(catalog, ref, door)]
        grown = with_components(catalog, [*added, *moved])
        measured = {**measured, twin: measured[ref], door: Measurement(1.0, total=False)}
        return _with_legs(grown, lambda uses: tuple(door if each == ref else each for each in uses)), measured

    what = (
        f"a second provider beside `{component.name}`"
        if kind == "second-provider"
        else f"a stand-in for `{component.name}` (`fallback`)"
    )
    return Change(kind, what, (ref,), None, promise, apply)


def _moved(catalog: Catalog, ref: str, door: str) -> Iterator[tuple[Component, tuple[Edge, ...]]]:
    """Components that need another one, with their edges leading to its door instead."""
    for component in catalog.components.values():
        if any(ref in edge.targets for edge in component.edges):
            yield (
                component,
                tuple(
                    _changed_edge(edge, targets=tuple(door if each == ref else each for each in edge.targets))
                    for edge in component.edges
                ),
            )


def _legs(catalog: Catalog, journey: Journey, weight: Callable[[str], float]) -> Iterator[Change]:
    channels = catalog.channels
    used = {leg.channel: None for step in journey.steps for leg in step.legs}
    for number, step in enumerate(journey.steps):
        if step.optional or not step.legs:
            continue
        live = [leg for leg in step.legs[1:] if channels[leg.channel].mode == "live"]
        for leg in live:
            for target in leg.uses:
                if weight(target) > 0:
                    yield _leg_without(channels[leg.channel], number, step.name, step.title, leg, target, weight)
        if not live:
            taken = {leg.channel for leg in step.legs}
            for ref in used:
                if channels[ref].mode == "live" and ref not in taken:
                    promise = sum(weight(each) for each in step.legs[0].uses)
                    yield _new_leg(channels[ref], number, step.name, step.title, promise)


def _leg_without(
    channel: Channel, number: int, step: str, title: str, leg: Leg, target: str, weight: Callable[[str], float]
) -> Change:
    def apply(catalog: Catalog, measured: Measured) -> tuple[Catalog, Measured]:
        without = _changed_leg(leg, uses=tuple(each for each in leg.uses if each != target))
        return _with_step_legs(
            catalog, number, lambda legs: tuple(without if each is leg else each for each in legs)
        ), measured

    what = f"let `{channel.name}` do “{title}” without `{name_of(target)}`, by hand"
    return Change("leg-without", what, (target,), step, weight(target), apply)


def _new_leg(channel: Channel, number: int, step: str, title: str, promise: float) -> Change:
    def apply(catalog: Catalog, measured: Measured) -> tuple[Catalog, Measured]:
        leg = Leg(channel.ref, (), (), None, None, None, None, ("spec", "steps", number, "legs", -1))
        return _with_step_legs(catalog, number, lambda legs: (*legs, leg)), measured

    what = f"let `{channel.name}` do “{title}” too, with nothing but its own tools"
    return Change("new-leg", what, (), step, promise, apply)


def without_leg(catalog: Catalog, step: int, leg: Leg) -> Catalog:
    """The catalog without one way of doing a step of its only journey."""
    return _with_step_legs(catalog, step, lambda legs: tuple(each for each in legs if each is not leg))


def with_components(catalog: Catalog, changed: Iterable[Component]) -> Catalog:
    """The catalog with these components in place of, or beside, those that it has."""
    components = dict(catalog.components)
    components.update((each.ref, each) for each in changed)
    components = dict(sorted(components.items()))
    return dataclasses.replace(catalog, components=components, dependents=dependents(components))


def _with_step_legs(catalog: Catalog, number: int, change: Callable[[tuple[Leg, ...]], tuple[Leg, ...]]) -> Catalog:
    ((ref, journey),) = catalog.journeys.items()
    steps = list(journey.steps)
    steps[number] = dataclasses.replace(steps[number], legs=change(steps[number].legs))
    return dataclasses.replace(catalog, journeys={ref: dataclasses.replace(journey, steps=tuple(steps))})


def _with_legs(catalog: Catalog, change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Catalog:
    """The catalog with other components in the legs of its only journey, and below its channels."""
    ((ref, journey),) = catalog.journeys.items()
    steps = tuple(
        dataclasses.replace(step, legs=tuple(_changed_leg(leg, uses=change(leg.uses)) for leg in step.legs))
        for step in journey.steps
    )
    channels = {
        name: dataclasses.replace(each, runs_on=change(each.runs_on)) for name, each in catalog.channels.items()
    }
    return dataclasses.replace(catalog, channels=channels, journeys={ref: dataclasses.replace(journey, steps=steps)})


def _changed(component: Component, **values: object) -> Component:
    return dataclasses.replace(component, **values)  # type: ignore[arg-type]


def _changed_edge(edge: Edge, **values: object) -> Edge:
    return dataclasses.replace(edge, **values)  # type: ignore[arg-type]


def _changed_leg(leg: Leg, **values: object) -> Leg:
    return dataclasses.replace(leg, **values)  # type: ignore[arg-type]
