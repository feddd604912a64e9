"""A service blueprint drawn: a grid of its own, for no engine knows of lanes and columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from servicescape.render.blueprint import LANES, Blueprint, Column, Way
from servicescape.render.blueprint_lanes import GAP, PAD, Lane
from servicescape.render.canvas import LARGE, LINE, SMALL, Canvas
from servicescape.render.metrics import fit, text_width
from servicescape.render.sheet import Sheet
from servicescape.render.text import shorten
from servicescape.render.themes import LIGHT, Theme

_MARGIN = 28
_GUTTER = 132
"""Room for the names of lanes and channels."""
_BRACKETS = 20
"""Room at the left of each column, for hand-overs that pass a card."""
_BETWEEN_LANES = 26
_STATE_TONES = {"degraded": "state-degraded", "fallback": "state-degraded", "blocked": "state-down"}


def lay_out(blueprint: Blueprint, theme: Theme = LIGHT) -> Sheet:
    """The blueprint drawn, wider than high where there are enough steps."""
    return _Drawing(blueprint, theme).finish()


@dataclass(slots=True)
class _Card:
    """A way where it is drawn."""

    way: Way
    x: float
    top: float
    high: float
    row: int


class _Drawing:
    def __init__(self, blueprint: Blueprint, theme: Theme) -> None:
        self._print = blueprint
        self._theme = theme
        self._canvas = Canvas(theme)
        count = max(1, len(blueprint.columns))
        self._column = 240 if count <= 4 else 190 if count <= 8 else 166
        self._inner = self._column - _BRACKETS - GAP
        self._wide = 2 * _MARGIN + _GUTTER + max(count * self._column, 560)

    def finish(self) -> Sheet:
        top = self._heading(_MARGIN)
        top = self._customers(top + 16)
        top = self._line(top, "line of interaction", "2 4")
        top = self._ways(top)
        shown = [key for key in LANES if self._print.lanes[key]]
        above = "channels"
        for key in shown:
            if above in ("channels", "front") and key != "front":
                top = self._line(top, "line of visibility", "9 5", thick=2)
            elif above == "back":
                top = self._line(top, "line of internal interaction", "2 4")
            else:
                top += 10
            figures = key in ("front", "back")
            lane = Lane(self._print, self._print.lanes[key], self._theme, self._left, self._inner, figures=figures)
            self._band(top, lane.high, LANES[key])
            lane.draw(self._canvas, top)
            top += lane.high
            above = key
        for note in self._print.notes:
            room = self._wide - 2 * _MARGIN
            top = self._canvas.lines(_MARGIN, top + 8, fit(note, room, SMALL, 2), SMALL, self._theme.muted)
        return Sheet(self._canvas, self._wide, top + _MARGIN, self._print.title, self._print.description())

    def _left(self, column: int) -> float:
        """Where the cards of a column begin."""
        return _MARGIN + _GUTTER + column * self._column + _BRACKETS

    # Heading

    def _heading(self, top: float) -> float:
        room = self._wide - 2 * _MARGIN
        top = self._canvas.lines(_MARGIN, top, fit(self._print.title, room, LARGE, 2, bold=True), LARGE, bold=True)
        facts = [self._print.facts] if self._print.facts else []
        if self._print.repeats:
            many = self._print.repeats
            facts.append(f"customers repeat themselves at {many} hand-over{'s' * (many != 1)}")
        if facts:
            top = self._canvas.lines(_MARGIN, top, fit(" · ".join(facts), room, SMALL, 2), SMALL, self._theme.muted)
        return self._legend(top + 6)

    def _legend(self, top: float) -> float:
        x: float = _MARGIN
        for sign, text in self._signs():
            wide = 30 + text_width(text, SMALL) + 18
            if x > _MARGIN and x + wide > self._wide - _MARGIN:
                x, top = _MARGIN, top + 18
            self._sign(sign, x, top)
            self._canvas.text(x + 30, top + 10, text, SMALL, self._theme.muted)
            x += wide
        return top + 16

    def _signs(self) -> Iterator[tuple[str, str]]:
        for entry in self._print.tones:
            yield entry.key, shorten(entry.text, 40)
        columns = self._print.columns
        if len(columns) > 1:
            yield "flow", "the way it should go"
        if any(len(column.ways) > 1 for column in columns):
            yield "hand-over", "hand-over to the next way when one fails"
        bars = [bar for lane in self._print.lanes.values() for bar in lane]
        if any(1 not in ways for bar in bars for ways in bar.uses.values()):
            yield "reserve", "only needed by further ways"
        if any(len(columns[column].ways) > 1 for bar in bars for column in bar.uses):
            yield "figures", "ways of the step that need it"
        if self._print.repeats:
            yield "repeat", "customers repeat themselves"

    def _sign(self, sign: str, x: float, top: float) -> None:
        theme, canvas = self._theme, self._canvas
        middle = top + 6
        if sign == "flow":
            canvas.path([(x, middle), (x + 22, middle)], theme.ink, thick=2, arrow=True)
        elif sign == "hand-over":
            canvas.path([(x, middle), (x + 22, middle)], theme.edge, dashes="4 3", arrow=True)
        elif sign == "reserve":
            canvas.box(x, top, 22, 12, fill=theme.paper, line=theme.edge, round_=4, dashed=True)
        elif sign == "figures":
            canvas.text(x + 11, top + 10, "1 2", SMALL, theme.muted, anchor="middle")
        elif sign == "repeat":
            self._loop(x + 5, top)
        else:
            tone = theme.tones[sign]
            canvas.box(x, top, 22, 12, fill=tone.fill, line=tone.line, round_=4)

    def _loop(self, x: float, top: float) -> None:
        """A line that turns back on itself."""
        colour = self._theme.tones["state-degraded"].line
        points = [(x + 5, top + 10), (x + 11, top + 10), (x + 11, top + 3), (x + 1, top + 3), (x + 1, top + 10)]
        self._canvas.path(points, colour, thick=1.3, arrow=True)

    # Lanes

    def _band(self, top: float, high: float, name: str) -> None:
        x = _MARGIN
        self._canvas.box(x, top, self._wide - 2 * _MARGIN, high, fill=self._theme.group_fill, round_=6)
        lines = fit(name, _GUTTER - 2 * PAD, SMALL, 2, bold=True)
        self._canvas.lines(x + PAD + 2, top + PAD, lines, SMALL, self._theme.muted, bold=True)

    def _line(self, top: float, name: str, dashes: str, *, thick: float = 1) -> float:
        """A line across the picture, with its name on it."""
        middle = top + _BETWEEN_LANES / 2
        end = self._wide - _MARGIN
        bold = thick > 1
        colour = self._theme.ink if bold else self._theme.muted
        start = _MARGIN + text_width(name, SMALL, bold=bold) + 10
        self._canvas.text(_MARGIN, middle + 4, name, SMALL, colour, bold=bold)
        self._canvas.path([(start, middle), (end, middle)], colour, thick=thick, dashes=dashes)
        return top + _BETWEEN_LANES

    def _customers(self, top: float) -> float:
        room = self._inner - 2 * PAD
        texts = []
        for column in self._print.columns:
            texts.append(
                (
                    fit(column.title, room, LARGE, 3, bold=True),
                    fit(column.about, room, SMALL, 2) if column.about else [],
                    fit(column.gives, room, SMALL, 3) if column.gives else [],
                )
            )
        heights = [
            len(title) * LINE[LARGE] + (len(about) + len(gives)) * LINE[SMALL] + (20 if column.state else 0)
            for (title, about, gives), column in zip(texts, self._print.columns, strict=True)
        ]
        high = max(heights, default=LINE[LARGE]) + 2 * PAD
        self._band(top, high + 2 * GAP, self._print.persona)
        for number, (column, (title, about, gives)) in enumerate(zip(self._print.columns, texts, strict=True)):
            tone = self._theme.tones[_STATE_TONES.get(column.state, "plain")]
            x, at = self._left(number), top + GAP
            with self._canvas.group(column.words, "step"):
                self._canvas.box(x, at, self._inner, high, fill=tone.fill, line=tone.line)
                at = self._canvas.lines(x + PAD, at + PAD, title, LARGE, bold=True)
                at = self._canvas.lines(x + PAD, at, about, SMALL, self._theme.muted)
                at = self._canvas.lines(x + PAD, at, gives, SMALL, self._theme.ink)
                if column.state:
                    self._canvas.pill(x + PAD, at + 3, column.state, tone)
            if number:
                middle = top + GAP + PAD + LINE[LARGE] / 2
                start = self._left(number - 1) + self._inner
                self._canvas.path([(start, middle), (x, middle)], self._theme.ink, thick=2, arrow=True)
        return top + high + 2 * GAP

    def _ways(self, top: float) -> float:
        """The channels, one row each, and how customers get from one way of doing a step to the next."""
        rows = {ref: number for number, (ref, _, _) in enumerate(self._print.channels)}
        texts = {
            (column, way.number): self._way_text(way)
            for column, each in enumerate(self._print.columns)
            for way in each.ways
        }
        heights = [self._row_height(ref, texts) for ref in rows]
        gap = 14
        start = top + PAD + LINE[SMALL] + 4
        tops = [start + sum(heights[:number]) + gap * number for number in range(len(heights))]
        end = (tops[-1] + heights[-1] if tops else start) + GAP
        self._band(top, end - top, "Channels")
        for (_, title, mode), at in zip(self._print.channels, tops, strict=True):
            lines = fit(title, _GUTTER - 2 * PAD, LARGE, 2)
            below = self._canvas.lines(_MARGIN + PAD + 2, at + 4, lines, LARGE)
            self._canvas.lines(_MARGIN + PAD + 2, below, [mode] if mode else [], SMALL, self._theme.muted)
        cards: list[list[_Card]] = []
        for number, column in enumerate(self._print.columns):
            cards.append(self._column_cards(number, column, rows, tops, heights))
        # Lines first: where one passes a card by accident of rounding, the card is on top.
        for before, after in pairwise(cards):
            if before and after:
                self._main_way(before[0], after[0])
        for column_cards in cards:
            self._hand_overs(column_cards)
        for number, column_cards in enumerate(cards):
            for card in column_cards:
                self._way_card(card, texts[number, card.way.number])
        return end

    def _way_text(self, way: Way) -> tuple[list[str], list[str], list[str]]:
        room = self._inner - 2 * PAD
        return (
            fit(way.how, room, SMALL, 2),
            fit(way.carries, room, SMALL, 3) if way.carries else [],
            fit(way.asks_again, room - 20, SMALL, 3) if way.asks_again else [],
        )

    def _row_height(self, channel: str, texts: dict[tuple[int, int], tuple[list[str], list[str], list[str]]]) -> float:
        """Room for the tallest cell of a channel; a channel twice in one step has its cards below each other."""
        highest: float = LINE[LARGE] + LINE[SMALL] + 8
        for number, column in enumerate(self._print.columns):
            mine = [way for way in column.ways if way.channel == channel]
            total = sum(self._card_height(texts[number, way.number]) for way in mine) + 14 * max(0, len(mine) - 1)
            highest = max(highest, total)
        return highest

    def _card_height(self, text: tuple[list[str], list[str], list[str]]) -> float:
        return sum(map(len, text)) * LINE[SMALL] + 2 * PAD + (4 if text[2] else 0)

    def _column_cards(
        self, number: int, column: Column, rows: dict[str, int], tops: Sequence[float], heights: Sequence[float]
    ) -> list[_Card]:
        cards = []
        for way in column.ways:
            row = rows[way.channel]
            mine = [one for one in column.ways if one.channel == way.channel]
            each = (heights[row] - 14 * (len(mine) - 1)) / len(mine)
            top = tops[row] + mine.index(way) * (each + 14)
            cards.append(_Card(way, self._left(number), top, each, row))
        return cards

    def _way_card(self, card: _Card, text: tuple[list[str], list[str], list[str]]) -> None:
        theme, canvas = self._theme, self._canvas
        how, carries, again = text
        first = card.way.number == 1
        with canvas.group(card.way.words, "way"):
            line = theme.ink if first else theme.edge
            canvas.box(card.x, card.top, self._inner, card.high, fill=theme.paper, line=line, dashed=not first)
            at = canvas.lines(card.x + PAD, card.top + PAD, how, SMALL, bold=first)
            at = canvas.lines(card.x + PAD, at, carries, SMALL, theme.muted)
            if again:
                warn = theme.tones["state-degraded"]
                high = len(again) * LINE[SMALL] + 3
                canvas.box(card.x + 4, at + 2, self._inner - 8, high, fill=warn.fill, round_=4)
                self._loop(card.x + PAD + 3, at + 3.5)
                canvas.lines(card.x + PAD + 20, at + 3, again, SMALL)

    def _main_way(self, before: _Card, after: _Card) -> None:
        start = (before.x + self._inner, before.top + min(before.high, 28) / 2)
        end = (after.x, after.top + min(after.high, 28) / 2)
        turn = before.x + self._inner + 6
        points = [start, end] if start[1] == end[1] else [start, (turn, start[1]), (turn, end[1]), end]
        self._canvas.path(points, self._theme.ink, thick=2, arrow=True)

    def _hand_overs(self, cards: Sequence[_Card]) -> None:
        taken = 0
        for before, after in pairwise(cards):
            between = [card for card in cards if min(before.top, after.top) < card.top < max(before.top, after.top)]
            if after.top > before.top and not between:
                x = before.x + self._inner / 2
                points = [(x, before.top + before.high), (x, after.top)]
            else:
                x = before.x - 7 - 5 * (taken % 2)
                taken += 1
                leave = before.top + before.high - 9
                enter = after.top + (9 if after.top > before.top else after.high - 9)
                points = [(before.x, leave), (x, leave), (x, enter), (after.x, enter)]
            self._canvas.path(points, self._theme.edge, dashes="4 3", arrow=True)
