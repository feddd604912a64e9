"""Components and their dependencies as boxes and arrows: the part that all pictures share."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Component, Edge
from servicescape.model.units import Duration
from servicescape.render.colours import Colouring
from servicescape.render.diagram import DiagramEdge, EdgeStyle, Group, Node, NodeKind
from servicescape.render.text import safe_url

GroupBy = str
"""`domain`, `owner`, `platform`, `vendor`, `zone`, `label.KEY` or `none`."""
GROUPINGS = ("domain", "owner", "platform", "vendor", "zone", "none")
"""Those without a key of the author's own."""
ZONE_LABELS = ("zone", "topology.kubernetes.io/zone")
"""Labels that say in which zone a component runs, the first that is there."""

_KINDS: dict[str, NodeKind] = {"Service": "service", "Platform": "platform", "External": "external"}
_CROWD = 8
"""Components on one platform from which on arrows to it are no help any more."""
LARGE_PICTURE = 120
"""Components in one picture from which on nobody reads it on a screen, and arrows to what all need hide the rest."""
_STRENGTH: dict[EdgeStyle, int] = {"hard": 0, "soft": 1, "fallback": 2, "platform": 3}


def in_order(refs: Iterable[str], order: Sequence[str] = ()) -> list[str]:
    """References with those that are hinted at first, as hinted, and the rest by name."""
    place = {ref: number for number, ref in reversed(list(enumerate(order)))}
    return sorted(refs, key=lambda ref: (place.get(ref, len(order)), ref))


def component_nodes(
    catalog: Catalog,
    refs: Iterable[str],
    colouring: Colouring,
    focus: Iterable[str] = (),
    remarks: Mapping[str, str] | None = None,
) -> list[Node]:
    """One box a component. A remark stands in place of type and owner; several of one title say their names."""
    focused = set(focus)
    nodes = [_component_node(catalog, catalog.components[ref], colouring, ref in focused) for ref in refs]
    shared = {title for title, count in Counter(node.title for node in nodes).items() if count > 1}
    found = []
    for node in nodes:
        remark = (remarks or {}).get(node.id)
        if remark is not None:
            node = replace(node, subtitle=remark, words=f"{node.words}, {remark}")
        if node.title in shared:
            name = node.id.split(":", 1)[1]
            node = replace(node, subtitle=f"{name} · {node.subtitle}", words=f"{node.words}, named {name}")
        found.append(node)
    return found


def component_groups(
    catalog: Catalog, refs: Sequence[str], group_by: GroupBy, order: Sequence[str] = ()
) -> list[Group]:
    """Frames around components. Whatever belongs nowhere stands outside every frame.

    Groups stand in the order of the hinted components in them, then by name.
    """
    if group_by == "none":
        return []
    shown = set(refs)
    members: dict[str, list[str]] = {}
    for ref in refs:
        key = group_of(catalog, ref, group_by)
        if key is not None and (key != ref or _carries_any(catalog, ref, shown)):
            members.setdefault(key, []).append(ref)
    place = {ref: number for number, ref in reversed(list(enumerate(order)))}
    last = len(order)
    ranked = sorted(members, key=lambda key: (min(place.get(ref, last) for ref in members[key]), key))
    return [Group(key, group_title(catalog, key), tuple(members[key])) for key in ranked]


def group_title(catalog: Catalog, key: str) -> str:
    """What a group is called: a title, or what a label says."""
    return catalog.title(key) if key in catalog.entities else key.split(":", 1)[1]


def group_of(catalog: Catalog, ref: str, group_by: GroupBy) -> str | None:
    """Reference of the group that a component stands in. A platform stands among what runs on it."""
    component = catalog.components[ref]
    if group_by == "vendor":
        return f"vendor:{component.vendor}" if component.vendor else None
    if group_by == "zone" or group_by.startswith("label."):
        labels = component.entity.entity.metadata.labels
        keys = ZONE_LABELS if group_by == "zone" else (group_by.removeprefix("label."),)
        said = next((labels[key] for key in keys if labels.get(key)), None)
        return f"label:{said}" if said is not None else None
    if group_by == "platform" and component.platform is None and component.kind == "Platform":
        return ref
    return {"domain": component.domain, "owner": component.owner, "platform": component.platform, "none": None}[
        group_by
    ]


