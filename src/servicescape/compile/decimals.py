"""Exact numbers as text: a threshold reads `0.001`, never `0.0009999999999999432`."""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

_SIGNIFICANT_DIGITS = 6


def decimal_text(value: Fraction | Decimal | int) -> str:
    """The number in plain decimal notation.

    Exact to the last digit where the decimal expansion ends; six significant digits, rounded half to even, where it
    does not (one third).
    """
    if isinstance(value, Decimal):
        value = Fraction(value)
    return _text(value.numerator, value.denominator)


@lru_cache(maxsize=16384)
def _text(numerator: int, denominator: int) -> str:
    """The same for a fraction in lowest terms. Whole numbers are found again faster than fractions."""
    number = Fraction(numerator, denominator)
    rest = denominator
    twos = fives = 0
    while rest % 2 == 0:
        rest //= 2
        twos += 1
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        rounded = float(f"{float(number):.{_SIGNIFICANT_DIGITS}g}")
        return format(Decimal(repr(rounded)).normalize(), "f")
    places = max(twos, fives)
    digits = str(abs(number.numerator) * 10**places // number.denominator)
    sign = "-" if number < 0 else ""
    if places == 0:
        return sign + digits
    digits = digits.rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}"
