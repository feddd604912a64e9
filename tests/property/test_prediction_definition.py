"""Predictions against their definition: every course of events, weighed by its chance.

Beside failures of components there are common causes, switches that fail, and failures of different ages where time to
repair is known. Minimal cut sets are found by trying all sets of causes, at every age. Nothing here is shared with the
engine: states are read off the edges as `docs/impact.md` has them.

SERVICESCAPE_EXAMPLES=5000 pytest tests/property/test_prediction_definition.py
"""

import itertools
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, seed, settings
from hypothesis import strategies as st

from servicescape.analysis.customers import BLOCKED, attempt_shares
from servicescape.analysis.journey_impact import leg_needs
from servicescape.analysis.prediction.availability import Measurement
from servicescape.analysis.prediction.prediction import predict
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Edge, Effect, Journey
from tests.support.impact_catalogs import catalog, channel, journey, leg, service, step

EXAMPLES = int(os.environ.get("SERVICESCAPE_EXAMPLES", "300"))
CHANCES = (0.0, 1e-5, 0.001, 0.02, 0.3)
MOST_COURSES = 2500
CHANNELS = ("web", "chat", "desk")


@st.composite
def needs(draw: st.DrawFn, names: list[str]) -> dict[str, Any]:
    """One dependency, with everything that the language can say of it."""
    need: dict[str, Any] = {}
    if draw(st.integers(0, 2)) == 0:
        members = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        need |= {"anyOf": members, "need": draw(st.integers(1, len(members)))}
        if draw(st.booleans()):
            need["commonCause"] = draw(st.sampled_from((0.1, 0.5)))
    else:
        need["on"] = draw(st.sampled_from(names))
    if draw(st.integers(0, 3)) == 0:
        need["kind"] = "soft"
    if draw(st.integers(0, 2)) == 0:
        need["fallback"] = draw(st.sampled_from(names))
        if draw(st.booleans()):
            need["switchFailure"] = draw(st.sampled_from((0.05, 0.5)))
    if draw(st.integers(0, 2)) == 0:
        need["tolerates"] = draw(st.sampled_from(("1m", "2m")))
    for key in ("whenDown", "whenDegraded"):
        if draw(st.integers(0, 6)) == 0:
            need[key] = draw(st.sampled_from(("ok", "degraded", "down")))
    return need


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    """Up to five components that may need anything, and one or two journeys."""
    names = [f"s{index}" for index in range(draw(st.integers(2, 5)))]
    entities = []
    for name in names:
        others = [other for other in names if other != name]
        wanted = draw(st.lists(needs(others), max_size=2))
        mttr = draw(st.sampled_from((None, "1m", "5m")))
        entities.append(service(name, *wanted, **({"recovery": {"mttr": mttr}} if mttr else {})))
    for name in CHANNELS:
        entities.append(channel(name, *draw(st.lists(st.sampled_from(names), max_size=1))))
    for number in range(draw(st.integers(1, 2))):
        steps = [
            step(
                f"step-{position}",
                *(
                    leg(
                        draw(st.sampled_from(CHANNELS)),
                        *draw(st.lists(st.sampled_from(names), max_size=2, unique=True)),
                    )
                    for _ in range(draw(st.integers(1, 3)))
                ),
                optional=draw(st.integers(0, 3)) == 0,
                share=draw(st.sampled_from((1.0, 1.0, 0.5, 0.25, 0.0))),
            )
            for position in range(draw(st.integers(1, 4)))
        ]
        entities.append(journey(f"j{number}", *steps, demand=draw(st.sampled_from((None, 100.0)))))
    return catalog(entities)


@dataclass
class Course:
    """One course of events: for each cause how old it is, or None where it does not go on."""

    chance: float
    ages: dict[tuple[str, ...], float | None]


