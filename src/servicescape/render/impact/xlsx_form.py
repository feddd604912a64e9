"""The matrix and the blast radius as XLSX workbooks, for people who go on in a spreadsheet.

Every text is written as a text, so that a name that begins with `=` is a name and no formula; numbers are numbers. The
file tells neither when nor by whom it was made: the same results are the same bytes.

XlsxWriter rather than openpyxl: it writes faster and in less memory, needs no other package, and dates the parts of the
file as 1980. Reading workbooks, which it cannot do, is not wanted here.
"""

import datetime
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

from servicescape.analysis.impact_results import BlastRadius, ImpactMatrix, JourneyImpact
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics.errors import ToolError
from servicescape.render.impact.facts import Columns, because, columns_as_they_are, longest_chain
from servicescape.render.impact.verdict import (
    blast_title,
    blast_verdict,
    matrix_summary,
    matrix_verdict,
    runbook_sentence,
)
from servicescape.render.impact.words import (
    LETTERS,
    STATE_MEANINGS,
    STATE_WORDS,
    STATES,
    UNKNOWN,
    chain,
    duration,
    moment,
    plain,
    short_duration,
    title,
    whose,
)

MOST_COLUMNS = 16_384
"""More a sheet cannot have (https://support.microsoft.com/office: Excel specifications and limits)."""
_LONGEST = 32_000
_MANY_CELLS = 500_000
"""Cells from which on a sheet is not kept in memory."""
_MADE = datetime.datetime(2000, 1, 1)
_COLOURS = {"degraded": ("#DCEBF7", "#12395B"), "fallback": ("#F5B041", "#2B1D00"), "blocked": ("#9E2F00", "#FFFFFF")}
"""Ground and ink, those of the pages: apart for the colour-blind, and from pale to dark in print."""
_HEADS = ("Name", "Reference", "Kind", "Owner", "Domain", "Tier")
_FIGURES = (
    ("Blocked / h, average", "blocked_average_per_hour"),
    ("Blocked / h, peak", "blocked_peak_per_hour"),
    ("Moved / h, average", "displaced_average_per_hour"),
    ("Moved / h, peak", "displaced_peak_per_hour"),
)
_JOURNEY_HEADS = (
    *("Journey", "Reference", "State", "When", "Blocked / h", "Moved / h", "Blocked in all", "At risk", "Currency"),
    "Because",
)
_STEP_HEADS = ("Journey", "Step", "Optional", "State", "When", "Then by", "Customers see", "Because")
_CHANNEL_HEADS = ("Channel", "State", "Contacts / h", "Capacity / h", "Turned away / h", "Flooded", "Cost of contacts")

Value = str | float | int | None


def render_matrix(
    matrix: ImpactMatrix, catalog: Catalog, *, blast_radii: Mapping[str, BlastRadius] | None = None
) -> bytes:
    """A workbook with the matrix, the blast radius of its worst rows, and a legend.

    Raises ToolError for more journeys than a sheet has columns.
    """
    columns = columns_as_they_are(matrix, catalog)
    if len(columns.heads) + len(_HEADS) + len(_FIGURES) > MOST_COLUMNS:
        raise ToolError(
            f"{len(columns.heads):,} columns are more than a spreadsheet can hold", "--format csv writes all of them"
        )
    book = _Book(many=int((matrix.state > 0).sum()) > _MANY_CELLS)
    _matrix_sheet(book, matrix, catalog, columns)
    if blast_radii:
        _radii_sheet(book, matrix, catalog, blast_radii)
    _legend_sheet(book)
    return book.bytes()


def render_blast_radius(result: BlastRadius, catalog: Catalog) -> bytes:
    """A workbook with what one failure does to journeys, steps, channels and components, and a legend."""
    book = _Book(many=False)
    says = [blast_title(result, catalog), blast_verdict(result, catalog)]
    longest = longest_chain(result)
    says += [f"Longest chain: {chain(longest)}."] * bool(longest) + [runbook_sentence(result)]
    journeys = [_journey_line(journey, catalog) for journey in result.journeys]
    book.sheet("Journeys", says, _JOURNEY_HEADS, journeys, state_column=2)
    steps: list[list[Value]] = [
        [
            journey.title,
            step.title,
            "yes" if step.optional else "no",
            step.state,
            moment(step.after_seconds) if step.state != "ok" else None,
            title(catalog, step.leg),
            step.customer_sees,
            chain(step.because),
        ]
        for journey in result.journeys
        for step in journey.steps
    ]
    book.sheet("Steps", [], _STEP_HEADS, steps, state_column=3)
    channels: list[list[Value]] = [
        [
            load.title,
            load.state,
            _known(load.contacts_per_hour),
            load.capacity_per_hour,
            _known(load.turned_away_per_hour),
            moment(load.flooded_after_seconds) if math.isfinite(load.flooded_after_seconds) else None,
            load.cost_total,
        ]
        for load in result.channels
    ]
    book.sheet("Channels", [], _CHANNEL_HEADS, channels)
    book.sheet(
        "Components",
        [],
        ("Component", "Reference", "Owner", "State", "When", "Runbook", "Chain"),
        _component_lines(result, catalog),
    )
    _legend_sheet(book)
    return book.bytes()


