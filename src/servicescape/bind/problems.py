"""What pydantic complains of, as a finding at its place in words of the catalog language."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from servicescape.bind.located import Path
from servicescape.bind.mends import are_spelt_alike, key_fix, no_quotes_fix, quotes_fix, removal_fix, value_fix
from servicescape.diagnostics import Diagnostic, Fix, nearest
from servicescape.diagnostics.position import Position, Span
from servicescape.model import shape
from servicescape.model.entity import Entity
from servicescape.model.names import NAME_MAX_LENGTH
from servicescape.model.references import reference_keys
from servicescape.syntax.document import Document
from servicescape.syntax.scalars import read_plain, why_not_a_number


def diagnose(document: Document, model: type[Entity], path: Path, fault: Any) -> Diagnostic:
    """The finding for one fault that the kind's model found at a path of the document."""
    kind = str(fault["type"])
    if kind == "missing":
        return _missing(document, model, path)
    if kind == "extra_forbidden":
        return _unknown_key(document, model, path)
    if fault["input"] is None or (fault["input"] == "" and kind in ("string_too_short", "string_pattern_mismatch")):
        return _empty(document, path, fault["input"])
    if kind == "literal_error":
        return _unknown_word(document, model, path, fault["input"])
    if kind in _OUT_OF_RANGE:
        return _out_of_range(document, path, fault)
    if kind == "string_pattern_mismatch" or (kind == "string_too_long" and path[-1:] == ("name",)):
        return _bad_form(document, path, fault)
    if kind in ("duration_parsing", "date_text") and isinstance(fault["input"], str):
        return _bad_unit(document, path, kind, fault["input"])
    if kind in _BETWEEN_KEYS:
        return _between_keys(document, path, fault)
    return _wrong_type(document, model, path, fault)


_OUT_OF_RANGE = {
    "number_range",
    "greater_than",
    "greater_than_equal",
    "less_than",
    "less_than_equal",
    "too_short",
    "too_long",
    "duration_zero",
    "string_too_short",
    "string_too_long",
}
_BETWEEN_KEYS = {"one_of", "with_without_use", "empty_selector", "depth_alone"}


def _missing(document: Document, model: type[Entity], path: Path) -> Diagnostic:
    parent, key = path[:-1], str(path[-1])
    field = shape.field_at(model, path)
    purpose = (field.description or "").rstrip(".") if field is not None else ""
    where = _container(parent, model)
    present = _value_at(document.value, parent)
    typo = None
    if isinstance(present, dict):
        allowed = set(shape.keys_at(model, parent))
        typo = nearest(key, [name for name in present if name not in allowed])
    return Diagnostic(
        code="SCH104",
        message=f"`{key}` is missing{where}",
        file=document.file,
        span=document.key_span(parent) if parent else document.key_span(("kind",)),
        label=f"needs `{key}`",
        help=f"is `{typo}` meant to be `{key}`?"
        if typo
        else f"add `{key}:` — {_lower_first(purpose)}"
        if purpose
        else f"add `{key}:`",
    )


def _unknown_key(document: Document, model: type[Entity], path: Path) -> Diagnostic:
    key = str(path[-1])
    allowed = shape.keys_at(model, path[:-1])
    close = nearest(key, allowed)
    fix = None
    if close is not None:
        present = _value_at(document.value, path[:-1])
        advice = f"did you mean `{close}`?"
        if isinstance(present, dict) and close in present:
            advice = f"`{close}` is there already; remove this one"
        elif isinstance(present, dict) and not any(nearest(each, [close]) for each in present if each != key):
            fix = key_fix(document, path, close, safe=are_spelt_alike(key, close))
    else:
        advice = (
            _no_space_behind_colon(key, allowed)
            or _belongs_elsewhere(model, path)
            or (f"the keys here are {_list(allowed)}" if allowed else "remove the key")
        )
    return Diagnostic(
        code="SCH105",
        message=f"unknown key `{key}`{_container(path[:-1], model)}",
        file=document.file,
        span=document.key_span(path),
        label="the language has no such key here",
        help=advice,
        fix=fix,
    )


