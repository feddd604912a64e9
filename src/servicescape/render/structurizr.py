"""A diagram as a Structurizr DSL workspace: a C4 model with one system landscape of it."""

from collections import Counter
from collections.abc import Iterator, Mapping

from servicescape.render.card_text import FRAME_COLUMNS, LABEL_COLUMNS, row_lines
from servicescape.render.diagram import EDGE_WORDS, NODE_WORDS, Diagram, DiagramEdge, Direction, EdgeStyle, Node
from servicescape.render.identifiers import identifiers
from servicescape.render.line_looks import LINE_LOOKS
from servicescape.render.text import clean, safe_url, shorten
from servicescape.render.themes import LIGHT, Theme

_DIRECTIONS: dict[Direction, str] = {"LR": "lr", "RL": "rl", "TB": "tb", "BT": "bt"}
_SHAPES = {"customer": "Person", "platform": "Box", "external": "RoundedBox"}


def to_structurizr(diagram: Diagram, theme: Theme = LIGHT) -> str:
    """The diagram as Structurizr DSL.

    Every box is a software system of a C4 model, customers are people. Colours and lines hang on tags that are named as
    the legend names them, and so come into the key that Structurizr draws.
    """
    return "\n".join(_lines(diagram, theme)) + "\n"


def _lines(diagram: Diagram, theme: Theme) -> Iterator[str]:
    names = identifiers(node.id for node in diagram.nodes)
    titles = _titles(diagram)
    tags = _tone_tags(diagram)
    nodes = {node.id: node for node in diagram.nodes}
    inside = {member for group in diagram.groups for member in group.members}
    yield f"workspace {quoted(clean(diagram.title))} {quoted(clean(' '.join(diagram.notes)))} {{"
    yield "    model {"
    for node in diagram.nodes:
        if node.id not in inside:
            yield from (f"        {line}" for line in _node(node, names, titles, tags))
    for group in diagram.groups:
        # The title alone would be the group's name, and two groups of one name are one group.
        yield f"        group {quoted(_group_name(diagram, group.id))} {{"
        for member in group.members:
            yield from (f"            {line}" for line in _node(nodes[member], names, titles, tags))
        yield "        }"
    yield from (f"        {line}" for line in _relationships(diagram, names))
    yield "    }"
    yield "    views {"
    yield '        systemLandscape "picture" {'
    yield f"            title {quoted(clean(diagram.title))}"
    yield "            include *"
    yield f"            autoLayout {_DIRECTIONS[diagram.direction]}"
    yield "        }"
    yield "        styles {"
    yield from (f"            {line}" for line in _styles(diagram, theme, tags))
    yield "        }"
    yield "    }"
    yield "}"


def _titles(diagram: Diagram) -> dict[str, str]:
    """Node → name. Structurizr refuses two elements of one name, so those that share one are told by reference."""
    plain = {node.id: " ".join(filter(None, [clean(node.title)])) or node.id for node in diagram.nodes}
    counts = Counter(title.casefold() for title in plain.values())
    return {
        ref: title if counts[title.casefold()] == 1 else f"{title} ({ref.split(':', 1)[-1] or ref})"
        for ref, title in plain.items()
    }


def _group_name(diagram: Diagram, ref: str) -> str:
    title = {group.id: clean(group.title) for group in diagram.groups}
    alike = sum(other == title[ref] for other in title.values())
    name = shorten(title[ref], FRAME_COLUMNS) or ref
    return name if alike == 1 else f"{name} ({ref})"


def _tone_tags(diagram: Diagram) -> dict[str, str]:
    """Tone → tag: what the legend says about it, without the commas that would end a tag."""
    said = {entry.key: entry.text for entry in diagram.legend if entry.sign == "tone"}
    tones = sorted({node.tone for node in diagram.nodes})
    return {tone: clean(said.get(tone, tone)).replace(",", " –") or tone for tone in tones}


def _node(node: Node, names: Mapping[str, str], titles: Mapping[str, str], tags: Mapping[str, str]) -> Iterator[str]:
    keyword = "person" if node.kind == "customer" else "softwareSystem"
    about = " · ".join(filter(None, [clean(node.badge), clean(node.subtitle), *row_lines(node)]))
    marks = quoted(f"{NODE_WORDS[node.kind]},{tags[node.tone]}")
    yield f"{names[node.id]} = {keyword} {quoted(titles[node.id])} {quoted(about)} {marks} {{"
    # Not every version takes another address than that of a page.
    url = safe_url(node.url) if (node.url or "").lower().startswith("http") else None
    if url:
        yield f"    url {quoted(url)}"
    yield "}"


def _relationships(diagram: Diagram, names: Mapping[str, str]) -> Iterator[str]:
    """One line each. Between the same two only descriptions that differ are allowed."""
    told: set[tuple[str, str, str]] = set()
    for edge in diagram.edges:
        if not edge.is_drawn:
            continue
        label = shorten(edge.label, LABEL_COLUMNS) if edge.label else ""
        if (edge.source, edge.target, label) in told:
            label = _other_label(edge, label, told)
        told.add((edge.source, edge.target, label))
        yield f'{names[edge.source]} -> {names[edge.target]} {quoted(label)} "" {quoted(_line_tag(edge.style))}'


def _other_label(edge: DiagramEdge, label: str, told: set[tuple[str, str, str]]) -> str:
    number = 2
    while (edge.source, edge.target, f"{label} ({number})".strip()) in told:
        number += 1
    return f"{label} ({number})".strip()


def _line_tag(style: EdgeStyle) -> str:
    return EDGE_WORDS.get("hard" if style == "use" else style, "One of a redundant group")


def _styles(diagram: Diagram, theme: Theme, tags: Mapping[str, str]) -> Iterator[str]:
    # The general before the particular: of two styles for one element the later one holds.
    yield from _block('element "Element"', ["shape RoundedBox", f"color {quoted(theme.ink)}"])
    for kind in sorted({node.kind for node in diagram.nodes}):
        looks = [f"shape {_SHAPES.get(kind, 'RoundedBox')}"]
        looks += ["border dashed"] if kind == "external" else []
        yield from _block(f"element {quoted(NODE_WORDS[kind])}", looks)
    for tone, tag in tags.items():
        look = theme.tones.get(tone, theme.tones["plain"])
        colours = [f"background {quoted(look.fill)}", f"stroke {quoted(look.line)}", f"color {quoted(theme.ink)}"]
        yield from _block(f"element {quoted(tag)}", colours)
    for tag, style in sorted({_line_tag(edge.style): edge.style for edge in diagram.edges if edge.is_drawn}.items()):
        line = LINE_LOOKS[style]
        looks = [f"style {line.pattern}", f"color {quoted(line.colour(theme))}", f"thickness {line.width}"]
        yield from _block(f"relationship {quoted(tag)}", looks)


def _block(head: str, lines: list[str]) -> Iterator[str]:
    yield f"{head} {{"
    yield from (f"    {line}" for line in lines)
    yield "}"


def quoted(text: str) -> str:
    """Text as a token of the DSL.

    A quote is escaped by a backslash, for which there is no escape: it gives way to a sign that looks the same. Between
    the signs of a substitution, which would put variables of the reader's environment in its place, goes a word joiner.
    """
    written = text.replace("\\", "\u29f5").replace("${", "$\u2060{").replace('"', '\\"')
    return f'"{written}"'
