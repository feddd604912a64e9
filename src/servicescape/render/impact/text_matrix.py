"""The matrix for a terminal: one glyph with its letter a cell, folded by domain where the terminal is too narrow."""

import math
from collections.abc import Sequence

from servicescape.analysis.impact_results import ImpactMatrix
from servicescape.catalog.catalog import Catalog
from servicescape.render.impact.facts import Columns, columns_as_they_are, folded, state_sets
from servicescape.render.impact.terminal import (
    GAP,
    LEAST_WIDTH,
    Cell,
    cut,
    head_lines,
    head_width,
    pad,
    paint,
    paragraph,
    table_line,
    widest,
)
from servicescape.render.impact.verdict import matrix_summary, matrix_verdict, survived_words
from servicescape.render.impact.words import GLYPHS, LETTERS, STATE_WORDS, STATES, count, plain, rate, short_duration

MOST_ROWS = 40
"""Rows shown before the rest is left to the other formats."""
_TITLE = 32
_TITLE_LEAST = 18
_GROUP = 12
"""Cells up to which a group's name widens its columns."""


def render_matrix(
    matrix: ImpactMatrix, catalog: Catalog, *, width: int, colour: bool, most_rows: int = MOST_ROWS
) -> str:
    """Everything that can fail against every journey, worst first, in lines of at most `width` cells.

    Ends without a line break. What hits no journey is told in one line; more rows than `most_rows` are counted.
    """
    width = max(width, LEAST_WIDTH)
    lines = [paint(line, "title", colour) for line in paragraph(matrix_verdict(matrix, catalog), width)]
    summary = matrix_summary(matrix)
    if summary:
        lines += paragraph(summary, width)
    hit, survived, unused = state_sets(matrix)
    shown = hit[:most_rows]
    footer: list[str] = []
    if shown:
        layout = _Layout(matrix, catalog, shown, width)
        lines += ["", *layout.lines(colour)]
        if len(hit) > len(shown):
            lines.append(f"{GAP}… and {count(len(hit) - len(shown), 'more row')}, --format csv shows all")
        times = any(0 < time < math.inf for time in layout.columns.after_seconds[shown].ravel().tolist())
        lines += ["", *_legend(width, colour, times)]
        footer = layout.footer
    for names, words in ((survived, survived_words(matrix)), (unused, "No journey needs")):
        if names:
            lines += _folded_names(matrix, names, words, width)
    for text in footer:
        lines += [paint(line, "dim", colour) for line in paragraph(text, width, GAP)]
    return "\n".join(lines)


def _folded_names(matrix: ImpactMatrix, rows: list[int], words: str, width: int) -> list[str]:
    """One line: how many, and as many names as fit."""
    start = f"{GAP}{words} {len(rows):,}: "
    names = [plain(matrix.rows[index].title) for index in rows]
    text = ""
    for number in range(len(names), 0, -1):
        more = f" and {len(names) - number:,} more" if number < len(names) else ""
        text = start + " · ".join(names[:number]) + more
        if number > 60:
            continue
        if widest([text]) <= width:
            return [text]
    return [cut(text, width)]


def _legend(width: int, colour: bool, times: bool) -> list[str]:
    parts = [(f"{GLYPHS[code]} {LETTERS[code]} {STATE_WORDS[code]}", STATES[code]) for code in (3, 2, 1)]
    parts.append((f"{GLYPHS[0]} {STATE_WORDS[0]}", "ok"))
    if times:
        parts.append(("15m: after 15 minutes, no time: at once", "dim"))
    lines = [""]
    length = 0
    for text, style in parts:
        size = widest([text]) + 3
        if length and length + size > width:
            lines.append("")
            length = 0
        lines[-1] += ("   " if length else GAP) + paint(text, style, colour)
        length += size
    return lines


def cell_text(state: int, seconds: float) -> str:
    """A cell: glyph, letter, and the time until it where that is not at once."""
    if state == 0:
        return GLYPHS[0]
    later = f" {short_duration(seconds)}" if seconds > 0 and math.isfinite(seconds) else ""
    return f"{GLYPHS[state]} {LETTERS[state]}{later}"


