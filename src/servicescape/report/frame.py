"""The author's lines with carets under what is meant.

    14│     - paymnts
      │       ^^^^^^^ no service, platform or external has this name

A span over several lines is held by a bracket on the left instead.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from servicescape.diagnostics import Position, Span
from servicescape.diagnostics.position import LineTable
from servicescape.report.cells import cut_around, width_of, wrap
from servicescape.report.paint import Paint

CONTEXT_LINES = 2
_LINE_END = 2**31
_MOST_SPAN_LINES = 6
_SPAN_HEAD, _SPAN_TAIL = 3, 2
_LEAST_LABEL_ROOM = 28


@dataclass(frozen=True, slots=True)
class Mark:
    """A span to be underlined, and the words beside it."""

    span: Span
    label: str
    sign: str
    """`^` under what is wrong, `-` under what helps to understand it."""
    paint: Callable[[str], str]


@dataclass(slots=True)
class Frame:
    """Marks in one file, drawn under `file:line:column`."""

    place: str
    table: LineTable
    marks: list[Mark]
    """The first is the one the frame is for: lines before it are shown, and it alone may span several lines."""
    context: int = CONTEXT_LINES
    lines: list[int] = field(init=False)
    """Numbers of the lines shown, in order."""

    def __post_init__(self) -> None:
        self.marks = [
            Mark(clip(mark.span, self.table), mark.label, mark.sign, mark.paint)
            if index == 0
            # A further place is a pointer: its first line is enough.
            else Mark(_first_line(clip(mark.span, self.table)), mark.label, mark.sign, mark.paint)
            for index, mark in enumerate(self.marks)
        ]
        self.lines = self._shown_lines()

    def _shown_lines(self) -> list[int]:
        main = self.marks[0].span
        first, last = main.start.line, main.end.line
        if last - first + 1 > _MOST_SPAN_LINES:
            shown = {*range(first, first + _SPAN_HEAD), *range(last - _SPAN_TAIL + 1, last + 1)}
        else:
            shown = set(range(first, last + 1))
        before = max(1, first - self.context)
        while before < first and not self.table.line(before).strip():
            before += 1
        shown.update(range(before, first))
        shown.update(mark.span.start.line for mark in self.marks[1:])
        return sorted(shown | {line + 1 for line in shown if line + 2 in shown})

    def draw(self, gutter: int, width: int, paint: Paint) -> Iterator[str]:
        """The frame's lines, each at most `width` cells; line numbers stand right-aligned in `gutter` cells."""
        yield paint.frame(" " * gutter + "┌─") + f" {self.place}"
        bar = paint.frame(" " * gutter + "│")
        yield bar
        main = self.marks[0]
        first, last = main.span.start.line, main.span.end.line
        held = last > first
        room = max(width - gutter - 2 - 2 * held, 8)
        previous = self.lines[0] - 1
        for number in self.lines:
            if number != previous + 1:
                rail = main.paint("│") if held and first < number <= last else ""
                yield f"{paint.frame(' ' * (gutter - 1) + '·')}  {rail}".rstrip()
            previous = number
            yield from self._draw_line(number, gutter, room, held, bar, paint)

    def _draw_line(self, number: int, gutter: int, room: int, held: bool, bar: str, paint: Paint) -> Iterator[str]:
        main = self.marks[0]
        line = self.table.line(number)
        opens = held and number == main.span.start.line
        closes = held and number == main.span.end.line
        within = held and main.span.start.line <= number <= main.span.end.line
        # The bracket begins on the line itself where nothing stands before the span, else on a line of its own below.
        corner = opens and not line[: main.span.start.column - 1].strip()
        under = main.paint("│") + " " if within else "  " if held else ""
        rail = main.paint("╭") + " " if corner else "  " if opens else under

        here = [mark for mark in self.marks if mark.span.start.line == number and not (held and mark is main)]
        if closes:
            start, end = max(0, main.span.end.column - 2), main.span.end.column - 1
        elif opens:
            start = end = main.span.start.column - 1
        elif here:
            start, end = _ends_on(here[0].span, line)
        else:
            start = end = 0
        window = cut_around(line, start, end, room)
        yield f"{paint.frame(f'{number:>{gutter}}│')} {rail}{window.text}".rstrip()
        if opens and not corner:
            yield f"{bar} {main.paint('╭─' + '─' * window.start + main.sign)}"
        for mark in here:
            piece = cut_around(line, *_ends_on(mark.span, line), room)
            # Where the line is cut for another mark, this one's place may be out of sight; its words need not be.
            start, end = (piece.start, piece.end) if piece.text == window.text else (room - 1, room)
            yield from _underline(mark, start, end, f"{bar} {under}", room)
        if closes:
            tip = window.end - 1
            beside, below = _fit_label(main.label, tip + 1, room)
            tail = main.paint("╰─" + "─" * tip + main.sign)
            yield f"{bar} {tail} {main.paint(beside)}" if beside else f"{bar} {tail}"
            for text in below:
                yield f"{bar}   {main.paint(text)}"


def clip(span: Span, table: LineTable) -> Span:
    """The span within the text: a place past the end is the end, and a line break at its end is left off."""
    start, end = _clip(span.start, table), _clip(span.end, table)
    while end.column == 1 and end.line > start.line:
        end = Position(end.line - 1, len(table.line(end.line - 1)) + 1)
    return Span(start, max(start, end))


def _clip(position: Position, table: LineTable) -> Position:
    if position.line > len(table):
        line = len(table)
        while line > 1 and not table.line(line):
            line -= 1
        return Position(line, len(table.line(line)) + 1)
    line = max(1, position.line)
    return Position(line, min(max(1, position.column), len(table.line(line)) + 1))


def _first_line(span: Span) -> Span:
    return span if span.end.line == span.start.line else Span(span.start, Position(span.start.line, _LINE_END))


def _ends_on(span: Span, line: str) -> tuple[int, int]:
    """The code points of `line` that a span of one line covers."""
    return span.start.column - 1, min(span.end.column - 1, len(line))


def _underline(mark: Mark, start: int, end: int, lead: str, room: int) -> Iterator[str]:
    signs = " " * start + mark.paint(mark.sign * (end - start))
    beside, below = _fit_label(mark.label, end, room)
    yield f"{lead}{signs} {mark.paint(beside)}" if beside else f"{lead}{signs}"
    for text in below:
        yield f"{lead}{mark.paint(text)}"


def _fit_label(label: str, column: int, room: int) -> tuple[str, list[str]]:
    """What of a label goes beside a mark that ends at `column`, and the lines that go below it, already indented."""
    if not label:
        return "", []
    beside = room - column - 1
    if width_of(label) <= beside or beside >= _LEAST_LABEL_ROOM:
        first, *others = wrap(label, beside, beside)
        return first, [" " * (column + 1) + line for line in others]
    indent = min(column, max(0, room - 2 * _LEAST_LABEL_ROOM))
    return "", [" " * indent + line for line in wrap(label, room - indent, room - indent)]
