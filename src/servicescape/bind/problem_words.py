"""Words that findings about the parts of an entity share."""

from collections.abc import Sequence
from typing import Any

from servicescape.bind.located import Path
from servicescape.diagnostics.position import Position, Span
from servicescape.model.entity import Entity
from servicescape.model.names import NAME_MAX_LENGTH


def brief(text: str) -> str:
    """A value as it is repeated in a message: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= _MOST_REPEATED else f"{line[: _MOST_REPEATED - 1]}…"


_MOST_REPEATED = 60


def first_line(span: Span) -> Span:
    """A span over several lines, cut to its first character."""
    if span.start.line == span.end.line:
        return span
    return Span(span.start, Position(span.start.line, span.start.column + 1))


def container_words(path: Path, model: type[Entity] | None) -> str:
    """Where a key stands, as it ends a message."""
    if not path:
        return f" in this {model.__name__}" if model is not None else ""
    return f" in `{_dotted(path)}`"


def _dotted(path: Path) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def last_key(path: Path) -> str:
    """The key that a path ends in, or that the list has in which it ends."""
    return next((str(step) for step in reversed(path) if isinstance(step, str)), "document")


def value_at(value: Any, path: Path) -> Any:
    """What stands at a path of a value; None where nothing does."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def listed(words: Sequence[str], last: str = "and") -> str:
    """Words in backticks, as a list that can be read aloud."""
    quoted = [f"`{word}`" for word in words]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"


def lower_first(text: str) -> str:
    """A sentence as it stands within another one."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def as_name(text: str) -> str:
    """The name that a text would be."""
    kept = "".join(char if char.isalnum() and char.isascii() else "-" for char in text.lower())
    return "-".join(piece for piece in kept.split("-") if piece)[:NAME_MAX_LENGTH].strip("-")
