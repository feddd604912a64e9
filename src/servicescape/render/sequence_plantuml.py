"""A journey's messages as a PlantUML sequence diagram."""

from collections.abc import Iterator

from servicescape.render.identifiers import identifiers
from servicescape.render.plantuml_text import told
from servicescape.render.sequence import Sequence
from servicescape.render.sequence_text import Writer
from servicescape.render.text import shorten, wrap
from servicescape.render.themes import LIGHT, Theme

_COLUMNS = 48


def to_plantuml_sequence(sequence: Sequence, theme: Theme = LIGHT) -> str:
    """The messages as PlantUML text. It includes nothing, so it needs no network."""
    return "\n".join(_lines(sequence, theme)) + "\n"


def _lines(sequence: Sequence, theme: Theme) -> Iterator[str]:
    names = identifiers(one.id for one in sequence.participants)
    yield "@startuml"
    yield from _skin(theme)
    title = told(sequence.title)
    if title:
        yield f"title {title}"
    for one in sequence.participants:
        word = "actor" if one.kind == "customer" else "participant"
        yield f'{word} "{_text(one.title)}" as {names[one.id]}'
    for part in sequence.parts:
        yield f"== {_line(part.title)} =="
        yield from _WRITER.part(part, names)
    if sequence.notes:
        yield "caption " + r"\n".join(map(_line, sequence.notes))
    yield "@enduml"


def _skin(theme: Theme) -> Iterator[str]:
    plain = theme.tones["plain"]
    yield f"skinparam backgroundColor {theme.paper}"
    yield "skinparam shadowing false"
    yield "skinparam defaultFontName Helvetica"
    yield f"skinparam defaultFontColor {theme.ink}"
    yield f"skinparam noteBackgroundColor {theme.tones['state-degraded'].fill}"
    yield f"skinparam noteBorderColor {theme.tones['state-degraded'].line}"
    yield "skinparam sequence {"
    yield f"  ArrowColor {theme.edge}"
    yield f"  LifeLineBorderColor {theme.faint}"
    yield f"  GroupBorderColor {theme.group_line}"
    yield f"  GroupBackgroundColor {theme.group_fill}"
    yield f"  DividerBackgroundColor {theme.group_fill}"
    yield f"  DividerBorderColor {theme.group_line}"
    for sort in ("Participant", "Actor"):
        yield f"  {sort}BackgroundColor {plain.fill}"
        yield f"  {sort}BorderColor {plain.line}"
    yield "}"


def _text(text: str) -> str:
    return r"\n".join(told(line) for line in wrap(text, _COLUMNS, 4)) or "<U+200B>"


def _line(text: str) -> str:
    return told(shorten(text, 80)) or "<U+200B>"


_WRITER = Writer("", "{source} -> {target} : {text}", "note right of {about} : {text}", _text, _line)
