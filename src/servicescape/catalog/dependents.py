"""Who needs a component: the edges the other way round."""

from collections.abc import Iterable

from servicescape.catalog.graph import Component, Edge


def changed_dependents(
    before: dict[str, Component], components: dict[str, Component], known: dict[str, tuple[Edge, ...]]
) -> dict[str, tuple[Edge, ...]]:
    """What `dependents` would give, from what it gave for as many components, of which some have changed."""
    changed = {ref for ref, component in components.items() if before[ref] is not component}
    touched: dict[str, list[Edge]] = {}
    for ref in sorted(changed):
        for edge in before[ref].edges:
            for target in _needed(edge):
                touched.setdefault(target, [])
        for edge in components[ref].edges:
            for target in _needed(edge):
                touched.setdefault(target, []).append(edge)
    found = dict(known)
    for target, edges in touched.items():
        edges += [edge for edge in known[target] if edge.source not in changed]
        # Components come in the order of their references; the order of the edges of one is kept.
        found[target] = tuple(sorted(edges, key=lambda edge: edge.source))
    return found


def _needed(edge: Edge) -> Iterable[str]:
    return dict.fromkeys(edge.targets if edge.fallback is None else (*edge.targets, edge.fallback))


def dependents(components: dict[str, Component]) -> dict[str, tuple[Edge, ...]]:
    """Component → edges of others that need it, as a target or as a fallback."""
    found: dict[str, list[Edge]] = {ref: [] for ref in components}
    for component in components.values():
        for edge in component.edges:
            if edge.fallback is None and len(edge.targets) == 1:
                found[edge.targets[0]].append(edge)
                continue
            for target in _needed(edge):
                found[target].append(edge)
    return {ref: tuple(edges) for ref, edges in found.items()}
