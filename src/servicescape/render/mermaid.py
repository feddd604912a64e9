"""A diagram as a Mermaid flowchart, for places that draw Mermaid themselves: forges, wikis, Markdown pages."""

import json
import re
from collections.abc import Iterator

from servicescape.render.diagram import Diagram, DiagramEdge, EdgeStyle, LegendEntry, Node
from servicescape.render.text import clean, safe_url, shorten, wrap
from servicescape.render.themes import LIGHT, Theme

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
_FAINT = frozenset({"platform", "reserve"})
_SHAPES = {"junction": ("(", ")"), "customer": ("([", "])"), "channel": ("([", "])"), "platform": ("[", "]")}


def to_mermaid(diagram: Diagram, theme: Theme = LIGHT) -> str:
    """The diagram as Mermaid text.

    Names are quoted, with everything that Mermaid or HTML could take for its own as numeric entities. The legend is
    left out, for Mermaid has no place for one: badges and labels tell what colours and dashes do.
    """
    return "\n".join(_lines(diagram, theme)) + "\n"


def _lines(diagram: Diagram, theme: Theme) -> Iterator[str]:
    yield "---"
    yield f"title: {_front_matter(clean(diagram.title))}"
    yield "---"
    yield f"flowchart {diagram.direction}"
    names = {node.id: f"n{number}" for number, node in enumerate(diagram.nodes, 1)}
    nodes = {node.id: node for node in diagram.nodes}
    inside = {member for group in diagram.groups for member in group.members}
    for node in diagram.nodes:
        if node.id not in inside:
            yield f"  {_node(node, names)}"
    for number, group in enumerate(diagram.groups, 1):
        yield f'  subgraph g{number}["{_quoted(shorten(group.title, 60))}"]'
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
    yield from (f"  %% {_quoted(clean(note))}" for note in diagram.notes)
    yield from (f"  %% {_quoted(clean(_word(entry)))}" for entry in diagram.legend)


def _node(node: Node, names: dict[str, str]) -> str:
    opening, closing = _SHAPES.get(node.kind, ("(", ")"))
    lines = [*wrap(node.title)]
    if node.badge:
        lines[0] += f" · {node.badge}"
    if node.subtitle:
        lines.append(shorten(node.subtitle, 40))
    lines += [shorten(f"{row.title}: {row.note}" if row.note else row.title, 80) for row in node.rows]
    return f'{names[node.id]}{opening}"{"<br>".join(map(_quoted, lines))}"{closing}'


def _edge(edge: DiagramEdge, names: dict[str, str]) -> str:
    label = f'|"{_quoted(shorten(edge.label, 40))}"|' if edge.label else ""
    return f"{names[edge.source]} {_ARROWS[edge.style]}{label} {names[edge.target]}"


def _looks(diagram: Diagram, names: dict[str, str], drawn: list[DiagramEdge], theme: Theme) -> Iterator[str]:
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
    faint = [str(number) for number, edge in enumerate(drawn) if edge.style in _FAINT]
    if faint:
        yield f"  linkStyle {','.join(faint)} stroke:{theme.faint},stroke-width:1px"


def _front_matter(text: str) -> str:
    """Text as a YAML string, without characters that a page around it could take for markup."""
    written = json.dumps(text, ensure_ascii=False)
    for char in "<>&":
        written = written.replace(char, f"\\u{ord(char):04x}")
    return written


def _quoted(text: str) -> str:
    """Text inside quotes: letters, digits and harmless signs as they are, the rest as Mermaid's entities."""
    # Newer versions read Markdown, and refuse a label that begins like a list.
    risky = _LIST.match(text)
    start = risky.end() if risky else 0
    return "".join(
        char if _is_harmless(char) and index >= start else f"#{ord(char)};" for index, char in enumerate(text)
    )


def _is_harmless(char: str) -> bool:
    return char in _HARMLESS or char.isalnum() or ord(char) > 127


_LIST = re.compile(r"[-+]|\d+[.)]")
_HARMLESS = frozenset(" .,:-_/+()%·…?!'=")


def _url(url: str) -> str:
    """An address that is already known to hold no quotes or spaces; a semicolon would end the statement."""
    return url.replace(";", "%3B")


def _word(entry: LegendEntry) -> str:
    return f"{entry.key}: {entry.text}"
