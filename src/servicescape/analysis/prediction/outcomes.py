"""Chances of what was built: one usual figure, or many figures under other chances at once."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from servicescape.analysis.prediction.circles import circles
from servicescape.analysis.prediction.compiled import Compiled, compile_functions
from servicescape.analysis.prediction.diagrams import Floats
from servicescape.analysis.prediction.functions import Function, Gate, bits, positions, reached_gates
from servicescape.analysis.prediction.intervals import any_chance
from servicescape.analysis.prediction.simplify import Simplifier, TooManyContextsError
from servicescape.analysis.prediction.structure import Structure

Case = Mapping[int, float]
"""Event → its chance in place of the usual one."""

Roots = Callable[[Function], int]
"""Function of the structure → its node, where the events left out do not happen."""


def compile_question(
    structure: Structure,
    functions: Sequence[Function],
    build: Callable[[Compiled, Roots], None],
    *,
    most_nodes: int,
    without: int = 0,
) -> Compiled | None:
    """Builds the diagrams of a question about some functions; None where they would be too large."""
    gates: Sequence[Gate] = structure.gates
    new = {function: function for function in functions}
    numbers = reached_gates(structure.gates, functions)
    if numbers and not _feeds_on_itself(structure, numbers):
        simplifier = Simplifier(structure.gates, structure.single_points, functions, without)
        try:
            new = {function: simplifier.simplified(function) for function in functions}
        except TooManyContextsError:
            new = {function: function for function in functions}
        else:
            gates = simplifier.gates

    def run(compiled: Compiled) -> None:
        build(compiled, lambda function: compiled.root(new[function]))

    kept = list(dict.fromkeys(new[function] for function in functions))
    return compile_functions(gates, kept, run, most_nodes=most_nodes, without=without)


def _feeds_on_itself(structure: Structure, numbers: Sequence[int]) -> bool:
    if not structure.in_circle:
        return False

    def below(number: int) -> list[int]:
        found = 0
        for item in structure.gates[number].inputs:
            found |= item.gates
        return list(bits(found))

    return any(len(part) > 1 or part[0] in below(part[0]) for part in circles(numbers, below))


@dataclass(frozen=True)
class Outcome:
    """alone ∨ root: something that happens when one of some events does, or else by a diagram without them."""

    compiled: Compiled
    root: int
    alone: int
    shares: tuple[float, ...] = ()
    """Chances of variables below those of failures."""

    def events(self) -> int:
        """Every event that it hangs on."""
        found = self.alone
        for level in {self.compiled.diagrams.level[node] for node in self.compiled.diagrams.reached([self.root])}:
            if level < len(self.compiled.groups):
                found |= self.compiled.groups[level]
        return found

    def level_chances(self, chances: Sequence[float]) -> list[float]:
        """Chances of the variables, by level."""
        return [any_chance(chances[event] for event in positions(group)) for group in self.compiled.groups] + list(
            self.shares
        )

    def probabilities(self, chances: Sequence[float], cases: Sequence[Case]) -> list[float]:
        """Chance of the outcome in each case."""
        members = [positions(group) for group in self.compiled.groups]
        level_of = {event: level for level, events in enumerate(members) for event in events}
        arrays: list[Floats] = [np.full(len(cases), chance) for chance in self.level_chances(chances)]
        alone = set(positions(self.alone))
        # Logarithms of the chances that single points leave it alone: a case changes a few of some hundred.
        logs = {event: math.log1p(-chances[event]) for event in alone if chances[event] < 1}
        total = math.fsum(logs.values())
        certain = len(alone) - len(logs)
        hit = np.full(len(cases), 1.0 if certain else -math.expm1(total))
        for index, case in enumerate(cases):
            for level in {level_of[event] for event in case if event in level_of}:
                arrays[level][index] = any_chance(case.get(event, chances[event]) for event in members[level])
            changed = [event for event in case if event in alone]
            if changed:
                still_certain = certain - sum(event not in logs for event in changed)
                still_certain += sum(case[event] >= 1 for event in changed)
                if still_certain:
                    hit[index] = 1.0
                else:
                    rest_of = total - math.fsum(logs.get(event, 0.0) for event in changed)
                    hit[index] = -math.expm1(
                        min(0.0, rest_of) + math.fsum(math.log1p(-case[event]) for event in changed)
                    )
        rest = self.compiled.diagrams.probabilities(self.root, arrays, len(cases))
        return (hit + (1.0 - hit) * rest).tolist()  # type: ignore[no-any-return]
