"""A diagram as a Mermaid flowchart, for places that draw Mermaid themselves: forges, wikis, Markdown pages."""

import json
import re
from collections.abc import Iterator, Mapping

from servicescape.render.card_text import FRAME_COLUMNS, LABEL_COLUMNS, other_lines, title_lines
from servicescape.render.diagram import Diagram, DiagramEdge, EdgeStyle, LegendEntry, Node
from servicescape.render.identifiers import frame_identifier, identifiers
from servicescape.render.text import clean, safe_url, shorten
from servicescape.render.themes import LIGHT, Theme

MOST_CHARACTERS = 50_000
MOST_ARROWS = 500
"""Beyond these Mermaid's own defaults refuse a text; pages that embed Mermaid, forges among them, do not raise them."""

_ARROWS: dict[EdgeStyle, str] = {
    "hard": "-->",
    "soft": "-.->",
    "fallback": "-.->",
    "member": "-->",
    "platform": "-->",
    "flow": "==>",
    "use": "-->",
    "reserve": "-.->",
    "chain": "==>",
}
_LINES: dict[EdgeStyle, str] = {
    "fallback": "stroke-width:1.5px,stroke-dasharray:1.5 3",
    "platform": "stroke-width:1px",
    "reserve": "stroke-width:1px",
}
_FAINT = frozenset({"platform", "reserve"})
_SHAPES = {"junction": ("(", ")"), "customer": ("([", "])"), "channel": ("([", "])"), "platform": ("[", "]")}


def to_mermaid(diagram: Diagram, theme: Theme = LIGHT) -> str:
    """The diagram as Mermaid text.

    Names are quoted, with everything that Mermaid or HTML could take for its own as numeric entities. The legend is
    left out, for Mermaid has no place for one: badges and labels tell what colours and dashes do.
    """
    return "\n".join(_lines(diagram, theme)) + "\n"


def beyond_forges(text: str) -> list[str]:
    """A word on each limit that Mermaid text is beyond."""
    arrows = len(_ARROW_LINE.findall(text))
    told = []
    if len(text) > MOST_CHARACTERS:
        told.append(f"{len(text):,} characters of Mermaid; pages refuse more than {MOST_CHARACTERS:,} (maxTextSize)")
    if arrows > MOST_ARROWS:
        told.append(f"{arrows:,} arrows in Mermaid; pages refuse more than {MOST_ARROWS} (maxEdges)")
    return told


def _lines(diagram: Diagram, theme: Theme) -> Iterator[str]:
    yield "---"
    yield f"title: {front_matter(clean(diagram.title))}"
    yield "---"
    yield f"flowchart {diagram.direction}"
    names = identifiers(node.id for node in diagram.nodes)
    nodes = {node.id: node for node in diagram.nodes}
    inside = {member for group in diagram.groups for member in group.members}
    for node in diagram.nodes:
        if node.id not in inside:
            yield f"  {_node(node, names)}"
    for group in diagram.groups:
        yield f'  subgraph {frame_identifier(group.id)}["{quoted(shorten(group.title, FRAME_COLUMNS))}"]'
        for member in group.members:
            yield f"    {_node(nodes[member], names)}"
        yield "  end"
    drawn = [edge for edge in diagram.edges if edge.is_drawn]
    for edge in drawn:
        yield f"  {_edge(edge, names)}"
    for node in diagram.nodes:
        url = safe_url(node.url)
        if url:
            yield f'  click {names[node.id]} href "{_url(url)}" _blank'
    yield from _looks(diagram, names, drawn, theme)
    yield from (f"  %% {quoted(clean(note))}" for note in diagram.notes)
    yield from (f"  %% {quoted(clean(_word(entry)))}" for entry in diagram.legend)


def _node(node: Node, names: Mapping[str, str]) -> str:
    opening, closing = _SHAPES.get(node.kind, ("(", ")"))
    lines = [*title_lines(node), *other_lines(node)]
    return f'{names[node.id]}{opening}"{"<br>".join(map(quoted, lines)) or "#8203;"}"{closing}'


def _edge(edge: DiagramEdge, names: Mapping[str, str]) -> str:
    label = quoted(shorten(edge.label, LABEL_COLUMNS)) if edge.label else ""
    said = f'|"{label}"|' if label else ""
    return f"{names[edge.source]} {_ARROWS[edge.style]}{said} {names[edge.target]}"


def _looks(diagram: Diagram, names: Mapping[str, str], drawn: list[DiagramEdge], theme: Theme) -> Iterator[str]:
    """Classes for the tones that occur; every colour is written out, for the reader's own theme may be dark."""
    by_tone: dict[str, list[str]] = {}
    for node in diagram.nodes:
        by_tone.setdefault(node.tone, []).append(names[node.id])
    for tone, members in sorted(by_tone.items()):
        look = theme.tones[tone]
        yield f"  classDef {tone} fill:{look.fill},stroke:{look.line},color:{theme.ink}"
        yield f"  class {','.join(members)} {tone}"
    outside = [names[node.id] for node in diagram.nodes if node.kind == "external"]
    if outside:
        yield "  classDef external stroke-dasharray:5 3"
        yield f"  class {','.join(outside)} external"
    if diagram.groups:
        yield f"  classDef frame fill:{theme.group_fill},stroke:{theme.group_line},color:{theme.muted}"
        yield f"  class {','.join(frame_identifier(group.id) for group in diagram.groups)} frame"
    for style, line in _LINES.items():
        numbers = [str(number) for number, edge in enumerate(drawn) if edge.style == style]
        if numbers:
            colour = f"stroke:{theme.faint}," if style in _FAINT else ""
            yield f"  linkStyle {','.join(numbers)} {colour}{line}"


def front_matter(text: str) -> str:
    """Text as a YAML string, without characters that a page around it could take for markup."""
    written = json.dumps(text, ensure_ascii=False)
    for char in "<>&":
        written = written.replace(char, f"\\u{ord(char):04x}")
    return written


def quoted(text: str) -> str:
    """Text inside quotes: letters, digits and harmless signs as they are, the rest as Mermaid's entities."""
    # Newer versions read Markdown, and refuse a label that begins like a list.
    risky = _LIST.match(text)
    # Two dollars begin a formula, even as entities: a joiner that nobody sees keeps them apart.
    text = text.replace("$$", "$\u2060$").replace("$$", "$\u2060$")
    start = risky.end() if risky else 0
    return "".join(
        char if _is_harmless(char) and index >= start else f"#{ord(char)};" for index, char in enumerate(text)
    )


def _is_harmless(char: str) -> bool:
    return char in _HARMLESS or char.isalnum() or ord(char) > 127


_ARROW_LINE = re.compile(r"^  \w+ (?:-->|-\.->|==>)", re.MULTILINE)
_LIST = re.compile(r"[-+]|\d+[.)]")
_HARMLESS = frozenset(" .,:-_/+()%·…?!'=")


def _url(url: str) -> str:
    """An address that is already known to hold no quotes or spaces; a semicolon would end the statement."""
    return url.replace(";", "%3B")


def _word(entry: LegendEntry) -> str:
    return f"{entry.key}: {entry.text}"
