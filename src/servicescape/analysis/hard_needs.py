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
from servicescape.catalog.graph import Component, Edge, Effect

_DOWN = Effect.DOWN

_LATEST: list[tuple["weakref.ref[Catalog]", "HardNeeds"]] = []


def hard_needs(catalog: Catalog) -> "HardNeeds":
    """The hard needs of a catalog; worked out once for all rules of a run, and from those of the run before."""
    if not _LATEST or _LATEST[0][0]() is not catalog:
        _LATEST[:] = [(weakref.ref(catalog), HardNeeds(catalog, _LATEST[0][1] if _LATEST else None))]
    return _LATEST[0][1]


@dataclass(frozen=True, slots=True)
class CommonCause:
    """One component that takes several ways down, and how it does."""

    ref: str
    chains: tuple[tuple[str, ...] | None, ...]
    """For each way a shortest chain from what it stands on to the cause; None for a way that survives."""


class HardNeeds:
    """Who needs whom, through any number of links. A component needs itself."""

    def __init__(self, catalog: Catalog, before: "HardNeeds | None" = None) -> None:
        """What is known from `before` is taken over where it still holds; the outcome is the same without it."""
        self._catalog = weakref.ref(catalog)
        self._components = catalog.components
        old = before._components if before is not None else {}
        self.links: dict[str, dict[str, Edge]] = {
            ref: before.links[ref] if before is not None and old.get(ref) is component else _links(component)
            for ref, component in catalog.components.items()
        }
        """Component → what it needs by a link of its own, and the edge that says so."""
        if before is not None and _are_alike(self.links, before.links):
            self.targets_first, self.has_circles = before.targets_first, before.has_circles
            self._number, self._bit, self._closure = before._number, before._bit, before._closure
            self._causes = before._causes
            return
        self.targets_first, self.has_circles = _targets_first(self.links)
        # What stands low has a low number, so that its integer is a short one.
        self._number = {ref: number for number, ref in enumerate(self.targets_first)}
        self._bit = {ref: 1 << number for number, ref in enumerate(self.targets_first)}
        self._closure = self._close()
        self._causes = {}

    targets_first: list[str]
    """All components, each after what it needs (circles are cut somewhere)."""
    has_circles: bool
    """Whether any components need each other."""
    _number: dict[str, int]
    _bit: dict[str, int]
    _closure: dict[str, int]
    _causes: dict[tuple[tuple[tuple[str, ...], ...], int, int], CommonCause]
    """What was asked for, here or in an earlier run with the same links."""

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
        # Thousands of long integers would be added up, each a new one.
        octets = bytearray(len(self._number) // 8 + 1)
        for ref in refs:
            number = self._number[ref]
            octets[number >> 3] |= 1 << (number & 7)
        return int.from_bytes(octets, "little")

    @cached_property
    def of_journeys(self) -> frozenset[str]:
        """Everything without which a leg of some journey in production does not work."""
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
        # The lowest bit is written last.
        digits = reversed(f"{self.of(starts):b}")
        return frozenset(ref for ref, digit in zip(self.targets_first, digits, strict=False) if digit == "1")

    def nearest_common_cause(self, ways: Sequence[Sequence[str]], at_least: int, among: int) -> CommonCause | None:
        """The component, of those `among`, that takes at least so many ways down by the shortest chains.

        A way is down when one of its components is. Of several as near, the first by name.
        """
        if not at_least_so_many([self.of(way) for way in ways], at_least) & among:
            return None
        question = tuple(map(tuple, ways)), at_least, among
        if question not in self._causes:
            self._causes[question] = self._nearest_common_cause(ways, at_least, among)
        return self._causes[question]

    def _nearest_common_cause(self, ways: Sequence[Sequence[str]], at_least: int, among: int) -> CommonCause:
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
        changed = True
        while changed:
            changed = False
            for ref in self.targets_first:
                bits = closure[ref]
                for target in self.links[ref]:
                    bits |= closure[target]
                if bits != closure[ref]:
                    closure[ref] = bits
                    # Without circles each comes after all that it needs, and one round is enough.
                    changed = self.has_circles
        return closure


def _links(component: Component) -> dict[str, Edge]:
    return {
        target: edge
        for edge in reversed(component.edges)
        # `is_hard`, without asking for it: there are some 40,000 edges.
        if edge.when_down is _DOWN
        and edge.fallback is None
        and not edge.tolerates_seconds
        and len(edge.targets) == edge.need
        for target in edge.targets
    }


def _are_alike(links: dict[str, dict[str, Edge]], others: dict[str, dict[str, Edge]]) -> bool:
    """Whether the same components need the same ones, all in the same order."""
    return list(links) == list(others) and all(
        one is other or list(one) == list(other) for one, other in zip(links.values(), others.values(), strict=True)
    )


def _targets_first(links: dict[str, dict[str, Edge]]) -> tuple[list[str], bool]:
    """All components, each after what it needs, and whether circles had to be cut for that."""
    order: list[str] = []
    has_circles = False
    is_done: dict[str, bool] = {}
    for root in links:
        if root in is_done:
            continue
        is_done[root] = False
        work = [(root, iter(links[root]))]
        while work:
            ref, targets = work[-1]
            for target in targets:
                if target not in is_done:
                    is_done[target] = False
                    work.append((target, iter(links[target])))
                    break
                if not is_done[target]:
                    has_circles = True
            else:
                order.append(ref)
                is_done[ref] = True
                work.pop()
    return order, has_circles


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


def longest_chains(needs: HardNeeds) -> dict[str, tuple[int, str | None]]:
    """For each component the links of the longest chain below it, and the next in it. Circles are cut where met."""
    found: dict[str, tuple[int, str | None]] = {}
    for ref in needs.targets_first:
        most, following = 0, None
        for target in needs.links[ref]:
            below = found.get(target)
            # Of several that are as long, the first by name.
            if below is not None and (
                below[0] >= most or (below[0] + 1 == most and following is not None and target < following)
            ):
                most, following = below[0] + 1, target
        found[ref] = (most, following)
    return found
