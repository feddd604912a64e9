"""Everything that can fail against every journey."""

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from servicescape.analysis.blast_radius import blast_radius
from servicescape.analysis.impact_graph import FailureGraph
from servicescape.analysis.impact_results import ImpactMatrix, MatrixColumn
from servicescape.analysis.matrix_customers import ChunkOfCustomers, Patterns
from servicescape.analysis.matrix_graph import Order, order_below, reached_by
from servicescape.analysis.matrix_journeys import JourneyPlans, WorstStates, journey_states, step_states
from servicescape.analysis.matrix_rows import MatrixFailure, matrix_failures
from servicescape.analysis.matrix_times import Chunk, Failure, propagate_all
from servicescape.catalog.catalog import Catalog

MatrixBy = Literal["component", "team", "domain", "vendor", "scenario"]
_BLOCKED = 3


def impact_matrix(
    catalog: Catalog, *, by: MatrixBy = "component", steps: bool = False, lasts_seconds: float | None = None
) -> ImpactMatrix:
    """What the failure of every component (team, domain, vendor, scenario) alone does to every journey, or every step.

    A row says what `blast_radius` says of the same failure. Hours of channels are not looked at. Of a scenario its
    own length counts where `lasts_seconds` is not given.

    Rows stand worst first: by customers blocked (at peak, then at average demand), by number of columns blocked, on a
    fallback and degraded, by contacts displaced; those that reach no journey last; then by reference.
    """
    return _Matrix(catalog, by, steps, lasts_seconds).result()


