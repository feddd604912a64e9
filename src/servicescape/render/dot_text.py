"""DOT as text: statements with their names and values quoted as the language wants it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

_BARE = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*|-?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)")
_WORDS = frozenset({"node", "edge", "graph", "digraph", "subgraph", "strict"})


class Markup(str):
    """An HTML-like label. Any other text is text, whatever it looks like."""

    __slots__ = ()


class DotText:
    """A directed graph that is written down as it is told; the same statements give the same text."""

    def __init__(self, name: str) -> None:
        self._lines = [f"digraph {_quoted(name)} {{\n"]
        self._indent = "\t"

    def defaults(self, kind: str, attributes: Mapping[str, str]) -> None:
        """Attributes of the `graph` itself, or of every `node` or `edge` that follows."""
        self._line(f"{kind} [{_listed(attributes)}]")

    def attributes(self, attributes: Mapping[str, str]) -> None:
        """Attributes of the graph, or part of it, that is being written."""
        self._line(_listed(attributes))

    def node(self, name: str, label: str | None = None, **attributes: str) -> None:
        """A node; without label and attributes it is only named here."""
        self._statement(_quoted(name), label, attributes)

    def edge(self, source: str, target: str, **attributes: str) -> None:
        """An edge."""
        self._statement(f"{_quoted(source)} -> {_quoted(target)}", None, attributes)

    @contextmanager
    def part(self, name: str = "") -> Iterator[None]:
        """A subgraph: what is written meanwhile stands in it. A name that begins with `cluster` gives it a frame."""
        self._line(f"subgraph {_quoted(name)} {{" if name else "{")
        self._indent += "\t"
        yield
        self._indent = self._indent[:-1]
        self._line("}")

    def text(self) -> str:
        """All of it."""
        return "".join([*self._lines, "}\n"])

    def _statement(self, subject: str, label: str | None, attributes: Mapping[str, str]) -> None:
        written = _listed(attributes)
        if label is not None:
            written = f"label={_value(label)} {written}".rstrip()
        self._line(f"{subject} [{written}]" if written else subject)

    def _line(self, text: str) -> None:
        self._lines.append(f"{self._indent}{text}\n")


def _listed(attributes: Mapping[str, str]) -> str:
    return " ".join([f"{key}={_value(attributes[key])}" for key in sorted(attributes)])


def _value(text: str) -> str:
    return text if isinstance(text, Markup) else _quoted(text)


def _quoted(text: str) -> str:
    if _BARE.fullmatch(text) and text.lower() not in _WORDS:
        return text
    # A backslash would begin one of Graphviz's own signs, such as `\N` for the name of the node.
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
