"""What each component means for a journey, and what one more nine of it would save.

Every figure comes from the same diagram under other chances: the component never fails, it has failed by itself, its
unavailability is a tenth. All cases go through the diagram at once.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from servicescape.analysis.prediction.compiled import Compiled
from servicescape.analysis.prediction.diagrams import Floats
from servicescape.analysis.prediction.functions import bits
from servicescape.analysis.prediction.intervals import any_chance
from servicescape.analysis.prediction.results import CommonCause, Importance
from servicescape.analysis.prediction.structure import Source, Structure, event_chances

Case = Mapping[int, float]
"""Event → its chance in place of the usual one."""


def level_chances(compiled: Compiled, chances: Sequence[float], shares: Sequence[float]) -> list[float]:
    """Chances of the variables of a diagram, by level."""
    return [any_chance(chances[event] for event in bits(group)) for group in compiled.groups] + list(shares)


class _Cases:
    """The chances of variables in many cases."""

    def __init__(self, compiled: Compiled, chances: Sequence[float], base: Sequence[float]) -> None:
        self._chances = chances
        self._members = [list(bits(group)) for group in compiled.groups]
        self._level_of = {event: level for level, events in enumerate(self._members) for event in events}
        self._base = base
        self._changes: list[dict[int, float]] = []

    def add(self, case: Case) -> int:
        """Number of a case."""
        levels = {self._level_of[event] for event in case if event in self._level_of}
        self._changes.append(
            {
                level: any_chance(case.get(event, self._chances[event]) for event in self._members[level])
                for level in levels
            }
        )
        return len(self._changes) - 1

    def arrays(self) -> list[Floats]:
        count = len(self._changes)
        found = [np.full(count, chance) for chance in self._base]
        for index, change in enumerate(self._changes):
            for level, chance in change.items():
                found[level][index] = chance
        return found

    def __len__(self) -> int:
        return len(self._changes)


def importance(
    structure: Structure,
    compiled: Compiled,
    blocked: int,
    lost: int,
    chances: Sequence[float],
    shares: Sequence[float],
    unavailable: Sequence[float],
    attempts_per_year: float | None,
) -> tuple[tuple[Importance, ...], tuple[CommonCause, ...]]:
    """Figures of each component that can block, what saves most attempts first; and of causes that many share."""
    diagrams = compiled.diagrams
    base = level_chances(compiled, chances, shares)
    support = {diagrams.level[node] for node in diagrams.reached([blocked, lost])}
    sources = sorted(
        {
            structure.source_of_event[event]
            for level in support
            if level < len(compiled.groups)
            for event in bits(compiled.groups[level])
        }
    )
    components: set[int] = set()
    for index in sources:
        source = structure.sources[index]
        if source.kind == "own" or source.kind == "common-cause":
            components.update(source.components)
    cases = _Cases(compiled, chances, base)
    usual = cases.add({})
    places = {
        number: (
            cases.add(_own_case(structure.sources[number], 0.0)),
            cases.add(_own_case(structure.sources[number], 1.0)),
            cases.add(_one_more_nine(structure, number, unavailable)),
        )
        for number in sorted(components)
    }
    causes = [index for index in sources if structure.sources[index].kind == "common-cause"]
    cause_places = {
        index: (
            cases.add(_own_case(structure.sources[index], 0.0)),
            cases.add(_own_case(structure.sources[index], 1.0)),
        )
        for index in causes
    }
    arrays = cases.arrays()
    blocked_in = diagrams.probabilities(blocked, arrays, len(cases)).tolist()
    lost_in = diagrams.probabilities(lost, arrays, len(cases)).tolist()
    found = []
    for number, (never, failed, better) in places.items():
        share = structure.source_chance(structure.sources[number], unavailable)
        saved = None if attempts_per_year is None else max(0.0, lost_in[usual] - lost_in[better]) * attempts_per_year
        found.append(
            _figures(
                structure.graph.refs[number], blocked_in[usual], blocked_in[never], blocked_in[failed], share, saved
            )
        )
    found.sort(
        key=lambda each: (-(each.attempts_saved_by_one_more_nine or 0.0), -(each.criticality or 0.0), each.component)
    )
    shared = tuple(
        CommonCause(
            tuple(structure.graph.refs[each] for each in structure.sources[index].components),
            structure.source_chance(structure.sources[index], unavailable),
            blocked_in[failed] - blocked_in[never],
        )
        for index, (never, failed) in cause_places.items()
    )
    return tuple(found), shared


def _own_case(source: Source, chance: float) -> Case:
    return dict(enumerate(event_chances(source, chance), start=source.first_event))


def _one_more_nine(structure: Structure, number: int, unavailable: Sequence[float]) -> Case:
    changed = {number: unavailable[number] / 10}
    for index in structure.groups_of[number]:
        changed |= {each: unavailable[each] for each in structure.sources[index].components if each != number}
    case: dict[int, float] = {}
    for index in (number, *structure.groups_of[number]):
        source = structure.sources[index]
        case.update(_own_case(source, structure.source_chance(source, changed)))
    return case


def _figures(
    component: str, usual: float, never: float, failed: float, share: float, saved: float | None
) -> Importance:
    if usual <= 0:
        return Importance(component, failed - never, None, None, None, None, saved)
    return Importance(
        component=component,
        birnbaum=failed - never,
        criticality=share * (failed - never) / usual,
        fussell_vesely=share * failed / usual,
        raw=failed / usual,
        rrw=usual / never if never > 0 else None,
        attempts_saved_by_one_more_nine=saved,
    )
