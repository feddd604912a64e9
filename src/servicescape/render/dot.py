"""A diagram as DOT, through the `graphviz` package. Needs no engine; the text can be drawn by any Graphviz.

Boxes are HTML-like tables. Title and legend are the label of the whole graph, so that every format carries them.
"""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import pairwise

import graphviz

from servicescape.render.diagram import Diagram, DiagramEdge, Direction, EdgeStyle, Group, LegendEntry, Node
from servicescape.render.packing import hidden_ties
from servicescape.render.text import clean, safe_url, shorten, wide_count, width, wrap
from servicescape.render.themes import LIGHT, Theme, Tone

FONT = "Helvetica"
"""One name, never a list: the engine has true widths for it, and measures every other text as Times."""
LARGE, SMALL = 13, 10
"""The two sizes, in points."""
_SUBTITLE_COLUMNS = 40
_NOTE_COLUMNS = 48
_STEP_WIDTH = 256
_LEGEND_PER_LINE = 6
_SMALL_GRAPH = 90
"""Nodes up to which more care about crossings costs no time that anybody would notice, and arrows meet at the sides."""
_BIG_GRAPH = 250
"""Nodes from which on the layout may try less hard."""
_HELD = "0.2"
"""Rounds of changing places, of the usual number. Where many are made, one more component turns a picture round:
measured by benchmarks/diagrams.py."""
_HUGE_GRAPH = 600
"""Nodes from which on nobody sees any more whether it did."""

_EDGES: dict[EdgeStyle, dict[str, str]] = {
    "hard": {"style": "solid", "penwidth": "1.1"},
    "soft": {"style": "dashed", "penwidth": "1.1"},
    "fallback": {"style": "dotted", "penwidth": "1.4"},
    "member": {"style": "solid", "penwidth": "0.8"},
    "platform": {"style": "solid", "penwidth": "0.6"},
    "flow": {"style": "solid", "penwidth": "2", "weight": "20"},
    "use": {"style": "solid", "penwidth": "1.1"},
    "reserve": {"style": "dashed", "penwidth": "0.8"},
    "chain": {"style": "solid", "penwidth": "3", "weight": "6"},
}
_SIDES: dict[Direction, tuple[str, str]] = {"LR": ("e", "w"), "TB": ("s", "n"), "RL": ("w", "e"), "BT": ("n", "s")}
"""Side on which arrows leave a box, and side on which they arrive."""
_FAINT = frozenset({"platform", "reserve", "faint"})
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")
"""What ids are made of. Anything else, as in the names of vendors, is spelt by its number."""


def to_dot(diagram: Diagram, theme: Theme = LIGHT, font: str = FONT) -> str:
    """The diagram as DOT text."""
    graph = graphviz.Digraph("servicescape", graph_attr=_graph_attributes(diagram, theme) | {"fontname": font})
    graph.attr("node", shape="plain", fontname=font, fontsize=str(LARGE), fontcolor=theme.ink)
    graph.attr("edge", fontname=font, fontsize=str(SMALL), fontcolor=theme.muted, color=theme.edge, arrowsize="0.6")
    nodes = {node.id: node for node in diagram.nodes}
    inside = {member: group.id for group in diagram.groups for member in group.members}
    for node in diagram.nodes:
        if node.id not in inside:
            _add_node(graph, node, theme)
    labels = [(number, edge) for number, edge in enumerate(diagram.edges, 1) if edge.label and edge.is_drawn]
    for number, edge in labels:
        if edge.source not in inside:
            _add_label(graph, edge, number, theme)
    for group in diagram.groups:
        with graph.subgraph(name=f"cluster_{node_name(group.id)}") as frame:
            _set_frame(frame, group, diagram.direction, theme)
            for member in group.members:
                _add_node(frame, nodes[member], theme)
            for number, edge in labels:
                if inside.get(edge.source) == group.id:
                    _add_label(frame, edge, number, theme)
    # Where there are many boxes, so many arrows would come together in the middle of a side that none can be followed.
    # It also costs the engine a fifth of its time.
    is_crowded = len(diagram.nodes) > _SMALL_GRAPH and not diagram.columns
    sides = ("", "") if is_crowded else _SIDES[diagram.direction]
    ends = ("s", "n") if diagram.direction in ("LR", "RL") else ("e", "w")
    for number, edge in enumerate(diagram.edges, 1):
        if edge.is_drawn:
            _add_edge(graph, edge, number, theme, ends if edge.style == "flow" else sides)
    for source, target in hidden_ties(diagram):
        graph.edge(node_name(source), node_name(target), style="invis")
    tied = {(edge.source, edge.target) for edge in diagram.edges}
    for column in diagram.columns:
        with graph.subgraph() as line:
            line.attr(rank="same")
            for one in column:
                line.node(node_name(one))
        for above, below in pairwise(column):
            if (above, below) not in tied:
                graph.edge(node_name(above), node_name(below), style="invis", weight="20")
    _add_ranks(graph, diagram)
    return str(graph.source)


