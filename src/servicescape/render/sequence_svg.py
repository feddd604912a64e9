"""A journey's messages drawn: a lifeline for each participant, and below each other the steps with their ways."""

from collections.abc import Callable, Sequence

from servicescape.render.canvas import LARGE, LINE, SMALL, Canvas
from servicescape.render.metrics import fit, text_width
from servicescape.render.sequence import OTHERWISE, Message, Note, Part, Participant
from servicescape.render.sequence import Sequence as Messages
from servicescape.render.sheet import Sheet
from servicescape.render.themes import LIGHT, Theme, Tone

_MARGIN = 28
_CARD = 128
"""Width of the card at the head of a lifeline."""
_APART = 148
"""From one lifeline to the next."""
_PAD = 6
_NOTE = 250
"""Room for the words of a note."""
_ON_ARROW = 260
"""Room for the words on an arrow, if it is long enough."""
_LABEL = 12
"""Where the words of a way begin, from the left of its frame."""

_Draw = Callable[[], None]


def lay_out(sequence: Messages, theme: Theme = LIGHT) -> Sheet:
    """The sequence drawn. It is as wide as it has participants, and as high as it has steps."""
    return _Drawing(sequence, theme).finish()


class _Drawing:
    def __init__(self, sequence: Messages, theme: Theme) -> None:
        self._sequence = sequence
        self._theme = theme
        self._canvas = Canvas(theme)
        self._places = {
            one.id: _MARGIN + _PAD + _CARD / 2 + number * _APART for number, one in enumerate(sequence.participants)
        }
        last = max(self._places.values())
        self._end = max(last + _CARD / 2 + _PAD, _MARGIN + 560)
        # Lifelines lie below everything else and are as long as all of it is high: they are drawn first.
        self._later: list[_Draw] = []

    def finish(self) -> Sheet:
        wide = self._end + _MARGIN
        title = fit(self._sequence.title, self._end - _MARGIN, LARGE, 2, bold=True)
        top = self._canvas.lines(_MARGIN, _MARGIN, title, LARGE, bold=True) + 10
        heads = self._heads(top)
        top = heads
        for part in self._sequence.parts:
            top = self._part(part, top + 12)
        bottom = top + 12
        for x in self._places.values():
            self._canvas.path([(x, heads), (x, bottom)], self._theme.faint, dashes="4 3")
        for draw in self._later:
            draw()
        bottom = self._heads(bottom)
        for note in self._sequence.notes:
            lines = fit(note, self._end - _MARGIN, SMALL, 2)
            bottom = self._canvas.lines(_MARGIN, bottom + 8, lines, SMALL, self._theme.muted)
        return Sheet(self._canvas, wide, bottom + _MARGIN, self._sequence.title, self._sequence.description())

    def _heads(self, top: float) -> float:
        """The participants' cards in a row, all equally high."""
        texts = [fit(one.title, _CARD - 2 * _PAD, SMALL, 3, bold=True) for one in self._sequence.participants]
        high = max(map(len, texts)) * LINE[SMALL] + LINE[SMALL] + 2 * _PAD
        for one, lines in zip(self._sequence.participants, texts, strict=True):
            x = self._places[one.id] - _CARD / 2
            said = {"customer": "customer", "channel": "channel"}.get(one.kind, one.kind)
            with self._canvas.group(f"{one.title}, {said}", one.kind):
                self._card(one, x, top, high)
                below = self._canvas.lines(x + _PAD, top + _PAD, lines, SMALL, bold=True)
                self._canvas.lines(x + _PAD, below, [said], SMALL, self._theme.muted)
        return top + high

    def _card(self, one: Participant, x: float, top: float, high: float) -> None:
        plain = self._theme.tones["plain"]
        fill = self._theme.group_fill if one.kind in ("customer", "channel") else plain.fill
        round_ = 2 if one.kind == "platform" else 6
        dashed = one.kind == "external"
        self._canvas.box(x, top, _CARD, high, fill=fill, line=plain.line, round_=round_, dashed=dashed)

    def _part(self, part: Part, top: float) -> float:
        """One step: its name on a band, then a frame with its ways below each other."""
        left, wide = _MARGIN, self._end - _MARGIN
        title = fit(part.title, wide - 2 * _LABEL, LARGE, 2, bold=True)
        when = fit(f"only {part.condition}", wide - 2 * _LABEL, SMALL, 2) if part.condition else []
        high = len(title) * LINE[LARGE] + len(when) * LINE[SMALL] + 2 * _PAD

        def band() -> None:
            self._canvas.box(left, top, wide, high, fill=self._theme.group_fill, line=self._theme.group_line)
            below = self._canvas.lines(left + _LABEL, top + _PAD, title, LARGE, bold=True)
            self._canvas.lines(left + _LABEL, below, when, SMALL, self._theme.muted)

        self._later.append(band)
        tops = [top + high]
        for way in part.ways:
            tops.append(self._way(way.condition, way.items, tops[-1]))
        tops.append(self._way(OTHERWISE, part.otherwise, tops[-1]))

        def frame() -> None:
            self._canvas.box(left, top, wide, tops[-1] - top, fill="none", line=self._theme.edge)
            for between in tops[1:-1]:
                self._canvas.path([(left, between), (left + wide, between)], self._theme.edge, dashes="4 3")

        self._later.append(frame)
        return tops[-1]

    def _way(self, condition: str, items: Sequence[Message | Note], top: float) -> float:
        lines = fit(condition, self._end - _MARGIN - 2 * _LABEL, SMALL, 2, bold=True)
        wide = max(text_width(line, SMALL, bold=True) for line in lines)
        high, at = len(lines) * LINE[SMALL], top + _PAD

        def words() -> None:
            self._canvas.box(_MARGIN + _LABEL - 4, at, wide + 8, high, fill=self._theme.paper)
            self._canvas.lines(_MARGIN + _LABEL, at, lines, SMALL, self._theme.muted, bold=True)

        self._later.append(words)
        top = at + high + _PAD
        for item in items:
            top = self._message(item, top) if isinstance(item, Message) else self._note(item, top)
        return top + _PAD

    def _message(self, message: Message, top: float) -> float:
        start, end = self._places[message.source], self._places[message.target]
        reach = max(abs(end - start), _APART)
        lines = fit(message.text, min(reach - 24, _ON_ARROW), SMALL, 6)
        wide = max(text_width(line, SMALL) for line in lines)
        # At the arrow's beginning: there nothing but its own lifeline is in the way, and all can be read downwards.
        x = start - 8 - wide if end < start or start + 8 + wide > self._end else start + 8
        at = top + len(lines) * LINE[SMALL] + 4

        def arrow() -> None:
            with self._canvas.group(f"{self._title(message.source)} to {self._title(message.target)}: {message.text}"):
                self._canvas.box(x - 2, top, wide + 4, len(lines) * LINE[SMALL] + 1, fill=self._theme.paper)
                self._canvas.lines(x, top, lines, SMALL)
                if start == end:
                    turn = [(start, at - 6), (start + 14, at - 6), (start + 14, at + 4), (start + 1, at + 4)]
                    self._canvas.path(turn, self._theme.ink, arrow=True)
                else:
                    stop = end - 1 if end > start else end + 1
                    self._canvas.path([(start, at), (stop, at)], self._theme.ink, thick=1.3, arrow=True)

        self._later.append(arrow)
        return at + 8

    def _note(self, note: Note, top: float) -> float:
        lines = fit(note.text, _NOTE, SMALL, 4)
        wide = max(text_width(line, SMALL) for line in lines) + 2 * _PAD
        x = min(self._places[note.about] + 8, self._end - wide - _PAD)
        tone = self._tone(note)
        high = len(lines) * LINE[SMALL] + _PAD

        def words() -> None:
            with self._canvas.group(f"{self._title(note.about)}: {note.text}", f"note {note.sort}"):
                self._canvas.box(x, top, wide, high, fill=tone.fill, line=tone.line, round_=3)
                self._canvas.lines(x + _PAD, top + _PAD / 2, lines, SMALL)

        self._later.append(words)
        return top + high + 8

    def _tone(self, note: Note) -> Tone:
        name = {"again": "state-degraded", "end": "state-down"}.get(note.sort, "plain")
        return self._theme.tones[name]

    def _title(self, ref: str) -> str:
        return next(one.title for one in self._sequence.participants if one.id == ref)
