"""What questions are made of."""

from collections.abc import Callable
from dataclasses import dataclass

from servicescape.analysis.prediction.functions import Function

Roots = Callable[[Function], int]
"""Function of the structure → its node."""


@dataclass(frozen=True, slots=True)
class Term:
    """True when all of some functions are, and an attempt uses all of some steps."""

    functions: tuple[Function, ...]
    uses: tuple[int, ...] = ()
    """Numbers of events, from `Questions.use`."""


def difference(larger: float, smaller: float) -> float:
    """What a chance is more than another that it includes; 0 where only the noise of binary fractions is left."""
    found = larger - smaller
    return found if found > 1e-15 * larger else 0.0
