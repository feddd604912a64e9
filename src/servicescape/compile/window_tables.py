"""Tables of alerting windows, and what they come to for a period."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from servicescape.compile.decimals import decimal_text
from servicescape.compile.names import RATE_WINDOW
from servicescape.model.units import Duration

SRE_WORKBOOK = "sre-workbook"
SEVERITIES = ("page", "ticket")

LEAST_FACTOR = Fraction(9, 10)
"""Below this burn rate a pair would alert on services that keep their objective, so its windows are shortened instead.
Not 1: over the usual 28 days the table's last row comes to 0.933, which is meant."""

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class WindowPair:
    """One row of a table."""

    severity: str
    """`page` or `ticket`."""
    long: Duration
    short: Duration
    budget_share: Fraction
    """Share of the period's budget, 0 to 1, whose spending within `long` alerts."""


@dataclass(frozen=True, slots=True)
class WindowTable:
    """A named table of window pairs with the place it was taken from."""

    name: str
    source: str
    pairs: tuple[WindowPair, ...]


@dataclass(frozen=True, slots=True)
class AlertPair:
    """A row of a table as it stands for one period."""

    severity: str
    long: Duration
    short: Duration
    budget_share: Fraction
    factor: Fraction
    """Burn rate above which the pair alerts."""


@dataclass(frozen=True, slots=True)
class RefusedPair:
    """A row that a period is too short for."""

    pair: WindowPair
    reason: str


@cache
def built_in_table(name: str) -> WindowTable | None:
    """The table that comes with the tool under this name; None where there is none."""
    # Looked up among the files that there are: what an author wrote is no path.
    for resource in (files("servicescape.compile") / "windows").iterdir():
        if resource.name == f"{name}.toml":
            return table_from(tomllib.loads(resource.read_text(encoding="utf-8")))
    return None


def table_from(data: Mapping[str, Any]) -> WindowTable:
    """A table from its data form (`name`, `source`, `pairs`, `budgetShare` in percent); raises ValueError."""
    pairs = []
    for row in data["pairs"]:
        pair = WindowPair(
            severity=row["severity"],
            long=Duration.parse(row["long"]),
            short=Duration.parse(row["short"]),
            budget_share=Fraction(str(row["budgetShare"])) / 100,
        )
        if pair.severity not in SEVERITIES:
            raise ValueError(f"severity must be one of {', '.join(SEVERITIES)}, not {pair.severity!r}")
        if not RATE_WINDOW <= pair.short < pair.long:
            raise ValueError(f"windows {pair.long}/{pair.short}: {RATE_WINDOW} ≤ short < long is needed")
        if not 0 < pair.budget_share <= 1:
            raise ValueError(f"budgetShare must be above 0 and at most 100, not {row['budgetShare']}")
        pairs.append(pair)
    return WindowTable(data["name"], data.get("source", ""), tuple(pairs))


@lru_cache(maxsize=1024)
def pairs_for(
    table: WindowTable, period: Duration, slice_: Duration | None = None
) -> tuple[tuple[AlertPair, ...], tuple[RefusedPair, ...]]:
    """The table's rows for a period, and those that it is too short for.

    factor = share × period ÷ long window (SRE Workbook, chapter 5, "Alerting on burn rate"). Where a short period
    takes that below a burn rate of 1, the long window becomes share × period instead (the time in which the share is
    spent at a burn rate of 1) in whole minutes, and the short one shrinks with it, never below the five minutes of the
    recorded rates. Rows that come to the same windows are one row.

    Where slices of time are counted, windows are whole slices: the short one at least one of them, the long one at
    least twice the short one, so that it still tells a burn from a single bad slice.
    """
    compiled: dict[tuple[str, Duration, Duration], AlertPair] = {}
    refused = []
    for pair in table.pairs:
        scaled = _scale(pair, period, slice_)
        if isinstance(scaled, RefusedPair):
            refused.append(scaled)
        else:
            compiled.setdefault((scaled.severity, scaled.long, scaled.short), scaled)
    return tuple(compiled.values()), tuple(refused)


def _scale(pair: WindowPair, period: Duration, slice_: Duration | None) -> AlertPair | RefusedPair:
    spent_ms = pair.budget_share * period.milliseconds
    if slice_ is not None:
        return _scale_to_slices(pair, period, slice_, spent_ms)
    long, short = pair.long, pair.short
    if spent_ms / long.milliseconds < LEAST_FACTOR:
        long = _whole_minutes(spent_ms)
        short = max(
            _whole_minutes(long.milliseconds * Fraction(pair.short.milliseconds, pair.long.milliseconds)), RATE_WINDOW
        )
        if long <= RATE_WINDOW:
            smallest = Duration(RATE_WINDOW.milliseconds + _MINUTE_MS)
            least_period = Duration(_ceil_minutes(smallest.milliseconds / pair.budget_share))
            return RefusedPair(
                pair,
                f"{decimal_text(pair.budget_share * 100)} % of a budget of {period.canonical()} is spent in "
                f"{Duration(int(spent_ms)).canonical()} at a burn rate of 1; the smallest window for an alert is "
                f"{smallest.canonical()}, which takes a period of at least {least_period.canonical()}",
            )
    return AlertPair(pair.severity, long, short, pair.budget_share, spent_ms / long.milliseconds)


def _scale_to_slices(
    pair: WindowPair, period: Duration, slice_: Duration, spent_ms: Fraction
) -> AlertPair | RefusedPair:
    step = slice_.milliseconds
    most = int(spent_ms / LEAST_FACTOR) // step * step
    long_ms = min(_ceil(pair.long.milliseconds, step), most)
    ratio = Fraction(pair.short.milliseconds, pair.long.milliseconds)
    short_ms = _ceil(max(int(min(pair.long.milliseconds, long_ms) * ratio), RATE_WINDOW.milliseconds), step)
    long_ms = max(long_ms, 2 * short_ms)
    if long_ms > most:
        least_period = Duration(_ceil_minutes(2 * short_ms * LEAST_FACTOR / pair.budget_share))
        return RefusedPair(
            pair,
            f"{decimal_text(pair.budget_share * 100)} % of a budget of {period.canonical()} is spent in "
            f"{Duration(int(spent_ms)).canonical()} at a burn rate of 1; the smallest window of slices of "
            f"{slice_.canonical()} is {Duration(2 * short_ms).canonical()}, which takes a period of at least "
            f"{least_period.canonical()}",
        )
    return AlertPair(pair.severity, Duration(long_ms), Duration(short_ms), pair.budget_share, spent_ms / long_ms)


def _ceil(milliseconds: int, step: int) -> int:
    return -(-milliseconds // step) * step


def _whole_minutes(milliseconds: Fraction | int) -> Duration:
    return Duration(int(milliseconds) // _MINUTE_MS * _MINUTE_MS)


def _ceil_minutes(milliseconds: Fraction) -> int:
    return -(-milliseconds.__ceil__() // _MINUTE_MS) * _MINUTE_MS
