"""Upper bounds of gates are never below the truth, and close to it where two ways of many parts each must fail."""

import itertools
import random

import pytest

from servicescape.analysis.prediction.at_most import AtMost
from servicescape.analysis.prediction.functions import Function, Gate, SinglePoints, holds, true_gates
from servicescape.analysis.prediction.intervals import any_chance

EVENTS = 8


def chance_besides_single_points(gates: list[Gate], wanted: int, chances: list[float]) -> float:
    alone = SinglePoints(gates).of(Function(0, 1 << wanted))
    found = left = 0.0
    for failed in itertools.product((False, True), repeat=EVENTS):
        happened = sum(1 << event for event, is_failed in enumerate(failed) if is_failed)
        if happened & alone:
            continue
        weight = 1.0
        for chance, is_failed in zip(chances, failed, strict=True):
            weight *= chance if is_failed else 1 - chance
        left += weight
        if holds(Function(0, 1 << wanted), happened, true_gates(gates, range(len(gates)), happened)):
            found += weight
    return found / left


def bound(gates: list[Gate], wanted: int, chances: list[float]) -> float:
    def any_of(events: int) -> float:
        return any_chance(chances[event] for event in range(EVENTS) if events >> event & 1)

    return AtMost(gates, SinglePoints(gates), any_of, frozenset(), {}).of(1 << wanted)


@pytest.mark.parametrize("seed", range(60))
def test_no_gate_is_likelier_than_its_bound(seed: int) -> None:
    rng = random.Random(seed)
    gates: list[Gate] = []
    for number in range(rng.randrange(1, 6)):
        inputs = tuple(
            Function(rng.getrandbits(EVENTS) & rng.getrandbits(EVENTS), rng.getrandbits(number) if number else 0)
            for _ in range(rng.randrange(2, 5))
        )
        gates.append(Gate(rng.randrange(2, len(inputs) + 1), inputs))
    chances = [rng.choice((0.001, 0.05, 0.3)) for _ in range(EVENTS)]
    for number in range(len(gates)):
        truth = chance_besides_single_points(gates, number, chances)
        assert truth <= bound(gates, number, chances) * (1 + 1e-9) + 1e-15


def test_two_ways_of_different_parts_are_as_likely_to_fail_as_both_together() -> None:
    gates = [Gate(2, (Function(0b00001111, 0), Function(0b11110001, 0)))]
    chances = [0.01] * EVENTS
    one, other = any_chance([0.01] * 3), any_chance([0.01] * 4)
    assert bound(gates, 0, chances) == pytest.approx(one * other)
