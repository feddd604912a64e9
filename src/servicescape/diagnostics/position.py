"""Places in a text. Lines and columns are 1-based and count code points, as SARIF's `unicodeCodePoints` do."""

from bisect import bisect_right
from itertools import accumulate

from servicescape.diagnostics.records import record


@record(order=True)
class Position:
    """A place between two characters: `column` 1 stands before the first character of `line`."""

    line: int
    column: int


@record(order=True)
class Span:
    """A half-open stretch of text; `start == end` marks a place at which something is missing."""

    start: Position
    end: Position

    @classmethod
    def at(cls, line: int, column: int) -> "Span":
        """An empty span at one place."""
        return cls(Position(line, column), Position(line, column))


class LineTable:
    r"""Turns character offsets of one text into positions.

    Lines end at `\n`, `\r\n` or a lone `\r`, as they do in editors; the further breaks that YAML 1.1 knows
    (NEL, LS, PS) are ordinary characters here.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        if "\r" in text:
            starts = [0]
            index = 0
            length = len(text)
            while index < length:
                char = text[index]
                if char == "\r" and text[index + 1 : index + 2] == "\n":
                    index += 1
                    char = "\n"
                index += 1
                if char in "\r\n":
                    starts.append(index)
        else:
            starts = list(accumulate(map((1).__add__, map(len, text.split("\n"))), initial=0))
            starts.pop()
        self._starts = starts

    def __len__(self) -> int:
        return len(self._starts)

    def position(self, offset: int) -> Position:
        """The position of a character offset; one past the end is the end."""
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def span(self, start: int, end: int) -> Span:
        """The span between two character offsets."""
        return Span(self.position(start), self.position(end))

    def offset(self, position: Position) -> int:
        """The character offset of a position; a column past the end of its line is the line's end."""
        start = self._starts[position.line - 1]
        return min(start + position.column - 1, start + len(self.line(position.line)))

    def line(self, number: int) -> str:
        """The text of a line (1-based) without its break; empty for a line that is not there."""
        if not 1 <= number <= len(self._starts):
            return ""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self._text)
        return self._text[start:end].rstrip("\r\n")
