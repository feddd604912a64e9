"""Calendar periods, slices of time and maintenance as PromQL.

A budget of the calendar needs the sum of what was recorded since the period began, and PromQL has no range of varying
length. A subquery that masks the samples of `[31d:5m]` by their month works, and takes 8,928 evaluations of the mask
each minute for each sum. Here every sample is written down with the beginning of its period as a label instead, and the
sum is one plain range over these series, of which those of the current period count. All in all that costs nearly twice
what a rolling window costs, is exact to the minute, and holds no state: after a restart or a gap it says what the
recorded samples say. The label comes from arithmetic on `time()` within the SLO's own group, so that no other group or
server must have recorded anything before.
"""

from dataclasses import dataclass
from typing import Literal

from servicescape.compile import names
from servicescape.compile.decimals import decimal_text
from servicescape.compile.maintenance import Recurrence, active, is_near_1970
from servicescape.compile.promql import parenthesise
from servicescape.compile.zones import Zone
from servicescape.model.units import Duration

NOMINAL = {"week": Duration.parse("7d"), "month": Duration.parse("30d"), "quarter": Duration.parse("91d")}
"""Length by which burn rates are worked out: an outage pages after the same time in February and in March."""
LONGEST = {"week": Duration.parse("8d"), "month": Duration.parse("32d"), "quarter": Duration.parse("93d")}
"""At least as long as every period, an hour of daylight saving included."""

_WEEK = 604_800
_FIRST_MONDAY = 345_600


@dataclass(frozen=True, slots=True)
class CalendarPeriod:
    """A period of the calendar in a time zone."""

    unit: Literal["week", "month", "quarter"]
    zone: Zone

    def begins(self, local: str) -> str:
        """PromQL: the date on which the period of a local time began, as the number 20261001."""
        if self.unit == "week":
            monday = f"{local} - ({local} - {_FIRST_MONDAY}) % {_WEEK}"
            return f"year({monday}) * 10000 + month({monday}) * 100 + day_of_month({monday})"
        if self.unit == "month":
            return f"year({local}) * 10000 + month({local}) * 100 + 1"
        return f"year({local}) * 10000 + floor((month({local}) - 1) / 3) * 300 + 101"

    def current(self, local: str) -> str:
        """PromQL: 1, labelled with the beginning of the current period."""
        return f'count_values("{names.BEGINS}", {self.begins(local)})'

    def of_sample(self, local: str, covers: Duration) -> str:
        """PromQL: 1, labelled with the beginning of the period in which all lies that a sample of now covers."""
        first = self.begins(f"{local} - {decimal_text(covers.milliseconds // 1000)}")
        last = self.begins(f"{local} - 1")
        return f'count_values("{names.BEGINS}",\n{first}\n==\n{last}\n)'

    def days(self, local: str) -> str:
        """PromQL: how many days the current period has."""
        if self.unit == "week":
            return f"sum({local} * 0 + 7)"
        if self.unit == "month":
            return f"sum(days_in_month({local}))"
        # A month of the same quarter is at most 62 days away; taking the 15th keeps clear of the ends of months.
        middle = f"{local} - (day_of_month({local}) - 15) * 86400"
        pieces = []
        for month in range(3):
            shift = f"({month} - (month({local}) - 1) % 3) * 2629800"
            pieces.append(f"days_in_month({middle} + {shift})")
        return "sum(\n" + "\n+ ".join(pieces) + "\n)"


@dataclass(frozen=True, slots=True)
class Slices:
    """Slices of time, each good or bad by its own target."""

    length: Duration
    bad_share: str
    """Share of bad events above which a slice is bad."""

    @property
    def is_tiled(self) -> bool:
        """Whether windows of the recorded rates fill a slice without overlapping."""
        return self.length.milliseconds % names.RATE_WINDOW.milliseconds == 0

    @property
    def tiles(self) -> str:
        """Range with one sample for each of these windows; empty where one is the whole slice."""
        if self.length == names.RATE_WINDOW:
            return ""
        return f"[{Duration(self.length.milliseconds - 1000).canonical()}:{names.RATE_WINDOW}]"

    def is_end(self, interval: Duration) -> str:
        """PromQL: whether a slice ends at this evaluation, which comes once a slice."""
        length, step = (decimal_text(each.milliseconds // 1000) for each in (self.length, interval))
        return f"(vector(time()) % {length} < {step})"


@dataclass(frozen=True, slots=True)
class MaintenanceTime:
    """A recurring time that does not count."""

    recurrence: Recurrence
    zone: Zone
    lasts: Duration

    def terms(self) -> list[str]:
        """PromQL terms of which one is 1 while something measured over five minutes touches this time."""
        covered = Duration(self.lasts.milliseconds + names.RATE_WINDOW.milliseconds)
        return active(self.recurrence, self.zone, covered)

    def is_near_1970(self, within: Duration) -> bool:
        """Whether it touches what promtool's tests would measure so long after 1970 began."""
        covered = Duration(self.lasts.milliseconds + names.RATE_WINDOW.milliseconds)
        return is_near_1970(self.recurrence, self.zone, covered, within)


def in_maintenance(times: tuple[MaintenanceTime, ...]) -> str:
    """PromQL: 1 in maintenance and until five minutes after it, else 0."""
    terms = [term for time in times for term in time.terms()]
    if len(terms) == 1:
        return terms[0]
    return "clamp_max(\n" + "\n+\n".join(parenthesise(term) for term in terms) + "\n, 1)"
