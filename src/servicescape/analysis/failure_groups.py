"""Components that fail together: those of a team, a business area or a vendor, or with a label."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Component
from servicescape.model.names import COMPONENT_KINDS
from servicescape.model.scenario import Target, TargetGroup


def within(catalog: Catalog, ref: str) -> frozenset[str]:
    """A team or business area and all that are part of it, at any depth, by reference."""
    parts = {ref}
    parents = _parents(catalog)
    grown = True
    while grown:
        more = {child for child, parent in parents.items() if parent in parts} - parts
        parts |= more
        grown = bool(more)
    return frozenset(parts)


def _parents(catalog: Catalog) -> dict[str, str | None]:
    parents: dict[str, str | None] = {}
    for kind, located in (("Team", catalog.teams), ("Domain", catalog.domains)):
        for ref, entry in located.items():
            parent = entry.entity.spec.parent
            parents[ref] = parent and catalog.find(parent, (kind,), entry.entity.metadata.namespace)
    return parents


def _members(catalog: Catalog, belongs: Callable[[Component], bool]) -> tuple[str, ...]:
    return tuple(sorted(ref for ref, component in catalog.components.items() if belongs(component)))


def members_of_team(catalog: Catalog, team: str) -> tuple[str, ...]:
    """Components that a team, or a team that is part of it, owns."""
    owners = within(catalog, team)
    return _members(catalog, lambda component: component.owner in owners)


def members_of_domain(catalog: Catalog, domain: str) -> tuple[str, ...]:
    """Components of a business area or of an area within it."""
    areas = within(catalog, domain)
    return _members(catalog, lambda component: component.domain in areas)


def members_of_vendor(catalog: Catalog, vendor: str) -> tuple[str, ...]:
    """Externals of a vendor."""
    return _members(catalog, lambda component: component.vendor == vendor)


def members_with_labels(catalog: Catalog, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Components that carry all of these labels."""
    return _members(catalog, lambda component: labels.items() <= component.entity.entity.metadata.labels.items())


def members_of_group(catalog: Catalog, group: TargetGroup, namespace: str) -> tuple[str, ...]:
    """Components that a group stands for: those that meet all of its keys. None where a key names nothing known."""
    selections: list[tuple[str, ...]] = []
    if group.team is not None:
        team = catalog.find(group.team, ("Team",), namespace)
        selections.append(members_of_team(catalog, team) if team else ())
    if group.domain is not None:
        domain = catalog.find(group.domain, ("Domain",), namespace)
        selections.append(members_of_domain(catalog, domain) if domain else ())
    if group.vendor is not None:
        selections.append(members_of_vendor(catalog, group.vendor))
    if group.label is not None:
        selections.append(members_with_labels(catalog, group.label))
    return tuple(sorted(set(selections[0]).intersection(*selections[1:])))


def members_of_targets(catalog: Catalog, targets: Iterable[Target], namespace: str) -> Iterator[str]:
    """Components that what is to fail stands for, in the author's order; what names nothing known is left out."""
    for target in targets:
        if isinstance(target, TargetGroup):
            yield from members_of_group(catalog, target, namespace)
        else:
            ref = catalog.find(target, COMPONENT_KINDS, namespace)
            if ref is not None:
                yield ref