class _Layout:
    """The widest form of a matrix that fits."""

    def __init__(self, matrix: ImpactMatrix, catalog: Catalog, shown: list[int], width: int) -> None:
        self._matrix = matrix
        self._shown = shown
        self._width = width
        self.footer: list[str] = []
        self._titles = [plain(matrix.rows[index].title) for index in shown]
        self._margins = self._figures()
        forms = [columns_as_they_are(matrix, catalog)]
        if any(column.step is not None for column in matrix.columns):
            forms.append(folded(matrix, catalog, "journey"))
        if any(column.domain is not None for column in matrix.columns):
            forms.append(folded(matrix, catalog, "domain"))
        for form in forms:
            self._take(form)
            if self._least() <= width:
                break
        else:
            self._margins = self._margins[:1]
            self._take(self.columns)
            if self._least() > width:
                self._drop()
        if self.columns.folded_by:
            self.footer.append(self._folding(forms[0]))
        room = width - self._least() + _TITLE_LEAST
        self._title_width = min(max(widest(self._titles), 9), _TITLE, room)

    def _figures(self) -> list[tuple[str, list[str]]]:
        figures = []
        for head, values in (
            ("blocked / h at peak", self._matrix.blocked_peak_per_hour),
            ("moved / h at peak", self._matrix.displaced_peak_per_hour),
        ):
            if not all(math.isnan(value) for value in values[self._shown].tolist()):
                figures.append((head, [rate(float(values[index])) for index in self._shown]))
        return figures

    def _take(self, columns: Columns, kept: int | None = None) -> None:
        self.columns = columns
        kept = len(columns.heads) if kept is None else kept
        self._cells = [
            [(int(columns.state[i, j]), float(columns.after_seconds[i, j])) for j in range(kept)] for i in self._shown
        ]
        self._texts = [[cell_text(*cell) for cell in row] for row in self._cells]
        self._heads = [*columns.heads[:kept], *(head for head, _ in self._margins)]
        least = [widest([row[j] for row in self._texts], 3) for j in range(kept)]
        least += [widest(texts) for _, texts in self._margins]
        self._widths = [head_width(head, size) for head, size in zip(self._heads, least, strict=True)]
        for start, end in _runs(columns.groups[:kept]):
            space = sum(self._widths[start:end]) + len(GAP) * (end - start - 1)
            self._widths[end - 1] += max(0, min(widest(columns.groups[start:end]), _GROUP) - space)

    def _least(self) -> int:
        titles = min(_TITLE_LEAST, max(widest(self._titles), 9))
        return len(GAP) + titles + sum(self._widths) + len(GAP) * len(self._widths)

    def _drop(self) -> None:
        """Leaves out the last columns where even the folded ones are too many."""
        total = len(self.columns.heads)
        for kept in range(total - 1, 0, -1):
            self._take(self.columns, kept)
            if self._least() <= self._width:
                break
        left = total - len(self._cells[0])
        if left:
            noun = self.columns.folded_by or ("step" if self._matrix.columns[0].step is not None else "journey")
            self.footer.append(f"… and {count(left, f'more {noun}')}, --format csv or html shows all")

    def _folding(self, everything: Columns) -> str:
        now = self._widths, self._heads, self.columns, self._cells, self._texts
        self._take(everything)
        needed = self._least()
        self._widths, self._heads, self.columns, self._cells, self._texts = now
        steps = self._matrix.columns[0].step is not None
        all_of_them = count(len(everything.heads), "step" if steps else "journey")
        where = f"a terminal of {needed} columns or " if needed <= 240 else ""
        return f"Columns show the worst of each {self.columns.folded_by}; {where}--format html shows {all_of_them}."

    def lines(self, colour: bool) -> list[str]:
        """The table with its headings and its margins."""
        widths = [self._title_width, *self._widths]
        journeys = len(self._cells[0])
        lines = self._group_line(journeys, colour)
        for pieces in head_lines(self._heads, self._widths):
            cells = [Cell("")] + [Cell(text, "dim", i >= journeys) for i, text in enumerate(pieces)]
            lines.append(table_line(cells, widths, colour))
        for number, (name, row) in enumerate(zip(self._titles, self._texts, strict=True)):
            cells = [Cell(name)]
            cells += [Cell(text, STATES[state]) for text, (state, _) in zip(row, self._cells[number], strict=True)]
            cells += [Cell(texts[number], right=True) for _, texts in self._margins]
            lines.append(table_line(cells, widths, colour))
        blocked = [str(number) for number in self.columns.blocked_by[:journeys]]
        foot = [Cell("blocked by", "dim"), *(Cell(text, "dim") for text in blocked)]
        lines.append(table_line([*foot, *(Cell("") for _ in self._margins)], widths, colour))
        return lines

    def _group_line(self, journeys: int, colour: bool) -> list[str]:
        groups = self.columns.groups[:journeys]
        if not any(groups):
            return []
        line = GAP + " " * self._title_width
        for start, end in _runs(groups):
            space = sum(self._widths[start:end]) + len(GAP) * (end - start - 1)
            text = cut(groups[start], space)
            rest = space - widest([text]) - 1
            line += GAP + (pad(text, space) if rest < 1 or not text else f"{text} {'─' * rest}")
        return [paint(line.rstrip(), "dim", colour)]


def _runs(groups: Sequence[str]) -> list[tuple[int, int]]:
    """Stretches of neighbours that belong to the same group, as half-open ranges."""
    starts = [i for i, group in enumerate(groups) if i == 0 or groups[i - 1] != group]
    return list(zip(starts, [*starts[1:], len(groups)], strict=True))
