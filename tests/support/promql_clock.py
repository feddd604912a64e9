"""Evaluates PromQL that is arithmetic on `time()` alone, so that years of it can be held against other calendars."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, datetime

_NAMES = {
    "vector": float,
    "clamp_max": min,
    "floor": lambda value: float(value // 1),
    "month": lambda value: _at(value).month,
    "year": lambda value: _at(value).year,
    "day_of_month": lambda value: _at(value).day,
    "day_of_week": lambda value: _at(value).isoweekday() % 7,
    "days_in_month": lambda value: monthrange(_at(value).year, _at(value).month)[1],
}


def _at(second: float) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def clock_function(expr: str) -> Callable[[int], float]:
    """The value of such an expression at a second since 1970. Its operators mean what they mean in Python."""
    text = re.sub(r"\s+", " ", expr).replace("time()", "now").replace(" bool ", " ")
    code = compile(text, expr, "eval")
    return lambda now: float(eval(code, {"__builtins__": {}, **_NAMES, "now": now}))