def telling_grouping(catalog: Catalog, refs: Sequence[str]) -> GroupBy:
    """What is worth drawing frames by: the first of area, team, platform and vendor that tells most of them apart."""
    for group_by in ("domain", "owner", "platform", "vendor"):
        found = [group_of(catalog, ref, group_by) for ref in refs]
        groups = {key for key in found if key is not None}
        if len(groups) > 1 and found.count(None) * 2 <= len(found):
            return group_by
    return "domain"


def _carries_any(catalog: Catalog, platform: str, shown: set[str]) -> bool:
    """Whether anything in the picture runs on the platform; a frame round itself alone would say nothing."""
    return any(edge.role == "platform" and edge.source in shown for edge in catalog.dependents.get(platform, ()))


@dataclass(slots=True)
class Wiring:
    """Arrows between the components of one picture, and what had to be left out."""

    edges: list[DiagramEdge] = field(default_factory=list)
    junctions: list[Node] = field(default_factory=list)
    junction_homes: dict[str, str] = field(default_factory=dict)
    """Junction → component beside which it stands."""
    carried: Mapping[str, int] = field(default_factory=dict)
    """Platform to which no arrows are drawn → number of components that run on it."""
    needed: Mapping[str, int] = field(default_factory=dict)
    """Component that very many need → number of those from which no arrow is drawn."""
    hidden: int = 0
    """Dependencies of which one end is outside the picture."""


def wire(catalog: Catalog, refs: Sequence[str], group_by: GroupBy = "none", focus: Iterable[str] = ()) -> Wiring:
    """The arrows between components. Where frames say what runs on which platform, no arrow repeats it.

    Nor are there arrows to a platform that carries most of the picture, unless the picture is about it; nor, in a large
    picture, from other frames to what very many of them need.
    """
    shown = set(refs)
    wiring = Wiring()
    drawn: dict[tuple[str, str], DiagramEdge] = {}
    lifted: dict[tuple[str, str], list[str]] = {}
    for ref in refs:
        for number, edge in enumerate(catalog.components[ref].edges):
            if edge.is_group:
                _wire_group(catalog, edge, number, shown, wiring)
            else:
                _wire_plain(catalog, edge, shown, drawn, lifted, wiring, framed=group_by == "platform")
        wiring.hidden += sum(edge.source not in shown for edge in catalog.dependents.get(ref, ()))
    crowded = _crowded(drawn.values()) - set(focus)
    plain = [
        replace(arrow, is_drawn=False) if arrow.style == "platform" and arrow.target in crowded else arrow
        for arrow in drawn.values()
    ]
    wiring.carried = Counter(arrow.target for arrow in plain if not arrow.is_drawn)
    if len(refs) > LARGE_PICTURE:
        homes = {ref: group_of(catalog, ref, group_by) for ref in refs}
        plain = _without_hubs(plain, homes, set(focus))
        wiring.needed = Counter(arrow.target for arrow in plain if not arrow.is_drawn and arrow.style != "platform")
    plain += _lifted_arrows(catalog, lifted, drawn, crowded)
    wiring.edges = [*plain, *wiring.edges]
    return wiring


def visible_ancestor(catalog: Catalog, ref: str, shown: Container[str]) -> str | None:
    """The nearest platform below a component that is shown, where the component itself is not."""
    seen = {ref}
    here = catalog.components[ref].platform
    while here is not None and here not in seen:
        if here in shown:
            return here
        seen.add(here)
        here = catalog.components[here].platform if here in catalog.components else None
    return None


