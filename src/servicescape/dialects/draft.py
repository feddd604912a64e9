"""What becomes of foreign documents: drafts of entities that know where each part of them was written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from servicescape.diagnostics import Diagnostic, Span
from servicescape.diagnostics.records import record
from servicescape.syntax.document import Document

Path = tuple[str | int, ...]


@record()
class Item:
    """One foreign object: a document, or an item of a list that a document holds."""

    document: Document
    base: Path
    """Where it stands in the document."""
    value: dict[str, Any]

    def path(self, *steps: str | int) -> Path:
        """A path of the object as one of the document."""
        return (*self.base, *steps)


@dataclass(frozen=True)
class ForeignPlaces:
    """Leads from paths of an entity to what was written for them (implements `bind.located.Places`)."""

    document: Document
    moved: Mapping[Path, Path]
    """Path in the entity → path in the document. What lies below a path moves along with it."""
    word: str = ""
    """The part of a longer text that is meant: the value of one condition in a selector."""

    @property
    def file(self) -> str:
        """The file as the user would type it."""
        return self.document.file

    def value_span(self, path: Path) -> Span:
        """Where that stands from which the value at a path was made; the nearest enclosing value otherwise."""
        span = self.document.value_span(self._written(path))
        return span_of_word(self.document, span, self.word) if self.word else span

    def key_span(self, path: Path) -> Span:
        """Where the key of that stands from which the value at a path was made."""
        return self.document.key_span(self._written(path))

    def _written(self, path: Path) -> Path:
        for length in range(len(path), -1, -1):
            moved = self.moved.get(path[:length])
            if moved is not None:
                return (*moved, *path[length:])
        return path


def span_of_word(document: Document, span: Span, word: str) -> Span:
    """Where a word stands within a span, in its quotes if it has some; otherwise the span itself."""
    lines, text = document.source.lines, document.source.text
    start, end = lines.offset(span.start), lines.offset(span.end)
    for shown in (f'"{word}"', word):
        at = text.find(shown, start, end)
        if at >= 0:
            return lines.span(at, at + len(shown))
    return span


@record()
class Draft:
    """An entity in the words of the catalog language, not yet checked by its model."""

    value: dict[str, Any]
    places: ForeignPlaces
    implied: bool = False
    """Whether it is only named, and anything of the catalog with its name takes its place."""
    guess: Diagnostic | None = None
    """What is to be said where even its name is a guess."""

    @property
    def identity(self) -> tuple[str, str, str]:
        """Kind, namespace and name."""
        metadata = self.value["metadata"]
        return self.value["kind"], metadata.get("namespace", "default"), metadata["name"]


@dataclass(slots=True)
class Translation:
    """What became of some foreign documents."""

    drafts: list[Draft] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    broken: list[tuple[str, str, str]] = field(default_factory=list)
    """`(kind, namespace, name)` of what is defined, but could not be read."""
    keeps_sloths_names: bool = False
    """Whether rules will call what they record as Sloth does, so that nothing changes there."""
