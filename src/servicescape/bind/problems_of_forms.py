"""Findings about texts that have not the form they need: names, durations, days."""

import re
from decimal import Decimal
from typing import Any

from servicescape.bind.located import Path
from servicescape.bind.mends import value_fix
from servicescape.bind.problem_words import as_name, brief, container_words, last_key
from servicescape.diagnostics import Diagnostic
from servicescape.model.names import NAME_MAX_LENGTH
from servicescape.model.units import Duration
from servicescape.syntax.document import Document


def malformed(document: Document, path: Path, fault: Any) -> Diagnostic:
    """The finding for a text that does not match its pattern."""
    value, key = str(fault["input"]), last_key(path)
    if fault["loc"][-1:] == ("[key]",):
        return Diagnostic(
            code="SCH109",
            message=f"`{brief(value)}` cannot be a key{container_words(path[:-1], None)}",
            file=document.file,
            span=document.key_span(path),
            label="expected letters, digits and underscores, not beginning with a digit",
            help="give it another name",
        )
    if key in ("name", "namespace", "aliases"):
        suggestion = as_name(value)
        return Diagnostic(
            code="SCH109",
            message=f"`{brief(value)}` is not a name" if len(value) <= NAME_MAX_LENGTH else "the name is too long",
            file=document.file,
            span=document.value_span(path),
            label=f"small letters, digits and dashes, at most {NAME_MAX_LENGTH} characters",
            help=f"write `{suggestion}`, and put what people should read into `title`"
            if suggestion
            else "write it in small letters, digits and dashes, and put what people should read into `title`",
            fix=value_fix(document, path, suggestion, safe=False) if suggestion else None,
        )
    expected = {
        "at": "`average`, `peak`, or a time such as `20:30` or `Sa 20:30`",
        "currency": "three capital letters, such as `GBP`",
        "rrule": "a recurrence rule that begins with `FREQ=`",
        "histogram": "the name of a metric",
    }.get(key, f"the form {fault.get('ctx', {}).get('pattern', '')}")
    return Diagnostic(
        code="SCH109",
        message=f"`{brief(value)}` has not the form that `{key}` needs",
        file=document.file,
        span=document.value_span(path),
        label=f"expected {expected}",
        help=f"write {expected}",
    )


def malformed_unit(document: Document, path: Path, kind: str, value: str) -> Diagnostic:
    """The finding for a text that is no duration, or no day."""
    key = last_key(path)
    meant, is_certain, advice = "", True, ""
    if kind == "date_text":
        expected, example = "a day as YYYY-MM-DD", "`2026-10-01`"
    else:
        expected, example = "a duration with its unit", "`30s`, `15m`, `4h`, `1h30m` or `30d`"
        meant, is_certain = _as_duration(value)
        advice = _without_length(key, value)
    return Diagnostic(
        code="SCH109",
        message=f"`{brief(value)}` is not {expected.split(' with')[0].split(' as')[0]}",
        file=document.file,
        span=document.value_span(path),
        label=f"expected {expected}",
        help=f"did you mean `{meant}`?" if meant else advice or f"write `{key}` as {example}",
        fix=value_fix(document, path, meant, safe=is_certain) if meant else None,
    )


def _as_duration(value: str) -> tuple[str, bool]:
    """The duration that words stand for (`30 min`, `1.5h`), and whether they can stand for nothing else.

    Empty where they do not say it exactly.
    """
    match = _AMOUNT.fullmatch(value.strip().replace(" ", "").replace("\u00a0", ""))
    if match is None:
        return "", False
    unit = next((short for short, words in _UNITS.items() if match[2].lower() in words), None)
    if unit is None:
        return "", False
    # Only a capital M may mean something else: months.
    is_certain = match[2] != "M"
    if match[1].isdigit():
        return f"{match[1]}{unit}", is_certain
    milliseconds = Decimal(match[1]) * _MILLISECONDS[unit]
    if milliseconds != int(milliseconds) or not milliseconds:
        return "", False
    return Duration(int(milliseconds)).canonical(), is_certain


_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)([A-Za-z]+)")
_UNITS = {
    "ms": ("ms", "msec", "millisecond", "milliseconds"),
    "s": ("s", "sec", "secs", "second", "seconds"),
    "m": ("m", "min", "mins", "minute", "minutes"),
    "h": ("h", "hr", "hrs", "hour", "hours"),
    "d": ("d", "day", "days"),
    "w": ("w", "wk", "week", "weeks"),
}
_MILLISECONDS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_NO_LENGTH = re.compile(r"\d+\s*(month|quarter|year)s?", re.IGNORECASE)


def _without_length(key: str, value: str) -> str:
    match = _NO_LENGTH.fullmatch(value.strip())
    if match is None:
        return ""
    word = match[1].lower()
    calendar = f", or `{{calendar: {word}}}`" if key == "window" else ""
    return f"a {word} has no fixed length: write days, such as `30d`{calendar}"
