"""Rewrites functions so that little is left for diagrams to do.

A function is the disjunction of the events that alone make it true and of its gates, and for the latter it can be taken
for granted that none of the former happens: f = S ∨ f|S=0. The same holds for every input of every gate. In a real
landscape most of what could fail together with something stops everything alone, so that of a thousand gates a few
dozen remain, over a few dozen events.
"""

from collections.abc import Sequence

from servicescape.analysis.prediction.functions import (
    NEVER,
    Function,
    Gate,
    SinglePoints,
    bits,
    possible_gates,
    reached_gates,
)


class TooManyContextsError(Exception):
    """The rewriting would become larger than what it saves."""


class Simplifier:
    """Rewrites the functions of one question, in which some events do not happen. Gates must not feed on themselves."""

    def __init__(
        self,
        gates: Sequence[Gate],
        single_points: SinglePoints,
        functions: Sequence[Function],
        without: int,
        most_gates: int = 20_000,
    ) -> None:
        self._old = gates
        self._single_points = single_points
        self._without = without
        self._most = most_gates
        numbers = reached_gates(gates, functions)
        self._possible = possible_gates(gates, numbers, without)
        self._support: dict[int, int] = {}
        self._alone: dict[Function, int] = {}
        self._known: dict[tuple[int, int], Function] = {}
        self._number_of: dict[Gate, int] = {}
        self.gates: list[Gate] = []
        """The gates of the rewritten functions."""

    def simplified(self, function: Function) -> Function:
        """The same function over the new gates."""
        return self._function(function, self._without)

    def _function(self, function: Function, without: int) -> Function:
        alone = self._alone.get(function)
        if alone is None:
            alone = self._alone[function] = self._single_points.of(function)
        alone &= ~without
        without |= alone
        found = 0
        for number in bits(function.gates & self._possible):
            found |= self._gate(number, without)
        return Function(alone, found)

    def _gate(self, number: int, without: int) -> int:
        key = (number, without & self._support_of(number))
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= self._most:
                raise TooManyContextsError
            known = self._known[key] = self._rewritten(self._old[number], without)
        return known.gates

    def _rewritten(self, gate: Gate, without: int) -> Function:
        inputs = [self._function(item, without) for item in gate.inputs]
        inputs = sorted(item for item in inputs if item != NEVER)
        if len(inputs) < gate.need:
            return NEVER
        new = Gate(gate.need, tuple(inputs))
        number = self._number_of.get(new)
        if number is None:
            number = self._number_of[new] = len(self.gates)
            self.gates.append(new)
        return Function(0, 1 << number)

    def _support_of(self, number: int) -> int:
        found = self._support.get(number)
        if found is None:
            found = 0
            for item in self._old[number].inputs:
                found |= item.events
                for each in bits(item.gates & self._possible):
                    found |= self._support_of(each)
            self._support[number] = found
        return found
