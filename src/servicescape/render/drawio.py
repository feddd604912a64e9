"""A diagram as a draw.io (diagrams.net) file, in which every box, frame and arrow can be moved and edited."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from servicescape.render.card_text import FRAME_COLUMNS, LABEL_COLUMNS, SUBTITLE_COLUMNS, title_lines
from servicescape.render.diagram import Diagram, DiagramEdge, EdgeStyle, LegendEntry, Node
from servicescape.render.identifiers import frame_identifier, identifiers
from servicescape.render.line_looks import LINE_LOOKS
from servicescape.render.placement import Box, Placement
from servicescape.render.text import clean, safe_url, shorten, wrap
from servicescape.render.themes import LIGHT, Theme, Tone

_LARGE, _SMALL = 13, 10
_SIGN = 24
_LEGEND_ROW = 18
_LEGEND_WIDTH = 230
_DASHES = {"solid": "", "dashed": "dashed=1;dashPattern=5 3;", "dotted": "dashed=1;dashPattern=1 3;"}
_FONT = "fontFamily=Helvetica;"
_PLAIN_TEXT = "text;html=1;align=left;verticalAlign=middle;spacing=0;fillColor=none;strokeColor=none;"


def to_drawio(diagram: Diagram, placement: Placement, theme: Theme = LIGHT) -> str:
    """The diagram as an uncompressed draw.io file, with everything where the layout engine put it.

    Texts are HTML that was escaped before it was put into XML, so nothing in a name can become markup or a placeholder.
    """
    page = _Page(diagram, placement, theme)
    model = ET.Element(
        "mxGraphModel",
        {"grid": "1", "gridSize": "10", "page": "0", "math": "0", "shadow": "0", "background": theme.paper},
    )
    model.append(page.root)
    diagram_element = ET.Element(
        "diagram", {"id": "picture", "name": shorten(diagram.title, FRAME_COLUMNS) or "picture"}
    )
    diagram_element.append(model)
    file = ET.Element("mxfile", {"host": "servicescape", "compressed": "false"})
    file.append(diagram_element)
    ET.indent(file)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(file, encoding="unicode")}\n'


class _Page:
    """The cells of one page, from back to front."""

    def __init__(self, diagram: Diagram, placement: Placement, theme: Theme) -> None:
        self._theme = theme
        self._places = placement
        self._names = identifiers(node.id for node in diagram.nodes)
        self.root = ET.Element("root")
        ET.SubElement(self.root, "mxCell", {"id": "0"})
        ET.SubElement(self.root, "mxCell", {"id": "1", "parent": "0"})
        homes = {member: group.id for group in diagram.groups for member in group.members}
        for group in diagram.groups:
            style = (
                f"rounded=1;arcSize=3;whiteSpace=wrap;html=1;container=1;collapsible=0;verticalAlign=top;align=left;"
                f"spacingLeft=6;fontStyle=1;{_colours(_frame_tone(theme), theme.muted)}fontSize={_SMALL};"
            )
            text = escape(shorten(group.title, FRAME_COLUMNS))
            self._box(frame_identifier(group.id), text, style, placement.frames[group.id])
        for node in diagram.nodes:
            self._node(node, homes.get(node.id))
        for number, edge in enumerate(diagram.edges, 1):
            if edge.is_drawn:
                self._edge(number, edge, placement.arrows.get(number, ()))
        self._heading(diagram)

    def _box(
        self, key: str, text: str, style: str, box: Box, parent: str = "1", origin: Box | None = None, link: str = ""
    ) -> None:
        attributes = {"style": f"{style}{_FONT}", "vertex": "1", "parent": parent}
        # A cell that links somewhere stands in an object, which then carries the name and the text.
        if link:
            outer = ET.SubElement(self.root, "UserObject", {"label": text, "link": link, "id": key})
            cell = ET.SubElement(outer, "mxCell", attributes)
        else:
            cell = ET.SubElement(self.root, "mxCell", {"id": key, "value": text, **attributes})
        left, top = (origin.x, origin.y) if origin else (0.0, 0.0)
        places = {"x": box.x - left, "y": box.y - top, "width": box.width, "height": box.height}
        ET.SubElement(cell, "mxGeometry", {**{name: _number(at) for name, at in places.items()}, "as": "geometry"})

    def _node(self, node: Node, home: str | None) -> None:
        theme = self._theme
        tone = theme.tones.get(node.tone, theme.tones["plain"])
        width = 3 if node.is_focus else 1
        look, size = ("center;spacing=0", _SMALL) if node.kind == "junction" else ("left;spacing=4", _LARGE)
        style = f"{_shape(node)}whiteSpace=wrap;html=1;align={look};strokeWidth={width};"
        style += f"{_colours(tone, theme.ink)}fontSize={size};"
        origin = self._places.frames[home] if home else None
        parent = frame_identifier(home) if home else "1"
        text, link = _text(node, theme), safe_url(node.url) or ""
        self._box(self._names[node.id], text, style, self._places.nodes[node.id], parent, origin, link)

    def _edge(self, number: int, edge: DiagramEdge, points: Sequence[tuple[float, float]]) -> None:
        theme = self._theme
        style = f"curved=1;html=1;rounded=0;endArrow=block;endFill=1;endSize=5;{_line(edge.style, theme)}"
        style += f"fontSize={_SMALL};fontColor={theme.muted};labelBackgroundColor={theme.paper};{_FONT}"
        ends = {"source": self._names[edge.source], "target": self._names[edge.target]}
        if points:
            source, target = (self._places.nodes[ref] for ref in (edge.source, edge.target))
            style += _contact("exit", source, points[0]) + _contact("entry", target, points[-1])
        text = escape(shorten(edge.label, LABEL_COLUMNS)) if edge.label else ""
        cell = ET.SubElement(
            self.root,
            "mxCell",
            {"id": f"edge_{number}", "value": text, "style": style, "edge": "1", "parent": "1", **ends},
        )
        geometry = ET.SubElement(cell, "mxGeometry", {"relative": "1", "as": "geometry"})
        between = points[1:-1]
        if between:
            way = ET.SubElement(geometry, "Array", {"as": "points"})
            for x, y in between:
                ET.SubElement(way, "mxPoint", {"x": _number(x), "y": _number(y)})

    def _heading(self, diagram: Diagram) -> None:
        """Title, legend and small print above the picture, however much room they need."""
        theme = self._theme
        rows = -(-len(diagram.legend) // 4)
        high = 34 + rows * _LEGEND_ROW + (16 * len(diagram.notes) + 6 if diagram.notes else 0)
        top = self._places.heading - high
        plain = f"{_PLAIN_TEXT}fontColor={theme.ink};"
        self._box("title", escape(clean(diagram.title)), f"{plain}fontStyle=1;fontSize=16;", Box(0, top, 900, 26))
        small = f"{_PLAIN_TEXT}fontColor={theme.muted};fontSize={_SMALL};"
        for number, entry in enumerate(diagram.legend):
            x, y = (number // rows) * _LEGEND_WIDTH, top + 32 + (number % rows) * _LEGEND_ROW
            self._legend_entry(number, entry, x, y, small)
        for number, note in enumerate(diagram.notes):
            y = top + 36 + rows * _LEGEND_ROW + 16 * number
            self._box(f"note_{number}", escape(shorten(note, 180)), small, Box(0, y, 900, 14))

    def _legend_entry(self, number: int, entry: LegendEntry, x: float, y: float, small: str) -> None:
        theme, sign, middle = self._theme, f"legend_{number}", y + _LEGEND_ROW / 2
        if entry.sign == "edge":
            styles: Mapping[str, EdgeStyle] = {style: style for style in LINE_LOOKS}
            style = f"html=1;endArrow=block;endFill=1;endSize=4;{_line(styles.get(entry.key, 'hard'), theme)}"
            cell = ET.SubElement(self.root, "mxCell", {"id": sign, "style": style, "edge": "1", "parent": "1"})
            geometry = ET.SubElement(cell, "mxGeometry", {"relative": "1", "as": "geometry"})
            for at, where in ((x, "sourcePoint"), (x + _SIGN, "targetPoint")):
                ET.SubElement(geometry, "mxPoint", {"x": _number(at), "y": _number(middle), "as": where})
        elif entry.sign == "label":
            self._box(sign, escape(shorten(entry.key, 8)), small, Box(x, y, _SIGN + 4, _LEGEND_ROW))
        else:
            tone = theme.tones.get(entry.key, theme.tones["plain"]) if entry.sign == "tone" else _paper_tone(theme)
            shape = _shape(Node("", "service", "") if entry.sign == "tone" else _sample(entry.key))
            self._box(sign, "", f"{shape}html=1;{_colours(tone, theme.ink)}", Box(x, y + 3, _SIGN, _LEGEND_ROW - 6))
        text = escape(shorten(entry.text, SUBTITLE_COLUMNS))
        self._box(f"{sign}_text", text, small, Box(x + _SIGN + 8, y, _LEGEND_WIDTH - _SIGN - 16, _LEGEND_ROW))


def _sample(kind: str) -> Node:
    return Node("", "external" if kind == "external" else "platform" if kind == "platform" else "service", "")


def _shape(node: Node) -> str:
    dashes = _DASHES["dashed"] if node.kind == "external" else ""
    if node.kind == "platform":
        return "rounded=0;"
    corner = 50 if node.kind in ("customer", "channel", "junction") else 8
    return f"rounded=1;arcSize={corner};{dashes}"


def _line(style: EdgeStyle, theme: Theme) -> str:
    look = LINE_LOOKS[style]
    return f"{_DASHES[look.pattern]}strokeColor={look.colour(theme)};strokeWidth={look.width};"


def _colours(tone: Tone, ink: str) -> str:
    return f"fillColor={tone.fill};strokeColor={tone.line};fontColor={ink};"


def _frame_tone(theme: Theme) -> Tone:
    return Tone(theme.group_fill, theme.group_line, theme.group_line, theme.ink)


def _paper_tone(theme: Theme) -> Tone:
    return Tone(theme.paper, theme.edge, theme.edge, theme.ink)


def _text(node: Node, theme: Theme) -> str:
    """The box's text as HTML."""
    bold = node.is_focus or node.kind == "step"
    lines = [f"<b>{escape(line)}</b>" if bold else escape(line) for line in title_lines(node)]
    small: list[str] = []
    if node.subtitle:
        small += wrap(node.subtitle, SUBTITLE_COLUMNS, 2)
    lines += _small(small, theme)
    for row in node.rows:
        lines.append(escape(shorten(row.title, 48)))
        lines += _small(wrap(row.note, 48, 3) if row.note else [], theme)
    return "<br>".join(lines)


def _small(lines: Iterable[str], theme: Theme) -> list[str]:
    return [f'<font style="font-size: {_SMALL}px" color="{theme.muted}">{escape(line)}</font>' for line in lines]


def _contact(end: str, box: Box, point: tuple[float, float]) -> str:
    """Where on a box's border an arrow leaves or arrives, as a share of its width and height."""
    across = min(1.0, max(0.0, (point[0] - box.x) / box.width))
    down = min(1.0, max(0.0, (point[1] - box.y) / box.height))
    return f"{end}X={_number(across)};{end}Y={_number(down)};{end}Dx=0;{end}Dy=0;{end}Perimeter=0;"


def _number(value: float) -> str:
    return f"{round(value, 2):g}"
