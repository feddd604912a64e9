"""A picture that is laid out here: as SVG, or as DOT from which an engine draws the same shapes, for PNG and PDF."""

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from servicescape.render.canvas import Canvas
from servicescape.render.dot import FONT
from servicescape.render.metrics import text_width

_POINTS = 0.75
"""Points in a pixel: what an engine draws at 192 dots an inch is then twice as large as the SVG, to the dot."""
_CORNER = 4
"""Straight pieces in place of a round corner."""
_RAISED, _RAISED_BY_PANGO = 0.1, 0.2
"""Engines put text of a background higher than they are told, by so much of its size."""
_PIECE = re.compile(".{1,8000}")
"""As much as stands in one string of DOT: some versions of Graphviz read no longer ones."""
_DOT = 0.36
"""Half of the smallest box that an engine draws, in points."""

_NO_COLOUR = "#ffffff00"
"""For the outline of a shape that has none: every filled one has."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A finished drawing with its size in pixels and what it says to those who do not see it."""

    canvas: Canvas
    wide: float
    high: float
    title: str
    description: str

    def to_svg(self, *, follows_reader: bool = False) -> bytes:
        """The drawing as a self-contained SVG document."""
        return self.canvas.document(self.wide, self.high, self.title, self.description, follows_reader=follows_reader)

    def to_dot(self, font: str = FONT) -> str:
        """The drawing as the background of a graph that is laid out already, with a box over each link."""
        ink = _Ink(self.wide, self.high, font, _POINTS)
        ink.draw(self.canvas.root)
        return ink.to_dot(self.canvas.theme.paper)


def redraw(svg: bytes, paper: str, font: str = FONT) -> str:
    """A finished SVG, measured in points, as DOT from which an engine draws the very same."""
    root = ET.fromstring(svg)  # noqa: S314 - written here a moment ago; expat expands no external entity
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    _left, _top, wide, high = map(float, root.get("viewBox", "0 0 0 0").split())
    graph = root.find("g")
    moved = re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", "" if graph is None else graph.get("transform", ""))
    ink = _Ink(wide, high, font, 1, (float(moved[1]), float(moved[2])) if moved else (0, 0))
    if graph is not None:
        ink.draw(graph)
    return ink.to_dot(paper)


def _quoted(text: str) -> str:
    escaped = text.replace('"', r"\"")
    return f'"{escaped}"'


