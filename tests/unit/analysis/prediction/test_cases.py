"""Chances under other chances of a few events, and what they are less: against the same diagram asked again."""

import random

import pytest

from servicescape.analysis.prediction.cases import shifted
from servicescape.analysis.prediction.compiled import compile_functions
from servicescape.analysis.prediction.functions import Function, Gate
from servicescape.analysis.prediction.outcomes import Outcome, Part

EVENTS = 12


def outcome() -> Outcome:
    """Two single points and two diagrams, in which some events stand side by side."""
    gates = [
        Gate(2, (Function(0b1100, 0), Function(0b110000, 0), Function(0b1000000, 0))),
        Gate(2, (Function(0b110000000, 0), Function(0b11000000000, 0))),
        Gate(2, (Function(0b1000000000, 0), Function(0b100000000000, 0))),
    ]
    parts = []
    for function in (Function(0, 0b1), Function(0, 0b110)):
        roots: list[int] = []
        compiled = compile_functions(
            gates, [function], lambda made, at=function, to=roots: to.append(made.root(at)), most_nodes=1000
        )
        assert compiled is not None
        parts.append(Part(compiled, roots[-1]))
    return Outcome(0b11, tuple(parts))


@pytest.mark.parametrize("certain", [None, 0, 2, 7])
def test_every_case_is_what_the_same_question_answers_under_its_chances(certain: int | None) -> None:
    rng = random.Random(7)
    asked = outcome()
    chances = [rng.choice((0.3, 0.01, 1e-4, 1e-7)) for _ in range(EVENTS)]
    if certain is not None:
        chances[certain] = 1.0
    cases = [
        {
            event: rng.choice((0.0, 1.0, chances[event] / 10))
            for event in rng.sample(range(EVENTS), rng.choice((1, 2, 5)))
        }
        for _ in range(300)
    ]
    usual = asked.probability(chances)
    for case, (chance, less) in zip(cases, shifted(asked, chances, cases), strict=True):
        changed = [case.get(event, chances[event]) for event in range(EVENTS)]
        assert chance == pytest.approx(asked.probability(changed), rel=1e-12, abs=1e-30)
        assert less == pytest.approx(usual - asked.probability(changed), rel=1e-9, abs=1e-15)


def test_a_small_difference_has_all_its_digits() -> None:
    asked = outcome()
    chances = [0.2, 0.1] + [1e-6] * (EVENTS - 2)
    cases = [{event: chances[event] * factor} for event in range(EVENTS) for factor in (0.0, 1 - 2**-40)]
    found = shifted(asked, chances, cases)
    for never, almost in zip(found[::2], found[1::2], strict=True):
        # Linear in each chance, and less than 10⁻²⁰ of the whole.
        assert almost.less == pytest.approx(never.less * 2**-40, rel=1e-10)
        assert almost.less > 0


def test_nothing_is_left_where_all_is_taken_away() -> None:
    asked = outcome()
    chances = [0.1, 0.3, *[0.0] * (EVENTS - 2)]
    for case in ({0: 0.0, 1: 0.0}, {1: 0.0}):
        (found,) = shifted(asked, chances, [case])
        assert (found.chance == 0) == (0 in case)
