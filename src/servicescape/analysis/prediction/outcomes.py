"""What was built, asked for its chance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from servicescape.analysis.prediction.compiled import Compiled
from servicescape.analysis.prediction.functions import positions
from servicescape.analysis.prediction.intervals import any_chance


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

    def chance_of(self, chances: Sequence[float]) -> Callable[[int], float]:
        """Event → its chance, where those of the structure's events are given."""
        first = self.first_use
        if first is None:
            return chances.__getitem__
        uses = self.use_chances
        return lambda event: chances[event] if event < first else uses[event - first]

    def probability(self, chances: Sequence[float]) -> float:
        """Its usual chance."""
        chance_of = self.chance_of(chances)
        found = any_chance(chance_of(event) for event in positions(self.alone))
        for part in self.parts:
            found += (1.0 - found) * part.probability(chance_of)
        return found

    def complement(self, chances: Sequence[float]) -> float:
        """Chance that it does not happen: as exact as the other, however close that is to 1."""
        chance_of = self.chance_of(chances)
        found = 1.0 - any_chance(chance_of(event) for event in positions(self.alone))
        for part in self.parts:
            levels = part.level_chances(chance_of)
            found *= part.compiled.diagrams.complement_probability(part.root, levels)
        return found