class Definition:
    """Courses of events of a catalog and what each of them does."""

    def __init__(self, catalog: Catalog, unavailable: dict[str, float]) -> None:
        self.catalog = catalog
        self.refs = sorted(catalog.components)
        self.q = unavailable
        self.mttr = {ref: catalog.components[ref].mttr_seconds for ref in self.refs}
        self.edges = {ref: catalog.components[ref].edges for ref in self.refs}
        self.reach = {ref: self._reached(ref) for ref in self.refs}
        self.groups: dict[tuple[str, ...], float] = {}
        for ref in self.refs:
            for edge in self.edges[ref]:
                if edge.common_cause and len(edge.targets) > 1:
                    members = tuple(sorted(edge.targets))
                    self.groups[members] = max(edge.common_cause, self.groups.get(members, 0.0))
        self.marks = self._marks()

    def _reached(self, ref: str) -> set[str]:
        found: set[str] = set()
        stack = [ref]
        while stack:
            for edge in self.edges[stack.pop()]:
                for each in (*edge.targets, *((edge.fallback,) if edge.fallback and not edge.soft else ())):
                    if each not in found:
                        found.add(each)
                        stack.append(each)
        return found

    def later(self, source: str, target: str, edge: Edge, age: float) -> float:
        """How old a failure of the target must be, to be felt at this age by the source. Circles have no clock."""
        if source in self.reach[target] or not any(self.mttr.values()):
            return age
        return age + edge.tolerates_seconds

    def _marks(self) -> list[float]:
        """All sums of tolerances that can come up."""
        sums = {0.0}
        for _ in self.refs:
            sums |= {have + edge.tolerates_seconds for have in sums for ref in self.refs for edge in self.edges[ref]}
        return sorted(each for each in sums if each <= 60 * 2 * len(self.refs))

    def causes(self) -> list[tuple[tuple[str, ...], list[tuple[float | None, float]]]]:
        """Each cause with its possible ages and their chances."""
        found: list[tuple[tuple[str, ...], list[tuple[float | None, float]]]] = []
        for ref in self.refs:
            own = self.q[ref]
            for members, share in self.groups.items():
                own *= 1 - share if ref in members else 1
            found.append(((ref,), self._ages(own, self.mttr[ref])))
        for members, share in self.groups.items():
            times = [self.mttr[each] for each in members]
            mttr = None if None in times else max(time for time in times if time is not None)
            found.append((("group", *members), self._ages(share * min(self.q[each] for each in members), mttr)))
        for ref in self.refs:
            for index, edge in enumerate(self.edges[ref]):
                if edge.fallback and edge.switch_failure and not edge.soft:
                    found.append((("switch", ref, str(index)), self._ages(edge.switch_failure, None)))
        return found

    def _ages(self, chance: float, mttr: float | None) -> list[tuple[float | None, float]]:
        if chance == 0:
            return [(None, 1.0)]
        if mttr is None:
            return [(None, 1 - chance), (math.inf, chance)]
        found: list[tuple[float | None, float]] = [(None, 1 - chance)]
        for begin, end in itertools.pairwise([*self.marks, math.inf]):
            found.append(
                ((begin + min(end, begin + 1)) / 2, chance * (math.exp(-begin / mttr) - math.exp(-end / mttr)))
            )
        return found

    def every_cause(self) -> list[tuple[tuple[str, ...], list[float]]]:
        """Each cause that a cut set may name, however unlikely, and from how many seconds on it may count."""
        found: list[tuple[tuple[str, ...], list[float]]] = []
        for ref in self.refs:
            found.append((("own", ref), self.marks if self.mttr[ref] else [0.0]))
        for members in self.groups:
            known = all(self.mttr[each] for each in members)
            found.append((("common-cause", *members), self.marks if known else [0.0]))
        found += (
            (("switch", ref, str(index)), [0.0])
            for ref in self.refs
            for index, edge in enumerate(self.edges[ref])
            if edge.fallback and edge.switch_failure and not edge.soft
        )
        return found

    def chance_of(self, cause: tuple[str, ...], outlasts: float) -> float:
        """That a cause goes on, and has for longer than this."""
        kind, *refs = cause
        if kind == "switch":
            return self.edges[refs[0]][int(refs[1])].switch_failure or 0.0
        times = [self.mttr[each] for each in refs]
        shares = [share for members, share in self.groups.items() if refs[0] in members]
        if kind == "own":
            chance = self.q[refs[0]] * math.prod(1 - share for share in shares)
        else:
            chance = self.groups[tuple(refs)] * min(self.q[each] for each in refs)
        known = [time for time in times if time]
        return chance * math.exp(-outlasts / max(known)) if len(known) == len(times) else chance

    def course_of(self, causes: dict[tuple[str, ...], float]) -> Course:
        """The course in which these causes, and no others, have lasted a little longer than this; or for good, where
        time to repair is not known."""
        ages: dict[tuple[str, ...], float | None] = {}
        for cause, marks in self.every_cause():
            kind, *refs = cause
            key = (refs[0],) if kind == "own" else ("group" if kind == "common-cause" else kind, *refs)
            lasted = causes.get(cause, 0.0) + 0.5 if marks is self.marks else math.inf
            ages[key] = lasted if cause in causes else None
        return Course(1.0, ages)

    def courses(self) -> Iterator[Course]:
        causes = self.causes()
        assume(math.prod(len(ages) for _, ages in causes) <= MOST_COURSES)
        for chosen in itertools.product(*(ages for _, ages in causes)):
            yield Course(
                math.prod(chance for _, chance in chosen),
                {cause: age for (cause, _), (age, _) in zip(causes, chosen, strict=True)},
            )

    def states(self, course: Course) -> tuple[set[str], set[str]]:
        """The components that are down, and those that are not ok: the least solution, over all ages at once."""
        down: set[tuple[str, float]] = set()
        harmed: set[tuple[str, float]] = set()
        ages = [*self.marks, *(mark + 120 for mark in self.marks if mark + 120 > self.marks[-1])]
        changed = True
        while changed:
            changed = False
            for ref in self.refs:
                for age in ages:
                    for label, found in ((Effect.DOWN, down), (Effect.DEGRADED, harmed)):
                        if (ref, age) not in found and self._holds(ref, age, label, course, down, harmed):
                            found.add((ref, age))
                            changed = True
        return {ref for ref, age in down if age == 0}, {ref for ref, age in harmed if age == 0}

    def _holds(
        self,
        ref: str,
        age: float,
        label: Effect,
        course: Course,
        down: set[tuple[str, float]],
        harmed: set[tuple[str, float]],
    ) -> bool:
        own = [course.ages[(ref,)]]
        own += (course.ages["group", *members] for members in self.groups if ref in members)
        if any(each is not None and each > age for each in own) or (label is Effect.DEGRADED and (ref, age) in down):
            return True
        for index, edge in enumerate(self.edges[ref]):
            too_many = max(1, len(edge.targets) - edge.need + 1)
            gone = sum((each, self.later(ref, each, edge, age)) in down for each in edge.targets) >= too_many
            bad = sum((each, self.later(ref, each, edge, age)) in harmed for each in edge.targets) >= too_many
            if (edge.when_down is label and gone) or (edge.when_degraded is label and bad):
                return True
            if label is Effect.DOWN and edge.fallback and not edge.soft and gone:
                stuck = course.ages.get(("switch", ref, str(index))) is not None
                if stuck or (edge.fallback, self.later(ref, edge.fallback, edge, age)) in down:
                    return True
        return False