def node_name(ref: str) -> str:
    """A reference as the name of a node: a colon would be read as a port."""
    return ref.replace(":", "/")


def element_id(ref: str) -> str:
    """A reference as an id in SVG. Names hold neither capitals nor underscores, so no two become one."""
    name = ref.replace(":", "_").replace("/", "__")
    return "n_" + "".join(char if char in _PLAIN else f".{ord(char):x}." for char in name)


def _graph_attributes(diagram: Diagram, theme: Theme) -> dict[str, str]:
    attributes = {
        "rankdir": diagram.direction,
        "fontname": FONT,
        "fontsize": str(LARGE),
        "fontcolor": theme.ink,
        "bgcolor": theme.paper,
        "pad": "0.35",
        "nodesep": "0.22",
        "ranksep": "0.75",
        "label": _heading(diagram, theme),
        "labelloc": "t",
        "labeljust": "l",
    }
    if len(diagram.nodes) > _HUGE_GRAPH:
        attributes |= {"nslimit": "0.3", "nslimit1": "0.3", "mclimit": "0.1", "splines": "polyline"}
    elif len(diagram.nodes) > _BIG_GRAPH:
        attributes |= {"nslimit": "1", "nslimit1": "1", "mclimit": "0.3", "splines": "polyline"}
    else:
        attributes |= {"mclimit": "8" if len(diagram.nodes) <= _SMALL_GRAPH else "0.5"}
    if diagram.is_held:
        # Frames become bands that keep their order, and what stands in line may stand in several of them.
        attributes |= {"mclimit": _HELD, "newrank": "true"}
    return attributes


def label_name(number: int) -> str:
    """Name of the node that carries the label of the so-manieth edge."""
    return f"label/{number}"


def _add_ranks(graph: graphviz.Digraph, diagram: Diagram) -> None:
    """Boxes in line, and ties that nobody sees from each line to the next, stronger than an arrow to the contrary."""
    for line in diagram.ranks:
        with graph.subgraph() as same:
            same.attr(rank="same")
            for one in line:
                same.node(node_name(one))
    for before, behind in pairwise(diagram.ranks):
        graph.edge(node_name(before[0]), node_name(behind[0]), style="invis", weight="10")


def _set_frame(frame: graphviz.Digraph, group: Group, direction: Direction, theme: Theme) -> None:
    frame.attr(
        label=_html(_text(shorten(group.title, _SUBTITLE_COLUMNS), SMALL, theme.muted, bold=True)),
        labeljust="r" if direction == "RL" else "l",
        style="rounded,filled",
        fillcolor=theme.group_fill,
        color=theme.group_line,
        margin="12",
        id=element_id(group.id),
        **{"class": "group"},
    )


def _add_node(graph: graphviz.Digraph, node: Node, theme: Theme) -> None:
    attributes = {"id": element_id(node.id), "class": f"{node.kind} {node.tone}"}
    url = safe_url(node.url)
    if url:
        attributes |= {"URL": _plain(url), "tooltip": _plain(clean(node.words or node.title))}
    tone = theme.tones.get(node.tone, theme.tones["plain"])
    label = {"junction": _junction, "step": _step}.get(node.kind, _card)(node, tone, theme)
    graph.node(node_name(node.id), label=_html(label), **attributes)


def _add_edge(graph: graphviz.Digraph, edge: DiagramEdge, number: int, theme: Theme, sides: tuple[str, str]) -> None:
    attributes = {**_EDGES[edge.style], "id": f"e_{number}", "class": edge.style}
    if edge.style in _FAINT or edge.is_faint:
        attributes["color"] = theme.faint
    if edge.is_faint:
        attributes["penwidth"] = "0.6"
    if edge.style == "member":
        attributes["arrowsize"] = "0.5"
    leave, arrive = sides
    first = leave if edge.source_row is None else f"r{edge.source_row}:{'w' if leave == 'w' else 'e'}"
    start, end = {"tailport": first} if first else {}, {"headport": arrive} if arrive else {}
    source, target = node_name(edge.source), node_name(edge.target)
    if not edge.label:
        graph.edge(source, target, **start, **end, **attributes)
        return
    # At the label no side is prescribed: a target that happens to stand further back is reached without a loop.
    label = label_name(number)
    graph.edge(source, label, **start, **attributes, arrowhead="none")
    graph.edge(label, target, **end, **attributes)


