"""What would help a journey first: changes are made one by one, and each is predicted.

While one part changes, all others stay as available by themselves as they are now. Without that, a promise that
includes its dependencies would eat up what is gained below it: the part would be taken to fail more often by itself.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date

from servicescape.analysis.lenses.changes import COSTS, Change, Measured, changes, without_leg
from servicescape.analysis.lenses.journey_figures import is_tested
from servicescape.analysis.lenses.results import Improvement, Improvements, Rehearsal
from servicescape.analysis.prediction.availability import Measurement
from servicescape.analysis.prediction.prediction import predict
from servicescape.analysis.prediction.results import HOURS_A_YEAR, JourneyPrediction
from servicescape.analysis.selection import dependencies_of, front_components
from servicescape.catalog.catalog import Catalog

BEST = 3
MOST_TRIED = {"soften": 4, "leg-without": 3, "new-leg": 2, "fallback": 2, "second-provider": 2, "one-more-nine": 2}
"""How many changes of a kind are predicted for a journey, the most promising first."""
MOST_REHEARSED = 6
"""How many untried ways are left out to see what rests on them."""
LEAST_SHARE = 0.01
"""A change that saves less than this share of what is lost is not worth a line."""
NOISE = 1e-12


def improvements(catalog: Catalog, ref: str, own: Mapping[str, float], today: date | None) -> Improvements:
    """The best changes for one journey, where `own` says how available each component is by itself."""
    small = only(catalog, ref)
    journey = catalog.journeys[ref]
    attempts = None if journey.average_per_hour is None else journey.average_per_hour * HOURS_A_YEAR
    measured = {name: Measurement(own[name], total=False) for name in small.components}
    before = _predicted(small, ref, measured, details=True)
    if before.attempts_served is None:
        return Improvements((), (), 0, 0, "the journey is too large to be predicted exactly")
    lost = 1.0 - before.attempts_served
    weights = {
        each.component: each.criticality or 0.0 for each in before.importance or () if each.birnbaum > 0
    }  # fmt: skip
    offered = list(changes(small, small.journeys[ref], weights))
    chosen = _most_promising(offered)
    found: list[Improvement] = []
    value = journey.value_per_completion
    for change in chosen:
        changed, availabilities = change.apply(small, measured)
        after = _predicted(changed, ref, availabilities)
        if after.attempts_served is None:
            continue
        saved = after.attempts_served - before.attempts_served
        if saved > max(NOISE, LEAST_SHARE * lost):
            yearly = None if attempts is None else saved * attempts
            worth = None if yearly is None or value is None else yearly * value
            found.append(
                Improvement(
                    change.kind, COSTS[change.kind], change.what, change.components, change.step, yearly, saved, worth
                )
            )
    best = best_of(found)
    note = None
    if attempts is None:
        note = "no demand is given, so attempts are not known: the order is that of the share saved"
    elif not best:
        note = "none of the changes that were tried saves a hundredth of what is lost"
    rehearse = _rehearsals(small, ref, measured, before.attempts_served, attempts, today)
    return Improvements(best, rehearse, len(chosen), len(offered), note)


def best_of(found: Sequence[Improvement]) -> tuple[Improvement, ...]:
    """At most three, by what they save: first those that nothing as cheap or cheaper outdoes, then the next such.

    Of the same change in another channel only the better one counts.
    """
    rest: list[Improvement] = []
    known: set[tuple[str, str | None, tuple[str, ...]]] = set()
    for each in sorted(found, key=lambda each: (-each.share_saved, each.cost, each.what)):
        idea = (each.kind, each.step, each.components)
        if idea not in known:
            known.add(idea)
            rest.append(each)
    picked: list[Improvement] = []
    while rest and len(picked) < BEST:
        front = [each for each in rest if not any(_outdoes(other, each) for other in rest)]
        picked += front[: BEST - len(picked)]
        rest = [each for each in rest if each not in front]
    return tuple(sorted(picked, key=lambda each: (-each.share_saved, each.cost, each.what)))


def _outdoes(one: Improvement, other: Improvement) -> bool:
    """Whether one saves at least as much for at most the effort, and is not just the same."""
    return (
        one.cost <= other.cost
        and one.share_saved >= other.share_saved
        and (one.cost, -one.share_saved, one.what) < (other.cost, -other.share_saved, other.what)
    )


def _most_promising(offered: Sequence[Change]) -> list[Change]:
    found: list[Change] = []
    for kind, most in MOST_TRIED.items():
        alike = sorted((each for each in offered if each.kind == kind), key=lambda each: (-each.promise, each.what))
        found += alike[:most]
    return found


def only(catalog: Catalog, ref: str) -> Catalog:
    """One journey with what it needs, and without demand: the rest makes no difference to the shares that are lost,
    and takes time (most of it for contacts that move)."""
    needed = dependencies_of(catalog, front_components(catalog, ref))
    components = {name: each for name, each in catalog.components.items() if name in needed}
    return dataclasses.replace(
        catalog,
        components=components,
        journeys={ref: dataclasses.replace(catalog.journeys[ref], average_per_hour=None)},
        slos={},
        dependents={
            name: tuple(edge for edge in catalog.dependents.get(name, ()) if edge.source in needed)
            for name in components
        },
    )


def _predicted(catalog: Catalog, ref: str, measured: Measured, *, details: bool = False) -> JourneyPrediction:
    return predict(catalog, journeys=[ref], order=1, measured=measured, details=details).journeys[0]


def _rehearsals(
    catalog: Catalog,
    ref: str,
    measured: Measured,
    served: float,
    attempts: float | None,
    today: date | None,
) -> tuple[Rehearsal, ...]:
    """The ways that were not tried, by what would be lost if they turned out not to work."""
    untried = [
        (number, step, leg)
        for number, step in enumerate(catalog.journeys[ref].steps)
        for leg in step.legs[1:]
        if not step.optional and not is_tested(leg.tested, today)
    ]
    live = [each for each in untried if catalog.channels[each[2].channel].mode != "self-service"]
    found: list[tuple[float, Rehearsal]] = []
    for number, step, leg in (live or untried)[:MOST_REHEARSED]:
        after = _predicted(without_leg(catalog, number, leg), ref, measured)
        rests = None if after.attempts_served is None else served - after.attempts_served
        yearly = None if rests is None or attempts is None else max(0.0, rests) * attempts
        day = None if leg.tested is None else leg.tested.isoformat()
        found.append((rests or 0.0, Rehearsal(step.name, leg.channel, day, yearly)))
    found.sort(key=lambda each: -each[0])
    return tuple(each for _, each in found[:BEST])
