"""Bounds of probabilities, where a diagram would be too large or where independence is not to be assumed.

FRECHET holds whatever the correlation between failures is: a disjunction lies between the greatest of its parts and
their sum, a conjunction between 1 − Σ(1−p) and the least. ASSOCIATED holds for independent events behind monotone
functions, which are then associated (J. Esary, F. Proschan, D. Walkup, Association of random variables, with
applications, Annals of Mathematical Statistics 38(5), 1967): a disjunction is at most 1 − Π(1−p), a conjunction at
least Πp.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from servicescape.analysis.prediction.circles import circles
from servicescape.analysis.prediction.functions import (
    Function,
    Gate,
    SinglePoints,
    bits,
    positions,
    reached_gates,
)

Interval = tuple[float, float]
Rule = Literal["frechet", "associated"]
FRECHET: Rule = "frechet"
ASSOCIATED: Rule = "associated"

NOTHING: Interval = (0.0, 0.0)


def any_interval(parts: Iterable[Interval], rule: Rule) -> Interval:
    """Of a disjunction."""
    parts = list(parts)
    low = max((low for low, _ in parts), default=0.0)
    if rule == FRECHET:
        return low, min(1.0, math.fsum(high for _, high in parts))
    return low, any_chance(high for _, high in parts)


def all_interval(parts: Iterable[Interval], rule: Rule) -> Interval:
    """Of a conjunction."""
    parts = list(parts)
    high = min((high for _, high in parts), default=1.0)
    if rule == FRECHET:
        return max(0.0, 1.0 - math.fsum(1.0 - low for low, _ in parts)), high
    return math.prod(low for low, _ in parts), high


def at_least_interval(need: int, parts: Sequence[Interval], rule: Rule) -> Interval:
    """That at least `need` of the parts are true."""
    if need <= 1:
        return any_interval(parts, rule)
    if need == len(parts):
        return all_interval(parts, rule)
    if need > len(parts):
        return NOTHING
    high = min(1.0, math.fsum(high for _, high in parts) / need)
    lows = sorted((low for low, _ in parts), reverse=True)
    if rule == FRECHET:
        return max(0.0, (math.fsum(lows) - need + 1) / (len(parts) - need + 1)), high
    return math.prod(lows[:need]), high


def any_chance(chances: Iterable[float]) -> float:
    """1 − Π(1−p): exact to the last digits also where all chances are tiny."""
    total = 0.0
    for chance in chances:
        if chance >= 1.0:
            return 1.0
        total += math.log1p(-chance)
    # Not the bare minus: no chance is 0, and not minus 0.
    return 0.0 - math.expm1(total)


def no_chance(chances: Iterable[float]) -> float:
    """Π(1−p)."""
    total = 0.0
    for chance in chances:
        if chance >= 1.0:
            return 0.0
        total += math.log1p(-chance)
    return math.exp(total)


class Intervals:
    """Bounds of all functions over some gates that one asks for."""

    def __init__(
        self,
        gates: Sequence[Gate],
        single_points: SinglePoints,
        chance: Callable[[int], float],
        rule: Rule,
        without: int = 0,
    ) -> None:
        self._all_gates = gates
        self._single_points = single_points
        self._chance = chance
        self._rule = rule
        self._without = without
        self._gates: dict[int, Interval] = {}

    def of(self, function: Function) -> Interval:
        """Bounds of the chance that a function is true."""
        fresh = [number for number in reached_gates(self._all_gates, [function]) if number not in self._gates]
        if fresh:
            wanted = set(fresh)

            def below(number: int) -> list[int]:
                found = 0
                for item in self._all_gates[number].inputs:
                    found |= item.gates
                return [each for each in bits(found) if each in wanted]

            for part in circles(fresh, below):
                # In a circle the widest bounds are true to begin with, and each further look keeps them so.
                for number in part:
                    self._gates[number] = (0.0, 1.0)
                for _ in range(3 if len(part) > 1 else 1):
                    for number in part:
                        gate = self._all_gates[number]
                        inputs = [self._disjunction(item) for item in gate.inputs]
                        self._gates[number] = at_least_interval(gate.need, inputs, self._rule)
        low, high = self._disjunction(function)
        alone = self._single_points.of(function) & ~self._without
        return max(low, self._events(alone)[0]), high

    def _events(self, events: int) -> Interval:
        chances = [self._chance(event) for event in positions(events & ~self._without)]
        if self._rule == FRECHET:
            return max(chances, default=0.0), min(1.0, math.fsum(chances))
        exact = any_chance(chances)
        return exact, exact

    def _disjunction(self, function: Function) -> Interval:
        parts = [self._events(function.events)]
        parts += (self._gates[number] for number in bits(function.gates))
        return any_interval(parts, self._rule)
