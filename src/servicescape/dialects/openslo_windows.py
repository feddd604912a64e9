"""Periods, slices and alerts of OpenSLO in the words of the catalog."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from servicescape.dialects.draft import Path
from servicescape.dialects.openslo_shapes import INLINE_CONDITION, INLINE_POLICY
from servicescape.dialects.shapes import Reader, Shape
from servicescape.model.units import Duration

_SHORTHAND = re.compile(r"([0-9]{1,6})([mhdwMQY])")
_MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10_080, "M": 43_200, "Q": 129_600, "Y": 525_600}
_CALENDARS = {("1", "w"): "week", ("1", "M"): "month", ("1", "Q"): "quarter"}
OLD_UNITS = {
    "Minute": "m",
    "Hour": "h",
    "Day": "d",
    "Week": "w",
    "Month": "M",
    "Quarter": "Q",
    "Year": "Y",
}
"""Units of `openslo/v1alpha`."""
_PAGING = frozenset({"page", "critical", "sev0", "sev1", "p0", "p1", "emergency", "fatal"})
_ABSENT = "10m"


def read_window(reader: Reader, window: dict[str, Any], path: Path, what: str, *, key: str = "duration") -> Any:
    """The period of a budget; None where it cannot be carried, which is reported. `key` holds the duration."""
    text = window.get("duration")
    if text is None:
        return None
    match = _SHORTHAND.fullmatch(text)
    if match is None or match[1].strip("0") == "":
        reader.wrong(
            (*path, key), f"`{text}` is not a duration", label="a number and a unit", advice="write it as `30d` or `4w`"
        )
        return None
    calendar = window.get("calendar")
    if calendar is None and window.get("isRolling") is False:
        reader.missing((*path, "calendar"))
        return None
    if calendar is not None and not window.get("isRolling"):
        return _calendar(reader, match, calendar, path, what, key)
    if calendar is not None:
        reader.wrong(
            (*path, "calendar"),
            "a window is rolling or begins with the calendar, and not both",
            label="beside `isRolling: true`",
            advice="remove one of the two",
        )
        return None
    minutes = int(match[1]) * _MINUTES[match[2]]
    if match[2] in "MQY":
        reader.changed(
            (*path, key),
            f"`{text}` rolls over {minutes // 1440} days",
            "months have no fixed length",
            "write days to choose yourself",
            at_key=False,
        )
    return Duration(minutes * 60_000).canonical()


def _calendar(reader: Reader, match: re.Match[str], calendar: dict[str, Any], path: Path, what: str, key: str) -> Any:
    period = _CALENDARS.get((match[1], match[2]))
    if period is None:
        reader.left_out(
            (*path, key),
            what,
            f"its calendar period is `{match[0]}`",
            "the calendar has `1w`, `1M` and `1Q`; a rolling window takes any length",
        )
        return None
    start = calendar.get("startTime")
    if start is not None and not _begins(start, period):
        begin = {"week": "on Monday", "month": "on the first", "quarter": "on the first of its first month"}[period]
        reader.not_carried(
            (*path, "calendar", "startTime"),
            f"a {period} begins {begin} at 00:00; nothing needs to be done if that will do",
        )
    zone = calendar.get("timeZone")
    return {"calendar": period, **({"timeZone": zone} if zone else {})}


def _begins(text: str, period: str) -> bool:
    """Whether a period of the calendar begins at this very moment."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return False
    if (moment.hour, moment.minute, moment.second) != (0, 0, 0):
        return False
    if period == "week":
        return moment.weekday() == 0
    return moment.day == 1 and (period == "month" or moment.month in (1, 4, 7, 10))


def read_slice(reader: Reader, value: Any, path: Path) -> str | None:
    """Length of a time slice: a duration, or a number of minutes."""
    if isinstance(value, str) and (match := _SHORTHAND.fullmatch(value)):
        minutes = Decimal(int(match[1]) * _MINUTES[match[2]])
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        minutes = Decimal(value)
    else:
        minutes = Decimal(0)
    if minutes > 0 and minutes * 60_000 == (minutes * 60_000).to_integral_value():
        return Duration(int(minutes * 60_000)).canonical()
    reader.wrong(path, "`timeSliceWindow` is not a duration", label="the length of a slice", advice="write it as `5m`")
    return None


