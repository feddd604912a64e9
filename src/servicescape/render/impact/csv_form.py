"""The matrix and the blast radius as CSV after RFC 4180, safe to open in a spreadsheet.

A text that a spreadsheet would take for a formula gets an apostrophe in front
(https://owasp.org/www-community/attacks/CSV_Injection). Numbers are numbers.
"""

import csv
import io
import math
from collections.abc import Iterable, Iterator

from servicescape.analysis.impact_results import BlastRadius, ImpactMatrix
from servicescape.catalog.catalog import Catalog
from servicescape.render.impact.words import STATES, plain

Value = str | int | float | None

_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")  # the full-width forms count in Japanese spreadsheets


def safe(text: str) -> str:
    """The text as a spreadsheet may have it: never a formula."""
    inner = text.lstrip(" \u00a0")
    return "'" + text if text.startswith(_FORMULA_STARTS) or inner.startswith(_FORMULA_STARTS) else text


def iter_matrix_csv(matrix: ImpactMatrix) -> Iterator[str]:
    """The matrix line by line: a row each, and for each column its state and the seconds until it."""
    heads: list[Value] = [matrix.by, "title", "kind", "owner", "domain", "tier", "members"]
    for column in matrix.columns:
        name = column.journey if column.step is None else f"{column.journey}/{column.step}"
        heads += [name, f"{name} after seconds"]
    heads += [
        "blocked per hour at average",
        "blocked per hour at peak",
        "displaced per hour at average",
        "displaced per hour at peak",
    ]
    yield _line(heads)
    cells = _Cells(matrix)
    for index, row in enumerate(matrix.rows):
        head = [row.ref, row.title, row.kind, row.owner, row.domain, row.tier, " ".join(row.members)]
        figures = (
            matrix.blocked_average_per_hour,
            matrix.blocked_peak_per_hour,
            matrix.displaced_average_per_hour,
            matrix.displaced_peak_per_hour,
        )
        yield ",".join([_fields(head), *cells.row(index), _line([float(figure[index]) for figure in figures])])


class _Cells:
    """The fields of a matrix's cells. There are millions of them, of which few differ."""

    def __init__(self, matrix: ImpactMatrix) -> None:
        self._matrix = matrix
        self._fine = [_fields([STATES[0], None])] * len(matrix.columns)
        self._known: dict[tuple[int, float], str] = {}

    def row(self, index: int) -> list[str]:
        """For each column the fields of its state and of the seconds until it."""
        states = self._matrix.state[index]
        hit = states.nonzero()[0]
        found = self._fine.copy()
        times = self._matrix.after_seconds[index][hit]
        for column, state, time in zip(hit.tolist(), states[hit].tolist(), times.tolist(), strict=True):
            text = self._known.get((state, time))
            if text is None:
                text = self._known[state, time] = _fields([STATES[state], time])
            found[column] = text
        return found


def render_matrix(matrix: ImpactMatrix) -> str:
    """The whole matrix; every line ends with CR LF."""
    return "".join(iter_matrix_csv(matrix))


def render_blast_radius(result: BlastRadius, catalog: Catalog) -> str:
    """A line for each journey and below it one for each of its steps; every line ends with CR LF."""
    lines = [
        _line(
            [
                "journey",
                "step",
                "title",
                "optional",
                "state",
                "after seconds",
                "blocked per hour",
                "displaced per hour",
                "blocked in all",
                "value lost",
                "currency",
                "channel",
                "because",
                "customer sees",
            ]
        )
    ]
    for journey in result.journeys:
        lines.append(
            _line(
                [
                    journey.journey,
                    None,
                    journey.title,
                    None,
                    journey.state,
                    journey.after_seconds if journey.is_hit else None,
                    journey.blocked_per_hour,
                    # Without demand it is not known how many move, and nothing is written; never 0.
                    None if journey.blocked_per_hour is None else sum(journey.displaced_per_hour.values()),
                    journey.blocked_total,
                    journey.value_lost,
                    journey.currency,
                    None,
                    None,
                    None,
                ]
            )
        )
        for step in journey.steps:
            lines.append(
                _line(
                    [
                        journey.journey,
                        step.step,
                        step.title,
                        "yes" if step.optional else "no",
                        step.state,
                        step.after_seconds if step.state != "ok" else None,
                        *([None] * 5),
                        step.leg,
                        " > ".join(step.because),
                        step.customer_sees,
                    ]
                )
            )
    return "".join(lines)


def _line(values: Iterable[Value]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([_cell(value) for value in values])
    return buffer.getvalue()


def _fields(values: Iterable[Value]) -> str:
    """A part of a line."""
    return _line(values).removesuffix("\r\n")


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return safe(plain(value))
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        return ""
    return repr(round(value, 3)).removesuffix(".0")