def _add_label(graph: graphviz.Digraph, edge: DiagramEdge, number: int, theme: Theme) -> None:
    """An edge's label as a node on the edge.

    Labels of Graphviz's own stand beside the edge, sometimes far from it, and those between groups can stop the layout.
    It stands in the group of the dependent, whose property it tells: so the drawing stays small, too.
    """
    text = _text(shorten(edge.label, _SUBTITLE_COLUMNS), SMALL, theme.muted)
    table = f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2"><TR><TD>{text}</TD></TR></TABLE>'
    graph.node(label_name(number), label=_html(table), id=f"e_{number}", **{"class": "label"})


def _card(node: Node, tone: Tone, theme: Theme) -> str:
    """Title and a small second line; the badge beside them."""
    badge = f'<TD ROWSPAN="2" VALIGN="TOP">{_badge(node.badge, tone)}</TD>' if node.badge else ""
    title = _lines(wrap(node.title), LARGE, theme.ink, bold=node.is_focus)
    second = _lines(wrap(node.subtitle, _SUBTITLE_COLUMNS, 2), SMALL, theme.muted) if node.subtitle else ""
    rows = f'<TR><TD ALIGN="LEFT">{title}</TD>{badge}</TR>'
    if second or badge:
        rows += f'<TR><TD ALIGN="LEFT">{second}</TD></TR>'
    return f"<TABLE {_frame(node, tone)}>{rows}</TABLE>"


def _badge(text: str, tone: Tone) -> str:
    """A word on a coloured ground, of a fixed size, or else it would grow with the card."""
    # Engines place a table of fixed size right only at the left of its cell, and leave its own cells as they are.
    size = f'WIDTH="{round(SMALL * (0.58 * len(text) + 0.9))}" HEIGHT="16"'
    return (
        f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" FIXEDSIZE="TRUE" {size} ALIGN="LEFT" '
        f'VALIGN="TOP" STYLE="ROUNDED" BGCOLOR="{tone.badge}"><TR><TD {size}>{_text(text, SMALL, tone.on_badge)}</TD>'
        "</TR></TABLE>"
    )


def _frame(node: Node, tone: Tone) -> str:
    style = {"external": "ROUNDED,DASHED", "platform": "SOLID"}.get(node.kind, "ROUNDED")
    border = "3" if node.is_focus else "1"
    return (
        f'BORDER="{border}" CELLBORDER="0" CELLSPACING="4" CELLPADDING="1" STYLE="{style}" '
        f'COLOR="{tone.line}" BGCOLOR="{tone.fill}"'
    )


def _junction(node: Node, tone: Tone, theme: Theme) -> str:
    return (
        f'<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3" STYLE="ROUNDED" COLOR="{theme.edge}" '
        f'BGCOLOR="{theme.paper}"><TR><TD>{_text(node.title, SMALL, theme.ink)}</TD></TR></TABLE>'
    )


def _step(node: Node, tone: Tone, theme: Theme) -> str:
    """Title, a small line about the step, then a line for each way of doing it, each with a port of its own."""

    def row(lines: str, more: str = "") -> str:
        return f'<TR><TD ALIGN="LEFT" WIDTH="{_STEP_WIDTH}"{more}>{lines}</TD></TR>'

    rows = row(_lines(wrap(node.title, 32), LARGE, theme.ink, bold=True))
    if node.subtitle:
        rows += row(_lines([shorten(node.subtitle, _NOTE_COLUMNS)], SMALL, theme.muted))
    for way in node.rows:
        title = _lines([shorten(way.title, _NOTE_COLUMNS)], LARGE, theme.ink)
        rows += row(title, f' PORT="r{way.key}" BORDER="1" SIDES="T" COLOR="{theme.rule}"')
        if way.note:
            rows += row(_lines(wrap(way.note, _NOTE_COLUMNS, 3), SMALL, theme.muted))
    return (
        f'<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="4" CELLPADDING="0" STYLE="ROUNDED" '
        f'COLOR="{tone.line}" BGCOLOR="{tone.fill}">{rows}</TABLE>'
    )


