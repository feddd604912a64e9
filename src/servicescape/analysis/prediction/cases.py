"""The chance of an outcome in hundreds of cases, in each of which a few events have other chances than usual.

The chance of a diagram is linear in that of every variable. Going through it once up and once down gives its slope for
each of them, and with that all cases that change one variable. Only those that change several go through the diagram
again, all at once. What a case takes away is worked out as such and never as the difference of two chances, which
would leave a few digits of what is saved by mending one part of a hundred.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from servicescape.analysis.prediction.diagrams import Floats
from servicescape.analysis.prediction.functions import positions
from servicescape.analysis.prediction.outcomes import Outcome, Part

Case = Mapping[int, float]
"""Event → its chance in place of the usual one."""

_MOST_CELLS = 1_000_000
"""Nodes times cases that are worked on at once: 8 MB, twice."""

_LITTLE = 1e-3
"""Of a diagram's chance; what is left of it is not worked out by taking away the rest where it is less than this."""


class Shifted(NamedTuple):
    """What something comes to in one case."""

    chance: float
    less: float
    """By how much that is less than usual."""


class _AnyOf:
    """The disjunction of independent things, a few of which change."""

    def __init__(self, chances: Iterable[float]) -> None:
        self._certain = 0
        logs = []
        for chance in chances:
            if chance < 1:
                logs.append(math.log1p(-chance))
            else:
                self._certain += 1
        self._log = math.fsum(logs)
        """Of the chance that none of those happens that need not."""
        self._none = 0.0 if self._certain else math.exp(self._log)

    def shifted(self, changes: Iterable[tuple[float, Shifted]]) -> Shifted:
        """What it comes to, by the usual chance of what changes and by what that becomes."""
        certain, log = self._certain, 0.0
        gone: list[float] = []
        new: list[float] = []
        for usual, (chance, less) in changes:
            if usual >= 1:
                certain -= 1
            else:
                gone.append(math.log1p(-usual))
            if chance >= 1:
                certain += 1
                continue
            new.append(math.log1p(-chance))
            log += math.log1p(less / (1.0 - usual)) if usual < 1 else new[-1]
        if certain:
            return Shifted(1.0, -self._none)
        # First what is gone: of that nothing must be left where it was all there is. And not the bare minus, because
        # no chance is 0, and not minus 0.
        chance = 0.0 - math.expm1(min(0.0, self._log - math.fsum(gone)) + math.fsum(new))
        return Shifted(chance, 1.0 - chance if self._certain else self._none * math.expm1(log))


class _Diagram:
    """One diagram of the outcome."""

    def __init__(self, part: Part, chances: Sequence[float]) -> None:
        self._diagrams = part.compiled.diagrams
        self._root = part.root
        self._groups = [positions(group) for group in part.compiled.groups]
        self._chances = chances
        self._any_of: dict[int, _AnyOf] = {}
        self._levels = part.level_chances(chances.__getitem__)
        self.usual, self._slopes = self._diagrams.slopes(self._root, self._levels)
        self._several: list[tuple[int, dict[int, Shifted]]] = []
        self.found: dict[int, Shifted] = {}
        """By case; only those in which something changes."""

    def places(self) -> Iterable[tuple[int, int]]:
        """Its events and their levels."""
        return ((event, level) for level, events in enumerate(self._groups) for event in events)

    def change(self, number: int, case: Case, changes: Mapping[int, Sequence[int]]) -> None:
        """Works out a case, by the events that change at each level, or puts it off until `finish`."""
        levels = {level: self._level(level, events, case) for level, events in changes.items()}
        levels = {level: each for level, each in levels.items() if each.chance != self._levels[level]}
        if len(levels) == 1:
            ((level, (_, less)),) = levels.items()
            fallen = less * self._slopes[level]
            if self.usual - fallen > _LITTLE * self.usual:
                self.found[number] = Shifted(self.usual - fallen, fallen)
                return
        if levels:
            self._several.append((number, levels))

    def _level(self, level: int, events: Sequence[int], case: Case) -> Shifted:
        """The chance of a variable that stands for some events."""
        if len(self._groups[level]) == 1:
            chance = case[events[0]]
            return Shifted(chance, self._chances[events[0]] - chance)
        any_of = self._any_of.get(level)
        if any_of is None:
            any_of = self._any_of[level] = _AnyOf(self._chances[event] for event in self._groups[level])
        return any_of.shifted(_changes(self._chances, events, case))

    def finish(self) -> None:
        """Works out what was put off."""
        size = max(1, _MOST_CELLS // len(self._diagrams))
        for start in range(0, len(self._several), size):
            some = self._several[start : start + size]
            arrays: list[Floats | float] = list(self._levels)
            for index, (_, levels) in enumerate(some):
                for level, (chance, _) in levels.items():
                    array = arrays[level]
                    if isinstance(array, float):
                        array = arrays[level] = np.full(len(some), array)
                    array[index] = chance
            chances, less = self._diagrams.shifted(self._root, self._levels, arrays, len(some))
            for (number, _), chance, fallen in zip(some, chances.tolist(), less.tolist(), strict=True):
                self.found[number] = Shifted(chance, fallen)


def _changes(chances: Sequence[float], events: Iterable[int], case: Case) -> list[tuple[float, Shifted]]:
    return [(chances[event], Shifted(case[event], chances[event] - case[event])) for event in events]


def shifted(outcome: Outcome, chances: Sequence[float], cases: Sequence[Case]) -> list[Shifted]:
    """The outcome in each case, in the order of the cases."""
    if outcome.use_chances:
        chances = [*chances, *outcome.use_chances]
    diagrams = [_Diagram(part, chances) for part in outcome.parts]
    places = {event: (at, level) for at, diagram in enumerate(diagrams) for event, level in diagram.places()}
    alone = positions(outcome.alone)
    alone_events = frozenset(alone)
    singles: list[list[int]] = []
    for number, case in enumerate(cases):
        singles.append([event for event in case if event in alone_events])
        changed: dict[int, dict[int, list[int]]] = {}
        for event in case:
            place = places.get(event)
            if place is not None:
                changed.setdefault(place[0], {}).setdefault(place[1], []).append(event)
        for at, levels in changed.items():
            diagrams[at].change(number, case, levels)
    for diagram in diagrams:
        diagram.finish()
    whole = _AnyOf([*(chances[event] for event in alone), *(diagram.usual for diagram in diagrams)])
    return [
        whole.shifted(
            [
                *_changes(chances, singles[number], case),
                *((diagram.usual, diagram.found[number]) for diagram in diagrams if number in diagram.found),
            ]
        )
        for number, case in enumerate(cases)
    ]
