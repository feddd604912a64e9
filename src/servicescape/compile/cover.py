"""How samples of a rate over five minutes come to cover a longer window, each moment of it alike.

Every sample speaks for the five minutes before it. Samples one interval apart over the last W - 5m reach back W, but
what lies within five minutes of an end of the window is in fewer of them than the rest: a sum would weigh an outage
that has just begun too little, and page late. As in the trapezoid rule, the first and the last sample stand for what is
missing there. With them the samples weigh W in all, and whatever touches an end for five minutes counts in full.

For a week and more an end is less than 0.05 % of the window, and it is a plain sum.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from servicescape.compile import names
from servicescape.compile.decimals import decimal_text
from servicescape.model.units import Duration

_PLAIN_FROM = Duration.parse("7d")


@dataclass(frozen=True, slots=True)
class Cover:
    """Samples that cover a window."""

    range: str
    """Range of the samples, such as `55m1s`; empty where one sample is the whole window."""
    samples: int
    """How many there are in it."""
    weight: Fraction
    """How many times the first and the last count besides; 0: they do not."""
    reach: str
    """How long ago the first was, such as `55m`."""

    @property
    def weight_text(self) -> str:
        """The weight as PromQL."""
        return decimal_text(self.weight)


@lru_cache(maxsize=1024)
def cover(window: Duration, interval: Duration) -> Cover:
    """The samples of a 5m rate, one each interval, that cover a window."""
    step, rest = interval.milliseconds, window.milliseconds - names.RATE_WINDOW.milliseconds
    if rest == 0:
        return Cover("", 1, Fraction(0), "")
    if window >= _PLAIN_FROM:
        return Cover(Duration(rest).canonical(), rest // step, Fraction(0), "")
    reach = max(rest // step, 1) * step
    samples = reach // step + 1
    # A second more, so that both ends are within it whether the version at hand counts the earlier one or not.
    within = Duration(reach + 1000).canonical()
    return Cover(within, samples, (Fraction(window.milliseconds, step) - samples) / 2, Duration(reach).canonical())