def _no_space_behind_colon(key: str, allowed: tuple[str, ...]) -> str | None:
    before, colon, behind = key.partition(":")
    return f"write `{before}: {behind}` with a space behind the colon" if colon and before in allowed else None


def _belongs_elsewhere(model: type[Entity], path: Path) -> str | None:
    key, parent = str(path[-1]), path[:-1]
    for place in ((), ("metadata",), ("spec",)):
        if place != parent and key in shape.keys_at(model, place):
            return f"`{key}` belongs {'under `' + place[0] + '`' if place else 'at the top level of the document'}"
    return None


def _empty(document: Document, path: Path, value: Any) -> Diagnostic:
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
        help="give it a value, or remove the item" if is_item else "give it a value, or remove the key",
    )


def _visible(document: Document, span: Span) -> Span:
    """An empty list item has no text of its own: point at its dash instead."""
    if span.start != span.end:
        return span
    line = document.source.lines.line(span.start.line)
    dash = line.rfind("-", 0, span.start.column)
    if dash >= 0:
        return Span(Position(span.start.line, dash + 1), Position(span.start.line, dash + 2))
    return span


def _unknown_word(document: Document, model: type[Entity], path: Path, value: Any) -> Diagnostic:
    words = shape.words_at(model, path)
    close = nearest(str(value), words)
    shown = str(value) if isinstance(value, str) else str(value).lower()
    return Diagnostic(
        code="SCH107",
        message=f"`{_brief(shown)}` is no value of `{_last_key(path)}`",
        file=document.file,
        span=document.value_span(path),
        label=f"expected {_list(words, 'or')}",
        help=f"did you mean `{close}`?" if close else f"write {_list(words, 'or')}",
        fix=value_fix(document, path, close, safe=are_spelt_alike(value, close))
        if close and isinstance(value, str)
        else None,
    )


def _out_of_range(document: Document, path: Path, fault: Any) -> Diagnostic:
    kind, context = str(fault["type"]), fault.get("ctx", {})
    key = _last_key(path)
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
        help=_range_help(key, shown) or _bounds_help(kind, limit),
    )


def _range_help(key: str, value: Any) -> str:
    if key in ("objective", "target", "sla"):
        try:
            if float(value) == 100:
                return "nothing is always good; 100 leaves no budget at all. Promise less, such as 99.99"
            if 0 < float(value) <= 1:
                return f"write percent, such as {float(value) * 100:g}"
        except (TypeError, ValueError):
            return ""
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


def _bad_form(document: Document, path: Path, fault: Any) -> Diagnostic:
    value, key = str(fault["input"]), _last_key(path)
    if fault["loc"][-1:] == ("[key]",):
        return Diagnostic(
            code="SCH109",
            message=f"`{_brief(value)}` cannot be a key{_container(path[:-1], None)}",
            file=document.file,
            span=document.key_span(path),
            label="expected letters, digits and underscores, not beginning with a digit",
            help="give it another name",
        )
    if key in ("name", "namespace", "aliases"):
        suggestion = _as_name(value)
        return Diagnostic(
            code="SCH109",
            message=f"`{_brief(value)}` is not a name" if len(value) <= NAME_MAX_LENGTH else "the name is too long",
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
        message=f"`{_brief(value)}` has not the form that `{key}` needs",
        file=document.file,
        span=document.value_span(path),
        label=f"expected {expected}",
        help=f"write {expected}",
    )


