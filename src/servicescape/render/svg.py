"""The engine's SVG made fit to be read, heard, themed and embedded.

The document is built anew from what is known to be harmless: elements, attributes and link schemes that are not on the
lists here do not come through, whatever the engine wrote.
"""

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence

from servicescape.diagnostics.errors import ToolError
from servicescape.render.diagram import Diagram
from servicescape.render.dot import element_id
from servicescape.render.metrics import text_width
from servicescape.render.text import clean, safe_url
from servicescape.render.themes import DARK, LIGHT, Theme

FONTS = "Helvetica, Arial, 'Liberation Sans', Arimo, 'Noto Sans', sans-serif"
"""Equally wide faces first, so that text fits the boxes wherever it is read."""

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_ELEMENTS = frozenset({"a", "ellipse", "g", "path", "polygon", "polyline", "text", "title"})
_ATTRIBUTES = frozenset(
    {
        *("class", "id", "transform", "viewBox", "width", "height", "x", "y", "cx", "cy", "rx", "ry", "d", "points"),
        *("fill", "fill-opacity", "stroke", "stroke-dasharray", "stroke-opacity", "stroke-width"),
        *("font-size", "font-style", "font-weight", "text-anchor", "text-decoration"),
    }
)


def finish(svg: bytes, diagram: Diagram, theme: Theme, *, follows_reader: bool = False) -> bytes:
    """The picture as a self-contained SVG document: named, described, themeable, without anything that runs.

    Every colour can be changed from outside by a custom property (`--servicescape-ink`, `--servicescape-tier-1-fill`).
    `follows_reader`: light colours turn into dark ones where the reader's system asks for that.
    """
    try:
        drawn = ET.fromstring(svg)  # noqa: S314 - written by the engine a moment ago; expat expands no external entity
    except ET.ParseError as error:
        raise ToolError(f"the layout engine wrote SVG that cannot be read: {error}") from error
    names = _names(diagram)
    root = ET.Element("svg", {"xmlns": _SVG, "xmlns:xlink": _XLINK})
    for key in ("width", "height", "viewBox"):
        if key in drawn.attrib:
            root.set(key, drawn.attrib[key])
    title = clean(diagram.title)
    root.attrib |= {"class": "servicescape", "role": "img", "aria-label": title, "font-family": FONTS}
    ET.SubElement(root, "title").text = title
    ET.SubElement(root, "desc").text = clean(diagram.description())
    ET.SubElement(root, "style").text = theme_rules(theme, _colours_in(drawn), follows_reader)
    titles: list[ET.Element] = []
    for child in drawn:
        _copy(child, root, names, titles)
    _on_top(root.find("g"), titles, theme)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _names(diagram: Diagram) -> dict[str, str]:
    """Id in the picture → what the element says to those who hear it or hover over it."""
    names = {element_id(node.id): node.words or node.title for node in diagram.nodes}
    names |= {f"e_{number}": edge.words for number, edge in enumerate(diagram.edges, 1)}
    names |= {element_id(group.id): group.title for group in diagram.groups}
    return {key: clean(text) for key, text in names.items()}


def _on_top(graph: ET.Element | None, titles: Sequence[ET.Element], theme: Theme) -> None:
    """The titles of frames, on a ground of their own over the arrows, which engines draw across them."""
    if graph is None or not titles:
        return
    above = ET.SubElement(graph, "g", {"class": "titles"})
    for title in titles:
        size, x, y = (float(title.get(key, 0)) for key in ("font-size", "x", "y"))
        wide = text_width(title.text or "", size, bold=True) + 4
        left = x - 2 - {"middle": wide / 2 - 2, "end": wide - 4}.get(title.get("text-anchor", ""), 0)
        place = {"x": f"{left:.2f}", "y": f"{y - size:.2f}", "width": f"{wide:.2f}", "height": f"{size * 1.3:.2f}"}
        ET.SubElement(above, "rect", {**place, "rx": "2", "fill": theme.group_fill})
        above.append(title)


def _copy(element: ET.Element, parent: ET.Element, names: Mapping[str, str], titles: list[ET.Element]) -> None:
    tag = element.tag.rpartition("}")[2]
    if tag not in _ELEMENTS:
        return
    attributes = {key: value for key, value in element.attrib.items() if key in _ATTRIBUTES}
    own = attributes.get("id", "")
    if own not in names or own.startswith("e_"):
        attributes.pop("id", None)
    if tag == "a":
        url = safe_url(element.get(f"{{{_XLINK}}}href"))
        if url is None:
            for child in element:
                _copy(child, parent, names, titles)
            return
        attributes |= {"xlink:href": url, "target": "_blank", "rel": "noopener"}
    copy = ET.Element(tag, attributes)
    if tag == "text" and parent.get("class", "").startswith("cluster"):
        titles.append(copy)
    else:
        parent.append(copy)
    text = element.text or ""
    if tag == "text":
        copy.text = text.strip("\u00a0 ") if element.get("text-anchor") == "start" else text
    for child in element:
        if child.tag.endswith("}title"):
            if own in names:
                ET.SubElement(copy, "title").text = names[own]
        else:
            _copy(child, copy, names, titles)


def _colours_in(drawn: ET.Element) -> set[str]:
    return {value for element in drawn.iter() for key, value in element.attrib.items() if key in ("fill", "stroke")}


def theme_rules(theme: Theme, used: set[str], follows_reader: bool) -> str:
    """Rules that put a custom property before every colour.

    The colours also stand in the elements, for programs that draw SVG and know no custom properties.
    """
    rules, dark_rules = [], []
    other = dict(_roles(DARK))
    for role, colour in _roles(theme):
        if colour not in used:
            continue
        used = used - {colour}
        for key in ("fill", "stroke"):
            rule = f'.servicescape [{key}="{colour}"]{{{key}:var(--servicescape-{role},'
            rules.append(f"{rule}{colour})}}")
            dark_rules.append(f"{rule}{other[role]})}}")
    if follows_reader and theme is LIGHT:
        rules.append("@media (prefers-color-scheme:dark){" + "".join(dark_rules) + "}")
    return "".join(rules)


def _roles(theme: Theme) -> list[tuple[str, str]]:
    roles = [
        (name.replace("_", "-"), getattr(theme, name))
        for name in ("paper", "ink", "muted", "group_fill", "group_line", "edge", "faint", "rule")
    ]
    for name, tone in theme.tones.items():
        roles += [(f"{name}-fill", tone.fill), (f"{name}-line", tone.line)]
        roles += [(f"{name}-badge", tone.badge), (f"{name}-on-badge", tone.on_badge)]
    return roles
