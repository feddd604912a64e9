"""Findings as plain tuples of texts and numbers, and back: the form in which they are kept between runs."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from servicescape.diagnostics.diagnostic import Diagnostic, Edit, Fix, Label, Severity
from servicescape.diagnostics.position import Position, Span

_TYPES: dict[str, type[Any]] = {each.__name__: each for each in (Diagnostic, Label, Span, Position, Fix, Edit)}
_NAMES: dict[type[Any], tuple[str, tuple[str, ...]]] = {
    each: (name, tuple(field.name for field in fields(each))) for name, each in _TYPES.items()
}
_LIST, _SEVERITY = "*", "Severity"


def to_plain(value: Any) -> Any:
    """A finding, or a part of one, as nested tuples. Raises TypeError for a type that is not known to come back."""
    if value is None or type(value) in (str, int, bool):
        return value
    if type(value) is tuple:
        return (_LIST, *map(to_plain, value))
    if type(value) is Severity:
        return (_SEVERITY, value.value)
    known = _NAMES.get(type(value))
    if known is None:
        raise TypeError(f"{type(value).__name__} cannot be kept")
    name, attributes = known
    return (name, *(to_plain(getattr(value, attribute)) for attribute in attributes))


def from_plain(value: Any) -> Any:
    """What `to_plain` made plain. Raises ValueError where it cannot have been made by it."""
    if not isinstance(value, tuple):
        return value
    try:
        name, *parts = value
        if name == _LIST:
            return tuple(map(from_plain, parts))
        if name == _SEVERITY:
            return Severity(*parts)
        make: Callable[..., Any] = _TYPES[name]
        return make(*map(from_plain, parts))
    except (KeyError, TypeError) as error:
        raise ValueError(f"no finding: {error}") from error
