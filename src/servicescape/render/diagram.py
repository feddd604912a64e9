"""A picture before anybody has drawn it: nodes, edges, groups and a legend, whatever the engine or the format.

Titles and labels are plain text as the authors wrote it; whoever writes a format escapes for that format. Colour is
told as a tone (`tier-1`, `state-down`), which a theme turns into colours.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Literal

from servicescape.diagnostics.records import record

NodeKind = Literal["service", "platform", "external", "step", "channel", "customer", "junction", "group"]
EdgeStyle = Literal["hard", "soft", "fallback", "member", "platform", "flow", "use", "reserve", "chain"]
"""How one thing needs another.

`member`: from the junction of a redundant group to a member. `flow`: from a journey's step to the next. `use`: what the
first way of doing a step needs; `reserve`: what a further way needs. `chain`: that through which a failure comes.
"""
Direction = Literal["LR", "TB", "RL", "BT"]

EDGE_WORDS: dict[str, str] = {
    "chain": "how the failure comes",
    "hard": "down without it",
    "soft": "degraded without it",
    "fallback": "takes over",
    "platform": "runs on it",
    "flow": "next step",
    "reserve": "used by a further way",
}
"""Edge style → what it means, as the legend says it, in the order in which the legend lists them."""

NODE_WORDS: dict[NodeKind, str] = {
    "service": "Service",
    "platform": "Platform",
    "external": "External",
    "step": "Step of the journey",
    "channel": "Channel",
    "customer": "Customer",
    "junction": "Redundant group",
    "group": "Components together",
}
"""Node kind → what it is called."""


@record()
class Row:
    """A line inside a node from which edges can start: one way of doing a step."""

    key: str
    title: str
    note: str = ""


@record()
class Node:
    """One box."""

    id: str
    """Reference of the entity, or a name of the same form for what is no entity: `step:check-line`."""
    kind: NodeKind
    title: str
    subtitle: str = ""
    badge: str = ""
    """A word or figure of a few characters: `T1`, `down`, `99.9 %`."""
    tone: str = "plain"
    rows: tuple[Row, ...] = ()
    url: str | None = None
    words: str = ""
    """What the box says, for those who hear the picture or hover over it."""
    is_focus: bool = False
    """Whether the picture is about this one."""


@record()
class DiagramEdge:
    """One arrow, from what needs to what is needed."""

    source: str
    target: str
    style: EdgeStyle
    label: str = ""
    source_row: str | None = None
    """Key of the source's row from which it starts."""
    words: str = ""
    is_drawn: bool = True
    """Whether there is an arrow; where there are too many, a note on the target says it instead."""
    is_faint: bool = False
    """Whether it is there for completeness, and not what the picture is about."""


@record()
class Group:
    """A frame around nodes."""

    id: str
    title: str
    members: tuple[str, ...]


@record()
class LegendEntry:
    """One sign that occurs in the picture, and what it means."""

    sign: Literal["tone", "edge", "node", "label"]
    key: str
    """Tone, edge style or node kind; for a label the first text of that sort."""
    text: str


@record()
class Diagram:
    """A whole picture. Everything stands in the order in which it should be placed."""

    title: str
    direction: Direction
    nodes: tuple[Node, ...]
    edges: tuple[DiagramEdge, ...]
    groups: tuple[Group, ...] = ()
    legend: tuple[LegendEntry, ...] = ()
    notes: tuple[str, ...] = ()
    """Small print: what is not drawn."""
    columns: tuple[tuple[str, ...], ...] = ()
    """Nodes that stand in line with each other, in this order. None of them is in a group."""
    ranks: tuple[tuple[str, ...], ...] = ()
    """Nodes that stand in line, in a group or not, and each line behind the one before."""
    is_held: bool = False
    """Whether staying in place matters more than the last few crossings: the author has said where things stand."""

    def description(self) -> str:
        """The picture in a sentence or two, for those who do not see it."""
        drawn = tuple(edge for edge in self.edges if edge.is_drawn)
        counts = f"{_count(self.nodes, 'box', 'boxes')}, {_count(drawn, 'arrow', 'arrows')}"
        return ". ".join([counts, *self.notes])


def edge_legend(edges: Sequence[DiagramEdge]) -> list[LegendEntry]:
    """Legend entries of the edge styles that occur.

    Members of a group explain themselves by the group's label; what a step's first way uses looks like any need.
    """
    styles: set[EdgeStyle] = {"hard" if edge.style == "use" else edge.style for edge in edges if edge.is_drawn}
    styles -= {"member"}
    entries = [LegendEntry("edge", style, words) for style, words in EDGE_WORDS.items() if style in styles]
    delays = (
        edge.label for edge in edges if edge.label and edge.is_drawn and edge.style not in ("fallback", "platform")
    )
    return entries + [LegendEntry("label", label, "goes on so long without it") for label in islice(delays, 1)]


def node_legend(nodes: Iterable[Node]) -> list[LegendEntry]:
    """Legend entries of the kinds of component, where there is more than one to tell apart."""
    kinds = {node.kind for node in nodes} & {"service", "platform", "external"}
    if len(kinds) < 2:
        return []
    return [LegendEntry("node", kind, words) for kind, words in NODE_WORDS.items() if kind in kinds]


def _count(items: tuple[object, ...], one: str, many: str) -> str:
    return f"{len(items)} {one if len(items) == 1 else many}"
