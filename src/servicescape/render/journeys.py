"""One journey as a picture that reads from left to right: steps with their ways, what they use, what carries that."""

from collections.abc import Sequence

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
)
from servicescape.render.colours import Colouring
from servicescape.render.diagram import (
    Diagram,
    DiagramEdge,
    Group,
    Node,
    Row,
    edge_legend,
    node_legend,
)
from servicescape.render.views import Look

_OFFERED = {"automatic": "moved over", "offered": "is offered", "found": "has to be found"}


def journey_picture(catalog: Catalog, ref: str, refs: Sequence[str], look: Look | None = None) -> Diagram:
    """A journey, with those of `refs` that carry it.

    Every step is one box with a line for each way of doing it, best first; a line tells what the hand-over to it
    brings along and what the customer is asked again.
    """
    look = look or Look(group_by="none")
    journey = catalog.journeys[ref]
    shown = set(refs)
    ordered = in_order(shown, look.order)
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
    groups = [Group(journey.ref, "What the customer does", tuple(node.id for node in steps))]
    groups += component_groups(catalog, ordered, look.group_by, look.order)
    return Diagram(
        title=journey.title,
        direction=look.direction,
        nodes=(customer, *steps, *doors, *components, *wiring.junctions),
        edges=tuple(edges),
        groups=tuple(groups[1:]),
        legend=(*colouring.legend(), *node_legend(components), *edge_legend(edges)),
        notes=(*hidden_note(wiring), *states_note(look.colour_by, look.states, look.occasion)),
        column=tuple(node.id for node in (customer, *steps, *doors)),
    )


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
        nodes.append(Node(key, "step", f"{number}  {step.title}", about, rows=rows, words=words))
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
    told = [_OFFERED[leg.offered]] if leg.offered else []
    if leg.carries:
        via = f" via {catalog.title(leg.via)}" if leg.via else ""
        told.append(f"carries {_some(leg.carries)}{via}")
    again = [item for item in asked if item not in leg.carries]
    if again:
        told.append(f"asks again: {_some(again)}")
    return " · ".join(told)


def _some(items: Sequence[str], most: int = 2) -> str:
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
        floors += [
            DiagramEdge(ref, one, "hard", words=f"{channel.title} needs {catalog.title(one)}") for one in below
        ]
    return doors, floors
