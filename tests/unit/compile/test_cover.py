"""Samples of a rate over five minutes that cover a longer window, by arithmetic on what each of them speaks for."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from servicescape.compile.cover import Cover, cover
from servicescape.model.units import Duration

MINUTE = 60_000
RATE = 5 * MINUTE


def shares(found: Cover, interval: int) -> dict[int, Fraction]:
    """How much each interval counts, by how long ago it began (as often as the interval goes into five minutes)."""
    weights = [Fraction(1)] * found.samples
    weights[0] += found.weight
    weights[-1] += found.weight
    inside = Fraction(interval, RATE)
    counted: dict[int, Fraction] = {}
    for index, weight in enumerate(weights):
        for back in range(RATE // interval):
            counted[index + back] = counted.get(index + back, Fraction(0)) + weight * inside
    return counted


def test_an_hour_is_sixty_minutes() -> None:
    found = cover(Duration.parse("1h"), Duration(MINUTE))
    assert (found.range, found.reach, found.samples, found.weight_text) == ("55m1s", "55m", 56, "2")
    counted = shares(found, MINUTE)
    assert len(counted) == 60
    assert sum(counted.values()) == 60
    # Five minutes at either end count as five, and each minute between them as one.
    assert sum(counted[minute] for minute in range(5)) == 5
    assert sum(counted[minute] for minute in range(55, 60)) == 5
    assert {counted[minute] for minute in range(5, 55)} == {Fraction(1)}


@given(st.integers(min_value=6, max_value=10_079), st.sampled_from([10, 15, 20, 30, 60, 75, 100, 120, 150]))
def test_samples_weigh_a_window_in_all(minutes: int, seconds: int) -> None:
    window, interval = minutes * MINUTE, seconds * 1000
    found = cover(Duration(window), Duration(interval))
    assert found.weight > 0
    assert found.samples + 2 * found.weight == Fraction(window, interval)
    reach = Duration.parse(found.reach).milliseconds
    # Both ends are samples, and the range holds them both in every version.
    assert reach == (found.samples - 1) * interval
    assert Duration.parse(found.range).milliseconds == reach + 1000
    # It reaches back no further than the window, but for one in which there is hardly an interval besides a rate.
    assert reach + RATE <= window or reach == interval


def test_a_window_of_a_week_is_a_plain_sum() -> None:
    found = cover(Duration.parse("7d"), Duration(MINUTE))
    assert found.range == "6d23h55m"
    assert found.weight == 0
    assert cover(Duration.parse("5m"), Duration(MINUTE)).range == ""