class _Ink:
    """Elements of a canvas as operations of xdot, whose origin is the lower left corner."""

    def __init__(self, wide: float, high: float, font: str, unit: float, moved: Point = (0, 0)) -> None:
        self._size = (wide, high)
        self._font = _counted(font)
        self._is_pango = font != FONT
        self._unit = unit
        self._moved = moved
        self._parts: list[str] = []
        self.links: list[tuple[float, float, float, float, str]] = []

    def to_dot(self, paper: str) -> str:
        """The operations as the background of a graph that is laid out already."""
        background = " + ".join(_quoted(piece) for piece in _PIECE.findall(" ".join(self._parts)))
        lines = [f'graph [layout=nop2 pad=0 margin=0 bgcolor="{paper}" _background={background or _quoted("")}]']
        lines.append('node [shape=box label="" fixedsize=true margin=0 penwidth=0 color=transparent]')
        # The picture is as large as what is in it: two boxes of next to nothing just within two corners.
        (wide, high), (right, down), dot = self._size, self._moved, _DOT / self._unit
        for number, (x, y) in enumerate([(dot, high - dot), (wide - dot, dot)]):
            lines.append(f'"corner/{number}" [pos="{self._place((x - right, y - down))}" width=0.01 height=0.01]')
        for number, (x, y, long, tall, url) in enumerate(self.links):
            size = f"width={_figure(long * self._unit / 72)} height={_figure(tall * self._unit / 72)}"
            lines.append(
                f'"link/{number}" [pos="{self._place((x + long / 2, y + tall / 2))}" {size} URL={_quoted(url)}]'
            )
        return "digraph servicescape {\n\t" + "\n\t".join(lines) + "\n}\n"

    def _place(self, point: Point) -> str:
        return self._at(point).replace(" ", ",")

    def draw(self, element: ET.Element) -> None:
        own = {
            "rect": self._rectangle,
            "path": self._path,
            "polygon": self._polygon,
            "polyline": self._line,
            "text": self._text,
        }
        shape = own.get(element.tag)
        if shape is not None:
            shape(element)
        if element.tag == "a":
            ground = next((box for box in map(_bounds, element.iter()) if box is not None), None)
            url = next((value for key, value in element.attrib.items() if key.endswith("href")), "")
            if ground is not None:
                self.links.append((*ground, url))
        for child in element:
            self.draw(child)

    def _rectangle(self, element: ET.Element) -> None:
        x, y, wide, high = _size(element)
        self._filled(element, list(_rounded_box(x, y, wide, high, float(element.get("rx", 0)))))

    def _polygon(self, element: ET.Element) -> None:
        self._filled(element, [_pair(each) for each in element.get("points", "").split()])

    def _filled(self, element: ET.Element, points: Sequence[Point]) -> None:
        fill, line = element.get("fill", "none"), element.get("stroke", "none")
        self._style(element)
        if fill != "none":
            self._colour("C", fill)
            self._colour("c", line if line != "none" else _NO_COLOUR)
            self._points("P", points)
        elif line != "none":
            self._colour("c", line)
            self._points("p", points)

    def _path(self, element: ET.Element) -> None:
        points = list(_along(element.get("d", "")))
        if element.get("fill", "none") != "none" or points[0] == points[-1]:
            self._filled(element, points)
            return
        self._style(element)
        self._colour("c", element.get("stroke", "none"))
        self._points("L", points)

    def _line(self, element: ET.Element) -> None:
        self._style(element)
        self._colour("c", element.get("stroke", "none"))
        self._points("L", [_pair(each) for each in element.get("points", "").split()])

    def _text(self, element: ET.Element) -> None:
        size, bold = float(element.get("font-size", "11")), element.get("font-weight") == "bold"
        align = {"middle": 0, "end": 1}.get(element.get("text-anchor", ""), -1)
        x, y = float(element.get("x", 0)), float(element.get("y", 0))
        colour, words = element.get("fill", "#000000"), element.text or ""
        self._parts.append(f"t {int(bold)} F {_figure(self._font_size(size))} {self._font}")
        self._colour("c", colour)
        if "\\" in words:
            # Engines do not agree on how a backslash is written here, so it is drawn.
            x -= text_width(words, size, bold=bold) * (align + 1) / 2
            align = -1
            self._parts += [f"S {_counted('solid')}", f"S {_counted(f'setlinewidth({_figure(size / 16)})')}"]
        for number, piece in enumerate(words.split("\\")):
            if number:
                wide = text_width("\\", size, bold=bold)
                self._points("L", [(x + wide * 0.1, y - size * 0.73), (x + wide * 0.9, y)])
                x += wide
            if piece:
                raised = _RAISED_BY_PANGO if self._is_pango else _RAISED
                self._parts.append(f"T {self._at((x, y + raised * size))} {align} 0 {_counted(piece)}")
            x += text_width(piece, size, bold=bold)

    def _font_size(self, size: float) -> float:
        """In points. Pango sets letters as far apart as those of the next whole pixel, 96 of them to the inch."""
        points = size * self._unit
        return math.floor(points / _POINTS) * _POINTS if self._is_pango else points

    def _style(self, element: ET.Element) -> None:
        wide = float(element.get("stroke-width", "1")) * self._unit
        dashes = element.get("stroke-dasharray", "")
        pattern = "solid" if not dashes else "dotted" if dashes.startswith(("1", "2")) else "dashed"
        self._parts += [f"S {_counted(pattern)}", f"S {_counted(f'setlinewidth({_figure(wide)})')}"]

    def _colour(self, operation: str, colour: str) -> None:
        self._parts.append(f"{operation} {_counted(colour)}")

    def _points(self, operation: str, points: Sequence[Point]) -> None:
        self._parts.append(f"{operation} {len(points)} {' '.join(map(self._at, points))}")

    def _at(self, point: Point) -> str:
        x, y = (point[0] + self._moved[0]) * self._unit, (self._size[1] - point[1] - self._moved[1]) * self._unit
        return f"{_figure(x)} {_figure(y)}"


