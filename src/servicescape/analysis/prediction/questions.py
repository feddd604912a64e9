"""Chances of monotone questions, such as "is a mandatory step blocked?", each taken apart before any diagram is built.

A question is a disjunction of terms. What makes it true alone is a product; the rest is rewritten (`simplify`) and
falls into clusters that share no event, which are independent of each other: P(none) is the product over clusters.
Each cluster gets a diagram of its own, and equal clusters of other questions are found again. A cluster whose diagram
would be too large gets proven bounds, and only that cluster.

Every question factors out its own single points. That is why differences of two questions are asked for ("moved, and
not blocked" is moved less blocked), and not one diagram for all: in a journey whose first ways hang on fifty parts,
"moved" is all but settled by those fifty, and a diagram that has to hold "blocked" besides is a hundred times as large.
"""

from collections.abc import Callable, Iterable, Sequence

from servicescape.analysis.prediction.at_most import AtMost
from servicescape.analysis.prediction.chances import Chances
from servicescape.analysis.prediction.compiled import Compiled
from servicescape.analysis.prediction.diagrams import FALSE, deep_recursion
from servicescape.analysis.prediction.effort import Effort
from servicescape.analysis.prediction.functions import (
    NEVER,
    Function,
    Gate,
    SinglePoints,
    any_function,
    bits,
    reached_gates,
)
from servicescape.analysis.prediction.intervals import (
    ASSOCIATED,
    Interval,
    Intervals,
    any_interval,
    at_least_interval,
)
from servicescape.analysis.prediction.outcomes import Outcome, Part
from servicescape.analysis.prediction.simplify import Simplifier, TooManyContextsError
from servicescape.analysis.prediction.structure import Structure, gates_in_circles
from servicescape.analysis.prediction.terms import Roots, Term, difference

_FEWEST_NODES = 1_000
"""Below such a budget nothing is split any further."""

_MOST_GATES = 240
"""Of a cluster; of more, hardly any has been seen to have a diagram of a size that could be used."""

_MOST_SPLIT = 1_500
"""Gates of a cluster that is split to find bounds; those of a larger one are rough."""

_MOST_KEPT = 50_000
"""Rewritten gates that are remembered; beyond, everything is forgotten, for the sake of memory."""


