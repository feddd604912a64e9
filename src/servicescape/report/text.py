"""Findings for people: what is wrong, the author's own lines with a caret under the place, and what to do.

error[REF201] unknown-reference: `paymnts` is not defined
  ┌─ catalog/commerce/basket.yaml:14:7
  │
14│     - paymnts
  │       ^^^^^^^ no service, platform or external has this name
  │
  = help: did you mean `payments`?   [*] mended by --fix
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from servicescape.diagnostics import Diagnostic, Label, Position, Severity, Span
from servicescape.diagnostics.position import LineTable
from servicescape.report.base import ReportContext
from servicescape.report.cells import visible, width_of, wrap
from servicescape.report.frame import Frame, Mark
from servicescape.report.paint import Paint
from servicescape.report.summary import Summary, counted

LEAST_WIDTH = 40
FULL_REPEATS = 3
"""So many findings with equal words are shown in full; the rest is named by place."""
_NAMED_REPEATS = 5
_NEVER = 1 << 40
FULL_OF_A_CODE = 50
"""So many findings of one rule are shown in full; nobody reads further, and the rest is counted."""
_NEAR_LINES = 5
_RELATED_FRAMES = 3
_RELATED_NOTES = 5
_FIXED = "[*] mended by --fix"
_FIXED_UNSAFELY = "[?] mended by --unsafe-fixes"


def report_text(diagnostics: Sequence[Diagnostic], summary: Summary, context: ReportContext) -> str:
    """Every finding as a block, then the figures of the run in one line."""
    return "".join(f"{line}\n" for line in _TextReport(context).lines(diagnostics, summary))


@dataclass(frozen=True, slots=True)
class _Note:
    """A line under the frames: `= help: …`."""

    kind: str
    text: str
    marker: str = ""
    """Stands at the end, and is never broken."""


@dataclass(slots=True)
class _TextReport:
    context: ReportContext
    paint: Paint = field(init=False)
    width: int = field(init=False)
    tables: dict[str, LineTable | None] = field(default_factory=dict)
    linked: set[str] = field(default_factory=set)
    """Codes whose page has been named; once is enough for a run."""

    def __post_init__(self) -> None:
        self.paint = Paint(self.context.colour, self.context.colour and self.context.hyperlinks)
        self.width = max(self.context.width, LEAST_WIDTH)

    def lines(self, diagnostics: Sequence[Diagnostic], summary: Summary) -> Iterator[str]:
        repeats: dict[tuple[str, ...], list[Diagnostic]] = {}
        for diagnostic in diagnostics:
            repeats.setdefault(_same(diagnostic), []).append(diagnostic)
        shown: dict[tuple[str, ...], int] = {}
        in_full: Counter[str] = Counter()
        more: Counter[str] = Counter()
        for diagnostic in diagnostics:
            key = _same(diagnostic)
            same = repeats[key]
            count = shown[key] = shown.get(key, 0) + 1
            if count == 1 and in_full[diagnostic.code] >= FULL_OF_A_CODE:
                more[diagnostic.code] += len(same)
                shown[key] = _NEVER
            # Folding a single one would save nothing.
            if shown[key] >= _NEVER or (count > FULL_REPEATS and len(same) > FULL_REPEATS + 1):
                continue
            in_full[diagnostic.code] += 1
            yield from self._finding(diagnostic)
            if count == FULL_REPEATS and len(same) > FULL_REPEATS + 1:
                yield from self._folded(same[FULL_REPEATS:])
            yield ""
        for code, number in sorted(more.items()):
            text = f"… and {number:,} more of {visible(code)}: --select {visible(code)} --format concise names all"
            yield from wrap(text, self.width, self.width)
        if more:
            yield ""
        yield from self._closing(summary)

    def _finding(self, diagnostic: Diagnostic) -> Iterator[str]:
        yield from self._headline(diagnostic)
        frames, notes = self._frames(diagnostic)
        numbers = [frame.lines[-1] for frame in frames]
        gutter = max(2, len(str(max(numbers, default=0))))
        for index, frame in enumerate(frames):
            if index:
                yield self._bar(gutter)
            yield from frame.draw(gutter, self.width, self.paint)
        if not frames and diagnostic.file:
            yield f"{self.paint.frame(' ' * gutter + '┌─')} {place_of(diagnostic)}"
        notes.extend(self._advice(diagnostic))
        if notes:
            yield self._bar(gutter)
        for note in notes:
            yield from self._note(note, gutter)

    def _headline(self, diagnostic: Diagnostic) -> Iterator[str]:
        head = f"{diagnostic.severity}[{visible(diagnostic.code)}]"
        name = f" {visible(diagnostic.name)}" if diagnostic.name else ""
        first, *others = wrap(f"{head}{name}: {diagnostic.message}", self.width, self.width - 2)
        if first.startswith(head):
            painted = self.paint.severity(head, diagnostic.severity)
            first = self.paint.link(painted, diagnostic.url) + self.paint.strong(first[len(head) :])
        yield first
        for line in others:
            yield "  " + self.paint.strong(line)

    def _frames(self, diagnostic: Diagnostic) -> tuple[list[Frame], list[_Note]]:
        """The code frames, and as notes what no frame can show."""
        frames: list[Frame] = []
        notes: list[_Note] = []
        apart = list(diagnostic.related)
        span, table = diagnostic.span, self._table(diagnostic.file)
        if span is not None and table is not None:
            near = [label for label in apart if label.file == diagnostic.file and _is_near(label.span, span)]
            apart = [label for label in apart if label not in near]
            main = Mark(span, diagnostic.label, "^", partial(self.paint.severity, severity=diagnostic.severity))
            frames.append(Frame(place_of(diagnostic), table, [main, *map(self._related_mark, near)]))
        elif diagnostic.label:
            notes.append(_Note("note", diagnostic.label))
        unframed: list[Label] = []
        for label in apart:
            table = self._table(label.file)
            if table is None or not frames or len(frames) > _RELATED_FRAMES:
                unframed.append(label)
            else:
                place = _place(label.file, label.span.start)
                frames.append(Frame(place, table, [self._related_mark(label)], context=0))
        notes.extend(_Note("note", _pointer(label)) for label in unframed[:_RELATED_NOTES])
        if len(unframed) > _RELATED_NOTES:
            notes.append(_Note("note", f"and {counted(len(unframed) - _RELATED_NOTES, 'more place')}"))
        return frames, notes

    def _advice(self, diagnostic: Diagnostic) -> Iterator[_Note]:
        fix = diagnostic.fix
        advice = diagnostic.help or (fix.title if fix else "")
        if advice or fix:
            yield _Note("help", advice, "" if fix is None else _FIXED if fix.safe else _FIXED_UNSAFELY)
        if diagnostic.url and diagnostic.code not in self.linked and not self.paint.hyperlinks:
            self.linked.add(diagnostic.code)
            yield _Note("see", diagnostic.url)

    def _note(self, note: _Note, gutter: int) -> Iterator[str]:
        hang = gutter + len(f"= {note.kind}: ")
        room = self.width - hang
        lines = wrap(note.text, room, room)
        if note.marker:
            gap = "   " if lines[-1] else ""
            if width_of(lines[-1] + gap + note.marker) > room:
                lines.append("")
                gap = ""
            lines[-1] += gap + self.paint.good(note.marker)
        yield f"{self.paint.frame(' ' * gutter + '=')} {self.paint.strong(note.kind)}: {lines[0]}"
        yield from (" " * hang + line for line in lines[1:])

    def _folded(self, others: Sequence[Diagnostic]) -> Iterator[str]:
        places = ", ".join(place_of(other) for other in others[:_NAMED_REPEATS])
        rest = len(others) - _NAMED_REPEATS
        if rest > 0:
            places += f", … ({rest:,} further; --format concise names all)"
        first, *lines = wrap(f"… and {len(others):,} more like this: {places}", self.width, self.width - 2)
        yield first
        yield from ("  " + line for line in lines)

    def _closing(self, summary: Summary) -> Iterator[str]:
        files = counted(summary.files, "file")
        if not summary.findings:
            clean = f"{files}, {summary.extent}: {self.paint.good(summary.clean)}"
            yield " · ".join((clean, *summary.passed_over))
            return
        counts = [
            (counted(summary.errors, "error"), Severity.ERROR, summary.errors),
            (counted(summary.warnings, "warning"), Severity.WARNING, summary.warnings),
            (counted(summary.infos, "info"), Severity.INFO, summary.infos),
        ]
        words = [(text, self.paint.severity(text, severity)) for text, severity, number in counts if number]
        phrases = [(text + ",", painted + ",") for text, painted in words[:-1]] + words[-1:]
        phrases += [(text, text) for text in (f"in {files}", f"({summary.extent})")]
        if summary.fixable:
            text = f"{summary.fixable:,} can be mended with --fix"
            phrases.append((f"· {text}", f"· {self.paint.good(text)}"))
        phrases += [(f"· {text}", f"· {text}") for text in summary.passed_over]
        line, taken = "", 0
        for text, painted in phrases:
            if taken and taken + 1 + len(text) > self.width:
                yield line
                line, taken = "", 0
            line += (" " if taken else "") + painted
            taken += (1 if taken else 0) + len(text)
        yield line

    def _bar(self, gutter: int) -> str:
        return self.paint.frame(" " * gutter + "│")

    def _related_mark(self, label: Label) -> Mark:
        return Mark(label.span, label.message, "-", self.paint.related)

    def _table(self, file: str) -> LineTable | None:
        if file not in self.tables:
            text = self.context.source_of(file) if file else None
            self.tables[file] = None if text is None else LineTable(text)
        return self.tables[file]


def place_of(diagnostic: Diagnostic) -> str:
    """`file:line:column`, or the file alone where the finding is about all of it."""
    return _place(diagnostic.file, diagnostic.span.start if diagnostic.span else None)


def _place(file: str, position: Position | None) -> str:
    return visible(f"{file}:{position.line}:{position.column}" if position else file)


def _pointer(label: Label) -> str:
    """A related place in words: `first defined at file:line:column`."""
    place = f"at {_place(label.file, label.span.start)}"
    return f"{label.message.removesuffix(' here')} {place}" if label.message else f"see {place.removeprefix('at ')}"


def _same(diagnostic: Diagnostic) -> tuple[str, ...]:
    return diagnostic.code, diagnostic.severity, diagnostic.message


def _is_near(span: Span, other: Span) -> bool:
    """Whether one frame can show both without many lines between."""
    return other.start.line - _NEAR_LINES <= span.start.line <= other.end.line + _NEAR_LINES