def _lifted_arrows(
    catalog: Catalog,
    lifted: Mapping[tuple[str, str], Sequence[str]],
    drawn: Container[tuple[str, str]],
    crowded: Container[str],
) -> list[DiagramEdge]:
    """Arrows to the platform of what is needed and not shown; none where there is an arrow already."""
    arrows = []
    for (source, target), through in lifted.items():
        if (source, target) in drawn or target in crowded:
            continue
        titles = [catalog.title(ref) for ref in dict.fromkeys(through)]
        label = f"by {titles[0]}" if len(titles) == 1 else f"by {len(titles)} parts not shown"
        words = f"{catalog.title(source)} needs {', '.join(titles)} (not shown), on {catalog.title(target)}"
        arrows.append(DiagramEdge(source, target, "platform", label, words=words))
    return arrows


def _without_hubs(
    edges: Iterable[DiagramEdge], homes: Mapping[str, str | None], focus: Container[str]
) -> list[DiagramEdge]:
    """The arrows, but for those from other frames to what more of these need than anybody could follow."""

    def comes_from_afar(edge: DiagramEdge) -> bool:
        home = homes[edge.source]
        return edge.style != "platform" and (home is None or home != homes[edge.target])

    edges = list(edges)
    counts = Counter(edge.target for edge in edges if comes_from_afar(edge))
    hubs = {target for target, count in counts.items() if count > _CROWD and target not in focus}
    return [replace(edge, is_drawn=False) if edge.target in hubs and comes_from_afar(edge) else edge for edge in edges]


def with_junctions(group: Group, homes: Mapping[str, str]) -> Group:
    """The group with the junctions of its own components: a junction belongs to whoever depends on it."""
    inside = set(group.members)
    junctions = [junction for junction, home in homes.items() if home in inside]
    return Group(group.id, group.title, (*group.members, *junctions))


def tell_carried(nodes: Iterable[Node], wiring: Wiring, remarks: Mapping[str, str] | None = None) -> list[Node]:
    """The boxes, with a word on those to which not all arrows are drawn, behind a remark on them."""
    told = []
    for node in nodes:
        carried, needed = wiring.carried.get(node.id), wiring.needed.get(node.id)
        said = [f"carries {carried} of these"] if carried is not None else []
        said += [f"{needed} {'others' if carried is None else 'more'} need it"] if needed is not None else []
        if said:
            remark = (remarks or {}).get(node.id)
            subtitle = " · ".join([*([remark] if remark else []), *said])
            node = replace(node, subtitle=subtitle, words=", ".join([node.words, *said]))
        told.append(node)
    return told


def _crowded(edges: Iterable[DiagramEdge]) -> set[str]:
    """Platforms to which so many arrows would lead that they hide everything else."""
    counts = Counter(edge.target for edge in edges if edge.style == "platform")
    return {target for target, count in counts.items() if count > _CROWD}


def hidden_note(wiring: Wiring) -> list[str]:
    """Small print about dependencies that lead out of the picture, or for which there is no arrow."""
    notes = []
    if wiring.hidden:
        many = "dependency leads" if wiring.hidden == 1 else "dependencies lead"
        notes.append(f"{wiring.hidden} {many} to or from components outside this picture")
    if wiring.needed:
        count = len(wiring.needed)
        what = (
            "1 component that very many need: its box says"
            if count == 1
            else (f"{count} components that very many need: their boxes say")
        )
        notes.append(f"{what} how many, in place of arrows from other frames")
    return notes


def page_of(component: Component) -> str | None:
    """Where a box leads: the author's first link that a picture may hold, or else the runbook."""
    urls = [link.url for link in component.entity.entity.metadata.links]
    return next(filter(None, map(safe_url, (*urls, component.runbook))), None)