class _Matrix:
    """One matrix in the making. Rows are in the order of `failures` until the end."""

    def __init__(self, catalog: Catalog, by: MatrixBy, steps: bool, lasts_seconds: float | None) -> None:
        self._catalog = catalog
        self._by = by
        self._steps = steps
        self._lasts = lasts_seconds
        self._graph = FailureGraph.of(catalog)
        self._plans = JourneyPlans(catalog, self._graph)
        self._order: Order = order_below(self._graph, self._plans.needed())
        self._failures: list[MatrixFailure] = matrix_failures(catalog, by)
        capped = frozenset(ref for ref, channel in catalog.channels.items() if channel.capacity_per_hour is not None)
        self._patterns = [
            None if journey.average_per_hour is None and journey.peak_per_hour is None else Patterns(journey, capped)
            for journey in self._plans.journeys
        ]
        self._delays = any(link.tolerates > 0 for link in self._graph.links)
        self._columns = self._column_heads()
        shape = (len(self._failures), len(self._columns))
        self._state = np.zeros(shape, dtype=np.uint8)
        self._after = np.full(shape, np.inf, dtype=np.float32)
        journeys = self._plans.journeys
        self._known = (
            np.array([journey.average_per_hour is not None for journey in journeys], dtype=np.bool_),
            np.array([journey.peak_per_hour is not None for journey in journeys], dtype=np.bool_),
        )
        # Nobody is hit until a chunk says otherwise: nobody blocked, where any demand is known at all.
        self._blocked, self._displaced = (
            tuple(np.full(len(self._failures), 0.0 if known.any() else np.nan) for known in self._known)
            for _ in ("blocked", "displaced")
        )

    def _column_heads(self) -> list[tuple[str, str | None, str, str | None]]:
        heads: list[tuple[str, str | None, str, str | None]] = []
        for journey in self._plans.journeys:
            if self._steps:
                heads.extend((journey.ref, step.name, step.title, journey.domain) for step in journey.steps)
            else:
                heads.append((journey.ref, None, journey.title, journey.domain))
        return heads

    def result(self) -> ImpactMatrix:
        numbered = [self._failure(row, failure) for row, failure in enumerate(self._failures)]
        for chunk in propagate_all(self._graph, self._order, numbered):
            self._judge(chunk)
        reaches = [reached_by(self._order, (*failure.fail, *failure.degrade)) is not None for failure in numbered]
        order = self._worst_first(reaches)
        _reorder(self._state, order)
        _reorder(self._after, order)
        blocked_by = (self._state == _BLOCKED).sum(axis=0)
        return ImpactMatrix(
            lasts_seconds=self._lasts,
            by=self._by,
            rows=tuple(self._failures[row].head(reaches_journeys=reaches[row]) for row in order),
            columns=tuple(
                MatrixColumn(journey, step, title, domain, int(count))
                for (journey, step, title, domain), count in zip(self._columns, blocked_by, strict=True)
            ),
            state=self._state,
            after_seconds=self._after,
            blocked_average_per_hour=self._blocked[0][order],
            blocked_peak_per_hour=self._blocked[1][order],
            displaced_average_per_hour=self._displaced[0][order],
            displaced_peak_per_hour=self._displaced[1][order],
        )

    def _failure(self, row: int, failure: MatrixFailure) -> Failure:
        lasts = failure.lasts_seconds if self._lasts is None else self._lasts
        return Failure(
            row=row,
            fail=self._graph.numbers(failure.fail),
            degrade=self._graph.numbers(failure.degrade),
            within_seconds=math.inf if lasts is None else lasts,
        )

    def _judge(self, chunk: Chunk) -> None:
        """Fills in the rows of one chunk."""
        count = chunk.rows.size
        view = self._plans.judge(chunk.times)
        customers = ChunkOfCustomers(self._catalog, count, delays=self._delays)
        # Columns are worked out one by one but stored by row: one turn of the whole chunk is cheaper than many strides.
        state = np.zeros((len(self._columns), count), dtype=np.uint8)
        after = np.full((len(self._columns), count), np.inf, dtype=np.float32)
        hit = np.zeros((len(self._plans.journeys), count), dtype=np.bool_)
        column = 0
        for index, plans in enumerate(self._plans.steps):
            changed = [
                (position, plan.step, times)
                for position, plan in enumerate(plans)
                if (times := view.step(plan)) is not None
            ]
            worst = journey_states([(step, times) for _, step, times in changed]) if changed else None
            if worst is not None:
                np.not_equal(worst.state, 0, out=hit[index])
            if self._steps:
                for position, _, times in changed:
                    _write(state, after, column + position, step_states(times))
                column += len(plans)
            else:
                if worst is not None:
                    _write(state, after, column, worst)
                column += 1
            patterns = self._patterns[index]
            if patterns is not None and changed:
                customers.add(patterns, [(position, times) for position, _, times in changed])
        self._state[chunk.rows] = state.T
        self._after[chunk.rows] = after.T
        self._write_customers(chunk, customers, hit)

    def _write_customers(self, chunk: Chunk, customers: ChunkOfCustomers, hit: npt.NDArray[np.bool_]) -> None:
        worst = customers.worst()
        any_hit = hit.any(axis=0)
        for demand, known in enumerate(self._known):
            unknown = (any_hit & ~hit[known].any(axis=0)) if known.any() else np.ones(chunk.rows.size, dtype=np.bool_)
            self._blocked[demand][chunk.rows] = np.where(unknown, np.nan, worst.blocked[demand])
            self._displaced[demand][chunk.rows] = np.where(unknown, np.nan, worst.displaced[demand])
        for index in np.flatnonzero(customers.wide):
            self._work_out_alone(int(chunk.rows[index]))

    def _work_out_alone(self, row: int) -> None:
        failure = self._failures[row]
        for demand, at in enumerate(("average", "peak")):
            totals = blast_radius(
                self._catalog,
                fail=failure.fail,
                degrade=failure.degrade,
                lasts_seconds=failure.lasts_seconds if self._lasts is None else self._lasts,
                at=at,
                graph=self._graph,
            ).totals
            self._blocked[demand][row] = np.nan if totals.blocked_per_hour is None else totals.blocked_per_hour
            self._displaced[demand][row] = np.nan if totals.displaced_per_hour is None else totals.displaced_per_hour

    def _worst_first(self, reaches: Sequence[bool]) -> npt.NDArray[np.intp]:
        counts = [(self._state == code).sum(axis=1) for code in (3, 2, 1)]
        by_peak_first = (*reversed(self._blocked), *counts, *reversed(self._displaced))
        figures = [*by_peak_first, np.array(reaches, dtype=np.int64)]
        # lexsort takes the most important key last. Rows come sorted by reference, and it keeps that order.
        return np.lexsort([-np.nan_to_num(figure) for figure in reversed(figures)])


def _reorder(cells: npt.NDArray[Any], order: npt.NDArray[np.intp]) -> None:
    """Puts rows in another order, some columns at a time: with a column a step, a second copy would not be small."""
    for begin in range(0, cells.shape[1], 256):
        part = cells[:, begin : begin + 256]
        part[...] = part[order]


def _write(state: npt.NDArray[np.uint8], after: npt.NDArray[np.float32], column: int, worst: WorstStates) -> None:
    state[column] = worst.state
    after[column] = worst.after