class Questions:
    """Answers questions about one structure, whose events have certain chances.

    Where those become known one by one, `forget_chances` says that one has changed that was asked for before.
    """

    def __init__(self, structure: Structure, chance: Callable[[int], float], most_nodes: int) -> None:
        self._structure = structure
        self._chances = Chances(chance, len(structure.source_of_event))
        self._most_nodes = most_nodes
        self._effort = Effort()
        self._feeds_on_itself = gates_in_circles(structure)
        self._forget()

    @property
    def effort(self) -> int:
        """What was spent since the beginning."""
        return self._effort.spent

    @property
    def cut_short(self) -> bool:
        """Whether something was not tried, or not to its end, because the effort allowed was spent."""
        return self._effort.cut_short

    def _forget(self) -> None:
        """An empty memory: gates of questions, rewritten gates, clusters."""
        self._gates = list(self._structure.gates)
        self._single_points = self._structure.single_points.copy()
        self._number_of: dict[Gate, int] = {}
        self._chances.forget_uses()
        # A rewritten gate is remembered with a set of events, so that it takes longer where there are many of them.
        most_gates = max(1_500, min(20_000, 40_000_000 // max(1, self._chances.events)))
        self._simplifier = Simplifier(self._gates, self._single_points, most_gates)
        self._too_large: dict[frozenset[int], int] = {}
        """Clusters that are known to outgrow so many nodes."""
        self.forget_chances()

    def begin(self, most_effort: float) -> None:
        """From here on so much effort may be spent, and nothing is remembered.

        So the answers hang on the questions alone, and not on what was asked before or in which process.
        """
        known = {number: bound for number, bound in self._at_most.items() if number < len(self._structure.gates)}
        self._forget()
        # Of the structure's gates these are the same whenever they are worked out.
        self._at_most.update(known)
        self._effort = Effort(most_effort)

    def forget_chances(self) -> None:
        """Chances have changed: nothing that was worked out with them counts any more."""
        self._clusters: dict[frozenset[int], float] = {}
        self._all: dict[frozenset[Term], Interval] = {}
        self._exact: dict[frozenset[Term], float | None] = {}
        self._at_most: dict[int, float] = {}
        self._chances.forget()

    def use(self, position: int, share: float) -> tuple[int, ...]:
        """The event that an attempt uses the step at this position; none where every attempt does."""
        return self._chances.use(position, share)

    def any_of(self, events: int) -> float:
        """Chance that one of these events happens."""
        return self._chances.any_of(events)

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
        key = frozenset(terms)
        if key not in self._exact:
            self._make_room()
            self._exact[key] = self._exact_answer(self._function(key))
        return self._exact[key]

    def _exact_answer(self, function: Function) -> float | None:
        try:
            kept = self._rewritten(function, 0)
        except TooManyContextsError:
            return None
        if kept is None:
            low, high = self._bounds_as_it_is(function, 0, self._most_nodes)
            return low if low == high else None
        found = self._chances.any_of(kept.events)
        for cluster in self._simplifier.clusters(kept):
            chance = self._cluster_chance(cluster, self._most_nodes)
            if chance is None:
                return None
            found += (1.0 - found) * chance
        return found

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
            part = self._effort.part(self._gates, function, self._most_nodes, alone)
            return None if part is None else Outcome(alone, (part,), self._chances.of_uses, self._chances.events)
        parts = []
        for cluster in self._simplifier.clusters(kept):
            part = None
            if len(reached_gates(self._simplifier.gates, [cluster])) <= _MOST_GATES:
                part = self._effort.part(self._simplifier.gates, cluster, self._most_nodes)
            if part is None:
                self._too_large[frozenset(bits(cluster.gates))] = self._most_nodes
                return None
            parts.append(part)
        return Outcome(kept.events, tuple(parts), self._chances.of_uses, self._chances.events)

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
        compiled = self._effort.compiled(gates, kept, run, self._most_nodes)
        return None if compiled is None else Part(compiled, root).probability(self._chances.of)

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
        none = 1.0 - self._chances.any_of(kept.events)
        touched = 0
        for cluster in self._simplifier.clusters(kept):
            if any(known(number) & support for number in bits(cluster.gates)):
                touched |= cluster.gates
                continue
            chance = self._cluster_chance(cluster, self._most_nodes)
            if chance is None:
                return None
            none *= 1.0 - chance
        both = [left, Function(0, touched)]
        if len(reached_gates(gates, both)) > _MOST_GATES:
            return None
        root = FALSE

        def build(compiled: Compiled) -> None:
            nonlocal root
            root = compiled.root(both[0])
            gone = [compiled.root(Function(0, 1 << number)) for number in bits(touched)]
            for node in sorted(gone, key=lambda each: (-compiled.diagrams.level[each], -each)):
                root = compiled.diagrams.without(root, node)

        compiled = self._effort.compiled(gates, both, build, self._most_nodes)
        return None if compiled is None else none * Part(compiled, root).probability(self._chances.of)

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
        if self._effort.left <= 0:
            self._effort.cut_short = True
            raise TooManyContextsError
        before = len(self._simplifier.known)
        weight = 20 + self._chances.events // 100
        affordable = self._effort.left / weight
        try:
            with deep_recursion(len(self._gates) // 2):
                return self._simplifier.simplified(function, without, affordable)
        except TooManyContextsError:
            self._effort.cut_short |= affordable < self._simplifier.most_gates
            raise
        finally:
            self._effort.spent += weight * (len(self._simplifier.known) - before)

    def _bounds(self, function: Function, most_nodes: int) -> Interval:
        low = high = self._chances.any_of(function.events)
        for cluster in self._simplifier.clusters(function):
            below, above = self._cluster_bounds(cluster, most_nodes)
            low, high = low + (1.0 - low) * below, high + (1.0 - high) * above
        return low, high

    def _cluster_chance(self, cluster: Function, most_nodes: int) -> float | None:
        """Chance of a cluster; None where its diagram would outgrow so many nodes."""
        key = frozenset(bits(cluster.gates))
        known = self._clusters.get(key)
        if known is not None:
            return known
        if most_nodes <= self._too_large.get(key, 0):
            return None
        below = len(reached_gates(self._simplifier.gates, [cluster]))
        self._effort.spent += 100 * below
        part = None
        if below <= _MOST_GATES:
            part = self._effort.part(self._simplifier.gates, cluster, most_nodes)
        if part is None:
            self._too_large[key] = most_nodes
            return None
        found = self._clusters[key] = part.probability(self._chances.of)
        return found

    def _cluster_bounds(self, cluster: Function, most_nodes: int) -> Interval:
        exact = self._cluster_chance(cluster, most_nodes)
        return self._split_bounds(cluster, most_nodes // 4) if exact is None else (exact, exact)

    def _split_bounds(self, cluster: Function, most_nodes: int) -> Interval:
        """Bounds of a cluster from those of its halves, which are associated: independent failures, monotone parts."""
        gates = self._simplifier.gates
        if most_nodes < _FEWEST_NODES or self._effort.left <= 0 or len(reached_gates(gates, [cluster])) > _MOST_SPLIT:
            return 0.0, AtMost(gates, SinglePoints(gates), self._chances.any_of, frozenset(), {}).of(cluster.gates)
        numbers = list(bits(cluster.gates))
        if len(numbers) == 1:
            gate = gates[numbers[0]]
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
        chain = self._chances.any_of(self._single_points.of(function) & ~without)
        at_most = AtMost(self._gates, self._single_points, self._chances.any_of, self._feeds_on_itself, self._at_most)
        return chain, chain + (1.0 - chain) * at_most.of(function.gates)

    def _bounds_as_it_is(self, function: Function, without: int, most_nodes: int) -> Interval:
        alone = self._single_points.of(function) & ~without
        chain = self._chances.any_of(alone)
        part = self._effort.part(self._gates, function, most_nodes, alone | without)
        if part is not None:
            rest = part.probability(self._chances.of)
            return (exact := chain + (1.0 - chain) * rest, exact)
        low, high = self._interval(function, without)
        # The rest of the diagram is what happens besides the single points, which are exact.
        rest = self._interval(function, alone | without)[1]
        return max(low, chain), min(high, chain + (1.0 - chain) * rest)

    def _interval(self, function: Function, without: int) -> Interval:
        return Intervals(self._gates, self._single_points, self._chances.of, ASSOCIATED, without).of(function)
