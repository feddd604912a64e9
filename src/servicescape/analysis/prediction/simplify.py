"""Rewrites functions so that little is left for diagrams to do.

A function is the disjunction of the events that alone make it true and of its gates, and for the latter it can be taken
for granted that none of the former happens: f = S ∨ f|S=0. The same holds for every input of every gate. In a real
landscape most of what could fail together with something stops everything alone, so that of a thousand gates a few
dozen remain, over a few dozen events.
"""

import math
from collections.abc import Sequence

from servicescape.analysis.prediction.functions import NEVER, Function, Gate, SinglePoints, bits


class TooManyContextsError(Exception):
    """The rewriting would become larger than what it saves."""


class Simplifier:
    """Rewrites functions one after the other; equal gates become one. Gates must not feed on themselves.

    The list of old gates may grow between two questions.
    """

    def __init__(self, gates: Sequence[Gate], single_points: SinglePoints, most_gates: int = 20_000) -> None:
        self._old = gates
        self._single_points = single_points
        self.most_gates = most_gates
        self._room = 0.0
        self._support: dict[int, int] = {}
        self._new_support: list[int] = []
        self._alone: dict[Function, int] = {}
        self.known: dict[tuple[int, int], Function] = {}
        """Old gate and the events that do not happen, of those below it → what it became."""
        self._number_of: dict[Gate, int] = {}
        self.gates: list[Gate] = []
        """The gates of the rewritten functions, each after those that it feeds on."""

    def simplified(self, function: Function, without: int = 0, affordable: float = math.inf) -> Function:
        """The same function over the new gates, where some events do not happen."""
        self._room = len(self.known) + min(self.most_gates, affordable)
        return self._function(function, without)

    def support(self, number: int) -> int:
        """The events below a new gate."""
        return self._new_support[number]

    def clusters(self, function: Function) -> list[Function]:
        """Parts of a rewritten function that share no event, single points aside."""
        clusters: list[tuple[int, int]] = []
        for number in bits(function.gates):
            support, gates = self._new_support[number], 1 << number
            apart = []
            for other_support, other_gates in clusters:
                if other_support & support:
                    support |= other_support
                    gates |= other_gates
                else:
                    apart.append((other_support, other_gates))
            clusters = [*apart, (support, gates)]
        return [Function(0, gates) for _, gates in clusters]

    def _function(self, function: Function, without: int) -> Function:
        if not function.gates:
            return Function(function.events & ~without, 0)
        alone = self._alone.get(function)
        if alone is None:
            alone = self._alone[function] = self._single_points.of(function)
        alone &= ~without
        without |= alone
        found = 0
        for number in bits(function.gates):
            found |= self._gate(number, without)
        return Function(alone, found)

    def _gate(self, number: int, without: int) -> int:
        key = (number, without & self._support_of(number))
        found = self.known.get(key)
        if found is None:
            if len(self.known) >= self._room:
                raise TooManyContextsError
            found = self.known[key] = self._rewritten(self._old[number], without)
        return found.gates

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
            support = 0
            for item in inputs:
                support |= item.events
                for each in bits(item.gates):
                    support |= self._new_support[each]
            self._new_support.append(support)
        return Function(0, 1 << number)

    def _support_of(self, number: int) -> int:
        found = self._support.get(number)
        if found is None:
            found = 0
            for item in self._old[number].inputs:
                found |= item.events
                for each in bits(item.gates):
                    found |= self._support_of(each)
            self._support[number] = found
        return found
