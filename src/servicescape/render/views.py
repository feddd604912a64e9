"""Views of a catalog as pictures: a landscape of components, or one component with what is around it."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics.records import record
from servicescape.model.names import COMPONENT_KINDS
from servicescape.model.view import View
from servicescape.render.boxes import (
    LARGE_PICTURE,
    GroupBy,
    component_groups,
    component_nodes,
    hidden_note,
    in_order,
    states_note,
    tell_carried,
    wire,
    with_junctions,
)
from servicescape.render.colours import Colour, ColourBy, Colouring
from servicescape.render.diagram import (
    Diagram,
    DiagramEdge,
    Direction,
    Group,
    LegendEntry,
    Node,
    edge_legend,
    node_legend,
)


@record()
class Look:
    """How a picture is to look."""

    group_by: GroupBy = "domain"
    colour_by: ColourBy = "tier"
    direction: Direction = "LR"
    order: tuple[str, ...] = ()
    """References of components in the order in which they should be placed."""
    ranks: tuple[tuple[str, ...], ...] = ()
    """References of components that stand in line, and each line behind the one before."""
    states: Mapping[str, str] | None = None
    """Component → `ok`, `degraded` or `down`, for colouring by state."""
    painted: Mapping[str, Colour] | None = None
    """Component → colour, whatever `colour_by` would make of it."""
    remarks: Mapping[str, str] | None = None
    """Component → what its box says in place of its type and owner."""
    occasion: str = ""
    """What the states come from: the title of a scenario."""


def look_of(catalog: Catalog, view: View) -> Look:
    """How a view wants its picture to look."""
    namespace = view.metadata.namespace
    colour_by = view.spec.colour_by
    if view.spec.scenario is not None and "colour_by" not in view.spec.model_fields_set:
        # Who names a scenario wants to see states.
        colour_by = "state"

    def found(names: Iterable[str]) -> tuple[str, ...]:
        refs = (catalog.find(name, COMPONENT_KINDS, namespace) for name in names)
        return tuple(ref for ref in refs if ref is not None)

    return Look(
        group_by=view.spec.group_by,
        colour_by=colour_by,
        direction=view.spec.direction,
        order=found(view.spec.layout.order),
        ranks=tuple(map(found, view.spec.layout.rank)),
    )


def landscape(
    catalog: Catalog,
    refs: Sequence[str],
    title: str,
    look: Look | None = None,
    *,
    focus: Sequence[str] = (),
    with_channels: bool = False,
    frames: Sequence[Group] | None = None,
) -> Diagram:
    """The components in their groups, with the dependencies among them.

    `focus` are the components that the picture is about; `with_channels` puts before everything the channels by which
    customers come in; `frames` are drawn in place of those that `look` asks for.
    """
    look = look or Look()
    ordered = in_order(refs, look.order)
    colouring = Colouring(
        catalog, [catalog.components[ref] for ref in ordered], look.colour_by, look.states, look.painted
    )
    nodes = component_nodes(catalog, ordered, colouring, focus, look.remarks)
    groups = list(frames) if frames is not None else component_groups(catalog, ordered, look.group_by, look.order)
    wiring = wire(catalog, ordered, look.group_by, focus)
    nodes = tell_carried(nodes, wiring, look.remarks)
    edges = list(wiring.edges)
    pale: list[LegendEntry] = []
    if len(ordered) > LARGE_PICTURE:
        edges, pale = _pale_between(edges, groups, wiring.junction_homes)
    if with_channels:
        doors, ways = _channels(catalog, set(ordered))
        nodes = [*doors, *nodes]
        edges = [*ways, *edges]
        if doors:
            groups.insert(0, Group("group:customers", "How customers reach us", tuple(node.id for node in doors)))
    return Diagram(
        title=title,
        direction=look.direction,
        nodes=(*nodes, *wiring.junctions),
        edges=tuple(edges),
        groups=tuple(with_junctions(group, wiring.junction_homes) for group in groups),
        legend=(*colouring.legend(), *node_legend(nodes), *edge_legend(edges), *pale),
        notes=(*hidden_note(wiring), *states_note(look.colour_by, look.states, look.occasion)),
        ranks=_shown_lines(look.ranks, set(ordered)),
        is_held=bool(look.order or look.ranks),
    )


def _pale_between(
    edges: Sequence[DiagramEdge], groups: Sequence[Group], junctions: Mapping[str, str]
) -> tuple[list[DiagramEdge], list[LegendEntry]]:
    """Of a picture with very many arrows: those within frames, and in pale those between them; with the legend."""
    homes = {member: group.id for group in groups for member in group.members}
    homes |= {junction: homes[ref] for junction, ref in junctions.items() if ref in homes}
    found = [
        edge if homes.get(edge.source) == homes.get(edge.target, "") else replace(edge, is_faint=True) for edge in edges
    ]
    is_needed = any(edge.is_faint and edge.is_drawn for edge in found) and bool(groups)
    return (found, [LegendEntry("edge", "faint", "between frames")]) if is_needed else (list(edges), [])


def _shown_lines(ranks: Iterable[Sequence[str]], shown: Container[str]) -> tuple[tuple[str, ...], ...]:
    """The lines without what is not in the picture; a component that two names stand for is in the first line alone."""
    seen: set[str] = set()
    lines = []
    for line in ranks:
        here = [ref for ref in dict.fromkeys(line) if ref in shown and ref not in seen]
        seen.update(here)
        if here:
            lines.append(tuple(here))
    return tuple(lines)


def _channels(catalog: Catalog, shown: set[str]) -> tuple[list[Node], list[DiagramEdge]]:
    """Boxes of the channels that run on something shown, and arrows to that."""
    doors, ways = [], []
    for channel in catalog.channels.values():
        below = [ref for ref in channel.runs_on if ref in shown]
        if below:
            words = f"{channel.title}, channel, {channel.mode}"
            doors.append(Node(channel.ref, "channel", channel.title, channel.mode, words=words))
            ways += [
                DiagramEdge(channel.ref, ref, "hard", words=f"{channel.title} needs {catalog.title(ref)}")
                for ref in below
            ]
    return doors, ways
