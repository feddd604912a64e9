"""Invisible ties that give a layout a good shape where the arrows alone would not.

A layered layout puts whatever has no arrows into its first layer: thirty boxes then become one endless line.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

from servicescape.render.diagram import Diagram

T = TypeVar("T")
Tie = tuple[str, str]

_WIDE, _HIGH = 200, 70
"""About the room that a box takes with the gap to the next, in points."""
_SHAPE = 1.6
"""Width to height that is aimed at."""


def hidden_ties(diagram: Diagram) -> Iterator[Tie]:
    """Pairs of nodes of which the second shall stand a layer behind the first."""
    yield from _anchors(diagram)
    in_line = diagram.direction in ("LR", "RL")
    wired = {end for edge in diagram.edges for end in (edge.source, edge.target) if edge.is_drawn}
    wired.update(*diagram.columns, *diagram.ranks)
    inside = {member: group.id for group in diagram.groups for member in group.members}
    outside = [node.id for node in diagram.nodes if node.id not in inside]
    for members in [*(group.members for group in diagram.groups), outside]:
        alone = [member for member in members if member not in wired]
        for line in _lines(alone, _layers(len(alone), in_line)):
            yield from pairwise(line)
    lonely = [group.members for group in diagram.groups if not any(member in wired for member in group.members)]
    for row in _lines(list(range(len(lonely))), _layers(len(lonely), in_line)):
        for before, after in pairwise(row):
            length = _layers(len(lonely[before]), in_line)
            yield lonely[before][min(length, len(lonely[before])) - 1], lonely[after][0]


def _layers(count: int, in_line: bool) -> int:
    """Into how many layers so many boxes go for the whole to be somewhat wider than it is high."""
    per_layer, in_layer = (_WIDE, _HIGH) if in_line else (_HIGH, _WIDE)
    shape = _SHAPE if in_line else 1 / _SHAPE
    return max(1, round(math.sqrt(count * shape * in_layer / per_layer)))


def _lines(items: Sequence[T], length: int) -> list[Sequence[T]]:
    return [items[start : start + length] for start in range(0, len(items), length)]


def _anchors(diagram: Diagram) -> Iterator[Tie]:
    """Ties for what only undrawn edges lead to: it stands behind the deepest of those that need it."""
    needs: dict[str, list[str]] = defaultdict(list)
    undrawn: dict[str, list[str]] = defaultdict(list)
    for edge in diagram.edges:
        if edge.is_drawn:
            needs[edge.source].append(edge.target)
        else:
            undrawn[edge.target].append(edge.source)
    depth = _depths(needs)
    for target, sources in undrawn.items():
        yield max(sources, key=lambda source: (depth.get(source, 0), source)), target


def _depths(needs: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How far each node is from where arrows begin, in layers; for nodes in cycles as far as is known."""
    waiting: dict[str, int] = defaultdict(int)
    for targets in needs.values():
        for target in targets:
            waiting[target] += 1
    depth = {source: 0 for source in needs if not waiting[source]}
    ready = list(depth)
    for source in ready:
        for target in needs.get(source, ()):
            depth[target] = max(depth.get(target, 0), depth[source] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return depth
