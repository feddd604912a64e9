"""Shapes and words for pictures that are laid out here and not by an engine."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from servicescape.render.metrics import text_width
from servicescape.render.svg import FONTS, theme_rules
from servicescape.render.text import clean, safe_url
from servicescape.render.themes import Theme, Tone

LARGE, SMALL = 13, 11
"""The two sizes of text, in pixels."""
LINE = {LARGE: 17, SMALL: 14}
"""Height of a line of each size."""


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


class Canvas:
    """An SVG document that grows; elements go to the group opened last."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.root = ET.Element("g")
        self._open = [self.root]

    def group(self, words: str = "", name: str = "", url: str | None = None) -> "Canvas":
        """Opens a group with what it says to those who hear it or hover over it; use it as a context."""
        parent = self._open[-1]
        link = safe_url(url)
        if link is not None:
            parent = ET.SubElement(parent, "a", {"xlink:href": link, "target": "_blank", "rel": "noopener"})
        group = ET.SubElement(parent, "g", {"class": name} if name else {})
        if words:
            ET.SubElement(group, "title").text = clean(words)
        self._open.append(group)
        return self

    def __enter__(self) -> "Canvas":
        return self

    def __exit__(self, *exception: object) -> None:
        self._open.pop()

    def box(
        self,
        x: float,
        y: float,
        wide: float,
        high: float,
        *,
        fill: str,
        line: str = "none",
        round_: float = 5,
        dashed: bool = False,
        thick: float = 1,
    ) -> None:
        """A rectangle."""
        places = {"x": x, "y": y, "width": wide, "height": high, "rx": round_}
        attributes = {key: _number(value) for key, value in places.items()} | {"fill": fill, "stroke": line}
        if thick != 1:
            attributes["stroke-width"] = _number(thick)
        if dashed:
            attributes["stroke-dasharray"] = "4 3"
        ET.SubElement(self._open[-1], "rect", attributes)

    def path(
        self,
        points: Sequence[tuple[float, float]],
        colour: str,
        *,
        thick: float = 1,
        dashes: str = "",
        arrow: bool = False,
    ) -> None:
        """A line through points with rounded corners, and a head at its end."""
        attributes = {"d": _rounded(points), "fill": "none", "stroke": colour, "stroke-width": _number(thick)}
        if dashes:
            attributes["stroke-dasharray"] = dashes
        ET.SubElement(self._open[-1], "path", attributes)
        if arrow:
            (x0, y0), (x, y) = points[-2:]
            along = (1 if x > x0 else -1, 0) if y == y0 else (0, 1 if y > y0 else -1)
            back, side = 6, 3.5
            corners = [(x, y)]
            for turn in (1, -1):
                corner_x = x - along[0] * back + along[1] * side * turn
                corner_y = y - along[1] * back + along[0] * side * turn
                corners.append((corner_x, corner_y))
            points_text = " ".join(f"{_number(a)},{_number(b)}" for a, b in corners)
            ET.SubElement(self._open[-1], "polygon", {"points": points_text, "fill": colour})

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        size: int = SMALL,
        colour: str = "",
        *,
        bold: bool = False,
        anchor: str = "start",
    ) -> None:
        """One line of text."""
        attributes = {
            "x": _number(x),
            "y": _number(baseline),
            "font-size": str(size),
            "fill": colour or self.theme.ink,
        }
        if bold:
            attributes["font-weight"] = "bold"
        if anchor != "start":
            attributes["text-anchor"] = anchor
        ET.SubElement(self._open[-1], "text", attributes).text = text

    def lines(
        self, x: float, top: float, lines: Sequence[str], size: int = SMALL, colour: str = "", *, bold: bool = False
    ) -> float:
        """Lines of text below each other; answers where the next one would begin."""
        for line in lines:
            self.text(x, top + LINE[size] - 4, line, size, colour, bold=bold)
            top += LINE[size]
        return top

    def pill(self, x: float, top: float, text: str, tone: Tone) -> float:
        """A word on a coloured ground; answers how wide it is."""
        wide = text_width(text, SMALL) + 8
        self.box(x, top, wide, LINE[SMALL], fill=tone.badge, round_=4)
        self.text(x + 4, top + LINE[SMALL] - 3.5, text, SMALL, tone.on_badge)
        return wide

    def document(
        self, wide: float, high: float, title: str, description: str, *, follows_reader: bool = False
    ) -> bytes:
        """The finished document: named, described, themeable, without anything that runs."""
        used = {
            value for element in self.root.iter() for key, value in element.attrib.items() if key in ("fill", "stroke")
        }
        used.add(self.theme.paper)
        size = {"width": _number(wide), "height": _number(high)}
        root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "xmlns:xlink": "http://www.w3.org/1999/xlink",
                **size,
                "viewBox": f"0 0 {size['width']} {size['height']}",
                "class": "servicescape",
                "role": "img",
                "aria-label": clean(title),
                "font-family": FONTS,
            },
        )
        ET.SubElement(root, "title").text = clean(title)
        ET.SubElement(root, "desc").text = clean(description)
        ET.SubElement(root, "style").text = theme_rules(self.theme, used, follows_reader)
        ET.SubElement(root, "rect", {**size, "fill": self.theme.paper})
        root.append(self.root)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()


def _rounded(points: Sequence[tuple[float, float]], radius: float = 6) -> str:
    """Path data through points, each corner of right angles cut by a small curve."""
    first, *rest = points
    data = f"M{_number(first[0])},{_number(first[1])}"
    here = first
    for number, point in enumerate(rest):
        if number == len(rest) - 1:
            data += f"L{_number(point[0])},{_number(point[1])}"
            break
        after = rest[number + 1]
        before_corner = _towards(point, here, radius)
        behind_corner = _towards(point, after, radius)
        data += f"L{_number(before_corner[0])},{_number(before_corner[1])}"
        data += f"Q{_number(point[0])},{_number(point[1])} {_number(behind_corner[0])},{_number(behind_corner[1])}"
        here = point
    return data


def _towards(start: tuple[float, float], end: tuple[float, float], most: float) -> tuple[float, float]:
    length = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
    if not length:
        return start
    part = min(most, length / 2) / length
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part
