"""Upper bounds of gates in a time that grows only with their number, for what is too large for anything better.

Of a gate that needs two inputs, each is one of its single points or else something rarer. Single points of both aside,
which are the gate's own and counted elsewhere, those of the one and those of the other are different failures, and so
independent of each other: P(X ∧ Y) ≤ P(Sx)·P(Sy) + P(X | no Sx) + P(Y | no Sy). Taking the smaller of P(X) and P(Y)
would count every failure of the one.
"""

import itertools
from collections.abc import Callable, Sequence, Set

from servicescape.analysis.prediction.circles import circles
from servicescape.analysis.prediction.functions import Function, Gate, SinglePoints, any_function, bits, reached_gates
from servicescape.analysis.prediction.intervals import ASSOCIATED, any_chance, at_least_interval


class AtMost:
    """Upper bounds of the chance that gates are true though nothing happens that makes them true alone.

    `known` is kept up to date; gates that feed on themselves get no bound.
    """

    def __init__(
        self,
        gates: Sequence[Gate],
        single_points: SinglePoints,
        any_of: Callable[[int], float],
        circular: Set[int],
        known: dict[int, float],
    ) -> None:
        self._gates = gates
        self._single_points = single_points
        self._any_of = any_of
        self._circular = circular
        self._known = known

    def of(self, wanted: int) -> float:
        """Of one of some gates being true, their single points aside."""
        known = self._known
        if any(number not in known for number in bits(wanted)):
            below = reached_gates(self._gates, [Function(0, wanted)])
            known.update((number, 1.0) for number in below if number in self._circular)
            # Gates stand after those that they feed on, or else are found again by way of the circles.
            for (number,) in circles([each for each in below if each not in known], self._unknown_below):
                known[number] = self._gate(number)
        return any_chance(known[number] for number in bits(wanted))

    def _unknown_below(self, number: int) -> list[int]:
        return [each for each in bits(any_function(self._gates[number].inputs).gates) if each not in self._known]

    def _gate(self, number: int) -> float:
        gate = self._gates[number]
        alone = self._single_points.of(Function(0, 1 << number))
        singles: list[float] = []
        rests: list[float] = []
        for item in gate.inputs:
            singles.append(self._any_of(self._single_points.of(item) & ~alone))
            rests.append(any_chance(self._known[each] for each in bits(item.gates)))
        found = at_least_interval(
            gate.need, [(0.0, any_chance(pair)) for pair in zip(singles, rests, strict=True)], ASSOCIATED
        )[1]
        if gate.need == len(gate.inputs):
            for one, other in itertools.combinations(range(len(singles)), 2):
                shared = self._single_points.of(gate.inputs[one]) & self._single_points.of(gate.inputs[other]) & ~alone
                both = singles[one] * singles[other] + rests[one] + rests[other] + self._any_of(shared)
                found = min(found, both)
        return found
