"""A diagram as a LikeC4 project of one file: what there is, how it looks, and one view of it."""

from collections.abc import Iterator, Mapping

from servicescape.render.card_text import FRAME_COLUMNS, LABEL_COLUMNS, one_line, row_lines
from servicescape.render.diagram import NODE_WORDS, Diagram, DiagramEdge, Direction, Node
from servicescape.render.identifiers import identifiers
from servicescape.render.line_looks import LINE_LOOKS
from servicescape.render.text import clean, safe_url, shorten
from servicescape.render.themes import LIGHT, Theme

_DIRECTIONS: dict[Direction, str] = {"LR": "LeftRight", "RL": "RightLeft", "TB": "TopBottom", "BT": "BottomTop"}
_SHAPES = {"customer": "person"}
_TONE = "tone"


def to_likec4(diagram: Diagram, theme: Theme = LIGHT) -> str:
    """The diagram as LikeC4 text.

    What a tone means stands in `notation`, of which LikeC4 makes the legend. The reader's own theme decides about paper
    and letters.
    """
    return "\n".join(_lines(diagram, theme)) + "\n"


def _lines(diagram: Diagram, theme: Theme) -> Iterator[str]:
    names = identifiers(node.id for node in diagram.nodes)
    drawn = [edge for edge in diagram.edges if edge.is_drawn]
    yield "specification {"
    for tone in sorted({node.tone for node in diagram.nodes}):
        yield f"  color {_TONE}-{tone} {theme.tones.get(tone, theme.tones['plain']).line}"
    yield f"  color {_TONE}-frame {theme.group_line}"
    for kind in sorted({node.kind for node in diagram.nodes}):
        border = " border dashed" if kind == "external" else ""
        shape = f"shape {_SHAPES.get(kind, 'rectangle')}"
        yield f"  element {kind} {{ notation {quoted(NODE_WORDS[kind])} style {{ {shape}{border} }} }}"
    for style in sorted({edge.style for edge in drawn}):
        look = LINE_LOOKS[style]
        yield f"  relationship {style} {{ line {look.pattern} color {'muted' if look.is_faint else 'gray'} }}"
    yield "}"
    yield "model {"
    for node in diagram.nodes:
        yield from (f"  {line}" for line in _node(node, names))
    for edge in drawn:
        yield f"  {_edge(edge, names)}"
    yield "}"
    yield "views {"
    yield from (f"  {line}" for line in _view(diagram, names))
    yield "}"


def _node(node: Node, names: Mapping[str, str]) -> Iterator[str]:
    yield f"{names[node.id]} = {node.kind} {quoted(one_line(node))} {{"
    if node.subtitle:
        yield f"  technology {quoted(clean(node.subtitle))}"
    rows = list(row_lines(node))
    if rows:
        yield f"  description {quoted(chr(10).join(rows))}"
    url = safe_url(node.url)
    if url:
        yield f"  link {_url(url)}"
    yield f"  style {{ color {_TONE}-{node.tone} }}"
    yield "}"


def _edge(edge: DiagramEdge, names: Mapping[str, str]) -> str:
    label = f" {quoted(shorten(edge.label, LABEL_COLUMNS))}" if edge.label else ""
    return f"{names[edge.source]} -[{edge.style}]-> {names[edge.target]}{label}"


def _view(diagram: Diagram, names: Mapping[str, str]) -> Iterator[str]:
    yield "view index {"
    yield f"  title {quoted(clean(diagram.title))}"
    if diagram.notes:
        yield f"  description {quoted(chr(10).join(map(clean, diagram.notes)))}"
    inside = {member for group in diagram.groups for member in group.members}
    for node in diagram.nodes:
        if node.id not in inside:
            yield f"  include {names[node.id]}"
    for group in diagram.groups:
        yield f"  group {quoted(shorten(group.title, FRAME_COLUMNS))} {{"
        yield f"    color {_TONE}-frame"
        yield from (f"    include {names[member]}" for member in group.members)
        yield "  }"
    for entry in diagram.legend:
        members = [names[node.id] for node in diagram.nodes if entry.sign == "tone" and node.tone == entry.key]
        if members:
            yield f"  style {', '.join(members)} {{ notation {quoted(clean(entry.text))} }}"
    yield f"  autoLayout {_DIRECTIONS[diagram.direction]}"
    yield "}"


def quoted(text: str) -> str:
    """Text as a LikeC4 string."""
    written = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{written}'"


def _url(url: str) -> str:
    """An address as it can stand without quotes."""
    return url.replace("{", "%7B").replace("}", "%7D")