def _journey_line(journey: JourneyImpact, catalog: Catalog) -> list[Value]:
    known = journey.blocked_per_hour is not None
    return [
        journey.title,
        journey.journey,
        journey.state,
        moment(journey.after_seconds) if journey.is_hit else None,
        _known(journey.blocked_per_hour),
        sum(journey.displaced_per_hour.values()) if known else UNKNOWN,
        journey.blocked_total,
        journey.value_lost,
        journey.currency,
        because(journey, catalog),
    ]


def _component_lines(result: BlastRadius, catalog: Catalog) -> Iterable[list[Value]]:
    runbooks = dict(result.runbooks)
    for part in result.components:
        component = catalog.components.get(part.component)
        when = part.down_after_seconds if part.state == "down" else part.degraded_after_seconds
        yield [
            title(catalog, part.component),
            part.component,
            whose(catalog, part.component, component.owner if component else None)[1],
            part.state,
            moment(when),
            runbooks.get(part.component) or (component.runbook if component else None),
            chain(tuple(reversed(part.path))),
        ]


class _Book:
    """A workbook in the making."""

    def __init__(self, *, many: bool) -> None:
        self._data = io.BytesIO()
        self.book: Any = xlsxwriter.Workbook(self._data, {"constant_memory": many, "in_memory": not many})
        self.book.set_properties({"created": _MADE, "author": "", "title": "Impact"})
        edge = {"valign": "top"}
        self.title = self.book.add_format({"bold": True, "font_size": 13})
        self.quiet = self.book.add_format({"font_color": "#4B5967"})
        self.head = self.book.add_format({"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1})
        self.text = self.book.add_format(edge)
        self.number = self.book.add_format({**edge, "num_format": "#,##0.##"})
        self.unknown = self.book.add_format({**edge, "align": "right", "font_color": "#4B5967"})
        self.states = {
            state: self.book.add_format({"bg_color": ground, "font_color": ink, "align": "center", "valign": "top"})
            for state, (ground, ink) in _COLOURS.items()
        }

    def write(self, sheet: Any, row: int, column: int, value: Value, form: Any = None) -> None:
        """One cell; nothing where there is nothing to say."""
        if value is None or value == "":
            return
        if isinstance(value, str):
            form = form or (self.unknown if value == UNKNOWN else self.text)
            sheet.write_string(row, column, plain(value)[:_LONGEST], form)
        elif math.isfinite(value):
            sheet.write_number(row, column, round(value, 3), form or self.number)

    def sheet(
        self,
        name: str,
        says: Sequence[str],
        heads: Sequence[str],
        lines: Iterable[Sequence[Value]],
        *,
        state_column: int | None = None,
    ) -> None:
        """A sheet that is one table with filters, below the sentences that sum it up."""
        sheet = self.book.add_worksheet(name)
        row = 0
        for number, text in enumerate(filter(None, says)):
            self.write(sheet, row, 0, text, self.quiet if number else self.title)
            row += 1
        top = row + bool(row)
        for column, head in enumerate(heads):
            self.write(sheet, top, column, head, self.head)
        widths = [len(head) for head in heads]
        last = top
        for last, line in enumerate(lines, top + 1):
            for column, value in enumerate(line):
                state = column == state_column and isinstance(value, str)
                self.write(sheet, last, column, value, self.states.get(str(value)) if state else None)
                widths[column] = max(widths[column], len(str(value or "")))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(max(width + 2, 8), 60))
        sheet.autofilter(top, 0, max(last, top), len(heads) - 1)
        sheet.freeze_panes(top + 1, 1)
        _for_print(sheet, top)

    def bytes(self) -> bytes:
        """The finished file."""
        self.book.close()
        return self._data.getvalue()


def _for_print(sheet: Any, head: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)


def _matrix_sheet(book: _Book, matrix: ImpactMatrix, catalog: Catalog, columns: Columns) -> None:
    sheet = book.book.add_worksheet("Matrix")
    within = f" Outages of {duration(matrix.lasts_seconds)}." if matrix.lasts_seconds is not None else ""
    book.write(sheet, 0, 0, matrix_verdict(matrix, catalog), book.title)
    book.write(sheet, 1, 0, matrix_summary(matrix) + within, book.quiet)
    first = len(_HEADS)
    figures = first + len(columns.heads)
    # The margin of the columns stands above the heads, where no sorting can take it along.
    book.write(sheet, 2, 0, "blocked by", book.quiet)
    for j, number in enumerate(columns.blocked_by):
        book.write(sheet, 2, first + j, number, book.quiet)
    heads = [*_HEADS, *columns.full, *(head for head, _ in _FIGURES)]
    for column, head in enumerate(heads):
        book.write(sheet, 3, column, head, book.head)
    values = [getattr(matrix, name).tolist() for _, name in _FIGURES]
    for index, row in enumerate(matrix.rows):
        line = index + 4
        owner = whose(catalog, row.ref, row.owner)[1]
        for column, value in enumerate((row.title, row.ref, row.kind, owner, title(catalog, row.domain), row.tier)):
            book.write(sheet, line, column, value)
        states = columns.state[index]
        hit = states.nonzero()[0].tolist()
        for j, state, after in zip(hit, states[hit].tolist(), columns.after_seconds[index][hit].tolist(), strict=True):
            later = f" {short_duration(after)}" if after > 0 and math.isfinite(after) else ""
            sheet.write_string(line, first + j, LETTERS[state] + later, book.states[STATES[state]])
        for place, figures_of_rows in enumerate(values):
            book.write(sheet, line, figures + place, _known(figures_of_rows[index]))
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 28, None, {"level": 1, "hidden": True})
    sheet.set_column(2, 2, 10)
    sheet.set_column(3, 4, 18)
    sheet.set_column(5, 5, 6)
    sheet.set_column(first, figures - 1, 12)
    sheet.set_column(figures, figures + len(_FIGURES) - 1, 12)
    sheet.autofilter(3, 0, max(3 + len(matrix.rows), 3), len(heads) - 1)
    sheet.freeze_panes(4, 1)
    _for_print(sheet, 3)


