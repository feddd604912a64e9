"""When a step of a journey is blocked: of the error ratios of what its legs need, the chance that every leg is out.

A leg is out when one of its components is, and the step when every leg is. Components are taken to fail independently
of each other, and one that several legs need counts once: what all legs need is taken out first, legs that share
nothing are multiplied, and where neither helps, the component that most legs share is looked at in both of its states
(Shannon's expansion). The outcome is exact under this assumption, whichever way the legs share.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

MOST_TERMS = 64
"""Of one step. Each is a selection of series each minute; a step with legs that are not wildly entangled has a few."""


class TooEntangledError(Exception):
    """The legs of a step share their components in more ways than a rule can hold."""


@dataclass(frozen=True, slots=True)
class AnyOut:
    """One of these components is out, or one of these parts is."""

    components: tuple[str, ...]
    parts: tuple["Blocking", ...] = ()


@dataclass(frozen=True, slots=True)
class AllOut:
    """Every part is out; they share no component."""

    parts: tuple["Blocking", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these components is out, and then `down`; or all of them work, and then `up`."""

    components: tuple[str, ...]
    down: "Blocking"
    up: "Blocking"


Blocking = AnyOut | AllOut | Choice


def blocking(legs: Sequence[Collection[str]]) -> Blocking | None:
    """When all these legs are out, by the components that each needs; None where that never happens.

    Raises TooEntangledError.
    """
    return _Solver().solve([frozenset(leg) for leg in legs]) if legs else None


def components_of(found: Blocking) -> frozenset[str]:
    """Every component that has a part in it."""
    own = () if isinstance(found, AllOut) else found.components
    return frozenset(own).union(*(components_of(part) for part in _parts(found)))


def chance(found: Blocking, errors: Mapping[str, float]) -> float:
    """The share of attempts that are blocked, by the error ratios of the components."""
    if isinstance(found, AllOut):
        product = 1.0
        for part in found.parts:
            product *= chance(part, errors)
        return product
    up = 1.0
    for component in found.components:
        up *= 1.0 - errors.get(component, 0.0)
    if isinstance(found, Choice):
        return (1.0 - up) * chance(found.down, errors) + up * chance(found.up, errors)
    for part in found.parts:
        up *= 1.0 - chance(part, errors)
    return 1.0 - up


def _parts(found: Blocking) -> tuple[Blocking, ...]:
    return (found.down, found.up) if isinstance(found, Choice) else found.parts


class _Solver:
    """One step in the making."""

    def __init__(self) -> None:
        self._terms = 0

    def solve(self, legs: list[frozenset[str]]) -> Blocking | None:
        legs = _absorbed(legs)
        if not all(legs):
            return None
        common = frozenset.intersection(*legs)
        if common:
            rest = self.solve([leg - common for leg in legs]) if len(legs) > 1 else None
            return AnyOut(self._term(common), () if rest is None else (rest,))
        groups = _connected(legs)
        if len(groups) > 1:
            parts = [part for group in groups if (part := self.solve(group)) is not None]
            return AllOut(tuple(parts)) if len(parts) == len(groups) else None
        return self._expand(legs)

    def _expand(self, legs: list[frozenset[str]]) -> Blocking | None:
        """Both states of those components that most legs share; of several as shared, the first by name."""
        counts = Counter(component for leg in legs for component in leg)
        first = min(counts, key=lambda component: (-counts[component], component))
        sharing = [leg for leg in legs if first in leg]
        others = [leg for leg in legs if first not in leg]
        module = frozenset.intersection(*sharing).difference(*others)
        components = self._term(module)
        down, up = self.solve(others), self.solve([leg - module for leg in legs])
        if down is None:
            return None  # A leg that is never out: then `up` is never out either.
        return Choice(components, down, up) if up is not None else AllOut((AnyOut(components), down))

    def _term(self, components: frozenset[str]) -> tuple[str, ...]:
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise TooEntangledError
        return tuple(sorted(components))


def _absorbed(legs: list[frozenset[str]]) -> list[frozenset[str]]:
    """Without the legs that are out whenever another one is: those that need all that it needs."""
    kept: list[frozenset[str]] = []
    for leg in sorted(legs, key=len):
        if not any(other <= leg for other in kept):
            kept.append(leg)
    return kept


def _connected(legs: list[frozenset[str]]) -> list[list[frozenset[str]]]:
    """Legs that share components, directly or through others, together."""
    groups: list[tuple[frozenset[str], list[frozenset[str]]]] = []
    for leg in legs:
        together, rest = [leg], []
        needs = leg
        for group_needs, members in groups:
            if group_needs & needs:
                needs |= group_needs
                together += members
            else:
                rest.append((group_needs, members))
        groups = [*rest, (needs, together)]
    return [members for _, members in groups]