def _counted(text: str) -> str:
    """Text as xdot has it: behind its length in bytes."""
    return f"{len(text.encode())} -{text}"


def _figure(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"


def _size(element: ET.Element) -> tuple[float, float, float, float]:
    x, y, wide, high = (float(element.get(key, 0)) for key in ("x", "y", "width", "height"))
    return x, y, wide, high


def _pair(text: str) -> Point:
    x, y = text.split(",")
    return float(x), float(y)


def _rounded_box(x: float, y: float, wide: float, high: float, radius: float) -> Iterator[Point]:
    radius = min(radius, wide / 2, high / 2)
    right, low = x + wide, y + high
    if not radius:
        yield from [(x, y), (right, y), (right, low), (x, low)]
        return
    corners = [((x, y), (0, 1), (1, 0)), ((right, y), (-1, 0), (0, 1))]
    corners += [((right, low), (0, -1), (-1, 0)), ((x, low), (1, 0), (0, -1))]
    for corner, before, after in corners:
        start = (corner[0] + before[0] * radius, corner[1] + before[1] * radius)
        end = (corner[0] + after[0] * radius, corner[1] + after[1] * radius)
        yield from _curve(start, corner, end)


def _curve(start: Point, control: Point, end: Point) -> Iterator[Point]:
    """Points on a quadratic curve, its ends among them."""
    for step in range(_CORNER + 1):
        t = step / _CORNER
        parts = zip(start, control, end, strict=True)
        x, y = ((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c for a, b, c in parts)
        yield x, y


def _along(data: str) -> Iterator[Point]:
    """Points along path data of the letters M, L, Q and C, which are all that canvases and engines write."""
    here = (0.0, 0.0)
    for letter, places in re.findall(r"([MLQC])([^MLQC]*)", data):
        pairs = [_pair(each) for each in places.split()]
        if letter == "Q":
            yield from list(_curve(here, *pairs))[1:]
        elif letter == "C":
            for start in range(0, len(pairs), 3):
                yield from _bent(here, *pairs[start : start + 3])
                here = pairs[start + 2]
        else:
            yield from pairs
        here = pairs[-1]


def _bent(start: Point, first: Point, second: Point, end: Point) -> Iterator[Point]:
    """Points on a cubic curve behind its start: so close that no corner is seen, and only the end of a straight one."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = start, first, second, end
    if start == first and second == end:
        yield end
        return
    length = math.hypot(x1 - x0, y1 - y0) + math.hypot(x2 - x1, y2 - y1) + math.hypot(x3 - x2, y3 - y2)
    steps = min(60, max(4, round(length / 4)))
    for step in range(1, steps + 1):
        t = step / steps
        a, b, c, d = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3
        yield a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3


def _bounds(element: ET.Element) -> tuple[float, float, float, float] | None:
    """The smallest upright rectangle round a shape; None where it is none."""
    if element.tag == "rect":
        return _size(element)
    points = list(_along(element.get("d", ""))) if element.tag == "path" else []
    if element.tag == "polygon":
        points = [_pair(each) for each in element.get("points", "").split()]
    if not points:
        return None
    (left, right), (top, low) = ((min(one), max(one)) for one in zip(*points, strict=True))
    return left, top, right - left, low - top