def _radii_sheet(book: _Book, matrix: ImpactMatrix, catalog: Catalog, radii: Mapping[str, BlastRadius]) -> None:
    told = [row for row in matrix.rows if row.ref in radii]
    lines = (
        [row.title, *_journey_line(journey, catalog)]
        for row in told
        for journey in radii[row.ref].journeys
        if journey.is_hit
    )
    left = sum(row.reaches_journeys for row in matrix.rows) - len(told)
    says = [f"What the loss of each does to each journey, at peak; {len(told):,} worst rows" if left > 0 else ""]
    book.sheet("Blast radius", says, ("If this is lost", *_JOURNEY_HEADS), lines, state_column=3)


def _legend_sheet(book: _Book) -> None:
    sheet = book.book.add_worksheet("Legend")
    lines = [(LETTERS[code], STATE_WORDS[code], STATE_MEANINGS[code], STATES[code]) for code in (3, 2, 1)]
    book.write(sheet, 0, 0, "What the letters mean", book.title)
    for row, (letter, word, meaning, state) in enumerate(lines, 1):
        book.write(sheet, row, 0, letter, book.states[state])
        book.write(sheet, row, 1, word)
        book.write(sheet, row, 2, meaning)
    more = (
        ("", "empty", "not hit"),
        ("B 15m", "with a time", "after 15 minutes; no time: at once"),
        (UNKNOWN, "unknown", "the catalog does not give what the figure needs: demand, or a capacity"),
        ("", "blocked / h", "customers an hour who cannot get it done, at the worst moment"),
        ("", "moved / h", "contacts an hour that move to another channel, at the worst moment"),
        ("", "blocked by", "number of rows that block a journey by themselves"),
    )
    for row, line in enumerate(more, len(lines) + 1):
        for column, value in enumerate(line):
            book.write(sheet, row, column, value)
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 14)
    sheet.set_column(2, 2, 70)


def _known(value: float | None) -> Value:
    return UNKNOWN if value is None or not math.isfinite(value) else value
