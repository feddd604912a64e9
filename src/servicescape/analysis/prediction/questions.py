"""Chances of monotone questions, such as "is a mandatory step blocked?", each taken apart before any diagram is built.

A question is a disjunction of terms. What makes it true alone is a product; the rest is rewritten (`simplify`) and
falls into clusters that share no event, which are independent of each other: P(none) is the product over clusters.
Each cluster gets a diagram of its own, and equal clusters of other questions are found again. A cluster whose diagram
would be too large gets proven bounds, and only that cluster.

Every question factors out its own single points. That is why differences of two questions are asked for ("moved, and
not blocked" is moved less blocked), and not one diagram for all: in a journey whose first ways hang on fifty parts,
"moved" is all but settled by those fifty, and a diagram that has to hold "blocked" besides is a hundred times as large.
"""

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from servicescape.analysis.prediction.circles import circles
from servicescape.analysis.prediction.compiled import Compiled, compile_functions
from servicescape.analysis.prediction.diagrams import FALSE, Floats, deep_recursion
from servicescape.analysis.prediction.functions import (
    NEVER,
    Function,
    Gate,
    any_function,
    bits,
    positions,
    reached_gates,
)
from servicescape.analysis.prediction.intervals import (
    ASSOCIATED,
    Interval,
    Intervals,
    any_chance,
    any_interval,
    at_least_interval,
)
from servicescape.analysis.prediction.outcomes import Outcome, Part
from servicescape.analysis.prediction.simplify import Simplifier, TooManyContextsError
from servicescape.analysis.prediction.structure import Structure, gates_in_circles
from servicescape.analysis.prediction.terms import Roots, Term, difference

_FEWEST_NODES = 1_000
"""Below such a budget nothing is split any further."""

_MOST_GATES = 400
"""Of a cluster; of more, no order of variables has ever been seen to give a diagram of a size that could be used."""

_MANY_EVENTS = 100

_MOST_KEPT = 50_000
"""Rewritten gates that are remembered; beyond, everything is forgotten, for the sake of memory."""


