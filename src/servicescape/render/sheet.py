"""A picture that is laid out here: as SVG, or as DOT from which an engine draws the same shapes, for PNG and PDF."""

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
_RAISED = 0.1
"""Engines put text of a background higher than they are told, by so much of its size."""

_PIECE = re.compile(".{1,8000}")
"""As much as stands in one string of DOT: some versions of Graphviz read no longer ones."""
_DOT = 0.48
"""Half of the smallest box that an engine draws, in pixels."""

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
        ink = _Ink(self.high, font)
        ink.draw(self.canvas.root)
        background = " + ".join(_quoted(piece) for piece in _PIECE.findall(ink.text))
        paper = self.canvas.theme.paper
        lines = [f'graph [layout=nop2 pad=0 margin=0 bgcolor="{paper}" _background={background or _quoted("")}]']
        lines.append('node [shape=box label="" fixedsize=true margin=0 penwidth=0 color=transparent]')
        # The picture is as large as what is in it: two boxes of next to nothing just within two corners.
        for number, corner in enumerate([(_DOT, self.high - _DOT), (self.wide - _DOT, _DOT)]):
            lines.append(f'"corner/{number}" [pos="{ink.place(corner)}" width=0.01 height=0.01]')
        for number, (x, y, wide, high, url) in enumerate(ink.links):
            place = ink.place((x + wide / 2, y + high / 2))
            size = f"width={_figure(wide / 96)} height={_figure(high / 96)}"
            lines.append(f'"link/{number}" [pos="{place}" {size} URL={_quoted(url)}]')
        return "digraph servicescape {\n\t" + "\n\t".join(lines) + "\n}\n"


def _quoted(text: str) -> str:
    escaped = text.replace('"', r"\"")
    return f'"{escaped}"'


class _Ink:
    """Elements of a canvas as operations of xdot, whose origin is the lower left corner."""

    def __init__(self, high: float, font: str) -> None:
        self._high = high
        self._font = _counted(font)
        self._parts: list[str] = []
        self.links: list[tuple[float, float, float, float, str]] = []

    @property
    def text(self) -> str:
        return " ".join(self._parts)

    def place(self, point: Point) -> str:
        return ",".join(self._at(point).split())

    def draw(self, element: ET.Element) -> None:
        own = {"rect": self._rectangle, "path": self._path, "polygon": self._polygon, "text": self._text}
        shape = own.get(element.tag)
        if shape is not None:
            shape(element)
        if element.tag == "a":
            ground = next(element.iter("rect"), None)
            if ground is not None:
                self.links.append((*_size(ground), element.get("xlink:href", "")))
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
            # An outline is drawn with every filled shape: where there is to be none it has the colour of the ground.
            self._colour("C", fill)
            self._colour("c", line if line != "none" and not element.get("stroke-dasharray") else fill)
            self._points("P", points)
        if line != "none" and (fill == "none" or element.get("stroke-dasharray")):
            self._colour("c", line)
            self._points("p", points)

    def _path(self, element: ET.Element) -> None:
        self._style(element)
        self._colour("c", element.get("stroke", "none"))
        self._points("L", list(_along(element.get("d", ""))))

    def _text(self, element: ET.Element) -> None:
        size, bold = float(element.get("font-size", "11")), element.get("font-weight") == "bold"
        align = {"middle": 0, "end": 1}.get(element.get("text-anchor", ""), -1)
        x, y = float(element.get("x", 0)), float(element.get("y", 0))
        colour, words = element.get("fill", "#000000"), element.text or ""
        self._parts.append(f"t {int(bold)} F {_figure(size * _POINTS)} {self._font}")
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
                self._parts.append(f"T {self._at((x, y + _RAISED * size))} {align} 0 {_counted(piece)}")
            x += text_width(piece, size, bold=bold)

    def _style(self, element: ET.Element) -> None:
        wide = float(element.get("stroke-width", "1")) * _POINTS
        dashes = element.get("stroke-dasharray", "")
        pattern = "solid" if not dashes else "dotted" if dashes.startswith("2") else "dashed"
        self._parts += [f"S {_counted(pattern)}", f"S {_counted(f'setlinewidth({_figure(wide)})')}"]

    def _colour(self, operation: str, colour: str) -> None:
        self._parts.append(f"{operation} {_counted(colour)}")

    def _points(self, operation: str, points: Sequence[Point]) -> None:
        self._parts.append(f"{operation} {len(points)} {' '.join(map(self._at, points))}")

    def _at(self, point: Point) -> str:
        return f"{_figure(point[0] * _POINTS)} {_figure((self._high - point[1]) * _POINTS)}"


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
    """Points along the path data that a canvas writes: M, L and Q alone."""
    here = (0.0, 0.0)
    for letter, places in re.findall(r"([MLQ])([^MLQ]*)", data):
        pairs = [_pair(each) for each in places.split()]
        if letter == "Q":
            control, end = pairs
            yield from list(_curve(here, control, end))[1:]
            here = end
        else:
            yield from pairs
            here = pairs[-1]