@dataclass(slots=True)
class Alerts:
    """When an SLO alerts, from the policies that it names. OpenSLO alerts about nothing by itself."""

    policies: Mapping[str, tuple[Reader, dict[str, Any]]]
    """AlertPolicy objects by name."""
    conditions: Mapping[str, tuple[Reader, dict[str, Any]]]
    """AlertCondition objects by name."""

    def read(self, reader: Reader, entries: tuple[Any, ...], path: Path) -> dict[str, Any]:
        """The `alerting` of an SLO."""
        found: dict[str, Any] = {"page": "off", "ticket": "off"}
        for number, entry in enumerate(entries):
            here = (*path, number)
            if entry is None:
                continue
            if isinstance(entry, str):  # As early versions wrote it.
                self._policy_of(reader, entry, here, found)
                continue
            inline = self._inline(reader, entry, INLINE_POLICY, here, "alertPolicyRef")
            if "alertPolicyRef" in inline:
                self._policy_of(reader, inline["alertPolicyRef"], (*here, "alertPolicyRef"), found)
            elif "spec" in inline:
                self._policy(reader, inline["spec"], (*here, "spec"), found)
        return found

    def read_all(self) -> None:
        """Checks every policy and condition, whether an SLO names it or not."""
        for reader, policy in self.policies.values():
            self._policy(reader, policy, ("spec",), {})
        for reader, condition in self.conditions.values():
            self._condition(reader, condition, ("spec",), {}, breaches=True)

    def _policy_of(self, reader: Reader, name: str, path: Path, found: dict[str, Any]) -> None:
        known = _find(reader, self.policies, name, path, "AlertPolicy")
        if known is not None:
            self._policy(known[0], known[1], ("spec",), found)

    def _inline(self, reader: Reader, value: Any, shape: Shape, path: Path, reference: str) -> dict[str, Any]:
        read = reader.read_part(value, shape, path)
        if not isinstance(read, dict):
            return {}
        if not {reference, "spec"} & value.keys():
            reader.missing((*path, reference))
        return read

    def _policy(self, reader: Reader, spec: dict[str, Any], path: Path, found: dict[str, Any]) -> None:
        if spec.get("alertWhenResolved"):
            why = "whether the end of an alert is told is Alertmanager's to say; set `send_resolved` of its receiver"
            reader.not_carried((*path, "alertWhenResolved"), why)
        if spec.get("alertWhenNoData"):
            found["absent"] = _ABSENT
        for number, entry in enumerate(spec.get("conditions", ())):
            here = (*path, "conditions", number)
            if entry is None:
                continue
            inline = self._inline(reader, entry, INLINE_CONDITION, here, "conditionRef")
            owner, condition, at = reader, inline.get("spec"), (*here, "spec")
            if "conditionRef" in inline:
                known = _find(
                    reader, self.conditions, inline["conditionRef"], (*here, "conditionRef"), "AlertCondition"
                )
                if known is None:
                    continue
                (owner, condition), at = known, ("spec",)
            if condition is not None:
                self._condition(owner, condition, at, found, breaches=spec.get("alertWhenBreaching", True))

    def _condition(
        self, reader: Reader, spec: dict[str, Any], path: Path, found: dict[str, Any], *, breaches: bool
    ) -> None:
        severity = spec.get("severity", "")
        switch = "page" if severity.casefold() in _PAGING else "ticket"
        if breaches:
            found[switch] = {}
        given = spec.get("condition", {})
        if given:
            reader.not_carried(
                (*path, "condition"),
                f"`{severity}` alerts by the windows for `{switch}` of `sre-workbook`; compare them with this one",
            )


def _find(
    reader: Reader, known: Mapping[str, tuple[Reader, dict[str, Any]]], name: str, path: Path, kind: str
) -> tuple[Reader, dict[str, Any]] | None:
    if name in known:
        return known[name]
    reader.unresolved(path, kind, name, known)
    return None
