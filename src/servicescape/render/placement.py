"""Where the layout engine puts everything, for formats that keep places instead of working them out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from servicescape.diagnostics.errors import ToolError
from servicescape.render.diagram import Diagram
from servicescape.render.dot import label_name, node_name

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Placement:
    """Places of boxes and frames by reference, and of arrows by their number from 1; the origin is the upper left."""

    width: float
    height: float
    nodes: Mapping[str, Box]
    frames: Mapping[str, Box]
    arrows: Mapping[int, tuple[Point, ...]]
    """Points through which each arrow goes, its two ends among them."""
    heading: float
    """Height that the heading takes, above everything else."""


def read_placement(layout: bytes, diagram: Diagram) -> Placement:
    """The engine's JSON (`-Tjson0`) of a diagram's DOT. Raises ToolError where it is something else."""
    try:
        return _placement(json.loads(layout), diagram)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise ToolError(f"the layout engine wrote a layout that cannot be read: {error}") from error


def _placement(drawn: Mapping[str, Any], diagram: Diagram) -> Placement:
    _left, _bottom, width, height = _numbers(drawn["bb"])
    objects: Sequence[Mapping[str, Any]] = drawn.get("objects", ())
    by_name = {one["name"]: one for one in objects}
    numbers = {one["_gvid"]: one["name"] for one in objects}
    nodes = {node.id: _node(by_name[node_name(node.id)], height) for node in diagram.nodes}
    frames = {group.id: _frame(by_name[f"cluster_{node_name(group.id)}"], height) for group in diagram.groups}
    ways: dict[tuple[str, str], list[tuple[Point, ...]]] = {}
    for one in drawn.get("edges", ()):
        if "pos" in one:
            ways.setdefault((numbers[one["tail"]], numbers[one["head"]]), []).append(_points(one["pos"], height))
    arrows = {}
    for number, edge in enumerate(diagram.edges, 1):
        if edge.is_drawn:
            ends = [node_name(edge.source), node_name(edge.target)]
            if edge.label:
                ends.insert(1, label_name(number))
            arrows[number] = _way(ends, ways)
    heading = float(drawn.get("lheight", 0)) * 72
    return Placement(width, height, nodes, frames, arrows, heading)


def _way(ends: Sequence[str], ways: Mapping[tuple[str, str], list[tuple[Point, ...]]]) -> tuple[Point, ...]:
    points: list[Point] = []
    for source, target in pairwise(ends):
        parts = ways.get((source, target))
        if parts:
            points += parts.pop(0) if len(parts) > 1 else parts[0]
    return tuple(points)


def _numbers(text: str) -> list[float]:
    return [float(part) for part in text.split(",")]


def _node(one: Mapping[str, Any], height: float) -> Box:
    x, y = _numbers(one["pos"])
    wide, high = float(one["width"]) * 72, float(one["height"]) * 72
    return Box(x - wide / 2, height - y - high / 2, wide, high)


def _frame(one: Mapping[str, Any], height: float) -> Box:
    left, bottom, right, top = _numbers(one["bb"])
    return Box(left, height - top, right - left, top - bottom)


def _points(spline: str, height: float) -> tuple[Point, ...]:
    """The points on the curve: of a chain of Bézier pieces every third one; the arrow's own tips beside them."""
    start, end = None, None
    control = []
    for part in spline.split(";")[0].split():
        if part.startswith("s,"):
            start = _numbers(part[2:])
        elif part.startswith("e,"):
            end = _numbers(part[2:])
        else:
            control.append(_numbers(part))
    on_curve = control[::3]
    chosen = [*([start] if start else []), *on_curve, *([end] if end else [])]
    return tuple((x, height - y) for x, y in chosen)
