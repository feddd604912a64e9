"""Which components a view shows, or a command line picks.

The keys of one selector are and-ed, several selectors are or-ed. An area holds the areas that name it as their parent,
and a team the teams below it, because that is what people mean by the larger name.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from servicescape.analysis.failure_groups import within
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Component
from servicescape.model.names import COMPONENT_KINDS, DEFAULT_NAMESPACE
from servicescape.model.view import OF_A_JOURNEY, PictureKind, Selector, View


def select(
    catalog: Catalog,
    include: Sequence[Selector] = (),
    exclude: Sequence[Selector] = (),
    namespace: str = DEFAULT_NAMESPACE,
) -> tuple[str, ...]:
    """References of the components picked, in the catalog's order; without `include` everything is picked first.

    Names in selectors are read as in `namespace`. A name that resolves to nothing picks nothing: it was reported.
    """
    chosen = set(catalog.components) if not include else _any_of(catalog, include, namespace)
    chosen -= _any_of(catalog, exclude, namespace)
    return tuple(ref for ref in catalog.components if ref in chosen)


def shown_by(
    catalog: Catalog, view: View, kind: PictureKind | None = None, depth: int | None = None
) -> tuple[str, ...]:
    """References of the components that a view shows, in the catalog's order.

    In a picture `kind` of a journey these are components that carry it, to `depth` steps; selectors pick among them.
    """
    spec, namespace = view.spec, view.metadata.namespace
    kind = kind or spec.picture
    picked = select(catalog, spec.include, spec.exclude, namespace)
    journey = None if spec.journey is None else catalog.find(spec.journey, ("Journey",), namespace)
    if journey is None:
        return () if kind in OF_A_JOURNEY else picked
    if kind not in OF_A_JOURNEY and kind != "reliability":
        return picked
    carrying = dependencies_of(catalog, front_components(catalog, journey), depth)
    return tuple(ref for ref in picked if ref in carrying)


def matching(catalog: Catalog, selector: Selector, namespace: str = DEFAULT_NAMESPACE) -> frozenset[str]:
    """References of the components for which every key of the selector holds."""
    chosen: set[str] | None = None
    for held in _conditions(catalog, selector, namespace):
        chosen = held if chosen is None else chosen & held
    return frozenset(chosen or ())


def dependencies_of(catalog: Catalog, refs: Iterable[str], depth: int | None = None) -> set[str]:
    """The components and what they need, fallbacks included, to `depth` steps (all where it is None)."""
    return _reach(refs, lambda ref: _needs(catalog.components.get(ref)), depth)


def dependents_of(catalog: Catalog, refs: Iterable[str], depth: int | None = None) -> set[str]:
    """The components and what needs them, as a target or as a fallback, to `depth` steps (all where it is None)."""
    return _reach(refs, lambda ref: (edge.source for edge in catalog.dependents.get(ref, ())), depth)


def front_components(catalog: Catalog, journey: str) -> set[str]:
    """The components that a journey touches itself: used by a leg, under its channel, or carrying a hand-over."""
    front: set[str] = set()
    for step in catalog.journeys[journey].steps:
        for leg in step.legs:
            front.update(leg.uses)
            if leg.via is not None:
                front.add(leg.via)
            channel = catalog.channels.get(leg.channel)
            if channel is not None:
                front.update(channel.runs_on)
    return front


def _any_of(catalog: Catalog, selectors: Iterable[Selector], namespace: str) -> set[str]:
    chosen: set[str] = set()
    for selector in selectors:
        chosen |= matching(catalog, selector, namespace)
    return chosen


def _conditions(catalog: Catalog, selector: Selector, namespace: str) -> Iterator[set[str]]:
    """For each key given, the components for which it holds."""

    def named(text: str, *kinds: str) -> set[str]:
        ref = catalog.find(text, kinds or COMPONENT_KINDS, namespace)
        return set() if ref is None else {ref}

    def those(holds: Callable[[Component], bool]) -> set[str]:
        return {ref for ref, component in catalog.components.items() if holds(component)}

    if selector.name is not None:
        yield named(selector.name)
    if selector.kind is not None:
        yield those(lambda component: component.kind == selector.kind)
    if selector.tier is not None:
        yield those(lambda component: component.tier == selector.tier)
    if selector.label is not None:
        wanted = selector.label.items()
        yield those(lambda component: wanted <= component.entity.entity.metadata.labels.items())
    if selector.domain is not None:
        areas = _with_parts(catalog, named(selector.domain, "Domain"))
        yield those(lambda component: component.domain in areas)
    if selector.owner is not None:
        teams = _with_parts(catalog, named(selector.owner, "Team"))
        yield those(lambda component: component.owner in teams)
    if selector.journey is not None:
        fronts = [front_components(catalog, ref) for ref in named(selector.journey, "Journey")]
        yield dependencies_of(catalog, set().union(*fronts))
    if selector.dependencies_of is not None:
        yield dependencies_of(catalog, named(selector.dependencies_of), selector.depth)
    if selector.dependents_of is not None:
        yield dependents_of(catalog, named(selector.dependents_of), selector.depth)
    if selector.between is not None:
        first, last = (named(text) for text in selector.between)
        yield dependencies_of(catalog, first) & dependents_of(catalog, last)


def _needs(component: Component | None) -> Iterator[str]:
    for edge in component.edges if component else ():
        yield from edge.targets
        if edge.fallback is not None:
            yield edge.fallback


def _reach(start: Iterable[str], neighbours: Callable[[str], Iterable[str]], depth: int | None) -> set[str]:
    seen = set(start)
    frontier = seen.copy()
    while frontier and (depth is None or depth > 0):
        frontier = {ref for each in frontier for ref in neighbours(each)} - seen
        seen |= frontier
        depth = None if depth is None else depth - 1
    return seen


def _with_parts(catalog: Catalog, refs: set[str]) -> frozenset[str]:
    return frozenset().union(*(within(catalog, ref) for ref in refs))
