"""Findings about values of the right type: empty, none of the words that may stand there, too large or too small."""

from decimal import Decimal
from typing import Any

from servicescape.bind.located import Path
from servicescape.bind.mends import are_spelt_alike, removal_fix, value_fix
from servicescape.bind.problem_words import brief, last_key, listed, value_at
from servicescape.diagnostics import Diagnostic, nearest
from servicescape.diagnostics.position import Position, Span
from servicescape.model import shape
from servicescape.model.entity import Entity
from servicescape.model.references import reference_keys
from servicescape.syntax.document import Document


def empty_value(document: Document, path: Path, value: Any) -> Diagnostic:
    """The finding for a value, or an item of a list, that is not there."""
    key = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    is_item = bool(path) and isinstance(path[-1], int)
    is_reference = key in reference_keys() and "metadata" not in path[:1]
    span = document.value_span(path)
    if span.start == span.end and not is_item:
        span = document.key_span(path)
    if is_reference and (is_item or value == ""):
        return Diagnostic(
            code="REF202",
            message=f"an item of `{key}` is empty" if is_item else f"`{key}` names nothing",
            file=document.file,
            span=_visible(document, span),
            label="a name is missing here",
            help="remove the item, or write the name of what is meant"
            if is_item
            else "write a name, or remove the key",
            fix=removal_fix(document, path, safe=True) if is_item else None,
        )
    what = f"an item of `{key}`" if is_item else f"`{key}`"
    return Diagnostic(
        code="REF202" if is_reference else "SCH106",
        message=f"{what} is empty",
        file=document.file,
        span=span,
        label="a value is missing here",
        help=_behind_hash(document, path)
        or ("give it a value, or remove the item" if is_item else "give it a value, or remove the key"),
    )


def _behind_hash(document: Document, path: Path) -> str:
    """`type: #api` is a key with a comment."""
    end = document.key_span(path).end
    rest = document.source.lines.line(end.line)[end.column - 1 :].lstrip(": ")
    if rest[:1] == "#" and rest[1:2].strip() and value_at(document.value, path) is None:
        return f'a `#` behind a blank begins a comment: if it is part of the value, write `"{brief(rest)}"`'
    return ""


def _visible(document: Document, span: Span) -> Span:
    """An empty list item has no text of its own: point at its dash instead."""
    if span.start != span.end:
        return span
    line = document.source.lines.line(span.start.line)
    dash = line.rfind("-", 0, span.start.column)
    if dash >= 0:
        return Span(Position(span.start.line, dash + 1), Position(span.start.line, dash + 2))
    return span


def unknown_word(document: Document, model: type[Entity], path: Path, value: Any) -> Diagnostic:
    """The finding for a word that is none of those that may stand there."""
    words = shape.words_at(model, path)
    close = nearest(str(value), words)
    shown = str(value) if isinstance(value, str) else str(value).lower()
    return Diagnostic(
        code="SCH107",
        message=f"`{brief(shown)}` is no value of `{last_key(path)}`",
        file=document.file,
        span=document.value_span(path),
        label=f"expected {listed(words, 'or')}",
        help=f"did you mean `{close}`?" if close else f"write {listed(words, 'or')}",
        fix=value_fix(document, path, close, safe=are_spelt_alike(value, close))
        if close and isinstance(value, str)
        else None,
    )


def out_of_range(document: Document, path: Path, fault: Any) -> Diagnostic:
    """The finding for what is too large, too small, too long or too short."""
    kind, context = str(fault["type"]), fault.get("ctx", {})
    key = last_key(path)
    if kind == "number_range":
        limit = f"must be {context['words']}"
    elif kind in ("too_short", "too_long"):
        if kind == "too_short":
            count = context["min_length"]
            limit = f"needs at least {count} {'item' if count == 1 else 'items'}"
        else:
            limit = f"takes at most {context['max_length']} items"
    elif kind == "duration_zero":
        limit = "must be longer than zero"
    elif kind == "string_too_short":
        limit = "must not be empty"
    elif kind == "string_too_long":
        limit = f"has at most {context['max_length']} characters"
    else:
        words = {"greater_than": "greater than", "greater_than_equal": "at least", "less_than": "less than"}
        sign = {"greater_than": "gt", "greater_than_equal": "ge", "less_than": "lt", "less_than_equal": "le"}[kind]
        limit = f"must be {words.get(kind, 'at most')} {context[sign]}"
    shown = fault["input"]
    value = f", not {shown}" if isinstance(shown, int | Decimal) else ""
    return Diagnostic(
        code="SCH108",
        message=f"`{key}` {limit}{value}",
        file=document.file,
        span=document.value_span(path) if not isinstance(shown, tuple | list) else document.key_span(path),
        label=limit,
        help=range_help(key, shown) or _bounds_help(kind, limit),
    )


def range_help(key: str, value: Any) -> str:
    """What to write instead of a figure that cannot be; empty where nothing particular is known of the key."""
    if key in ("objective", "target", "sla"):
        try:
            if float(value) == 100:
                return "nothing is always good; 100 leaves no budget at all. Promise less, such as 99.99"
            if 0 < float(value) <= 1:
                return f"write percent, such as {float(value) * 100:g}"
        except (TypeError, ValueError):
            pass
        return "write percent, such as 99.9"
    if key == "tier":
        return "tiers go from 1, the most critical, to 4"
    if key in ("share", "commonCause", "switchFailure"):
        try:
            if 1 < float(value) <= 100:
                return f"this is a share from 0 to 1, not percent: did you mean {float(value) / 100:g}?"
        except (TypeError, ValueError):
            return ""
    return ""


def _bounds_help(kind: str, limit: str) -> str:
    if kind in _LENGTHS:
        return _LENGTHS[kind]
    return f"write a value that is {limit.removeprefix('must be ')}"


_LENGTHS = {
    "too_short": "list at least one",
    "too_long": "remove what is too much",
    "string_too_short": "write something, or remove the key",
    "string_too_long": "write it shorter",
}
