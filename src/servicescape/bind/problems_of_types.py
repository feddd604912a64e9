"""Findings about values of another type than the one that is needed."""

import re
from decimal import Decimal
from typing import Any

from servicescape.bind.located import Path
from servicescape.bind.mends import bare_value_fix, no_quotes_fix, quotes_fix
from servicescape.bind.problem_words import brief, first_line, last_key
from servicescape.bind.problems_of_values import range_help
from servicescape.diagnostics import Diagnostic, Fix
from servicescape.model import shape
from servicescape.model.base import Part
from servicescape.model.entity import Entity
from servicescape.syntax.document import Document
from servicescape.syntax.scalars import read_plain, why_not_a_number


def wrong_type(document: Document, model: type[Entity], path: Path, fault: Any) -> Diagnostic:
    """The finding for a value of another type."""
    kind, value = str(fault["type"]), fault["input"]
    key = last_key(path)
    expected = _EXPECTED.get(kind)
    if expected is None:
        expected = "text or a mapping" if kind.startswith("union_tag") else "another type of value"
        if kind.startswith("union_tag") and key == "dependsOn":
            expected = "a name, or a mapping with `on` or `anyOf`"
    advice, fix = _advice(document, model, path, expected, value)
    what = f"an item of `{key}`" if path and isinstance(path[-1], int) else f"`{key}`"
    return Diagnostic(
        code="SCH106",
        message=f"{what} needs {expected}, and this is {_found(value)}",
        file=document.file,
        span=first_line(document.value_span(path)),
        label=f"expected {expected}",
        help=advice or f"write {expected}",
        fix=fix,
    )


def _advice(document: Document, model: type[Entity], path: Path, expected: str, value: Any) -> tuple[str, Fix | None]:
    """What to do, where more can be said than what was expected."""
    if isinstance(value, str) and "number" in expected:
        return _number_for_text(document, path, expected, value)
    if isinstance(value, str) and expected == _EXPECTED["bool_type"]:
        meant = _TRUTH.get(value.strip().lower())
        if meant is not None:
            return f"write `{meant}`, without quotes", bare_value_fix(document, path, meant)
    if expected == "text":
        return _text_for_other(document, path, value)
    if expected == "a list":
        return _list_for_other(value), None
    if expected == "a mapping":
        return _mapping_for_other(model, path, value), None
    if expected == _EXPECTED["duration_type"] and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"add the unit, such as `{value}s` or `{value}m`", None
    if isinstance(value, tuple) and len(value) == 1 and isinstance(value[0], str | int | Decimal):
        return f"one value is expected here: write `{value[0]}`, without brackets and dashes", None
    return "", None


_TRUTH = {"true": "true", "yes": "true", "on": "true", "y": "true"} | dict.fromkeys(
    ("false", "no", "off", "n"), "false"
)


def _number_for_text(document: Document, path: Path, expected: str, value: str) -> tuple[str, Fix | None]:
    percent = _PERCENT.fullmatch(value.strip())
    if percent is not None and last_key(path) not in _IN_PERCENT:
        share = format((Decimal(percent[1]) / 100).normalize(), "f")
        return f"this is a share from 0 to 1: write `{share}`", bare_value_fix(document, path, share)
    if percent is not None:
        return "the unit is already percent: leave the sign out", bare_value_fix(document, path, percent[1])
    reason = why_not_a_number(value)
    if reason is not None:
        return f"`{brief(value)}`: {reason}", None
    if _is_number(value):
        number = read_plain(value)
        whole_enough = isinstance(number, int) or (isinstance(number, Decimal) and expected != _EXPECTED["int_type"])
        return "remove the quotes", no_quotes_fix(document, path, value) if whole_enough else None
    return range_help(last_key(path), value), None


_PERCENT = re.compile(r"(\d+(?:\.\d+)?)[ \u00a0]?%")
_IN_PERCENT = ("objective", "target", "sla", "availability")


def _text_for_other(document: Document, path: Path, value: Any) -> tuple[str, Fix | None]:
    if isinstance(value, bool | int | Decimal):
        return "put it in quotes", quotes_fix(document, path)
    if isinstance(value, tuple) and len(value) == 1 and isinstance(value[0], str):
        return f"one value is expected here: write `{brief(value[0])}`, without brackets and dashes", None
    if isinstance(value, tuple):
        return "one value is expected here, and no list: keep one of them", None
    if isinstance(value, dict) and len(value) == 1:
        name, only = next(iter(value.items()))
        if only is None:
            return f'braces make a mapping of it: write `"{{{brief(name)}}}"` in quotes, or `{brief(name)}`', None
        if isinstance(only, str):
            return f"write the text alone: `{brief(only)}`", None
    return "", None


def _list_for_other(value: Any) -> str:
    if isinstance(value, str):
        return f"write a list: `[{brief(value)}]`"
    if isinstance(value, dict):
        return "write each item on a line that begins with `- `"
    return "write a list"


def _mapping_for_other(model: type[Entity], path: Path, value: Any) -> str:
    if isinstance(value, tuple) and value and all(isinstance(item, dict) for item in value):
        return "write the keys without the dashes before them" if len(value[0]) == 1 else "only one can stand here"
    keys = [key for part in shape.parts_at(model, path) for key in _needed_first(part)]
    if isinstance(value, str) and keys and path and path != ("spec",):
        return f"write `{keys[0]}: {brief(value)}` below it, or in braces"
    if keys:
        return f"write keys and their values, such as `{keys[0]}: …`, each on a line of its own and indented"
    return "write keys and their values, such as `key: value`"


def _needed_first(part: type[Part]) -> list[str]:
    fields = shape.fields_of(part)
    return sorted(fields, key=lambda key: not fields[key].is_required())


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
