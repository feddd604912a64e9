"""The organisation's own Alertmanager configuration, and where in its text ours is put.

Alertmanager reads one file and knows no include. So the organisation keeps its receivers, templates and routes in a
file of its own, and ours are written between its lines: every character of it stays, comments too.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from servicescape.compile.alertmanager.tree import Inhibition, Route, inhibitions_text, routes_text
from servicescape.diagnostics.errors import ToolError
from servicescape.source.text import SourceFile
from servicescape.syntax.document import Document, Path, read_documents

MARKER = "# servicescape: routes"
"""A comment in a base that stands where our routes shall be, instead of behind the last of its own."""

_MARKER = re.compile(rf"^(?P<indent>[ \t]*){re.escape(MARKER)}[ \t]*\r?$", re.MULTILINE)
_SECRETS = frozenset(
    {
        "api_key",
        "api_secret",
        "auth_password",
        "auth_secret",
        "bot_token",
        "client_secret",
        "credentials",
        "opsgenie_api_key",
        "password",
        "routing_key",
        "secret_key",
        "service_key",
        "slack_api_url",
        "smtp_auth_password",
        "smtp_auth_secret",
        "token",
        "user_key",
        "victorops_api_key",
        "webhook_url",
        "wechat_api_secret",
    }
)
"""Keys whose value is a secret; each has a sibling that names a file instead, at least in newer Alertmanagers."""
_PLACEHOLDERS = ("$", "<", "{{", "__")
"""What values begin with that are filled in when the configuration is installed."""


@dataclass(frozen=True)
class Base:
    """A configuration that is one document, a mapping, with a route that has a receiver."""

    document: Document
    value: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The file as the user would type it."""
        return self.document.file

    @property
    def default_receiver(self) -> str:
        """Receiver of the top route."""
        return str(self.value["route"]["receiver"])

    @cached_property
    def receivers(self) -> tuple[str, ...]:
        """Names of all receivers, sorted."""
        listed = self.value.get("receivers") or ()
        found = {item.get("name") for item in listed if isinstance(item, dict)} if isinstance(listed, tuple) else set()
        return tuple(sorted(name for name in found if isinstance(name, str)))

    def place(self, path: Path) -> str:
        """Where something stands, as `file:line:column`."""
        start = self.document.value_span(path).start
        return f"{self.name}:{start.line}:{start.column}"

    def open_secrets(self) -> Iterator[Path]:
        """Where secrets stand in the file itself. Their values are nobody's business."""
        yield from _secrets(self.value, ())

    def own_routes(self) -> tuple[tuple[int, Mapping[str, Any]], ...]:
        """The organisation's routes that are asked before ours, with their numbers."""
        routes = self.value["route"].get("routes") or ()
        marker = _MARKER.search(self.document.source.text)
        lines = self.document.source.lines
        found = []
        for number, route in enumerate(routes):
            if marker is not None and lines.offset(self._start(number)) > marker.start():
                break
            if isinstance(route, dict):
                found.append((number, route))
        return tuple(found)

    def _start(self, number: int) -> Any:
        return self.document.value_span(("route", "routes", number)).start


def _secrets(value: Any, path: Path) -> Iterator[Path]:
    if isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _secrets(item, (*path, number))
    elif isinstance(value, dict):
        for key, item in value.items():
            is_slack = key == "api_url" and "slack_configs" in path
            if isinstance(item, str) and (key in _SECRETS or is_slack):
                if item and not item.startswith(_PLACEHOLDERS):
                    yield (*path, key)
            else:
                yield from _secrets(item, (*path, key))


def read_base(source: SourceFile) -> Base:
    """A base from its text. Raises ToolError, with the place, where ours cannot be put into it."""
    documents, problems, _ = read_documents(source)
    if problems:
        first = problems[0]
        place = f"{source.name}:{first.span.start.line}:{first.span.start.column}" if first.span else source.name
        raise ToolError(f"{place}: {first.message}", first.help or "mend the file, then run this again")
    if len(documents) != 1:
        raise ToolError(
            f"{source.name} holds {len(documents) or 'no'} documents; Alertmanager reads one",
            "write a configuration with `route` and `receivers`" if not documents else "keep one of them",
        )
    [document] = documents
    value = document.value
    if not isinstance(value, dict):
        raise ToolError(f"{source.name} is no Alertmanager configuration: it is not a mapping", _A_BASE)
    route = value.get("route")
    if not isinstance(route, dict) or not isinstance(route.get("receiver"), str) or not route["receiver"]:
        raise ToolError(f"{source.name} has no `route` with a `receiver`, which takes what nothing else does", _A_BASE)
    return Base(document, value)


_A_BASE = "the least that a base needs: `route: {receiver: NAME}` in block form, and `receivers` with that name"


def merged(base: Base, route: Route, inhibitions: tuple[Inhibition, ...]) -> str:
    """The base's text with our route among its routes and our inhibit rules behind its own.

    Raises ToolError where the text is written so that nothing can be put between its lines.
    """
    text = base.document.source.text
    additions = [_for_rules(base, inhibitions)] if inhibitions else []
    additions.append(_for_routes(base, route))
    # The hindmost first, so that the places before it stay what they are; at one place the rules, which the route ends.
    for addition in sorted(additions, key=lambda addition: -addition.offset):
        text = addition.put_into(text)
    _require_whole(base, text, len(inhibitions))
    return text


