"""What each component means for a journey, and what one more nine of it would save.

Every figure comes from the same diagram under other chances: the component never fails, it has failed by itself, its
unavailability is a tenth.
"""

from collections.abc import Sequence
from functools import lru_cache

from servicescape.analysis.prediction.cases import Case, Shifted, shifted
from servicescape.analysis.prediction.functions import positions
from servicescape.analysis.prediction.outcomes import Outcome
from servicescape.analysis.prediction.results import CommonCause, Importance
from servicescape.analysis.prediction.structure import Source, Structure, event_chances


def importance(
    structure: Structure,
    blocked: Outcome,
    lost: Outcome | None,
    chances: Sequence[float],
    unavailable: Sequence[float],
    attempts_per_year: float | None,
) -> tuple[tuple[Importance, ...], tuple[CommonCause, ...]]:
    """Figures of each component that can block, what saves most attempts first; and of causes that many share."""
    sources = _sources(structure, blocked, lost)
    cases: list[Case] = [{}]
    usual = 0

    def add(case: Case) -> int:
        cases.append(case)
        return len(cases) - 1

    def never_and_always(source: Source) -> tuple[int, int]:
        return add(_own_case(source, 0.0)), add(_own_case(source, 1.0))

    places = {
        number: never_and_always(structure.sources[number])
        for number in sorted(components_that_count(structure, blocked, lost))
    }
    cause_places = {
        index: never_and_always(structure.sources[index])
        for index in sources
        if structure.sources[index].kind == "common-cause"
    }
    better = []
    if attempts_per_year is not None and lost is not None:
        better = [_one_more_nine(structure, number, unavailable) for number in places]
    if lost is blocked:
        blocked_in = shifted(blocked, chances, cases + better)
        lost_in = blocked_in[len(cases) :]
    else:
        blocked_in = shifted(blocked, chances, cases)
        lost_in = shifted(lost, chances, better) if lost is not None and better else []
    found = []
    for position, (number, (never, failed)) in enumerate(places.items()):
        share = structure.source_chance(structure.sources[number], unavailable)
        saved = None
        if lost_in and attempts_per_year is not None:
            saved = max(0.0, lost_in[position].less) * attempts_per_year
        component = structure.graph.refs[number]
        found.append(_figures(component, blocked_in[usual].chance, blocked_in[never], blocked_in[failed], share, saved))
    found.sort(
        key=lambda each: (
            -_rounded(each.attempts_saved_by_one_more_nine),
            -_rounded(each.criticality),
            each.component,
        )
    )
    shared = tuple(
        CommonCause(
            tuple(structure.graph.refs[each] for each in structure.sources[index].components),
            structure.source_chance(structure.sources[index], unavailable),
            _birnbaum(blocked_in[never], blocked_in[failed]),
        )
        for index, (never, failed) in cause_places.items()
    )
    return tuple(found), shared


def components_that_count(structure: Structure, blocked: Outcome, lost: Outcome | None) -> set[int]:
    """The components whose failures take part in blocking, or in what becomes of an attempt."""
    found: set[int] = set()
    for index in _sources(structure, blocked, lost):
        if structure.sources[index].kind != "switch":
            found.update(structure.sources[index].components)
    return found


def _sources(structure: Structure, blocked: Outcome, lost: Outcome | None) -> list[int]:
    events = blocked.events() | (lost.events() if lost is not None else 0)
    return sorted({structure.source_of_event[event] for event in positions(events)})


@lru_cache(maxsize=100_000)
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


def _rounded(figure: float | None) -> float:
    """Without the last digits, so that of what means the same the name decides and not noise."""
    return float(f"{figure or 0.0:.10g}")


def _birnbaum(never: Shifted, failed: Shifted) -> float:
    # Two differences of opposite signs: nothing is lost as it would be between two chances.
    return never.less - failed.less


def _figures(
    component: str, usual: float, never: Shifted, failed: Shifted, share: float, saved: float | None
) -> Importance:
    birnbaum = _birnbaum(never, failed)
    if usual <= 0:
        return Importance(component, birnbaum, None, None, None, None, saved)
    return Importance(
        component=component,
        birnbaum=birnbaum,
        criticality=share * birnbaum / usual,
        fussell_vesely=share * failed.chance / usual,
        raw=failed.chance / usual,
        rrw=usual / never.chance if never.chance > 0 else None,
        attempts_saved_by_one_more_nine=saved,
    )
