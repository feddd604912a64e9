"""One journey as a picture that reads from left to right: steps with their ways, what they use, what carries that."""

from collections.abc import Iterable, Sequence

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Journey, Leg, Step
from servicescape.render.boxes import (
    component_groups,
    component_nodes,
    hidden_note,
    in_order,
    states_note,
    tell_carried,
    wire,
    with_junctions,
)
from servicescape.render.colours import Colouring
from servicescape.render.diagram import (
    Diagram,
    DiagramEdge,
    Node,
    Row,
    edge_legend,
    node_legend,
)
from servicescape.render.views import Look

OFFERED = {"automatic": "moved over", "offered": "is offered", "found": "has to be found"}


def journey_picture(catalog: Catalog, ref: str, refs: Sequence[str], look: Look | None = None) -> Diagram:
    """A journey, with those of `refs` that carry it.

    Every step is one box with a line for each way of doing it, best first; a line tells what the hand-over to it
    brings along and what the customer is asked again.
    """
    look = look or Look(group_by="none")
    journey = catalog.journeys[ref]
    shown = set(refs)
    ordered = in_order(shown, (*look.order, *in_order_of_use(catalog, journey)))
    colouring = Colouring(catalog, [catalog.components[one] for one in ordered], look.colour_by, look.states)
    components = component_nodes(catalog, ordered, colouring)
    customer = Node("customer:", "customer", journey.persona or "Customer", words=journey.persona or "Customer")
    steps, ways = _steps(catalog, journey, shown)
    doors, floors = _channels(catalog, journey, shown)
    wiring = wire(catalog, ordered, look.group_by)
    components = tell_carried(components, wiring)
    flow = [
        DiagramEdge(before.id, after.id, "flow", words=f"{before.title}, then {after.title}")
        for before, after in zip([customer, *steps], steps, strict=False)
    ]
    edges = [*flow, *ways, *floors, *wiring.edges]
    groups = component_groups(catalog, ordered, look.group_by, look.order)
    return Diagram(
        title=journey.title,
        direction=look.direction,
        nodes=(customer, *steps, *doors, *components, *wiring.junctions),
        edges=tuple(edges),
        groups=tuple(with_junctions(group, wiring.junction_homes) for group in groups),
        legend=(*colouring.legend(), *node_legend(components), *edge_legend(edges)),
        notes=(*hidden_note(wiring), *states_note(look.colour_by, look.states, look.occasion)),
        columns=(
            tuple(node.id for node in (customer, *steps, *doors)),
            _front_column(ordered, edges) if look.group_by == "none" else (),
        ),
    )


def in_order_of_use(catalog: Catalog, journey: Journey) -> list[str]:
    """Components as the journey comes to them, those of its steps first, then layer by layer what carries them."""
    legs = [leg for step in journey.steps for leg in step.legs]
    found = dict.fromkeys(used for leg in legs for used in leg.uses)
    channels = [catalog.channels[leg.channel] for leg in legs if leg.channel in catalog.channels]
    found |= dict.fromkeys(ref for channel in channels for ref in channel.runs_on)
    layer = list(found)
    while layer:
        edges = [edge for ref in layer for edge in catalog.components[ref].edges]
        below = [ref for edge in edges for ref in (*edge.targets, edge.fallback) if ref is not None]
        layer = [ref for ref in dict.fromkeys(below) if ref not in found]
        found |= dict.fromkeys(layer)
    return list(found)


def _front_column(ordered: Sequence[str], edges: Iterable[DiagramEdge]) -> tuple[str, ...]:
    """The components that only steps and channels need, in order of use: left alone, layouts turn them upside down."""
    components = set(ordered)
    needed = {edge.target for edge in edges if edge.source in components or edge.style in ("member", "fallback")}
    front = {edge.target for edge in edges if edge.source not in components}
    return tuple(ref for ref in ordered if ref in front and ref not in needed)


def _steps(catalog: Catalog, journey: Journey, shown: set[str]) -> tuple[list[Node], list[DiagramEdge]]:
    nodes: list[Node] = []
    ways: list[DiagramEdge] = []
    asked: list[str] = []
    for number, step in enumerate(journey.steps, 1):
        key = f"step:{step.name}"
        rows = tuple(
            Row(str(index), catalog.title(leg.channel), _note(catalog, leg, index, asked))
            for index, leg in enumerate(step.legs)
        )
        about = _about(step)
        words = ", ".join([f"Step {number}: {step.title}", *filter(None, [about]), *(row.title for row in rows)])
        nodes.append(Node(key, "step", f"{number} {step.title}", about, rows=rows, words=words))
        for index, leg in enumerate(step.legs):
            ways += [
                DiagramEdge(
                    key,
                    used,
                    "use" if index == 0 else "reserve",
                    source_row=str(index),
                    words=f"{step.title} by {catalog.title(leg.channel)} uses {catalog.title(used)}",
                )
                for used in dict.fromkeys(leg.uses)
                if used in shown
            ]
        asked += [item for item in step.collects if item not in asked]
    return nodes, ways


def _about(step: Step) -> str:
    told = []
    if step.optional:
        told.append("optional")
    if step.share < 1:
        told.append(f"{step.share * 100:.3g} % of attempts")
    return " · ".join(told)


def _note(catalog: Catalog, leg: Leg, index: int, asked: Sequence[str]) -> str:
    """What becomes of the customer and of what they have said, where this way takes over."""
    if index == 0:
        return ""
    told = [OFFERED[leg.offered]] if leg.offered else []
    if leg.carries:
        via = f" via {catalog.title(leg.via)}" if leg.via else ""
        told.append(f"carries {listed(leg.carries)}{via}")
    again = asked_again(leg, asked)
    if again:
        told.append(f"asks again: {listed(again)}")
    return " · ".join(told)


def asked_again(leg: Leg, asked: Sequence[str]) -> list[str]:
    """What the customer has said before and the hand-over does not bring along."""
    return [item for item in asked if item not in leg.carries]


def listed(items: Sequence[str], most: int = 2) -> str:
    """The first few items, and how many there are besides."""
    named = [item.replace("-", " ") for item in items[:most]]
    rest = len(items) - most
    return ", ".join(named) + (f" and {rest} more" if rest > 0 else "")


def _channels(catalog: Catalog, journey: Journey, shown: set[str]) -> tuple[list[Node], list[DiagramEdge]]:
    """Channels of the journey in the order in which it first uses them, and what they run on."""
    refs = dict.fromkeys(leg.channel for step in journey.steps for leg in step.legs)
    doors: list[Node] = []
    floors: list[DiagramEdge] = []
    for ref in refs:
        channel = catalog.channels.get(ref)
        below = [one for one in channel.runs_on if one in shown] if channel else []
        if channel is None or not below:
            continue
        words = f"{channel.title}, channel, {channel.mode}"
        doors.append(Node(ref, "channel", channel.title, f"channel · {channel.mode}", words=words))
        floors += [DiagramEdge(ref, one, "hard", words=f"{channel.title} needs {catalog.title(one)}") for one in below]
    return doors, floors
