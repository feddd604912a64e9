"""What was built, asked for its chance: the usual one, or many under other chances at once."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from servicescape.analysis.prediction.compiled import Compiled
from servicescape.analysis.prediction.diagrams import Floats
from servicescape.analysis.prediction.functions import positions
from servicescape.analysis.prediction.intervals import any_chance

Case = Mapping[int, float]
"""Event → its chance in place of the usual one."""

_MOST_CELLS = 2_000_000
"""Nodes times cases that are worked on at once: 16 MB."""


@dataclass(frozen=True)
class Part:
    """One diagram of a question."""

    compiled: Compiled
    root: int

    def events(self) -> int:
        """Every event that it hangs on."""
        found = 0
        diagrams = self.compiled.diagrams
        for level in {diagrams.level[node] for node in diagrams.reached([self.root])}:
            found |= self.compiled.groups[level]
        return found

    def level_chances(self, chance_of: Callable[[int], float]) -> list[float]:
        """Chances of the variables, by level."""
        return [
            any_chance(chance_of(event) for event in positions(group))
            if group & (group - 1)
            # One event needs no logarithms.
            else chance_of(group.bit_length() - 1)
            for group in self.compiled.groups
        ]

    def probability(self, chance_of: Callable[[int], float]) -> float:
        """Its usual chance."""
        return self.compiled.diagrams.probability(self.root, self.level_chances(chance_of))

    def probabilities(self, chance_of: Callable[[int], float], cases: Sequence[Case]) -> Floats:
        """Its chance in each case."""
        members = [positions(group) for group in self.compiled.groups]
        level_of = {event: level for level, events in enumerate(members) for event in events}
        usual = self.level_chances(chance_of)
        found = np.empty(len(cases))
        changed: list[int] = []
        rows: list[dict[int, float]] = []
        for index, case in enumerate(cases):
            levels = {level_of[event] for event in case if event in level_of}
            row = {
                level: any_chance(case[event] if event in case else chance_of(event) for event in members[level])
                for level in levels
            }
            row = {level: chance for level, chance in row.items() if chance != usual[level]}
            if row:
                changed.append(index)
                rows.append(row)
        if len(changed) < len(cases):
            found[:] = self.compiled.diagrams.probability(self.root, usual)
        size = max(1, _MOST_CELLS // len(self.compiled.diagrams))
        for start in range(0, len(changed), size):
            part = rows[start : start + size]
            arrays: list[Floats | float] = list(usual)
            for index, row in enumerate(part):
                for level, chance in row.items():
                    array = arrays[level]
                    if isinstance(array, float):
                        array = arrays[level] = np.full(len(part), array)
                    array[index] = chance
            found[changed[start : start + size]] = self.compiled.diagrams.probabilities(self.root, arrays, len(part))
        return found


@dataclass(frozen=True)
class Outcome:
    """Something that happens when one of some events does, or else by one of some diagrams that share no event."""

    alone: int
    parts: tuple[Part, ...]
    use_chances: tuple[float, ...] = ()
    """Chances of the events from `first_use` on: that an attempt uses a step."""
    first_use: int | None = None

    def events(self) -> int:
        """Every event of the structure that it hangs on."""
        found = self.alone
        for part in self.parts:
            found |= part.events()
        return found if self.first_use is None else found & ((1 << self.first_use) - 1)

    def _chance_of(self, chances: Sequence[float]) -> Callable[[int], float]:
        first = self.first_use
        if first is None:
            return chances.__getitem__
        uses = self.use_chances
        return lambda event: chances[event] if event < first else uses[event - first]

    def probability(self, chances: Sequence[float]) -> float:
        """Its usual chance."""
        chance_of = self._chance_of(chances)
        found = any_chance(chance_of(event) for event in positions(self.alone))
        for part in self.parts:
            found += (1.0 - found) * part.probability(chance_of)
        return found

    def complement(self, chances: Sequence[float]) -> float:
        """Chance that it does not happen: as exact as the other, however close that is to 1."""
        chance_of = self._chance_of(chances)
        found = 1.0 - any_chance(chance_of(event) for event in positions(self.alone))
        for part in self.parts:
            levels = part.level_chances(chance_of)
            found *= part.compiled.diagrams.complement_probability(part.root, levels)
        return found

    def probabilities(self, chances: Sequence[float], cases: Sequence[Case]) -> list[float]:
        """Chance of the outcome in each case."""
        chance_of = self._chance_of(chances)
        alone = set(positions(self.alone))
        # Logarithms of the chances that single points leave it alone: a case changes a few of some hundred.
        logs = {event: math.log1p(-chance_of(event)) for event in alone if chance_of(event) < 1}
        total = math.fsum(logs.values())
        certain = len(alone) - len(logs)
        found = np.full(len(cases), 1.0 if certain else -math.expm1(total))
        for index, case in enumerate(cases):
            changed = [event for event in case if event in alone]
            if changed:
                still_certain = certain - sum(event not in logs for event in changed)
                still_certain += sum(case[event] >= 1 for event in changed)
                if still_certain:
                    found[index] = 1.0
                else:
                    rest_of = total - math.fsum(logs.get(event, 0.0) for event in changed)
                    found[index] = -math.expm1(
                        min(0.0, rest_of) + math.fsum(math.log1p(-case[event]) for event in changed)
                    )
        for part in self.parts:
            found = found + (1.0 - found) * part.probabilities(chance_of, cases)
        return found.tolist()