def _bad_unit(document: Document, path: Path, kind: str, value: str) -> Diagnostic:
    key = _last_key(path)
    meant = _as_duration(value) if kind != "date_text" else ""
    if kind == "date_text":
        expected, example = "a day as YYYY-MM-DD", "`2026-10-01`"
    else:
        expected, example = "a duration with its unit", "`30s`, `15m`, `4h`, `1h30m` or `30d`"
    return Diagnostic(
        code="SCH109",
        message=f"`{_brief(value)}` is not {expected.split(' with')[0].split(' as')[0]}",
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


def _between_keys(document: Document, path: Path, fault: Any) -> Diagnostic:
    kind = str(fault["type"])
    given: list[str] = fault.get("ctx", {}).get("given", [])
    place = document.key_span((*path, given[1])) if len(given) > 1 else document.key_span(path)
    advice = {
        "with_without_use": "name the Indicator with `use`, or remove `with`",
        "empty_selector": "write for example `{domain: sales}`",
        "depth_alone": "add `dependenciesOf` or `dependentsOf`, or remove `depth`",
    }.get(kind, "add one of them")
    message = str(fault["msg"])
    if len(given) > 1:
        advice = f"`{given[0]}` and `{given[1]}` stand side by side: keep one"
    return Diagnostic(
        code="SCH110",
        message=f"{message}{_container(path, None)}",
        file=document.file,
        span=place,
        label="one too many" if len(given) > 1 else "",
        help=advice,
    )


def _wrong_type(document: Document, model: type[Entity], path: Path, fault: Any) -> Diagnostic:
    kind, value = str(fault["type"]), fault["input"]
    expected = _EXPECTED.get(kind)
    if expected is None:
        expected = "text or a mapping" if kind.startswith("union_tag") else "another type of value"
        if kind.startswith("union_tag") and _last_key(path) == "dependsOn":
            expected = "a name, or a mapping with `on` or `anyOf`"
    found = _found(value)
    advice = ""
    fix: Fix | None = None
    reason = why_not_a_number(value) if isinstance(value, str) and "number" in expected else None
    if reason is not None:
        advice = f"`{value}`: {reason}"
    elif isinstance(value, str) and "number" in expected and _is_number(value):
        advice = "remove the quotes"
        number = read_plain(value)
        if isinstance(number, int) or (isinstance(number, Decimal) and kind != "int_type"):
            fix = no_quotes_fix(document, path, value)
    elif expected == "text" and isinstance(value, bool | int | Decimal):
        advice = "put it in quotes"
        fix = quotes_fix(document, path)
    elif kind == "tuple_type" and not isinstance(value, dict):
        advice = f"write a list: `[{value}]`" if isinstance(value, str) else "write a list"
    elif kind == "duration_type" and isinstance(value, int | Decimal) and not isinstance(value, bool):
        advice = f"add the unit, such as `{value}s` or `{value}m`"
    return Diagnostic(
        code="SCH106",
        message=f"`{_last_key(path)}` needs {expected}, and this is {found}",
        file=document.file,
        span=_short(document.value_span(path)),
        label=f"expected {expected}",
        help=advice or f"write {expected}",
        fix=fix,
    )


_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "`true` or `false`",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "number_type": "a number",
    "number_finite": "a finite number",
    "duration_type": "a duration with its unit",
    "duration_parsing": "a duration with its unit",
    "date_text": "a day as YYYY-MM-DD",
}


def _found(value: Any) -> str:
    if isinstance(value, bool):
        return "a truth value"
    if isinstance(value, str):
        return "text"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, tuple | list):
        return "a list"
    return "empty" if value is None else "a number"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _brief(text: str) -> str:
    """A value as it is repeated in a message: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= _MOST_REPEATED else f"{line[: _MOST_REPEATED - 1]}…"


_MOST_REPEATED = 60


def _short(span: Span) -> Span:
    if span.start.line == span.end.line:
        return span
    return Span(span.start, Position(span.start.line, span.start.column + 1))


def _container(path: Path, model: type[Entity] | None) -> str:
    if not path:
        return f" in this {model.__name__}" if model is not None else ""
    return f" in `{_dotted(path)}`"


def _dotted(path: Path) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _last_key(path: Path) -> str:
    return next((str(step) for step in reversed(path) if isinstance(step, str)), "document")


def _value_at(value: Any, path: Path) -> Any:
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _list(words: Sequence[str], last: str = "and") -> str:
    quoted = [f"`{word}`" for word in words]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"


def _lower_first(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _as_name(text: str) -> str:
    kept = "".join(char if char.isalnum() and char.isascii() else "-" for char in text.lower())
    return "-".join(piece for piece in kept.split("-") if piece)[:NAME_MAX_LENGTH].strip("-")
