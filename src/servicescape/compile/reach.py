"""Whether a burn-rate alert can fire at all.

An error ratio never exceeds 1, so a burn rate never exceeds 1 ÷ budget: at an objective of 90 % nothing burns faster
than 10 times, and an alert above 14.4 stays silent through a total outage.
"""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

REACHABLE_SHARE = Fraction(9, 10)
"""Where a threshold is out of reach, it is set to this error ratio: a total outage reaches it within 90 % of the
long window, and an outage that a tenth of the traffic escapes still counts as one."""


@lru_cache(maxsize=1024)
def error_budget(objective_percent: Decimal) -> Fraction:
    """Share of events that may be bad, exact: 99.9 gives 1/1000."""
    return 1 - Fraction(objective_percent) / 100


def can_fire(factor: Fraction, budget: Fraction) -> bool:
    """Whether some error ratio of at most 1 burns a budget (0 to 1) faster than `factor`."""
    # In whole numbers: it is asked for every alert and every test of thousands of SLOs.
    return factor.numerator * budget.numerator < factor.denominator * budget.denominator


def reachable_factor(factor: Fraction, budget: Fraction) -> Fraction:
    """The factor itself where it can fire; otherwise the largest that a total outage reaches with room to spare.

    Never below 1 where the factor was not: spending no faster than the budget allows is no reason to alert.
    """
    if can_fire(factor, budget):
        return factor
    return max(REACHABLE_SHARE / budget, Fraction(1))
