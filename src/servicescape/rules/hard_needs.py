"""What takes what down: for each component, everything without which it is down at once.

Only plain hard dependencies count (no group that can spare a member, no fallback, nothing tolerated). Sets of
components are bits of one integer, so that a catalog of ten thousand components is worked out in milliseconds.
"""

import weakref
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Edge

_LATEST: list[tuple["weakref.ref[Catalog]", "HardNeeds"]] = []


def hard_needs(catalog: Catalog) -> "HardNeeds":
    """The hard needs of a catalog; worked out once for all rules of a run."""
    if not _LATEST or _LATEST[0][0]() is not catalog:
        _LATEST[:] = [(weakref.ref(catalog), HardNeeds(catalog))]
    return _LATEST[0][1]


@dataclass(frozen=True, slots=True)
class CommonCause:
    """One component that takes several ways down, and how it does."""

    ref: str
    chains: tuple[tuple[str, ...] | None, ...]
    """For each way a shortest chain from what it stands on to the cause; None for a way that survives."""


class HardNeeds:
    """Who needs whom, through any number of links. A component needs itself."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = weakref.ref(catalog)
        self._refs = list(catalog.components)
        self._bit = {ref: 1 << number for number, ref in enumerate(self._refs)}
        self.links: dict[str, dict[str, Edge]] = {
            ref: {
                target: edge
                for edge in reversed(component.edges)
                if edge.is_hard and not edge.tolerates_seconds
                for target in edge.targets
            }
            for ref, component in catalog.components.items()
        }
        """Component → what it needs by a link of its own, and the edge that says so."""
        self._closure = self._close()

    def of(self, refs: Iterable[str]) -> int:
        """Everything that these need, themselves included, as bits."""
        bits = 0
        for ref in refs:
            bits |= self._closure[ref]
        return bits

    def holds(self, bits: int, ref: str) -> bool:
        """Whether a component is among these."""
        return bool(bits & self._bit[ref])

    def bits(self, refs: Iterable[str]) -> int:
        """Just these components, as bits."""
        return sum(self._bit[ref] for ref in set(refs))

    @cached_property
    def of_journeys(self) -> int:
        """Everything without which a leg of some journey in production does not work, as bits."""
        catalog = self._catalog()
        assert catalog is not None
        starts = {
            ref
            for journey in catalog.journeys.values()
            if journey.lifecycle == "production"
            for step in journey.steps
            for leg in step.legs
            for ref in (*leg.uses, *catalog.channels[leg.channel].runs_on)
        }
        return self.of(starts)

    def nearest_common_cause(self, ways: Sequence[Sequence[str]], at_least: int, among: int) -> CommonCause | None:
        """The component, of those `among`, that takes at least so many ways down by the shortest chains.

        A way is down when one of its components is. Of several as near, the first by name.
        """
        if not at_least_so_many([self.of(way) for way in ways], at_least) & among:
            return None
        came_from: list[dict[str, str | None]] = [dict.fromkeys(way) for way in ways]
        frontiers = [list(reached) for reached in came_from]
        count = Counter(ref for reached in frontiers for ref in reached)
        distance: Counter[str] = Counter()
        steps = 0
        while True:
            hit = {
                ref for frontier in frontiers for ref in frontier if count[ref] >= at_least and among & self._bit[ref]
            }
            if hit:
                best = min(hit, key=lambda ref: (distance[ref], ref))
                return CommonCause(best, tuple(_chain(reached, best) for reached in came_from))
            steps += 1
            for number, (frontier, reached) in enumerate(zip(frontiers, came_from, strict=True)):
                following: list[str] = []
                for ref in frontier:
                    for target in self.links[ref]:
                        if target not in reached:
                            reached[target] = ref
                            following.append(target)
                count.update(following)
                for target in following:
                    distance[target] += steps
                frontiers[number] = following

    def _close(self) -> dict[str, int]:
        closure = dict(self._bit)
        order = self.targets_first
        changed = True
        while changed:  # Once, and once more to see that nothing changes; circles take a few rounds.
            changed = False
            for ref in order:
                bits = closure[ref]
                for target in self.links[ref]:
                    bits |= closure[target]
                if bits != closure[ref]:
                    closure[ref] = bits
                    changed = True
        return closure

    @cached_property
    def targets_first(self) -> list[str]:
        """All components, each after what it needs (circles are cut somewhere)."""
        order: list[str] = []
        seen: set[str] = set()
        for root in self._refs:
            if root in seen:
                continue
            seen.add(root)
            work = [(root, iter(self.links[root]))]
            while work:
                ref, targets = work[-1]
                for target in targets:
                    if target not in seen:
                        seen.add(target)
                        work.append((target, iter(self.links[target])))
                        break
                else:
                    order.append(ref)
                    work.pop()
        return order


def at_least_so_many(sets: Sequence[int], count: int) -> int:
    """What is in at least `count` of these sets of bits."""
    found = [-1] + [0] * count
    for bits in sets:
        for number in range(count, 0, -1):
            found[number] |= found[number - 1] & bits
    return found[count]


def _chain(came_from: dict[str, str | None], goal: str) -> tuple[str, ...] | None:
    if goal not in came_from:
        return None
    chain = [goal]
    while (before := came_from[chain[-1]]) is not None:
        chain.append(before)
    return tuple(reversed(chain))


def in_words(catalog: Catalog, chain: Sequence[str]) -> str:
    """A chain of components by name: `web-shop → identity → kubernetes`."""
    return " → ".join(catalog.components[ref].name for ref in chain)