@dataclass(frozen=True, slots=True)
class _Addition:
    """Whole lines to be put in at the beginning of a line, or behind a last line without a break."""

    offset: int
    lines: str
    drop: tuple[int, int] | None = None
    """An empty list before it that goes."""

    def put_into(self, text: str) -> str:
        lines = self.lines.replace("\n", "\r\n") if "\r\n" in text else self.lines
        before, behind = text[: self.offset], text[self.offset :]
        if self.drop is not None:
            before = before[: self.drop[0]].rstrip(" ") + before[self.drop[1] :]
        if before and not before.endswith("\n"):
            before += "\r\n" if "\r\n" in text else "\n"
        return before + lines + behind


def _for_routes(base: Base, route: Route) -> _Addition:
    marker = _MARKER.search(base.document.source.text)
    if marker is not None:
        return _Addition(marker.start(), routes_text((route,), marker["indent"]))
    return _into_list(base, ("route", "routes"), lambda indent: routes_text((route,), indent))


def _for_rules(base: Base, inhibitions: tuple[Inhibition, ...]) -> _Addition:
    return _into_list(base, ("inhibit_rules",), lambda indent: inhibitions_text(inhibitions, indent))


def _into_list(base: Base, path: Path, lines: Any) -> _Addition:
    """An addition at the end of a block list, which is begun where there is none."""
    document, text = base.document, base.document.source.text
    around, key = path[:-1], str(path[-1])
    parent: Any = base.value
    for part in around:
        parent = parent[part]
    if parent.get(key):
        if not isinstance(parent[key], tuple):
            raise ToolError(f"{base.place(path)}: `{key}` is not a list", "write it as a list, one `- ` for each")
        last = document.written_at((*path, len(parent[key]) - 1))
        if last is None or last.in_flow:
            raise _no_room(base, path, key)
        return _Addition(_next_line(text, last.value[1]), lines(_indent_of_dash(text, last.value[0])))
    sibling = document.written_at((*around, next(iter(parent))))
    if sibling is None or sibling.in_flow or sibling.key is None:
        raise _no_room(base, around, str(around[-1]) if around else "the file")
    first = sibling.entries[0][0]
    indent = " " * (first - (text.rfind("\n", 0, first) + 1))
    if key in parent:
        empty = document.written_at(path)
        if empty is None or empty.key is None:
            raise _no_room(base, path, key)
        drop = empty.value if parent[key] is not None or empty.value[1] > empty.value[0] else None
        return _Addition(_next_line(text, empty.value[1]), lines(f"{indent}  "), drop)
    end = max(stop for _, stop in sibling.entries)
    return _Addition(_next_line(text, end), f"{indent}{key}:\n" + lines(f"{indent}  "))


def _no_room(base: Base, path: Path, key: str) -> ToolError:
    place = base.place(path) if path else base.name
    return ToolError(
        f"{place}: `{key}` is written in brackets, or with an anchor, so that nothing can be put between its lines",
        f"write it in block form, one line for each key, or put the line `{MARKER}` where the routes shall be",
    )


def _next_line(text: str, offset: int) -> int:
    """Begin of the line after the one in which something ends; a block of text ends at the beginning of a line."""
    if offset and text[offset - 1] == "\n":
        return offset
    found = text.find("\n", offset)
    return len(text) if found < 0 else found + 1


def _indent_of_dash(text: str, offset: int) -> str:
    """The indentation of the dash before an item."""
    begin = text.rfind("\n", 0, offset) + 1
    line = text[begin:offset]
    return line[: len(line) - len(line.lstrip(" "))] if "-" in line else " " * (text.rfind("-", 0, offset) - begin)


def _require_whole(base: Base, text: str, rules: int) -> None:
    """Nothing of the organisation's may be lost or moved: what comes out is read again and compared."""
    documents, problems, _ = read_documents(SourceFile(base.document.source.path, base.name, text))
    found = documents[0].value if len(documents) == 1 and not problems else None
    if isinstance(found, dict) and isinstance(found.get("route"), dict):
        expected = dict(base.value)
        before, after = expected["route"].get("routes") or (), found["route"].get("routes") or ()
        own_rules, all_rules = expected.get("inhibit_rules") or (), found.get("inhibit_rules") or ()
        number = next((n for n, one in enumerate(after) if n >= len(before) or one != before[n]), len(after))
        kept = {**found, "route": {**found["route"], "routes": (*after[:number], *after[number + 1 :])}}
        kept["inhibit_rules"] = all_rules[: len(own_rules)]
        expected["route"] = {**expected["route"], "routes": before}
        expected["inhibit_rules"] = own_rules
        if kept == expected and len(after) == len(before) + 1 and len(all_rules) == len(own_rules) + rules:
            return
    raise ToolError(
        f"{base.name}: nothing could be put between its lines without changing what stands there",
        f"write `route`, `routes` and `inhibit_rules` in block form, and `{MARKER}` (if any) among the routes",
    )
