"""What pydantic complains of, as a finding at its place in words of the catalog language."""

from typing import Any

from servicescape.bind.located import Path
from servicescape.bind.problems_of_forms import malformed, malformed_unit
from servicescape.bind.problems_of_keys import keys_at_odds, missing_key, unknown_key
from servicescape.bind.problems_of_types import wrong_type
from servicescape.bind.problems_of_values import empty_value, out_of_range, unknown_word
from servicescape.diagnostics import Diagnostic
from servicescape.model.entity import Entity
from servicescape.syntax.document import Document


def diagnose(document: Document, model: type[Entity], path: Path, fault: Any) -> Diagnostic:
    """The finding for one fault that the kind's model found at a path of the document."""
    kind = str(fault["type"])
    if kind == "missing":
        return missing_key(document, model, path)
    if kind == "extra_forbidden":
        return unknown_key(document, model, path)
    if fault["input"] is None or (fault["input"] == "" and kind in ("string_too_short", "string_pattern_mismatch")):
        return empty_value(document, path, fault["input"])
    if kind == "literal_error":
        return unknown_word(document, model, path, fault["input"])
    if kind in _OUT_OF_RANGE:
        return out_of_range(document, path, fault)
    if kind == "string_pattern_mismatch" or (kind == "string_too_long" and path[-1:] == ("name",)):
        return malformed(document, path, fault)
    if kind in ("duration_parsing", "date_text") and isinstance(fault["input"], str):
        return malformed_unit(document, path, kind, fault["input"])
    if kind in _BETWEEN_KEYS:
        return keys_at_odds(document, path, fault)
    return wrong_type(document, model, path, fault)


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
_BETWEEN_KEYS = {
    "one_of",
    "with_without_use",
    "empty_selector",
    "depth_alone",
    "depth_of_view",
    "kind_lacks",
    "rank_twice",
}
