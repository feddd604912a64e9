"""Findings about values of another type than the one that is needed."""

from decimal import Decimal
from typing import Any

from servicescape.bind.located import Path
from servicescape.bind.mends import no_quotes_fix, quotes_fix
from servicescape.bind.problem_words import first_line, last_key
from servicescape.diagnostics import Diagnostic, Fix
from servicescape.model.entity import Entity
from servicescape.syntax.document import Document
from servicescape.syntax.scalars import read_plain, why_not_a_number


def wrong_type(document: Document, model: type[Entity], path: Path, fault: Any) -> Diagnostic:
    """The finding for a value of another type."""
    kind, value = str(fault["type"]), fault["input"]
    expected = _EXPECTED.get(kind)
    if expected is None:
        expected = "text or a mapping" if kind.startswith("union_tag") else "another type of value"
        if kind.startswith("union_tag") and last_key(path) == "dependsOn":
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
        message=f"`{last_key(path)}` needs {expected}, and this is {found}",
        file=document.file,
        span=first_line(document.value_span(path)),
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
