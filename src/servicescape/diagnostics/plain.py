"""Findings as plain tuples of texts and numbers, and back: the form in which they are kept between runs."""

from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any

from servicescape.diagnostics.diagnostic import Diagnostic, Edit, Fix, Label, Severity
from servicescape.diagnostics.position import Position, Span

_TYPES: dict[str, type[Any]] = {each.__name__: each for each in (Diagnostic, Label, Span, Position, Fix, Edit)}
_NAMES: dict[type[Any], tuple[str, Callable[[Any], tuple[Any, ...]]]] = {
    each: (name, attrgetter(*(field.name for field in fields(each)))) for name, each in _TYPES.items()
}
_LIST, _SEVERITY = "*", "Severity"
_PLAIN = frozenset((type(None), str, int, bool))


def to_plain(value: Any) -> Any:
    """A finding, or a part of one, as nested tuples. Raises TypeError for a type that is not known to come back."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple:
        return (_LIST, *map(to_plain, value))
    if kind is Severity:
        return (_SEVERITY, value.value)
    known = _NAMES.get(kind)
    if known is None:
        raise TypeError(f"{kind.__name__} cannot be kept")
    name, parts = known
    return (name, *[part if type(part) in _PLAIN else to_plain(part) for part in parts(value)])


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
        return make(*[from_plain(part) if type(part) is tuple else part for part in parts])
    except (KeyError, TypeError) as error:
        raise ValueError(f"no finding: {error}") from error
