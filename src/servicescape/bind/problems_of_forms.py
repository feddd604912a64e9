"""Findings about texts that have not the form they need: names, durations, days."""

from typing import Any

from servicescape.bind.located import Path
from servicescape.bind.mends import value_fix
from servicescape.bind.problem_words import as_name, brief, container_words, last_key
from servicescape.diagnostics import Diagnostic
from servicescape.model.names import NAME_MAX_LENGTH
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
    meant = _as_duration(value) if kind != "date_text" else ""
    if kind == "date_text":
        expected, example = "a day as YYYY-MM-DD", "`2026-10-01`"
    else:
        expected, example = "a duration with its unit", "`30s`, `15m`, `4h`, `1h30m` or `30d`"
    return Diagnostic(
        code="SCH109",
        message=f"`{brief(value)}` is not {expected.split(' with')[0].split(' as')[0]}",
        file=document.file,
        span=document.value_span(path),
        label=f"expected {expected}",
        help=f"did you mean `{meant}`?" if meant else f"write `{key}` as {example}",
        fix=value_fix(document, path, meant, safe=True) if meant else None,
    )


def _as_duration(value: str) -> str:
    """The duration that words stand for (`30 min`); empty where they do not say it exactly."""
    text = value.strip().lower().replace(" ", "")
    for word, unit in (
        ("milliseconds", "ms"),
        ("seconds", "s"),
        ("minutes", "m"),
        ("hours", "h"),
        ("days", "d"),
        ("weeks", "w"),
        ("second", "s"),
        ("minute", "m"),
        ("hour", "h"),
        ("week", "w"),
        ("mins", "m"),
        ("min", "m"),
        ("secs", "s"),
        ("sec", "s"),
        ("hrs", "h"),
        ("hr", "h"),
        ("day", "d"),
    ):
        if text.endswith(word) and text[: -len(word)].isdigit():
            return f"{text[: -len(word)]}{unit}"
    return ""
