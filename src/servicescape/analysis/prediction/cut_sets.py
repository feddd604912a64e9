"""Minimal cut sets of few causes, read off a diagram.

The recursion is Rauzy's (A. Rauzy, New algorithms for fault trees analysis, Reliability Engineering and System Safety
40(3), 1993): the minimal solutions of a node are those of its low branch, and those of its high branch that do not
solve the low one, with the node's variable. It is cut off at the order asked for.
"""

import itertools
import math
from collections.abc import Sequence, Set

from servicescape.analysis.prediction.diagrams import FALSE, TRUE, Diagrams, deep_recursion
from servicescape.analysis.prediction.functions import bits
from servicescape.analysis.prediction.outcomes import Outcome
from servicescape.analysis.prediction.results import Cause, CutSet
from servicescape.analysis.prediction.structure import Structure, ages


def minimal_solutions(diagrams: Diagrams, root: int, most: int) -> list[int]:
    """Minimal sets of at most `most` levels that make a monotone function true, as bits."""
    return _solutions(diagrams, {}, root, most)


def _solutions(diagrams: Diagrams, found: dict[tuple[int, int], list[int]], node: int, room: int) -> list[int]:
    if node <= TRUE:
        return [0] if node == TRUE else []
    key = (node, room)
    known = found.get(key)
    if known is None:
        low = diagrams.low[node]
        known = list(_solutions(diagrams, found, low, room))
        if room > 0:
            bit = 1 << diagrams.level[node]
            below = _solutions(diagrams, found, diagrams.high[node], room - 1)
            known += (bit | each for each in below if not _solves(diagrams, low, each))
        found[key] = known
    return known


def _solves(diagrams: Diagrams, node: int, chosen: int) -> bool:
    while node > TRUE:
        node = diagrams.high[node] if chosen >> diagrams.level[node] & 1 else diagrams.low[node]
    return node != FALSE


def cut_sets(
    structure: Structure,
    blocked: Outcome,
    unavailable: Sequence[float],
    most: int,
) -> tuple[CutSet, ...]:
    """The minimal cut sets of at most `most` causes, most likely first, then by their names."""
    by_sources: dict[tuple[int, ...], set[tuple[int, ...]]] = {}
    parts = [[blocked.alone]] if most > 0 else []
    # Diagrams of one outcome share no event, so that what is minimal in one of them is minimal in all.
    for diagram in blocked.parts:
        groups = diagram.compiled.groups
        with deep_recursion(len(groups)):
            for solution in minimal_solutions(diagram.compiled.diagrams, diagram.root, most):
                parts.append([groups[level] for level in bits(solution)])
    members: dict[int, list[tuple[int, int]]] = {}
    for part in parts:
        for group in part:
            if group not in members:
                members[group] = _first_levels(structure, group)
        for pairs in itertools.product(*(members[group] for group in part)):
            ordered = sorted(pairs)
            key = tuple(index for index, _ in ordered)
            by_sources.setdefault(key, set()).add(tuple(level for _, level in ordered))
    cause_of: dict[tuple[int, int], Cause] = {}

    def cause(index: int, level: int) -> Cause:
        # The same few causes stand in thousands of cut sets.
        known = cause_of.get((index, level))
        if known is None:
            source = structure.sources[index]
            refs = tuple(structure.graph.refs[each] for each in source.components)
            known = cause_of[index, level] = Cause(source.kind, refs, source.levels[level])
        return known

    found = []
    for key, levels in by_sources.items():
        sources = [structure.sources[index] for index in key]
        chances = [structure.source_chance(source, unavailable) for source in sources]
        for chosen in _least(levels):
            # Event j of a source stands for its lasting longer than level j: the later events make it true as well.
            probability = math.prod(
                chance * ages(source)[level] for source, chance, level in zip(sources, chances, chosen, strict=True)
            )
            causes = tuple(cause(index, level) for index, level in zip(key, chosen, strict=True))
            found.append(CutSet(causes, probability))
    found.sort(key=lambda each: (-each.probability, len(each.causes), each.components))
    return tuple(found)


def _first_levels(structure: Structure, group: int) -> list[tuple[int, int]]:
    """The sources of a group's events with their lowest level: that contains the others."""
    found: dict[int, int] = {}
    for event in bits(group):
        index = structure.source_of_event[event]
        level = event - structure.sources[index].first_event
        if level < found.get(index, level + 1):
            found[index] = level
    return sorted(found.items())


def _least(levels: Set[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Of the levels at which the same sources cut, those that none of the others contains."""
    if len(levels) == 1:
        return list(levels)
    found: list[tuple[int, ...]] = []
    # What contains another comes before it in this order.
    for each in sorted(levels):
        if not any(all(a <= b for a, b in zip(other, each, strict=True)) for other in found):
            found.append(each)
    return found
