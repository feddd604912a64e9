"""Chances of single events, and of one of many: events of a structure, and those that an attempt uses a step."""

import math
from collections.abc import Callable

import numpy as np

from servicescape.analysis.prediction.diagrams import Floats
from servicescape.analysis.prediction.functions import positions
from servicescape.analysis.prediction.intervals import any_chance

_MANY_EVENTS = 100


class Chances:
    """Chances of the events of a structure, which are the first ones, and of uses, which come after them."""

    def __init__(self, chance: Callable[[int], float], events: int) -> None:
        self._chance = chance
        self.events = events
        """How many of them are the structure's."""
        self.forget_uses()
        self.forget()

    def forget(self) -> None:
        """Chances have changed."""
        self._logs: Floats = np.full(self.events, np.nan)

    def forget_uses(self) -> None:
        """Another journey, other steps."""
        self._uses: dict[tuple[int, float], int] = {}
        self._use_chances: list[float] = []

    @property
    def of_uses(self) -> tuple[float, ...]:
        """Chances of the uses, in the order of their events."""
        return tuple(self._use_chances)

    def use(self, position: int, share: float) -> tuple[int, ...]:
        """The event that an attempt uses the step at this position; none where every attempt does."""
        if share >= 1.0:
            return ()
        found = self._uses.get((position, share))
        if found is None:
            found = self._uses[position, share] = self.events + len(self._use_chances)
            self._use_chances.append(share)
        return (found,)

    def of(self, event: int) -> float:
        """Chance of an event, of a structure or of a use."""
        return self._chance(event) if event < self.events else self._use_chances[event - self.events]

    def any_of(self, events: int) -> float:
        """Chance that one of these events happens."""
        if events.bit_count() < _MANY_EVENTS:
            return any_chance(self.of(event) for event in positions(events))
        # Thousands of events, again and again: the logarithms of the chances that they do not happen are kept.
        size = (events.bit_length() + 7) // 8
        which = np.flatnonzero(
            np.unpackbits(np.frombuffer(events.to_bytes(size, "little"), np.uint8), bitorder="little")
        )
        if which[-1] >= len(self._logs):
            self._logs = np.concatenate([self._logs, np.full(int(which[-1]) + 1000, np.nan)])
        for event in which[np.isnan(self._logs[which])].tolist():
            chance = self.of(event)
            self._logs[event] = math.log1p(-chance) if chance < 1 else -math.inf
        return 0.0 - math.expm1(float(self._logs[which].sum()))
