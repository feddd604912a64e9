"""The steps of a sequence in languages with blocks; Mermaid and PlantUML differ in arrows and in escaping alone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from servicescape.render.sequence import OTHERWISE, Message, Note, Part


@dataclass(frozen=True, slots=True)
class Writer:
    """How a language writes what the steps are made of."""

    indent: str
    message: str
    """With places for `source`, `target` and `text`."""
    note: str
    """With places for `about` and `text`."""
    text: Callable[[str], str]
    """Text to the end of a line, in lines of its own."""
    line: Callable[[str], str]
    """Text on one line."""

    def part(self, part: Part, names: Mapping[str, str]) -> Iterator[str]:
        """One step: its ways, and what is left where none works."""
        if part.condition:
            yield f"{self.indent}opt {self.line(part.condition)}"
        for number, way in enumerate(part.ways):
            yield f"{self.indent}{'else' if number else 'alt'} {self.line(way.condition)}"
            yield from (self._item(item, names) for item in way.items)
        yield f"{self.indent}else {OTHERWISE}"
        yield from (self._item(note, names) for note in part.otherwise)
        yield f"{self.indent}end"
        if part.condition:
            yield f"{self.indent}end"

    def _item(self, item: Message | Note, names: Mapping[str, str]) -> str:
        text = self.text(item.text)
        if isinstance(item, Message):
            said = self.message.format(source=names[item.source], target=names[item.target], text=text)
        else:
            said = self.note.format(about=names[item.about], text=text)
        return f"{self.indent}  {said}"