class Questions:
    """Answers questions about one structure, whose events have certain chances.

    Where those become known one by one, `forget_chances` says that one has changed that was asked for before.
    """

    def __init__(self, structure: Structure, chance: Callable[[int], float], most_nodes: int) -> None:
        self._structure = structure
        self._chance = chance
        self._events = len(structure.source_of_event)
        self.effort = 0
        """Nodes made so far, and rewritten gates, which take as long as many: a measure of the time spent."""
        self._most_nodes = most_nodes
        self._uses: dict[tuple[int, float], int] = {}
        self._use_chances: list[float] = []
        self._feeds_on_itself = gates_in_circles(structure)
        self._forget()

    def _forget(self) -> None:
        """An empty memory: gates of questions, rewritten gates, clusters."""
        self._gates = list(self._structure.gates)
        self._single_points = self._structure.single_points.copy()
        self._number_of: dict[Gate, int] = {}
        # A rewritten gate is remembered with a set of events, so that it takes longer where there are many of them.
        most_gates = max(1_500, min(20_000, 40_000_000 // max(1, self._events)))
        self._simplifier = Simplifier(self._gates, self._single_points, most_gates)
        self._too_large: set[frozenset[int]] = set()
        self.forget_chances()

    def forget_chances(self) -> None:
        """Chances have changed: nothing that was worked out with them counts any more."""
        self._clusters: dict[frozenset[int], Interval] = {}
        self._all: dict[frozenset[Term], Interval] = {}
        self._at_most: dict[int, float] = {}
        self._logs: Floats = np.full(self._events, np.nan)

    def use(self, position: int, share: float) -> tuple[int, ...]:
        """The event that an attempt uses the step at this position; none where every attempt does."""
        if share >= 1.0:
            return ()
        found = self._uses.get((position, share))
        if found is None:
            found = self._uses[position, share] = self._events + len(self._use_chances)
            self._use_chances.append(share)
        return (found,)

    def chance_of(self, event: int) -> float:
        """Chance of an event, of a structure or of a use."""
        return self._chance(event) if event < self._events else self._use_chances[event - self._events]

    def any_of(self, events: int) -> float:
        """Chance that one of these events happens."""
        if events.bit_count() < _MANY_EVENTS:
            return any_chance(self.chance_of(event) for event in positions(events))
        # Thousands of events, again and again: the logarithms of the chances that they do not happen are kept.
        size = (events.bit_length() + 7) // 8
        which = np.flatnonzero(
            np.unpackbits(np.frombuffer(events.to_bytes(size, "little"), np.uint8), bitorder="little")
        )
        if which[-1] >= len(self._logs):
            self._logs = np.concatenate([self._logs, np.full(int(which[-1]) + 1000, np.nan)])
        for event in which[np.isnan(self._logs[which])].tolist():
            chance = self.chance_of(event)
            self._logs[event] = math.log1p(-chance) if chance < 1 else -math.inf
        return 0.0 - math.expm1(float(self._logs[which].sum()))

    def bounds(self, terms: Iterable[Term]) -> Interval:
        """Chance that one of these terms is true: the exact one twice, or a lower and an upper bound."""
        key = frozenset(terms)
        found = self._all.get(key)
        if found is None:
            self._make_room()
            found = self._answer(self._function(key), 0)
            self._all[key] = found
        return found

    def chance(self, terms: Iterable[Term]) -> float | None:
        """Chance that one of these terms is true; None where its diagram would be too large."""
        low, high = self.bounds(terms)
        return low if low == high else None

    def function_bounds(self, function: Function, without: int = 0) -> Interval:
        """The same for a function, where some events do not happen."""
        self._make_room()
        return self._answer(function, without)

    def _answer(self, function: Function, without: int) -> Interval:
        try:
            kept = self._rewritten(function, without)
        except TooManyContextsError:
            return self.rough_bounds(function, without)
        if kept is None:
            return self._bounds_as_it_is(function, without, self._most_nodes)
        return self._bounds(kept, self._most_nodes)

    def _make_room(self) -> None:
        """Before a question, because its gates must not be forgotten while it is answered."""
        if len(self._simplifier.known) > _MOST_KEPT:
            self._forget()

    def outcome(self, terms: Iterable[Term]) -> Outcome | None:
        """One of these terms being true, to be asked under other chances; None where a diagram would be too large."""
        self._make_room()
        function = self._function(frozenset(terms))
        try:
            kept = self._rewritten(function, 0)
        except TooManyContextsError:
            return None
        if kept is None:
            alone = self._single_points.of(function)
            part = self._part(self._gates, function, self._most_nodes, alone)
            return None if part is None else Outcome(alone, (part,), tuple(self._use_chances), self._events)
        parts = []
        for cluster in self._clusters_of(kept):
            part = None
            if len(reached_gates(self._simplifier.gates, [cluster])) <= _MOST_GATES:
                part = self._part(self._simplifier.gates, cluster, self._most_nodes)
            if part is None:
                self._too_large.add(frozenset(bits(cluster.gates)))
                return None
            parts.append(part)
        return Outcome(kept.events, tuple(parts), tuple(self._use_chances), self._events)

    def together(self, functions: Sequence[Function], build: Callable[[Compiled, Roots], int]) -> float | None:
        """Chance of what is built of several functions in one diagram; None where that would be too large."""
        wanted = list(dict.fromkeys(functions))
        gates: Sequence[Gate] = self._gates
        try:
            new = {function: self._rewritten(function, 0) for function in wanted}
        except TooManyContextsError:
            return None
        if all(each is not None for each in new.values()):
            gates = self._simplifier.gates
        root = FALSE

        def run(compiled: Compiled) -> None:
            nonlocal root
            rewritten = gates is not self._gates
            root = build(compiled, lambda each: compiled.root((new[each] or NEVER) if rewritten else each))

        kept = wanted if gates is self._gates else [each or NEVER for each in new.values()]
        compiled = compile_functions(gates, kept, run, most_nodes=self._most_nodes)
        return None if compiled is None else Part(compiled, root).probability(self.chance_of)

    def chance_without(self, wanted: Term, never: Iterable[Term]) -> float | None:
        """Chance that one term is true and none of some others is; None where its diagram would be too large."""
        self._make_room()
        never = list(never)
        of_wanted, of_never = self._function(frozenset([wanted])), self._function(frozenset(never))
        try:
            kept = self._rewritten(of_never, 0)
            # Of what makes one of the others true alone nothing has happened, which leaves less of the term.
            left = None if kept is None else self._rewritten(of_wanted, kept.events)
        except TooManyContextsError:
            return None
        if kept is None or left is None or left.events:
            # What alone makes the term true is a product as well, and leaves less of the others.
            either, without = self.chance([wanted, *never]), self.chance(never)
            return None if either is None or without is None else difference(either, without)
        gates, known = self._simplifier.gates, self._simplifier.support
        support = 0
        for number in bits(left.gates):
            support |= known(number)
        none = 1.0 - self.any_of(kept.events)
        touched = 0
        for cluster in self._clusters_of(kept):
            if any(known(number) & support for number in bits(cluster.gates)):
                touched |= cluster.gates
                continue
            low, high = self._cluster_bounds(cluster, self._most_nodes)
            if low != high:
                return None
            none *= 1.0 - low
        if not touched:
            low, high = self._bounds(left, self._most_nodes)
            return none * low if low == high else None
        both = [left, Function(0, touched)]
        if len(reached_gates(gates, both)) > _MOST_GATES:
            return None
        root = FALSE

        def build(compiled: Compiled) -> None:
            nonlocal root
            root = compiled.diagrams.without(compiled.root(both[0]), compiled.root(both[1]))

        compiled = compile_functions(gates, both, build, most_nodes=self._most_nodes)
        return None if compiled is None else none * Part(compiled, root).probability(self.chance_of)

    def _function(self, terms: frozenset[Term]) -> Function:
        """The question as one function; conjunctions become gates."""
        found = []
        for term in sorted(terms, key=lambda each: (each.functions, each.uses)):
            # What must hold twice is one condition.
            inputs = sorted({*term.functions, *(Function(1 << use, 0) for use in term.uses)})
            found.append(inputs[0] if len(inputs) == 1 else self._conjunction(tuple(inputs)))
        return any_function(found)

    def _conjunction(self, inputs: tuple[Function, ...]) -> Function:
        gate = Gate(len(inputs), inputs)
        number = self._number_of.get(gate)
        if number is None:
            number = self._number_of[gate] = len(self._gates)
            self._gates.append(gate)
            self._single_points.add(gate)
        return Function(0, 1 << number)

    def _rewritten(self, function: Function, without: int) -> Function | None:
        """The function over the gates of the simplifier; None where it feeds on itself."""
        if function.gates and self._feeds_on_itself:
            below = reached_gates(self._gates, [function])
            if any(number in self._feeds_on_itself for number in below):
                return None
        before = len(self._simplifier.known)
        try:
            with deep_recursion(len(self._gates) // 2):
                return self._simplifier.simplified(function, without)
        finally:
            self.effort += (20 + self._events // 100) * (len(self._simplifier.known) - before)

    def _clusters_of(self, function: Function) -> list[Function]:
        """Parts of a rewritten function that share no event, single points aside."""
        clusters: list[tuple[int, int]] = []
        for number in bits(function.gates):
            support, gates = self._simplifier.support(number), 1 << number
            apart = []
            for other_support, other_gates in clusters:
                if other_support & support:
                    support |= other_support
                    gates |= other_gates
                else:
                    apart.append((other_support, other_gates))
            clusters = [*apart, (support, gates)]
        return [Function(0, gates) for _, gates in clusters]

    def _bounds(self, function: Function, most_nodes: int) -> Interval:
        low = high = self.any_of(function.events)
        for cluster in self._clusters_of(function):
            below, above = self._cluster_bounds(cluster, most_nodes)
            low, high = low + (1.0 - low) * below, high + (1.0 - high) * above
        return low, high

    def _cluster_bounds(self, cluster: Function, most_nodes: int) -> Interval:
        key = frozenset(bits(cluster.gates))
        known = self._clusters.get(key)
        if known is not None:
            return known
        part = None
        below = len(reached_gates(self._simplifier.gates, [cluster]))
        if below > _MOST_GATES:
            found = self._clusters[key] = (0.0, self._gates_at_most(self._simplifier.gates, {}, cluster.gates))
            return found
        self.effort += 100 * below
        if key not in self._too_large:
            part = self._part(self._simplifier.gates, cluster, most_nodes)
        if part is None:
            found = self._split_bounds(cluster, most_nodes // 4)
        else:
            found = (exact := part.probability(self.chance_of), exact)
        self._clusters[key] = found
        return found

    def _split_bounds(self, cluster: Function, most_nodes: int) -> Interval:
        """Bounds of a cluster from those of its halves, which are associated: independent failures, monotone parts."""
        if most_nodes < _FEWEST_NODES:
            gates = self._simplifier.gates
            return 0.0, self._gates_at_most(gates, {}, cluster.gates)
        numbers = list(bits(cluster.gates))
        if len(numbers) == 1:
            gate = self._simplifier.gates[numbers[0]]
            parts = [self._bounds(item, most_nodes) for item in gate.inputs]
            return at_least_interval(gate.need, parts, ASSOCIATED)
        middle = len(numbers) // 2
        halves = []
        for half in (numbers[:middle], numbers[middle:]):
            halves.append(self._bounds(Function(0, sum(1 << number for number in half)), most_nodes))
        return any_interval(halves, ASSOCIATED)

    def rough_bounds(self, function: Function, without: int) -> Interval:
        """Bounds in a time that grows only with the size: exact for single points, from above for the rest.

        Whatever does not happen makes nothing more likely, so that the upper bounds of gates hold for all questions.
        """
        chain = self.any_of(self._single_points.of(function) & ~without)
        return chain, chain + (1.0 - chain) * self._gates_at_most(self._gates, self._at_most, function.gates)

    def _gates_at_most(self, gates: Sequence[Gate], known: dict[int, float], wanted: int) -> float:
        """Upper bound of the chance that one of some gates is true."""
        fresh = [number for number in bits(wanted) if number not in known]
        if fresh:
            below = reached_gates(gates, [Function(0, wanted)])
            circular = self._feeds_on_itself if gates is self._gates else frozenset()
            # Gates stand after those that they feed on, or else are found again by way of the circles.
            order = circles(
                [number for number in below if number not in known],
                lambda number: [
                    each
                    for each in bits(any_function(gates[number].inputs).gates)
                    if each not in known and each not in circular
                ],
            )
            known.update((number, 1.0) for number in below if number in circular and number not in known)
            for (number,) in order:
                parts = [
                    (0.0, any_chance([self.any_of(item.events), *(known[each] for each in bits(item.gates))]))
                    for item in gates[number].inputs
                ]
                known[number] = at_least_interval(gates[number].need, parts, ASSOCIATED)[1]
        return any_chance(known[number] for number in bits(wanted))

    def _bounds_as_it_is(self, function: Function, without: int, most_nodes: int) -> Interval:
        alone = self._single_points.of(function) & ~without
        chain = self.any_of(alone)
        part = self._part(self._gates, function, most_nodes, alone | without)
        if part is not None:
            rest = part.probability(self.chance_of)
            return (exact := chain + (1.0 - chain) * rest, exact)
        low, high = self._interval(function, without)
        # The rest of the diagram is what happens besides the single points, which are exact.
        rest = self._interval(function, alone | without)[1]
        return max(low, chain), min(high, chain + (1.0 - chain) * rest)

    def _interval(self, function: Function, without: int) -> Interval:
        return Intervals(self._gates, self._single_points, self.chance_of, ASSOCIATED, without).of(function)

    def _part(self, gates: Sequence[Gate], function: Function, most_nodes: int, without: int = 0) -> Part | None:
        if not function.gates and not function.events & ~without:
            function = NEVER
        root = FALSE

        def build(compiled: Compiled) -> None:
            nonlocal root
            root = compiled.root(function)

        compiled = compile_functions(gates, [function], build, most_nodes=most_nodes, without=without)
        if compiled is None:
            # Both orders, each with an eighth of the budget and then with all of it.
            self.effort += 2 * most_nodes + most_nodes // 4
            return None
        self.effort += len(compiled.diagrams)
        return Part(compiled, root)
