"""Binary decision diagrams: the kernel that everything exact is computed with.

A diagram is reduced and ordered (R. Bryant, Graph-based algorithms for Boolean function manipulation, IEEE
Transactions on Computers C-35(8), 1986). A function is the number of its root node, 0 and 1 are the constants, and
equal functions have equal numbers. Why a kernel of our own: docs/decisions/0003-decision-diagrams.md.
"""

import itertools
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FALSE = 0
TRUE = 1
_END = 1 << 60
"""Level of the constants, below every variable."""


class OutOfNodes(Exception):  # noqa: N818 - not a fault but a verdict: the diagram is larger than allowed
    """A diagram would have more nodes than its budget allows."""


class Diagrams:
    """Functions over variables that are numbered by their level, 0 at the top."""

    def __init__(self, most_nodes: int) -> None:
        self.level: list[int] = [_END, _END]
        self.low: list[int] = [0, 1]
        self.high: list[int] = [0, 1]
        self._most = most_nodes
        self._unique: dict[tuple[int, int, int], int] = {}
        self._or: dict[tuple[int, int], int] = {}
        self._and: dict[tuple[int, int], int] = {}
        self._without: dict[tuple[int, int], int] = {}

    def __len__(self) -> int:
        return len(self.level)

    def node(self, level: int, low: int, high: int) -> int:
        """The function that is `high` where the variable is true and `low` where it is false."""
        if low == high:
            return low
        key = (level, low, high)
        found = self._unique.get(key)
        if found is None:
            found = len(self.level)
            if found >= self._most:
                raise OutOfNodes
            self._unique[key] = found
            self.level.append(level)
            self.low.append(low)
            self.high.append(high)
        return found

    def any_of(self, levels: Sequence[int]) -> int:
        """Whether at least one of these variables is true."""
        found = FALSE
        for level in sorted(levels, reverse=True):
            found = self.node(level, found, TRUE)
        return found

    def either(self, f: int, g: int) -> int:
        """f ∨ g."""
        if f in (g, TRUE) or g == FALSE:
            return f
        if f == FALSE or g == TRUE:
            return g
        if f > g:
            f, g = g, f
        key = (f, g)
        found = self._or.get(key)
        if found is None:
            a, b = self.level[f], self.level[g]
            if a == b:
                low, high = self.either(self.low[f], self.low[g]), self.either(self.high[f], self.high[g])
            elif a < b:
                low, high = self.either(self.low[f], g), self.either(self.high[f], g)
            else:
                low, high = self.either(f, self.low[g]), self.either(f, self.high[g])
            found = self._or[key] = self.node(min(a, b), low, high)
        return found

    def both(self, f: int, g: int) -> int:
        """f ∧ g."""
        if f in (g, FALSE) or g == TRUE:
            return f
        if f == TRUE or g == FALSE:
            return g
        if f > g:
            f, g = g, f
        key = (f, g)
        found = self._and.get(key)
        if found is None:
            a, b = self.level[f], self.level[g]
            if a == b:
                low, high = self.both(self.low[f], self.low[g]), self.both(self.high[f], self.high[g])
            elif a < b:
                low, high = self.both(self.low[f], g), self.both(self.high[f], g)
            else:
                low, high = self.both(f, self.low[g]), self.both(f, self.high[g])
            found = self._and[key] = self.node(min(a, b), low, high)
        return found

    def without(self, f: int, g: int) -> int:
        """f ∧ ¬g."""
        if f in (g, FALSE) or g == TRUE:
            return FALSE
        if g == FALSE:
            return f
        key = (f, g)
        found = self._without.get(key)
        if found is None:
            a, b = self.level[f], self.level[g]
            if a == b:
                low, high = self.without(self.low[f], self.low[g]), self.without(self.high[f], self.high[g])
            elif a < b:
                low, high = self.without(self.low[f], g), self.without(self.high[f], g)
            else:
                low, high = self.without(f, self.low[g]), self.without(f, self.high[g])
            found = self._without[key] = self.node(min(a, b), low, high)
        return found

    def at_least(self, need: int, functions: Sequence[int]) -> int:
        """Whether at least `need` of these functions are true."""
        if need <= 0:
            return TRUE
        # counts[k]: at least k of the functions seen so far.
        counts = [TRUE] + [FALSE] * need
        for function in functions:
            for k in range(need, 0, -1):
                counts[k] = self.either(counts[k], self.both(counts[k - 1], function))
        return counts[need]

    def reached(self, roots: Sequence[int]) -> list[int]:
        """The nodes below these roots, roots included and constants not, each after those below it."""
        # A node is always made after its children, so that going down once through all of them is enough.
        top = max(roots, default=FALSE)
        seen = bytearray(top + 2)
        for root in roots:
            seen[root] = 1
        found = []
        for node in range(top, TRUE, -1):
            if seen[node]:
                found.append(node)
                seen[self.low[node]] = seen[self.high[node]] = 1
        found.reverse()
        return found

    def probability(self, root: int, chances: Sequence[float]) -> float:
        """Probability that a function is true, where the variable of level i is true with `chances[i]`."""
        return self._from_below(root, chances, 0.0, 1.0)

    def complement_probability(self, root: int, chances: Sequence[float]) -> float:
        """Probability that a function is false: as exact as the other, however close that is to 1."""
        return self._from_below(root, chances, 1.0, 0.0)

    def _from_below(self, root: int, chances: Sequence[float], false: float, true: float) -> float:
        """All nodes up to the root, each after those below it: quicker than looking first for those that matter."""
        found = [false, true]
        keep = found.append
        rest = [1.0 - chance for chance in chances]
        for level, low, high in itertools.islice(zip(self.level, self.low, self.high, strict=True), 2, root + 1):
            keep(chances[level] * found[high] + rest[level] * found[low])
        return found[root]

    def slopes(self, root: int, chances: Sequence[float]) -> tuple[float, list[float]]:
        """Probability that a function is true, and by level how much more likely that is where the variable is true.

        The probability is linear in each chance, so that this says what it is under any other chance of one variable.
        """
        value = [0.0, 1.0]
        keep = value.append
        rest = [1.0 - chance for chance in chances]
        levels, lows, highs = self.level, self.low, self.high
        for level, low, high in itertools.islice(zip(levels, lows, highs, strict=True), 2, root + 1):
            keep(chances[level] * value[high] + rest[level] * value[low])
        found = [0.0] * len(chances)
        # How likely a node is passed on the way down.
        passed = [0.0] * (root + 1) + [0.0]
        passed[root] = 1.0
        for node in range(root, TRUE, -1):
            share = passed[node]
            if share:
                level, low, high = levels[node], lows[node], highs[node]
                found[level] += share * (value[high] - value[low])
                passed[high] += share * chances[level]
                passed[low] += share * rest[level]
        return value[root], found

    def shifted(
        self, root: int, usual: Sequence[float], chances: Sequence[Floats | float], count: int
    ) -> tuple[Floats, Floats]:
        """The probability in many cases at once, and how much less it is than the usual one.

        `chances[i]` holds the chance of level i in each of `count` cases, or one for all of them. What is less is
        summed up on its own: as the difference of two probabilities it would be all noise where it is small.
        """
        if root <= TRUE:
            return np.full(count, float(root)), np.zeros(count)
        reached = self.reached([root])
        nodes = np.array(reached)
        levels = np.array([self.level[node] for node in reached])
        # From the lowest level up: what stands on one level is worked out in one step.
        order = np.argsort(-levels, kind="stable")
        nodes, levels = nodes[order], levels[order]
        place = np.zeros(root + 1, dtype=np.intp)
        place[TRUE] = 1
        place[nodes] = np.arange(2, len(nodes) + 2)
        low = place[[self.low[node] for node in nodes.tolist()]]
        high = place[[self.high[node] for node in nodes.tolist()]]
        found = np.empty((len(nodes) + 2, count))
        found[FALSE], found[TRUE] = 0.0, 1.0
        less = np.zeros((len(nodes) + 2, count))
        starts = [0, *(np.flatnonzero(np.diff(levels)) + 1).tolist(), len(nodes)]
        for start, end in itertools.pairwise(starts):
            level = int(levels[start])
            before, chance = usual[level], chances[level]
            ones, zeros = high[start:end], low[start:end]
            above = chance * found[ones]
            above += (1.0 - chance) * found[zeros]
            found[start + 2 : end + 2] = above
            fallen = before * less[ones]
            fallen += (1.0 - before) * less[zeros]
            if not isinstance(chance, float):
                fallen += (before - chance) * (found[ones] - found[zeros])
            less[start + 2 : end + 2] = fallen
        return found[place[root]], less[place[root]]


@contextmanager
def deep_recursion(levels: int) -> Iterator[None]:
    """Room for recursion over so many levels of variables; Python's own calls need no C stack."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 6 * levels + 2000))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
