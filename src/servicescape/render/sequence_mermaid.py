"""A journey's messages as a Mermaid sequence diagram."""

from collections.abc import Iterator

from servicescape.render.identifiers import identifiers
from servicescape.render.mermaid import front_matter, quoted
from servicescape.render.sequence import CUSTOMER, Sequence
from servicescape.render.sequence_text import Writer
from servicescape.render.text import clean, shorten, wrap

_COLUMNS = 48


def to_mermaid_sequence(sequence: Sequence) -> str:
    """The messages as Mermaid text."""
    return "\n".join(_lines(sequence)) + "\n"


def _lines(sequence: Sequence) -> Iterator[str]:
    names = identifiers(one.id for one in sequence.participants)
    yield "---"
    yield f"title: {front_matter(clean(sequence.title))}"
    yield "---"
    yield "sequenceDiagram"
    for one in sequence.participants:
        word = "actor" if one.kind == "customer" else "participant"
        yield f"  {word} {names[one.id]} as {_text(one.title)}"
    last = names[sequence.participants[-1].id]
    for part in sequence.parts:
        over = names[CUSTOMER] if last == names[CUSTOMER] else f"{names[CUSTOMER]},{last}"
        yield f"  Note over {over}: {_line(part.title)}"
        yield from _WRITER.part(part, names)
    for note in sequence.notes:
        yield f"  Note right of {names[CUSTOMER]}: {_text(note)}"


def _text(text: str) -> str:
    """Text to the end of the line, in lines of its own; never nothing, which Mermaid refuses."""
    return "<br>".join(_escaped(line) for line in wrap(text, _COLUMNS, 4)) or "#8203;"


def _line(text: str) -> str:
    return _escaped(shorten(text, 80)) or "#8203;"


def _escaped(text: str) -> str:
    """Like a name in quotes; here `=`, `+` and `-` could begin an arrow, and a colon ends one."""
    return "".join(f"#{ord(char)};" if char in "=+-:%" else quoted(char) for char in text)


_WRITER = Writer("  ", "{source}->>{target}: {text}", "Note right of {about}: {text}", _text, _line)