def _component_node(catalog: Catalog, component: Component, colouring: Colouring, is_focus: bool) -> Node:
    colour = colouring.colour(component)
    by = component.vendor if component.kind == "External" else component.owner and catalog.title(component.owner)
    what = component.type or component.kind.lower()
    said = [component.title, component.kind.lower() + (f" ({component.type})" if component.type else "")]
    if by:
        said.append(f"{'from' if component.kind == 'External' else 'owned by'} {by}")
    if component.tier is not None:
        said.append(f"tier {component.tier}")
    if component.lifecycle != "production":
        said.append(component.lifecycle)
    if colour.words.casefold() not in " ".join(said).casefold() and not colour.tone.startswith("tier"):
        said.append(colour.words)
    return Node(
        id=component.ref,
        kind=_KINDS[component.kind],
        title=component.title,
        subtitle=f"{what} · {by}" if by else what,
        badge=colour.badge,
        tone=colour.tone,
        url=page_of(component),
        words=", ".join(said),
        is_focus=is_focus,
    )


def _wire_plain(
    catalog: Catalog,
    edge: Edge,
    shown: set[str],
    drawn: dict[tuple[str, str], DiagramEdge],
    lifted: dict[tuple[str, str], list[str]],
    wiring: Wiring,
    *,
    framed: bool,
) -> None:
    if edge.role == "platform" and framed:
        return
    target = edge.targets[0]
    if target in shown:
        style: EdgeStyle = "platform" if edge.role == "platform" else "soft" if edge.soft else "hard"
        _draw(catalog, drawn, edge.source, target, style, _tolerance(edge))
    else:
        ancestor = None if edge.role == "platform" else visible_ancestor(catalog, target, shown)
        if ancestor is None or ancestor == edge.source:
            wiring.hidden += 1
        else:
            lifted.setdefault((edge.source, ancestor), []).append(target)
    if edge.fallback is not None:
        if edge.fallback in shown:
            _draw(catalog, drawn, edge.source, edge.fallback, "fallback", "fallback")
        else:
            wiring.hidden += 1


def _draw(
    catalog: Catalog,
    drawn: dict[tuple[str, str], DiagramEdge],
    source: str,
    target: str,
    style: EdgeStyle,
    label: str,
) -> None:
    """Draws an arrow; of several between the same two boxes only the strongest."""
    before = drawn.get((source, target))
    if before is None or _STRENGTH[style] < _STRENGTH[before.style]:
        verb = {"platform": "runs on", "fallback": "falls back to"}.get(style, "needs")
        more = {"soft": ", degraded without it"}.get(style, "")
        if label and style != "fallback":
            more += f", tolerates {label}"
        words = f"{catalog.title(source)} {verb} {catalog.title(target)}{more}"
        drawn[source, target] = DiagramEdge(source, target, style, label, words=words)


def _wire_group(catalog: Catalog, edge: Edge, number: int, shown: set[str], wiring: Wiring) -> None:
    members = [target for target in edge.targets if target in shown]
    wiring.hidden += len(edge.targets) - len(members)
    if edge.fallback is not None and edge.fallback in shown:
        members.append(edge.fallback)
    if not members:
        return
    junction = f"group:{edge.source}:{number}"
    needed = f"{edge.need} of {len(edge.targets)}"
    title = catalog.title(edge.source)
    wiring.junctions.append(Node(junction, "junction", needed, words=f"{title} needs {needed}"))
    wiring.junction_homes[junction] = edge.source
    wiring.edges.append(
        DiagramEdge(
            edge.source,
            junction,
            "soft" if edge.soft else "hard",
            _tolerance(edge),
            words=f"{title} needs {needed}",
        )
    )
    for member in members:
        is_fallback = member == edge.fallback
        words = f"{title}: {catalog.title(member)} is {'the fallback' if is_fallback else 'one of them'}"
        style: EdgeStyle = "fallback" if is_fallback else "member"
        wiring.edges.append(DiagramEdge(junction, member, style, "fallback" if is_fallback else "", words=words))


def _tolerance(edge: Edge) -> str:
    return Duration.of_seconds(edge.tolerates_seconds).canonical() if edge.tolerates_seconds > 0 else ""


def states_note(colour_by: str, states: Mapping[str, str] | None, occasion: str = "") -> list[str]:
    """Small print about the states that colour tells: where they come from, or that none are known."""
    if colour_by != "state":
        return []
    if not states:
        return ["No states are known here, so no colour tells them"]
    return [f"What becomes of each: {occasion}"] if occasion else []
