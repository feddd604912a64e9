"""Monotone functions of a catalog: of which failures is a component down, and of which is it no longer ok?

The rules are those of `propagation`, without its clock. What is down for good from a set of failures on is what the
functions say of the same set, and `tolerates` becomes a condition on how long a failure has lasted: through an edge
that tolerates 15 minutes only failures older than that are felt, and along a chain tolerances add up. That the own
failure of a component has lasted longer than s has the chance q·exp(−s/m), where m is its mean time to repair and
repairs are exponential. A component without `recovery.mttr` is felt at once, which is the safe side. So is every edge
within a circle of dependencies, where there is no one sum of tolerances.

Nested events (older than 0, than 15 min, than 1 h) are written as independent ones, so that the diagrams need not know
of time: with a₁ ≥ a₂ ≥ … their chances, event j happens with (aⱼ − aⱼ₊₁) / (1 − aⱼ₊₁), and "older than sⱼ" is the
disjunction of the events from j on.
"""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from servicescape.analysis.impact_graph import FailureGraph
from servicescape.analysis.prediction.circles import circles
from servicescape.analysis.prediction.functions import Function, Gate, SinglePoints, bits

SourceKind = Literal["own", "common-cause", "switch"]


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that can happen by itself."""

    kind: SourceKind
    """A component fails by itself; all members of a group fail together; a switch-over to a fallback fails."""
    components: tuple[int, ...]
    """The component; the members; the dependent, what it needs and its fallback."""
    share: float
    """Common cause: the share β of the members' failures; a switch: its chance; else 1."""
    mttr_seconds: float | None
    first_event: int
    levels: tuple[float, ...]
    """Ascending ages in seconds that are told apart, one event each; the first is 0."""

    @property
    def events(self) -> int:
        """All its events, as bits."""
        return ((1 << len(self.levels)) - 1) << self.first_event


@dataclass(frozen=True)
class Structure:
    """All functions of a catalog."""

    graph: FailureGraph
    sources: tuple[Source, ...]
    """The first ones are the components' own failures, by their numbers."""
    gates: tuple[Gate, ...]
    down: tuple[Function, ...]
    """By component: of which failures it is down."""
    harmed: tuple[Function, ...]
    """By component: of which failures it is not ok."""
    single_points: SinglePoints
    order: tuple[int, ...]
    """Components, each after those that it needs."""
    in_circle: frozenset[int]
    """Components that need themselves through others."""
    groups_of: tuple[tuple[int, ...], ...]
    """Component → its sources of common cause."""
    felt_at_once: frozenset[int]
    """Components whose failures something tolerates, but whose time to repair is unknown."""
    tolerances_left_out: bool
    """Whether there are too many different sums of tolerances to tell apart, so that none of them counts."""
    source_of_event: tuple[int, ...]

    def own_share(self, component: int) -> float:
        """Share of a component's failures that are its own alone, and not those of a group."""
        share = 1.0
        for group in self.groups_of[component]:
            share *= 1.0 - self.sources[group].share
        return share

    def source_chance(self, source: Source, unavailable: Sequence[float] | Mapping[int, float]) -> float:
        """Chance that a source's event goes on at any time, by the unavailabilities of the components."""
        if source.kind == "own":
            return self.own_share(source.components[0]) * unavailable[source.components[0]]
        if source.kind == "common-cause":
            return source.share * min(unavailable[member] for member in source.components)
        return source.share

    def chances(self, unavailable: Sequence[float]) -> list[float]:
        """Chance of every event."""
        found: list[float] = []
        for source in self.sources:
            found.extend(event_chances(source, self.source_chance(source, unavailable)))
        return found

    def events_of_failed(self, failed: Iterable[int]) -> int:
        """The events that happen when these components have failed for good."""
        found = 0
        for number in failed:
            found |= self.sources[number].events
        return found


def ages(source: Source) -> list[float]:
    """For each level, the share of the source's time in which it has lasted for longer."""
    if source.mttr_seconds is None:
        return [1.0] * len(source.levels)
    return [math.exp(-level / source.mttr_seconds) for level in source.levels]


def event_chances(source: Source, chance: float) -> list[float]:
    """Chances of a source's events, where its first level happens with `chance`."""
    if len(source.levels) == 1:
        return [chance]
    shares = [*ages(source), 0.0]
    found = []
    for older, next_older in itertools.pairwise(shares):
        rest = 1.0 - chance * next_older
        found.append(chance * (older - next_older) / rest if rest > 0 else 1.0)
    return found


def gates_in_circles(structure: Structure) -> frozenset[int]:
    """Gates that feed on themselves through others."""
    if not structure.in_circle:
        return frozenset()

    def below(number: int) -> list[int]:
        found = 0
        for item in structure.gates[number].inputs:
            found |= item.gates
        return list(bits(found))

    return frozenset(
        number
        for part in circles(range(len(structure.gates)), below)
        if len(part) > 1 or part[0] in below(part[0])
        for number in part
    )