def _heading(diagram: Diagram, theme: Theme) -> str:
    """Title on top, the legend under it in columns, small print last."""
    lines = list(_legend_lines(diagram.legend))
    most = max(map(len, lines), default=0)
    title = wrap(diagram.title, 60)
    notes = [wrap(note, 90, 3) for note in diagram.notes]
    # Room that title and notes need beyond the legend goes to an empty last column; else all columns would grow.
    sized = [(line, LARGE) for line in title] + [(line, SMALL) for note in notes for line in note]
    wanted = max(width(line) * size * 0.62 for line, size in sized)
    taken = sum(30 + max(len(line[i].text) for line in lines if i < len(line)) * SMALL * 0.45 for i in range(most))
    span = f'COLSPAN="{2 * most + 1}"'
    spare = f'<TD WIDTH="{max(1, round(wanted - taken))}"></TD>'

    def across(content: str) -> str:
        return f'<TR><TD ALIGN="LEFT" {span}>{content}</TD></TR>'

    rows = [across(_lines(title, LARGE, theme.ink, bold=True))]
    for line in lines:
        cells = "".join(f"{_sign(entry, theme)}{_legend_text(entry, theme)}" for entry in line)
        rows.append(f"<TR>{cells}{'<TD></TD>' * (2 * (most - len(line)))}{spare}</TR>")
    rows += [across(_lines(note, SMALL, theme.muted)) for note in notes]
    rows.append(f'<TR><TD HEIGHT="8" {span}></TD></TR>')
    return _html(f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2">{"".join(rows)}</TABLE>')


def _legend_lines(legend: Iterable[LegendEntry]) -> Iterator[list[LegendEntry]]:
    """Colours, then shapes, then lines, each sort on lines of its own."""
    entries = list(legend)
    for signs in (("tone",), ("node",), ("edge", "label")):
        chosen = [entry for entry in entries if entry.sign in signs]
        for start in range(0, len(chosen), _LEGEND_PER_LINE):
            yield chosen[start : start + _LEGEND_PER_LINE]


def _sign(entry: LegendEntry, theme: Theme) -> str:
    if entry.sign == "edge":
        return _edge_sign(entry, theme)
    if entry.sign == "label":
        return f"<TD>{_text(shorten(entry.key, 8), SMALL, theme.muted)}</TD>"
    if entry.sign == "tone":
        tone, border = theme.tones[entry.key], "1"
        look = f'STYLE="ROUNDED" BGCOLOR="{tone.fill}" COLOR="{tone.line}"'
    else:
        style = {"external": "ROUNDED,DASHED", "platform": "SOLID"}.get(entry.key, "ROUNDED")
        border = "3" if entry.key == "focus" else "1"
        look = f'STYLE="{style}" BGCOLOR="{theme.paper}" COLOR="{theme.edge}"'
    size = 'WIDTH="22" HEIGHT="12"'
    table = f'<TABLE BORDER="{border}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" {size} {look}>'
    return f"<TD {size}>{table}<TR><TD {size}></TD></TR></TABLE></TD>"


def _edge_sign(entry: LegendEntry, theme: Theme) -> str:
    """A line in the edge's own pattern: a cell of which only the lower border is drawn."""
    styles = {"soft": "DASHED", "reserve": "DASHED", "fallback": "DOTTED"}
    colour = theme.faint if entry.key in _FAINT else theme.edge
    border = {"chain": "3", "flow": "2", "fallback": "2"}.get(entry.key, "1")
    return (
        f'<TD><TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"><TR><TD WIDTH="22" HEIGHT="7" '
        f'BORDER="{border}" SIDES="B" STYLE="{styles.get(entry.key, "SOLID")}" COLOR="{colour}"></TD></TR>'
        f'<TR><TD WIDTH="22" HEIGHT="7"></TD></TR></TABLE></TD>'
    )


def _legend_text(entry: LegendEntry, theme: Theme) -> str:
    return f'<TD ALIGN="LEFT">{_text(shorten(entry.text, _SUBTITLE_COLUMNS) + "   ", SMALL, theme.muted)}</TD>'


def _lines(lines: Iterable[str], size: int, colour: str, *, bold: bool = False) -> str:
    return "".join(_text(line, size, colour, bold=bold) + '<BR ALIGN="LEFT"/>' for line in lines)


def _text(text: str, size: int, colour: str, *, bold: bool = False) -> str:
    """Escaped text in a font. Wide characters get room behind them, of which engines reserve too little."""
    # Graphviz puts names in place of `\N`, `\G` and the like even here, behind the back of entities.
    written = escape(text).replace("\\", "&#92;&#92;")
    if text != text.strip():
        written = written.replace(" ", "&#160;")
    written += "&#160;" * (-(-wide_count(text) * 3 // 10))
    if not written:
        written = "&#160;"
    if bold:
        written = f"<B>{written}</B>"
    return f'<FONT POINT-SIZE="{size}" COLOR="{colour}">{written}</FONT>'


def _html(markup: str) -> str:
    """Marks a label as HTML-like: the `graphviz` package tells by the angle brackets."""
    return f"<{markup}>"


def _plain(text: str) -> str:
    """Text for an attribute in which Graphviz would replace `\\N` and the like."""
    # Its own kind of string: as a plain one, a text between angle brackets would be taken for markup.
    escaped: str = graphviz.escape(text)
    return escaped