def outcome(catalog: Catalog, journey: Journey, down: set[str], harmed: set[str]) -> tuple[int, list[int], Any]:
    """State of a journey (0 ok to 3 blocked), those of its steps, and what becomes of its attempts."""
    worst = 0
    states = []
    attempts = []
    for each in journey.steps:
        open_legs = [leg for leg in each.legs if not down & set(leg_needs(catalog, leg))]
        if not each.legs:
            state, effect = 0, None
        elif not open_legs:
            state, effect = 3, BLOCKED
        elif open_legs[0] is each.legs[0]:
            state, effect = int(bool(harmed & set(leg_needs(catalog, open_legs[0])))), None
        else:
            first, now = each.legs[0].channel, open_legs[0].channel
            state, effect = 2, None if first == now else now
        attempts.append((each.share, each.optional, effect))
        states.append(state)
        worst = max(worst, int(state == 3) if each.optional else state)
    return worst, states, attempt_shares(attempts)


def near(value: float, scale: float = 0.0) -> object:
    return pytest.approx(value, rel=1e-12, abs=1e-15 + 1e-14 * scale)


@seed(20261122)
@given(catalogs(), st.data())
@settings(max_examples=EXAMPLES, deadline=None)
def test_predictions_are_what_they_are_defined_to_be(catalog: Catalog, data: st.DataObject) -> None:
    chances = {ref: data.draw(st.sampled_from(CHANCES), label=ref) for ref in sorted(catalog.components)}
    found = predict(catalog, measured={ref: Measurement(1 - q, total=False) for ref, q in chances.items()})
    assert not found.tolerances_left_out
    definition = Definition(catalog, {each.component: 1 - each.own for each in found.components})
    states: dict[str, list[list[float]]] = {ref: [[], [], [], []] for ref in catalog.journeys}
    steps = {ref: [[0.0] * 4 for _ in each.steps] for ref, each in catalog.journeys.items()}
    lost: dict[str, list[float]] = {ref: [] for ref in catalog.journeys}
    contacts: dict[str, dict[str, list[float]]] = {ref: {each: [] for each in catalog.channels} for ref in lost}
    for course in definition.courses():
        down, harmed = definition.states(course)
        for ref, each in catalog.journeys.items():
            state, of_steps, shares = outcome(catalog, each, down, harmed)
            states[ref][state].append(course.chance)
            for position, one in enumerate(of_steps):
                steps[ref][position][one] += course.chance
            lost[ref].append(course.chance * shares.blocked)
            for name, share in shares.contacts:
                contacts[ref][name].append(course.chance * share)
    for one in found.journeys:
        exact = [math.fsum(part) for part in states[one.journey]]
        assert one.states is not None
        assert (one.states.ok, one.states.degraded, one.states.fallback, one.states.blocked) == tuple(
            near(part) for part in exact
        )
        for step_found, parts in zip(one.steps, steps[one.journey], strict=True):
            assert step_found.states is not None
            by_state = step_found.states
            assert (by_state.ok, by_state.degraded, by_state.fallback, by_state.blocked) == tuple(
                pytest.approx(part, rel=1e-11, abs=1e-14) for part in parts
            )
        assert one.availability == near(1 - exact[3])
        assert one.attempts_served == near(1 - math.fsum(lost[one.journey]))
        if one.attempts_per_year is not None:
            displaced = {moved.channel: moved.contacts_per_year for moved in one.displaced or ()}
            for name, parts in contacts[one.journey].items():
                expected = math.fsum(parts) * one.attempts_per_year
                assert displaced.get(name, 0.0) == near(expected, one.attempts_per_year)
        low, high = one.whatever_the_correlation.availability
        # The bounds hold for switches and common causes as for any other cause.
        assert low - 1e-12 <= 1 - exact[3] <= high + 1e-12


