"""The engine's SVG made fit to be read, heard, themed and embedded.

The document is built anew from what is known to be harmless: elements, attributes and link schemes that are not on the
lists here do not come through, whatever the engine wrote.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from html import escape

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

_SPECIAL = re.compile('[&<>"\r\n\t]')
_IN_ATTRIBUTES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#09;"}
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
    title = clean(diagram.title)
    head = {"xmlns": _SVG, "xmlns:xlink": _XLINK}
    head |= {key: drawn.attrib[key] for key in ("width", "height", "viewBox") if key in drawn.attrib}
    head |= {"class": "servicescape", "role": "img", "aria-label": title, "font-family": FONTS}
    rules = theme_rules(theme, _colours_in(drawn), follows_reader)
    told = (("title", title), ("desc", clean(diagram.description())), ("style", rules))
    parts = [f'<?xml version="1.0" encoding="UTF-8"?>\n<svg{_attributes(head)}>']
    parts += [_element(tag, {}, _text(text)) for tag, text in told]
    names = _names(diagram)
    for child in drawn:
        titles: list[str] = []
        content = "".join(_copies(child, names, titles, theme))
        if titles:
            # On a ground of their own over the arrows, which engines draw across them.
            content = content.removesuffix("</g>") + _element("g", {"class": "titles"}, "".join(titles)) + "</g>"
        parts.append(content)
    parts.append("</svg>\n")
    return "".join(parts).encode()


def _names(diagram: Diagram) -> dict[str, str]:
    """Id in the picture → what the element says to those who hear it or hover over it."""
    names = {element_id(node.id): node.words or node.title for node in diagram.nodes}
    names |= {f"e_{number}": edge.words for number, edge in enumerate(diagram.edges, 1)}
    names |= {element_id(group.id): group.title for group in diagram.groups}
    return {key: clean(text) for key, text in names.items()}


def _copies(
    element: ET.Element, names: Mapping[str, str], titles: list[str], theme: Theme, *, in_frame: bool = False
) -> Iterator[str]:
    """What of an element is harmless, as text. The titles of frames go to `titles` instead."""
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
                yield from _copies(child, names, titles, theme, in_frame=in_frame)
            return
        attributes |= {"xlink:href": url, "target": "_blank", "rel": "noopener"}
    content: list[str] = []
    text = ""
    if tag == "text":
        text = element.text or ""
        text = text.strip("\u00a0 ") if element.get("text-anchor") == "start" else text
        content.append(_text(text))
    is_frame = attributes.get("class", "").startswith("cluster")
    for child in element:
        if child.tag.endswith("}title"):
            if own in names:
                content.append(_element("title", {}, _text(names[own])))
        else:
            content += _copies(child, names, titles, theme, in_frame=is_frame)
    written = _element(tag, attributes, "".join(content))
    if tag == "text" and in_frame:
        titles += (_ground(attributes, text, theme), written)
    else:
        yield written


def _ground(title: Mapping[str, str], text: str, theme: Theme) -> str:
    """What the title of a frame stands on."""
    size, x, y = (float(title.get(key, 0)) for key in ("font-size", "x", "y"))
    wide = text_width(text, size, bold=True) + 4
    left = x - 2 - {"middle": wide / 2 - 2, "end": wide - 4}.get(title.get("text-anchor", ""), 0)
    place = {"x": f"{left:.2f}", "y": f"{y - size:.2f}", "width": f"{wide:.2f}", "height": f"{size * 1.3:.2f}"}
    return _element("rect", {**place, "rx": "2", "fill": theme.group_fill})


def _element(tag: str, attributes: Mapping[str, str], content: str = "") -> str:
    # Written here and not by ElementTree, which looks through all elements for namespaces before it writes any.
    return f"<{tag}{_attributes(attributes)}>{content}</{tag}>" if content else f"<{tag}{_attributes(attributes)} />"


def _attributes(attributes: Mapping[str, str]) -> str:
    written = ""
    for key, value in attributes.items():
        # Nearly all are figures, of which translating takes longer than everything else here.
        written += f' {key}="{value.translate(_IN_ATTRIBUTES) if _SPECIAL.search(value) else value}"'
    return written


def _text(text: str) -> str:
    return escape(text, quote=False)


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
