"""From functions of failures to diagrams.

Before a diagram is built, events that only ever occur side by side (the parts of one chain) become one variable, whose
chance is 1 − Π(1−q). That loses nothing, and of a hundred components a journey needs it leaves a dozen variables.
"""

from collections.abc import Callable, Iterable, Sequence

from servicescape.analysis.prediction.circles import circles
from servicescape.analysis.prediction.diagrams import FALSE, Diagrams, OutOfNodes, deep_recursion
from servicescape.analysis.prediction.functions import (
    Function,
    Gate,
    any_function,
    bits,
    possible_gates,
    reached_gates,
)
from servicescape.analysis.prediction.orders import Wiring, depth_first, force

_EASY = 4_000
"""Nodes up to which no better order of variables is looked for."""


class Compiled:
    """The diagrams of some functions over one order of variables.

    `without` are events that do not happen. Raises OutOfNodes from `root` where a diagram would become too large; what
    was built before stays good.
    """

    def __init__(self, diagrams: Diagrams, gates: Sequence[Gate], functions: Sequence[Function], without: int) -> None:
        self.diagrams = diagrams
        self._gates = gates
        self._functions = functions
        self._without = without
        self._possible = possible_gates(gates, reached_gates(gates, functions), without)
        self._numbers = self._gates_that_count()
        self.groups = self._group_events()
        """Events that are one variable, as bits, in the order of levels."""
        self._built: dict[int, int] = {}

    def _gates_that_count(self) -> list[int]:
        """Gates below the functions that can be true at all."""
        seen = 0
        fresh = any_function(self._functions).gates & self._possible
        while fresh:
            seen |= fresh
            below = 0
            for number in bits(fresh):
                for item in self._gates[number].inputs:
                    below |= item.gates
            fresh = below & self._possible & ~seen
        return list(bits(seen))

    def _masks(self) -> Iterable[int]:
        kept = ~self._without
        for function in self._functions:
            yield function.events & kept
        for number in self._numbers:
            for item in self._gates[number].inputs:
                yield item.events & kept

    def _group_events(self) -> list[int]:
        masks = {mask for mask in self._masks() if mask}
        all_events = 0
        for mask in masks:
            all_events |= mask
        groups = [all_events] if all_events else []
        for mask in sorted(masks):
            split = []
            for group in groups:
                inside = group & mask
                if inside and inside != group:
                    split.append(inside)
                    group ^= inside
                split.append(group)
            groups = split
        groups.sort(key=lambda group: group & -group)
        return groups

    def wiring(self) -> Wiring:
        """Who feeds whom, for the choice of an order; variables are numbered as `groups` is now."""
        kept = ~self._without
        members: dict[int, tuple[int, ...]] = {}

        def item(function: Function) -> tuple[tuple[int, ...], tuple[int, ...]]:
            mask = function.events & kept
            if mask not in members:
                members[mask] = tuple(index for index, group in enumerate(self.groups) if group & mask)
            return members[mask], tuple(bits(function.gates & self._possible))

        return Wiring(
            len(self.groups),
            {number: tuple(item(each) for each in self._gates[number].inputs) for number in self._numbers},
            tuple(item(function) for function in self._functions),
        )

    def sort_groups(self, order: Sequence[int]) -> None:
        """Puts variables in an order, before anything is built."""
        self.groups = [self.groups[index] for index in order]

    def root(self, function: Function) -> int:
        """The node of a function."""
        if function.gates & self._possible:
            self._build_gates(function.gates & self._possible)
        return self._function(function)

    def _function(self, function: Function) -> int:
        mask = function.events & ~self._without
        levels = [level for level, group in enumerate(self.groups) if group & mask] if mask else ()
        parts = [self._built.get(number, FALSE) for number in bits(function.gates & self._possible)]
        parts.append(self.diagrams.any_of(levels))
        found = FALSE
        for part in self._deepest_first(parts):
            found = self.diagrams.either(found, part)
        return found

    def _deepest_first(self, nodes: list[int]) -> list[int]:
        """In the order in which they are put together with the fewest nodes in between: from the bottom up."""
        level = self.diagrams.level
        return sorted(nodes, key=lambda node: (-level[node], -node))

    def _build_gates(self, wanted: int) -> None:
        for circle in self._circles(wanted):
            if len(circle) == 1 and not self._feeds_itself(circle[0]):
                self._built[circle[0]] = self._gate(circle[0])
                continue
            # The least solution, from nothing upwards until nothing changes.
            changed = True
            try:
                while changed:
                    changed = False
                    for number in circle:
                        node = self._gate(number)
                        if node != self._built.get(number, FALSE):
                            self._built[number] = node
                            changed = True
            except OutOfNodes:
                for number in circle:
                    self._built.pop(number, None)
                raise

    def _gate(self, number: int) -> int:
        gate = self._gates[number]
        inputs = [self._function(item) for item in gate.inputs]
        if gate.need == len(inputs):
            inputs = self._deepest_first(inputs)
            found = inputs[0]
            for item in inputs[1:]:
                found = self.diagrams.both(found, item)
            return found
        return self.diagrams.at_least(gate.need, inputs)

    def _feeds_itself(self, number: int) -> bool:
        return any(item.gates >> number & 1 for item in self._gates[number].inputs)

    def _circles(self, wanted: int) -> list[list[int]]:
        """Gates that are not built yet, in circles, each after those that it feeds on."""

        def below(number: int) -> list[int]:
            gates = 0
            for item in self._gates[number].inputs:
                gates |= item.gates
            return [each for each in bits(gates & self._possible) if each not in self._built]

        return circles((each for each in bits(wanted) if each not in self._built), below)


def compile_functions(
    gates: Sequence[Gate],
    functions: Sequence[Function],
    build: Callable[[Compiled], None],
    *,
    most_nodes: int,
    without: int = 0,
) -> Compiled | None:
    """Runs `build` with one order of variables after the other until it stays within the budget; None if none does.

    Most diagrams are small in the order that is found at once. Only what has more than a few thousand nodes there is
    worth the search for a better one.
    """
    wiring, first = None, None
    for most in (min(most_nodes, _EASY), most_nodes):
        compiled = Compiled(Diagrams(max(2, most)), gates, functions, without)
        if wiring is None or first is None:
            wiring = compiled.wiring()
            first = depth_first(wiring)
            compiled.sort_groups(first)
        else:
            compiled.sort_groups(force(wiring, first))
        try:
            with deep_recursion(len(compiled.groups)):
                build(compiled)
        except OutOfNodes:
            continue
        return compiled
    return None
