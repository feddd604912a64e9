"""The lanes of a blueprint that hold components: a bar from the first to the last step that needs one.

Components with the same needs share a frame, so that forty of them still make a picture that is wider than high.
"""

from collections.abc import Callable, Hashable, Sequence
from itertools import pairwise

from servicescape.diagnostics.records import record
from servicescape.render.blueprint import Bar, Blueprint
from servicescape.render.canvas import LINE, SMALL, Canvas
from servicescape.render.metrics import fit, text_width
from servicescape.render.themes import Theme, Tone

PAD = 7
GAP = 8
_CHIP = 20
"""Height of a component among others in one frame."""
_CHIP_GAP = 5
_ROW_GAP = 6


@record()
class _Chip:
    """A component among others in one frame; places are relative to the frame."""

    bar: Bar
    title: str
    x: float
    top: float
    wide: float


@record()
class _Stretch:
    """Neighbouring columns that need something alike."""

    run: range
    chips: list[_Chip]
    lines: list[str]
    """Title of the only component; with several each has a chip."""
    high: float


@record()
class _Block:
    bars: Sequence[Bar]
    stretches: list[_Stretch]


class Lane:
    """One lane, laid out; it can be measured before it is drawn.

    `left` answers where the cards of a column begin, `inner` is how wide they are. With `figures` every step says which
    of its ways need a component.
    """

    def __init__(
        self,
        blueprint: Blueprint,
        bars: Sequence[Bar],
        theme: Theme,
        left: Callable[[int], float],
        inner: float,
        *,
        figures: bool,
    ) -> None:
        self._print, self._theme, self._left, self._inner = blueprint, theme, left, inner
        self._has_figures = figures
        alike: dict[Hashable, list[Bar]] = {}
        for bar in bars:
            need = bar.uses if figures else {column: 1 in ways for column, ways in bar.uses.items()}
            alike.setdefault(tuple(sorted(need.items())), []).append(bar)
        ranked = sorted(alike.values(), key=lambda each: (min(each[0].uses), -len(each[0].uses)))
        self._rows = [
            [_Block(each, [self._stretch(each, run) for run in _runs(each[0])]) for each in row]
            for row in _packed(ranked)
        ]
        self._heights = [max(stretch.high for block in row for stretch in block.stretches) for row in self._rows]
        self.high = sum(self._heights) + _ROW_GAP * (len(self._heights) - 1) + 2 * GAP

    def draw(self, canvas: Canvas, top: float) -> None:
        """Draws the lane's components."""
        at = top + GAP
        for high, row in zip(self._heights, self._rows, strict=True):
            for block in row:
                if len(block.bars) == 1:
                    self._alone(canvas, block, at, high)
                else:
                    self._together(canvas, block, at, high)
            at += high + _ROW_GAP

    def _stretch(self, bars: Sequence[Bar], run: range) -> _Stretch:
        """Lays components out within neighbouring columns, below the figures where there are several."""
        if len(bars) == 1:
            lines = fit(bars[0].node.title, self._title_room(bars[0], run), SMALL, 2)
            return _Stretch(run, [], lines, len(lines) * LINE[SMALL] + 8)
        _, room = self._span(run)
        figures = any(self._figures(bars[0], column) for column in run)
        x, top = _CHIP_GAP, _CHIP_GAP + (LINE[SMALL] if figures else 0)
        chips: list[_Chip] = []
        for bar in bars:
            badge = _badge_width(bar)
            title = fit(bar.node.title, room - 2 * _CHIP_GAP - badge - 2 * PAD + 4, SMALL, 1)[0]
            wide = text_width(title, SMALL) + badge + 2 * PAD - 4
            if chips and x + wide + _CHIP_GAP > room:
                x, top = _CHIP_GAP, top + _CHIP + _CHIP_GAP
            chips.append(_Chip(bar, title, x, top, wide))
            x += round(wide) + _CHIP_GAP
        return _Stretch(run, chips, [], top + _CHIP + _CHIP_GAP)

    def _title_room(self, bar: Bar, run: range) -> float:
        """From where the bar begins to the first figures on it."""
        for column in run:
            figures = self._figures(bar, column)
            if figures or column == run[-1]:
                reach = self._left(column) - self._left(run[0]) + self._inner
                return reach - 2 * PAD - _badge_width(bar) - (text_width(figures, SMALL) + 6 if figures else 0)
        return self._inner

    def _figures(self, bar: Bar, column: int) -> str:
        """Which ways need it, where the step has more than one."""
        if not self._has_figures or len(self._print.columns[column].ways) < 2:
            return ""
        return " ".join(map(str, bar.uses[column]))

    def _alone(self, canvas: Canvas, block: _Block, top: float, high: float) -> None:
        """One component, wherever it is needed, joined by a line."""
        bar = block.bars[0]
        tone, middle = self._tone(bar), top + high / 2
        with canvas.group(self._words(bar), f"{bar.node.kind} {bar.node.tone}", bar.node.url):
            self._joints(canvas, block, middle, tone.line)
            for stretch in block.stretches:
                x, wide = self._span(stretch.run)
                self._card(canvas, bar, stretch.run, x, top, wide, high)
                self._label(canvas, bar, stretch.lines, x + PAD, middle)
                self._write_figures(canvas, bar, stretch.run, middle + 4)

    def _together(self, canvas: Canvas, block: _Block, top: float, high: float) -> None:
        """Components that are needed alike."""
        first = block.bars[0]
        self._joints(canvas, block, top + high / 2, self._theme.edge)
        for stretch in block.stretches:
            x, wide = self._span(stretch.run)
            dashed = not _is_first(first, stretch.run)
            canvas.box(x, top, wide, high, fill=self._theme.paper, line=self._theme.group_line, dashed=dashed)
            self._write_figures(canvas, first, stretch.run, top + LINE[SMALL] - 1)
            for chip in stretch.chips:
                node = chip.bar.node
                with canvas.group(self._words(chip.bar), f"{node.kind} {node.tone}", node.url):
                    left, above = x + chip.x, top + chip.top
                    self._card(canvas, chip.bar, stretch.run, left, above, chip.wide, _CHIP)
                    self._label(canvas, chip.bar, [chip.title], left + PAD - 2, above + _CHIP / 2)

    def _card(self, canvas: Canvas, bar: Bar, run: range, x: float, top: float, wide: float, high: float) -> None:
        tone, first = self._tone(bar), _is_first(bar, run)
        fill = tone.fill if first else self._theme.paper
        round_ = 2 if bar.node.kind == "platform" else 6
        canvas.box(x, top, wide, high, fill=fill, line=tone.line, round_=round_, dashed=not first)

    def _joints(self, canvas: Canvas, block: _Block, middle: float, colour: str) -> None:
        for before, after in pairwise(block.stretches):
            start, wide = self._span(before.run)
            canvas.path([(start + wide, middle), (self._left(after.run[0]), middle)], colour)

    def _label(self, canvas: Canvas, bar: Bar, lines: Sequence[str], x: float, middle: float) -> None:
        if bar.node.badge:
            x += canvas.pill(x, middle - LINE[SMALL] / 2, bar.node.badge, self._tone(bar)) + 5
        canvas.lines(x, middle - len(lines) * LINE[SMALL] / 2 + 0.5, lines, SMALL)

    def _write_figures(self, canvas: Canvas, bar: Bar, run: range, baseline: float) -> None:
        for column in run:
            figures = self._figures(bar, column)
            end = self._left(column) + self._inner - PAD
            if figures:
                canvas.text(end, baseline, figures, SMALL, self._theme.muted, anchor="end")

    def _span(self, run: range) -> tuple[float, float]:
        x = self._left(run[0])
        return x, self._left(run[-1]) + self._inner - x

    def _words(self, bar: Bar) -> str:
        steps = []
        for column, ways in sorted(bar.uses.items()):
            step = self._print.columns[column]
            some = f" (way {', '.join(map(str, ways))})" if len(ways) < len(step.ways) else ""
            steps.append(step.title + some)
        return f"{bar.node.words}. Needed in: {', '.join(steps)}"

    def _tone(self, bar: Bar) -> Tone:
        return self._theme.tones.get(bar.node.tone, self._theme.tones["plain"])


def _badge_width(bar: Bar) -> float:
    return text_width(bar.node.badge, SMALL) + 13 if bar.node.badge else 0


def _is_first(bar: Bar, run: range) -> bool:
    """Whether the first way of the run's steps needs it."""
    return 1 in bar.uses[run[0]]


def _runs(bar: Bar) -> list[range]:
    """Neighbouring columns that need it alike: by the first way, or only by further ones."""
    runs: list[range] = []
    for column in sorted(bar.uses):
        last = runs[-1] if runs else None
        if last and last.stop == column and (1 in bar.uses[column]) == _is_first(bar, last):
            runs[-1] = range(last.start, column + 1)
        else:
            runs.append(range(column, column + 1))
    return runs


def _packed(blocks: Sequence[list[Bar]]) -> list[list[list[Bar]]]:
    """Blocks in as few rows as can be, in their order; those in one row do not overlap."""
    rows: list[list[list[Bar]]] = []
    for block in blocks:
        for row in rows:
            if max(row[-1][0].uses) < min(block[0].uses):
                row.append(block)
                break
        else:
            rows.append([block])
    return rows