CUT_SETS = max(1, EXAMPLES // 3)
MOST_CAUSES = 2
MOST_SETS = 700
_CutSet = frozenset[tuple[tuple[str, ...], float]]


def minimal_cut_sets(definition: Definition, journey: Journey) -> set[_CutSet]:
    """Sets of at most two causes, each with what it must have lasted, that block the journey, and need every bit."""
    causes = definition.every_cause()
    found: set[_CutSet] = set()
    for count in range(1, MOST_CAUSES + 1):
        for chosen in itertools.combinations(causes, count):
            for ages in itertools.product(*(marks for _, marks in chosen)):
                each = frozenset((cause, age) for (cause, _), age in zip(chosen, ages, strict=True))
                if any(_holds_in(known, dict(each)) for known in found):
                    continue
                down, harmed = definition.states(definition.course_of(dict(each)))
                if outcome(definition.catalog, journey, down, harmed)[0] == 3:
                    found.add(each)
    return found


def _holds_in(known: _CutSet, causes: dict[tuple[str, ...], float]) -> bool:
    """Whether a cut set has happened where these causes have lasted for so long."""
    return all(age <= causes.get(cause, -1.0) for cause, age in known)


@seed(20261122)
@given(catalogs(), st.data())
@settings(max_examples=CUT_SETS, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_cut_sets_are_those_of_trying_everything(catalog: Catalog, data: st.DataObject) -> None:
    chances = {ref: data.draw(st.sampled_from(CHANCES), label=ref) for ref in sorted(catalog.components)}
    found = predict(
        catalog, order=MOST_CAUSES, measured={ref: Measurement(1 - q, total=False) for ref, q in chances.items()}
    )
    definition = Definition(catalog, {each.component: 1 - each.own for each in found.components})
    sizes = [len(marks) for _, marks in definition.every_cause()]
    assume(sum(sizes) + sum(one * other for one, other in itertools.combinations(sizes, 2)) <= MOST_SETS)
    for one in found.journeys:
        expected = minimal_cut_sets(definition, catalog.journeys[one.journey])
        assert one.cut_sets is not None
        # Two switches between the same components are told apart by their places alone, which a cut set does not name.
        named = sorted(sorted((*_named(definition, cause), age) for cause, age in each) for each in expected)
        assert named == sorted(
            sorted((each.kind, each.components, each.outlasts_seconds) for each in cut.causes) for cut in one.cut_sets
        )
        assert sorted(cut.probability for cut in one.cut_sets) == [
            near(chance)
            for chance in sorted(
                math.prod(definition.chance_of(cause, age) for cause, age in each) for each in expected
            )
        ]
        assert set(one.single_points) == {
            ref for each in expected for (kind, *refs), _ in each if len(each) == 1 and kind == "own" for ref in refs
        }


def _named(definition: Definition, cause: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """A cause as a prediction names it."""
    kind, *refs = cause
    if kind == "switch":
        edge = definition.edges[refs[0]][int(refs[1])]
        return kind, (refs[0], *edge.targets, edge.fallback or "")
    return kind, tuple(refs)
