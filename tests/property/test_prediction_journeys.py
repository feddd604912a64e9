"""Predictions against brute force: every set of failures, weighed by its chance."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicescape.analysis.customers import BLOCKED, attempt_shares
from servicescape.analysis.impact_graph import FailureGraph
from servicescape.analysis.impact_results import JOURNEY_STATE_CODES
from servicescape.analysis.journey_impact import Conditions, journey_course, phase_at
from servicescape.analysis.prediction.availability import Measurement
from servicescape.analysis.prediction.prediction import predict
from servicescape.analysis.prediction.results import JourneyPrediction
from servicescape.analysis.propagation import propagate
from servicescape.catalog.catalog import Catalog
from tests.property.impact_strategies import catalogs

CHANCES = (0.0, 1e-6, 0.001, 0.02, 0.3, 1 / 3, 0.9)


class BruteForce:
    """States and attempts of every journey for every set of failed components."""

    def __init__(self, catalog: Catalog, unavailable: dict[str, float]) -> None:
        self.graph = FailureGraph.of(catalog)
        self.unavailable = [unavailable[ref] for ref in self.graph.refs]
        self.journeys = list(catalog.journeys.values())
        count = len(self.graph.refs)
        self.sets = list(itertools.product((False, True), repeat=count))
        self.states: list[list[int]] = []
        self.lost: list[list[float]] = []
        self.contacts: list[list[dict[str, float]]] = []
        for failed in self.sets:
            failure = propagate(self.graph, [number for number in range(count) if failed[number]])
            course = [journey_course(each, Conditions(catalog, failure, {}, math.inf)) for each in self.journeys]
            self.states.append([JOURNEY_STATE_CODES[each.worst.state] for each in course])
            shares = []
            for each in course:
                ends = [phase_at(step.phases, math.inf) for step in each.steps]
                shares.append(
                    attempt_shares(
                        [
                            (
                                step.step.share,
                                step.step.optional,
                                BLOCKED if end.state == "blocked" else end.moved_to,
                            )
                            for step, end in zip(each.steps, ends, strict=True)
                        ]
                    )
                )
            self.lost.append([share.blocked for share in shares])
            self.contacts.append([dict(share.contacts) for share in shares])

    def weights(self, unavailable: list[float]) -> list[float]:
        return [
            math.prod(q if hit else 1 - q for q, hit in zip(unavailable, failed, strict=True)) for failed in self.sets
        ]

    def states_of(self, journey: int, unavailable: list[float]) -> list[float]:
        found: list[list[float]] = [[], [], [], []]
        for weight, states in zip(self.weights(unavailable), self.states, strict=True):
            found[states[journey]].append(weight)
        return [math.fsum(each) for each in found]

    def expected(self, journey: int, figures: list[list[float]], unavailable: list[float]) -> float:
        return math.fsum(
            weight * each[journey] for weight, each in zip(self.weights(unavailable), figures, strict=True)
        )

    def minimal(self, journey: int, most: int) -> set[frozenset[str]]:
        found: set[frozenset[str]] = set()
        for failed, states in sorted(zip(self.sets, self.states, strict=True), key=lambda each: sum(each[0])):
            refs = frozenset(ref for ref, hit in zip(self.graph.refs, failed, strict=True) if hit)
            if states[journey] == 3 and len(refs) <= most and not any(each <= refs for each in found):
                found.add(refs)
        return found


def near(value: float, scale: float = 0.0) -> object:
    return pytest.approx(value, rel=1e-12, abs=1e-15 + 1e-14 * scale)


@given(catalogs(), st.data())
@settings(max_examples=250, deadline=None)
def test_predictions_are_exact(catalog: Catalog, data: st.DataObject) -> None:
    refs = sorted(catalog.components)
    unavailable = {ref: data.draw(st.sampled_from(CHANCES), label=ref) for ref in refs}
    measured = {ref: Measurement(1 - q, total=False) for ref, q in unavailable.items()}
    found = predict(catalog, order=3, measured=measured)
    exact = {each.component: 1 - each.own for each in found.components}
    # What 1 − (1 − q) leaves of q is what both sides reckon with.
    force = BruteForce(catalog, exact)
    for index, each in enumerate(found.journeys):
        check_journey(force, index, each, catalog)


def check_journey(force: BruteForce, index: int, found: JourneyPrediction, catalog: Catalog) -> None:
    q = force.unavailable
    states = force.states_of(index, q)
    assert found.states is not None
    # An event of 1e-6 beside others: shares are exact to twelve digits of themselves.
    for value, expected in zip(
        (found.states.ok, found.states.degraded, found.states.fallback, found.states.blocked), states, strict=True
    ):
        assert value == near(expected)
    assert found.availability == near(1 - states[3])
    low, high = found.whatever_the_correlation.availability
    assert low - 1e-12 <= 1 - states[3] <= high + 1e-12
    lost = force.expected(index, force.lost, q)
    assert found.attempts_served == near(1 - lost)
    if found.attempts_per_year is not None:
        assert found.attempts_lost_per_year == near(lost * found.attempts_per_year, found.attempts_per_year)
        assert found.displaced is not None
        displaced = {each.channel: each.contacts_per_year for each in found.displaced}
        for channel in catalog.channels:
            contacts = [[each.get(channel, 0.0) for each in row] for row in force.contacts]
            expected = force.expected(index, contacts, q) * found.attempts_per_year
            assert displaced.get(channel, 0.0) == near(expected, found.attempts_per_year)
    assert found.cut_sets is not None
    assert {frozenset(each.components) for each in found.cut_sets} == force.minimal(index, 3)
    for each in found.cut_sets:
        assert each.probability == near(math.prod(q[force.graph.number[ref]] for ref in each.components))
    assert set(found.single_points) == {ref for each in force.minimal(index, 1) for ref in each}
    for item in found.importance or ():
        number = force.graph.number[item.component]
        failed, never, better = list(q), list(q), list(q)
        failed[number], never[number], better[number] = 1.0, 0.0, q[number] / 10
        up, down = force.states_of(index, never)[3], force.states_of(index, failed)[3]
        assert item.birnbaum == near(down - up)
        if states[3] > 0:
            assert item.criticality == pytest.approx(q[number] * (down - up) / states[3], rel=1e-9, abs=1e-12)
            assert item.fussell_vesely == pytest.approx(q[number] * down / states[3], rel=1e-9, abs=1e-12)
            assert item.raw == pytest.approx(down / states[3], rel=1e-9)
            assert (item.rrw is None) == (up == 0)
        if found.attempts_per_year is not None:
            saved = (lost - force.expected(index, force.lost, better)) * found.attempts_per_year
            assert item.attempts_saved_by_one_more_nine == near(saved, found.attempts_per_year)


@given(catalogs(), st.data())
@settings(max_examples=60, deadline=None)
def test_bounds_hold_where_there_is_no_diagram(catalog: Catalog, data: st.DataObject) -> None:
    measured = {
        ref: Measurement(1 - data.draw(st.sampled_from(CHANCES), label=ref), total=False)
        for ref in sorted(catalog.components)
    }
    exact = predict(catalog, measured=measured)
    bounded = predict(catalog, measured=measured, most_nodes=0)
    for one, other in zip(exact.journeys, bounded.journeys, strict=True):
        assert one.availability is not None
        if other.availability is None:
            assert other.bounds is not None
            assert other.notes
            low, high = other.bounds.availability
            assert low - 1e-12 <= one.availability <= high + 1e-12
            assert other.cut_sets is None
