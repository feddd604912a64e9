"""Routes and inhibit rules as data, and as the text of a configuration."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from servicescape.compile import names
from servicescape.compile.yaml_text import comment, scalar


@dataclass(frozen=True, slots=True)
class Timing:
    """When a route notifies; None: as the route around it."""

    wait: str | None = None
    interval: str | None = None
    repeat: str | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Where alerts go that match. The first route that matches takes them."""

    matchers: tuple[str, ...]
    receiver: str | None = None
    """None: as the route around it."""
    group_by: tuple[str, ...] = ()
    timing: Timing = Timing()
    routes: tuple["Route", ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Inhibition:
    """While an alert of the source fires, those of the target that are equal in some labels are not notified of."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    equal: tuple[str, ...]
    """A label that neither has counts as equal."""
    comment: str = ""


OURS = (f'{names.SLO}!=""', f'{names.MEASURES}!=""')
"""Matchers of every alert that comes from the catalog. Other makers of SLO alerts know the one label or the other."""


def equals(label: str, value: str) -> str:
    """A matcher for one value."""
    return f'{label}="{_quoted(value)}"'


def one_of(label: str, values: Sequence[str]) -> str:
    """A matcher for any of these values."""
    return equals(label, values[0]) if len(values) == 1 else f'{label}=~"{_alternatives(values)}"'


def none_of(label: str, values: Sequence[str]) -> str:
    """A matcher for every value but these; for the lack of the label as well."""
    return f'{label}!="{_quoted(values[0])}"' if len(values) == 1 else f'{label}!~"{_alternatives(values)}"'


def lists(label: str, value: str) -> str:
    """A matcher for a label that holds several names, this one among them."""
    delimiter = names.LIST_DELIMITER
    return f'{label}=~".*{delimiter}{_quoted(_escaped(value))}{delimiter}.*"'


def _alternatives(values: Iterable[str]) -> str:
    return _quoted("|".join(map(_escaped, values)))


def _escaped(text: str) -> str:
    """Text for a regular expression of Go; unlike Python's own escaping, what needs none stays readable."""
    return re.sub(r"[\\.+*?()|\[\]{}^$]", r"\\\g<0>", text)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def routes_text(routes: Iterable[Route], indent: str) -> str:
    """Routes as items of a list whose dashes stand at this indentation."""
    return "".join(_route(route, indent) for route in routes)


def _route(route: Route, indent: str) -> str:
    inner = f"{indent}  "
    lines = [f"matchers: {_list(route.matchers)}"]
    if route.receiver is not None:
        lines.append(f"receiver: {scalar(route.receiver)}")
    if route.group_by:
        lines.append(f"group_by: {_list(route.group_by)}")
    times = (
        ("group_wait", route.timing.wait),
        ("group_interval", route.timing.interval),
        ("repeat_interval", route.timing.repeat),
    )
    lines += [f"{key}: {value}" for key, value in times if value is not None]
    note = comment(route.comment, indent) if route.comment else ""
    text = note + f"{indent}- " + f"\n{inner}".join(lines) + "\n"
    return text + (f"{inner}routes:\n{routes_text(route.routes, inner + '  ')}" if route.routes else "")


def inhibitions_text(rules: Iterable[Inhibition], indent: str) -> str:
    """Inhibit rules as items of a list whose dashes stand at this indentation."""
    return "".join(_inhibition(rule, indent) for rule in rules)


def _inhibition(rule: Inhibition, indent: str) -> str:
    note = comment(rule.comment, indent) if rule.comment else ""
    equal = f"{indent}  equal: {_list(rule.equal)}\n" if rule.equal else ""
    return (
        f"{note}{indent}- source_matchers: {_list(rule.source)}\n"
        f"{indent}  target_matchers: {_list(rule.target)}\n{equal}"
    )


def _list(values: Iterable[str]) -> str:
    """Short texts in brackets. A comma within one would end it there, so those stand in quotes."""
    return "[" + ", ".join(_item(value) for value in values) + "]"


def _item(value: str) -> str:
    text = scalar(value)
    if text != value or not re.search(r"[\[\]{},]", value):
        return text
    return "'" + value.replace("'", "''") + "'"
