"""A diagram as D2 text."""

from collections.abc import Iterator, Mapping

from servicescape.render.card_text import FRAME_COLUMNS, LABEL_COLUMNS, other_lines, title_lines
from servicescape.render.diagram import Diagram, DiagramEdge, Direction, EdgeStyle, LegendEntry, Node
from servicescape.render.identifiers import frame_identifier, identifiers
from servicescape.render.line_looks import LINE_LOOKS
from servicescape.render.text import clean, safe_url, shorten
from servicescape.render.themes import LIGHT, Theme

_DIRECTIONS: dict[Direction, str] = {"LR": "right", "RL": "left", "TB": "down", "BT": "up"}
_GAPS = {"solid": 0, "dashed": 5, "dotted": 2}
_CORNERS = {"platform": 0, "junction": 12, "channel": 14}


def to_d2(diagram: Diagram, theme: Theme = LIGHT) -> str:
    """The diagram as D2 text, with the legend in D2's own place for it (shown by D2 0.7 and later)."""
    return "\n".join(_lines(diagram, theme)) + "\n"


def _lines(diagram: Diagram, theme: Theme) -> Iterator[str]:
    yield f"direction: {_DIRECTIONS[diagram.direction]}"
    yield f"style.fill: {quoted(theme.paper)}"
    if diagram.legend:
        yield from _legend(diagram, theme)
    yield from _classes(diagram, theme)
    if clean(diagram.title):
        yield f"title_: {quoted(clean(diagram.title))} {{"
        yield f"  near: top-left; shape: text; style: {{font-size: 22; bold: true; font-color: {quoted(theme.ink)}}}"
        yield "}"
    names = identifiers(node.id for node in diagram.nodes)
    nodes = {node.id: node for node in diagram.nodes}
    inside = {member for group in diagram.groups for member in group.members}
    for node in diagram.nodes:
        if node.id not in inside:
            yield f"{names[node.id]}: {_node(node)}"
    paths = dict(names)
    for group in diagram.groups:
        frame = frame_identifier(group.id)
        yield f"{frame}: {quoted(shorten(group.title, FRAME_COLUMNS))} {{"
        yield "  class: frame"
        for member in group.members:
            paths[member] = f"{frame}.{names[member]}"
            yield f"  {names[member]}: {_node(nodes[member])}"
        yield "}"
    for edge in diagram.edges:
        if edge.is_drawn:
            yield _edge(edge, paths)
    if diagram.notes:
        small = f"font-size: 12; font-color: {quoted(theme.muted)}"
        text = "\n".join(map(clean, diagram.notes))
        yield f"notes_: {quoted(text)} {{near: bottom-left; shape: text; style: {{{small}}}}}"


def _classes(diagram: Diagram, theme: Theme) -> Iterator[str]:
    yield "classes: {"
    frame = f"fill: {quoted(theme.group_fill)}; stroke: {quoted(theme.group_line)}"
    yield f"  frame: {{style: {{{frame}; border-radius: 6; font-size: 16; font-color: {quoted(theme.muted)}}}}}"
    for kind in sorted({node.kind for node in diagram.nodes}):
        if kind == "customer":
            yield "  kind-customer: {shape: person}"
            continue
        dashes = "; stroke-dash: 4" if kind == "external" else ""
        yield f"  kind-{kind}: {{style: {{border-radius: {_CORNERS.get(kind, 6)}; bold: false{dashes}}}}}"
    for tone in sorted({node.tone for node in diagram.nodes}):
        look = theme.tones.get(tone, theme.tones["plain"])
        colours = f"fill: {quoted(look.fill)}; stroke: {quoted(look.line)}; font-color: {quoted(theme.ink)}"
        yield f"  tone-{tone}: {{style: {{{colours}}}}}"
    for style in sorted({edge.style for edge in diagram.edges if edge.is_drawn}):
        yield f"  edge-{style}: {{style: {{{_line(style, theme)}; font-color: {quoted(theme.muted)}}}}}"
    yield "}"


def _line(style: EdgeStyle, theme: Theme) -> str:
    look = LINE_LOOKS[style]
    width = look.width if look.is_faint else look.width + 1
    return f"stroke: {quoted(look.colour(theme))}; stroke-width: {width}; stroke-dash: {_GAPS[look.pattern]}"


def _node(node: Node) -> str:
    text = "\n".join([*title_lines(node), *other_lines(node)])
    url = safe_url(node.url)
    link = f"; link: {quoted(url)}" if url else ""
    return f"{quoted(text)} {{class: [kind-{node.kind}; tone-{node.tone}]{link}}}"


def _edge(edge: DiagramEdge, paths: Mapping[str, str]) -> str:
    label = f" {quoted(shorten(edge.label, LABEL_COLUMNS))}" if edge.label else ""
    return f"{paths[edge.source]} -> {paths[edge.target]}:{label} {{class: edge-{edge.style}}}"


def _legend(diagram: Diagram, theme: Theme) -> Iterator[str]:
    yield "vars: {"
    yield "  d2-legend: {"
    for number, entry in enumerate(diagram.legend, 1):
        yield from (f"    {line}" for line in _legend_entry(number, entry, theme))
    yield "  }"
    yield "}"


def _legend_entry(number: int, entry: LegendEntry, theme: Theme) -> Iterator[str]:
    """A box of that look; or a line of that look between two boxes of which neither is seen."""
    text = quoted(clean(entry.text))
    if entry.sign == "tone":
        look = theme.tones.get(entry.key, theme.tones["plain"])
        yield f"l{number}: {text} {{style: {{fill: {quoted(look.fill)}; stroke: {quoted(look.line)}}}}}"
    elif entry.sign == "node":
        # D2 draws every box of a legend alike, so the shape is told in words.
        shape = {"external": "dashed border", "platform": "square corners"}.get(entry.key, "round corners")
        said = quoted(f"{clean(entry.text)} ({shape})")
        yield f"l{number}: {said} {{style: {{fill: {quoted(theme.paper)}; stroke: {quoted(theme.edge)}}}}}"
    else:
        styles: dict[str, EdgeStyle] = {style: style for style in LINE_LOOKS}
        style = styles.get(entry.key, "hard")
        said = text if entry.sign == "edge" else quoted(f"{clean(entry.key)}: {clean(entry.text)}")
        yield f"l{number}a: {{style.opacity: 0}}"
        yield f"l{number}b: {{style.opacity: 0}}"
        yield f"l{number}a -> l{number}b: {said} {{style: {{{_line(style, theme)}}}}}"


def quoted(text: str) -> str:
    """Text as a D2 string: between quotes only backslashes, quotes and the sign of a substitution mean anything."""
    written = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("\n", "\\n")
    return f'"{written}"'
