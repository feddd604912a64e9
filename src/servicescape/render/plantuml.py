"""A diagram as PlantUML: boxes in the manner of C4, with styles of its own, so that nothing has to be included."""

from collections.abc import Iterator, Mapping

from servicescape.render.card_text import FRAME_COLUMNS, LABEL_COLUMNS, other_lines, title_lines
from servicescape.render.diagram import Diagram, DiagramEdge, Group, LegendEntry, Node, NodeKind
from servicescape.render.identifiers import frame_identifier, identifiers
from servicescape.render.line_looks import LINE_LOOKS
from servicescape.render.plantuml_text import told
from servicescape.render.text import safe_url, shorten
from servicescape.render.themes import LIGHT, Theme, Tone

_SMALL = 10
_ROUND: dict[NodeKind, int] = {"platform": 0, "channel": 28, "junction": 16}
_DASHES = {"solid": "<U+2500><U+2500><U+2500>", "dashed": "<U+2500> <U+2500>", "dotted": "<U+00B7><U+00B7><U+00B7>"}


def to_plantuml(diagram: Diagram, theme: Theme = LIGHT) -> str:
    """The diagram as PlantUML text, for any version since 2020. It includes nothing, so it needs no network."""
    return "\n".join(_lines(diagram, theme)) + "\n"


def _lines(diagram: Diagram, theme: Theme) -> Iterator[str]:
    yield "@startuml"
    yield "left to right direction" if diagram.direction in ("LR", "RL") else "top to bottom direction"
    yield from _skin(diagram, theme)
    title = told(diagram.title)
    if title:
        yield f"title {title}"
    names = identifiers(node.id for node in diagram.nodes)
    nodes = {node.id: node for node in diagram.nodes}
    inside = {member for group in diagram.groups for member in group.members}
    for node in diagram.nodes:
        if node.id not in inside:
            yield _node(node, names, theme)
    for group in diagram.groups:
        yield f"{_frame(group)} {{"
        yield from (f"  {_node(nodes[member], names, theme)}" for member in group.members)
        yield "}"
    for edge in diagram.edges:
        if edge.is_drawn:
            yield _edge(edge, names, theme)
    if diagram.legend:
        yield from _legend(diagram, theme)
    if diagram.notes:
        yield "caption " + r"\n".join(_small(told(note), theme) for note in diagram.notes)
    yield "@enduml"


def _skin(diagram: Diagram, theme: Theme) -> Iterator[str]:
    """Colours and corners of every kind of box in every tone that occurs."""
    yield f"skinparam backgroundColor {theme.paper}"
    yield "skinparam shadowing false"
    yield "skinparam defaultFontName Helvetica"
    yield "skinparam defaultTextAlignment left"
    yield "skinparam titleFontSize 16"
    yield f"skinparam titleFontColor {theme.ink}"
    yield f"skinparam defaultFontColor {theme.ink}"
    yield f"skinparam actorBackgroundColor {theme.tones['plain'].fill}"
    yield f"skinparam actorBorderColor {theme.tones['plain'].line}"
    yield f"skinparam arrowFontColor {theme.muted}"
    yield f"skinparam arrowFontSize {_SMALL}"
    yield from (f"skinparam legend{what}" for what in (f"BackgroundColor {theme.paper}", f"BorderColor {theme.rule}"))
    plain = Tone(theme.group_fill, theme.group_line, theme.group_line, theme.ink)
    yield from _style("frame", plain, theme.muted, 12, is_dashed=False)
    looks = {(_look_name(node), node.kind, node.tone) for node in diagram.nodes if node.kind != "customer"}
    for name, kind, tone in sorted(looks):
        yield from _style(name, _tone(theme, tone), theme.ink, _ROUND.get(kind, 12), is_dashed=kind == "external")
    yield "hide stereotype"


def _style(name: str, tone: Tone, ink: str, corner: int, *, is_dashed: bool) -> Iterator[str]:
    yield f"skinparam rectangle<<{name}>> {{"
    yield f"  BackgroundColor {tone.fill}"
    yield f"  BorderColor {tone.line}"
    yield f"  FontColor {ink}"
    yield f"  RoundCorner {corner}"
    if is_dashed:
        yield "  BorderStyle dashed"
    yield "}"


def _look_name(node: Node) -> str:
    return f"{node.kind}_{node.tone}".replace("-", "_")


def _tone(theme: Theme, name: str) -> Tone:
    return theme.tones.get(name, theme.tones["plain"])


def _frame(group: Group) -> str:
    return f'rectangle "{_shown(told(shorten(group.title, FRAME_COLUMNS)))}" <<frame>> as {frame_identifier(group.id)}'


def _node(node: Node, names: Mapping[str, str], theme: Theme) -> str:
    lines = [f"**{line}**" for line in map(told, title_lines(node)) if line]
    lines += [_small(told(line), theme) for line in other_lines(node)]
    text = _shown(r"\n".join(lines))
    url = safe_url(node.url)
    link = f" [[{_url(url)}]]" if url else ""
    if node.kind == "customer":
        return f'actor "{text}" as {names[node.id]}{link}'
    return f'rectangle "{text}" <<{_look_name(node)}>> as {names[node.id]}{link}'


def _edge(edge: DiagramEdge, names: Mapping[str, str], theme: Theme) -> str:
    look = LINE_LOOKS[edge.style]
    words = [look.colour(theme)]
    words += [look.pattern] if look.pattern != "solid" else []
    words += [f"thickness={look.width}"] if look.width > 1 else []
    label = told(shorten(edge.label, LABEL_COLUMNS))
    return f"{names[edge.source]} -[{','.join(words)}]-> {names[edge.target]}{f' : {label}' if label else ''}"


def _small(text: str, theme: Theme) -> str:
    """One line of small print; tags do not reach over the end of a line."""
    return f"<size:{_SMALL}><color:{theme.muted}>{text}</color></size>"


def _legend(diagram: Diagram, theme: Theme) -> Iterator[str]:
    yield "legend left"
    # PlantUML sets the first row of a table in bold, whatever stands in it.
    yield f"<{theme.paper},{theme.paper}>|= {_small('Legend', theme)} |= |"
    for entry in diagram.legend:
        yield f"<{theme.paper},{theme.paper}>|{_sign(entry, theme)} | {_small(_shown(told(entry.text)), theme)} |"
    yield "endlegend"


def _sign(entry: LegendEntry, theme: Theme) -> str:
    if entry.sign == "tone":
        return f"<{_tone(theme, entry.key).fill}>      "
    if entry.sign == "edge":
        look = next((look for style, look in LINE_LOOKS.items() if style == entry.key), LINE_LOOKS["hard"])
        return f" <color:{look.colour(theme)}>{_DASHES[look.pattern]}</color>"
    if entry.sign == "node":
        shape = {"external": "dashed border", "platform": "square corners"}.get(entry.key, "round corners")
        return f" {_small(shape, theme)}"
    return f" {_small(told(shorten(entry.key, LABEL_COLUMNS)), theme)}"


def _shown(text: str) -> str:
    """The text, or a space that is there and not seen: without any text PlantUML shows the identifier."""
    return text or "<U+200B>"


def _url(url: str) -> str:
    """An address as it can stand in double square brackets."""
    return url.replace("[", "%5B").replace("]", "%5D").replace("{", "%7B").replace("}", "%7D").replace("|", "%7C")
