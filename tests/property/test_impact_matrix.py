"""The matrix against the blast radius of each of its rows."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servicescape.analysis import matrix_customers, matrix_times
from servicescape.analysis.blast_radius import blast_radius
from servicescape.analysis.impact_matrix import impact_matrix
from servicescape.analysis.impact_results import JOURNEY_STATE_CODES, ImpactMatrix
from servicescape.catalog.catalog import Catalog
from tests.property.impact_strategies import catalogs, lengths


def assert_equal_to_blast_radius(catalog: Catalog, matrix: ImpactMatrix, lasts: float | None) -> None:
    for index, row in enumerate(matrix.rows):
        average = blast_radius(catalog, fail=row.members, lasts_seconds=lasts)
        peak = blast_radius(catalog, fail=row.members, lasts_seconds=lasts, at="peak")
        found = {}
        for journey in average.journeys:
            found[journey.journey, None] = (journey.state, journey.after_seconds)
            for step in journey.steps:
                found[journey.journey, step.step] = (step.state, step.after_seconds)
        for position, column in enumerate(matrix.columns):
            state, after = found[column.journey, column.step]
            assert matrix.state[index, position] == JOURNEY_STATE_CODES[state], (row.ref, column)
            assert matrix.after_seconds[index, position] == (after if state != "ok" else math.inf), (row.ref, column)
        for rates, expected in (
            (matrix.blocked_average_per_hour, average.totals.blocked_per_hour),
            (matrix.blocked_peak_per_hour, peak.totals.blocked_per_hour),
            (matrix.displaced_average_per_hour, average.totals.displaced_per_hour),
            (matrix.displaced_peak_per_hour, peak.totals.displaced_per_hour),
        ):
            wanted = np.nan if expected is None else expected
            assert rates[index] == pytest.approx(wanted, rel=1e-9, abs=1e-6, nan_ok=True), row.ref


@given(catalogs(), lengths, st.booleans())
@settings(max_examples=300, deadline=None)
def test_rows_say_what_the_blast_radius_says(catalog: Catalog, lasts: float | None, steps: bool) -> None:
    matrix = impact_matrix(catalog, steps=steps, lasts_seconds=lasts)
    assert sorted(row.ref for row in matrix.rows) == sorted(catalog.components)
    assert_equal_to_blast_radius(catalog, matrix, lasts)
    for position, column in enumerate(matrix.columns):
        assert column.blocked_by == (matrix.state[:, position] == JOURNEY_STATE_CODES["blocked"]).sum()


@given(catalogs(), lengths)
@settings(max_examples=100, deadline=None)
def test_rows_of_a_team_fail_together(catalog: Catalog, lasts: float | None) -> None:
    matrix = impact_matrix(catalog, by="team", lasts_seconds=lasts)
    assert [row.members for row in matrix.rows] == [tuple(sorted(catalog.components))]
    assert_equal_to_blast_radius(catalog, matrix, lasts)


@given(catalogs(), lengths, st.integers(1, 3), st.integers(0, 1), st.sampled_from((1, 2, 1 << 14)))
@settings(max_examples=100, deadline=None)
def test_sizes_of_chunks_and_tables_change_nothing(
    catalog: Catalog, lasts: float | None, failures: int, channels: int, table: int
) -> None:
    whole = impact_matrix(catalog, lasts_seconds=lasts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matrix_times, "_MOST_FAILURES", failures)
        patch.setattr(matrix_customers, "MOST_CAPPED_CHANNELS", channels)
        patch.setattr(matrix_customers, "_LARGEST_TABLE", table)
        parts = impact_matrix(catalog, lasts_seconds=lasts)
    by_ref = {row.ref: index for index, row in enumerate(parts.rows)}
    order = [by_ref[row.ref] for row in whole.rows]
    assert np.array_equal(parts.state[order], whole.state)
    assert np.array_equal(parts.after_seconds[order], whole.after_seconds)
    for name in ("blocked_average", "blocked_peak", "displaced_average", "displaced_peak"):
        one, other = (getattr(matrix, f"{name}_per_hour") for matrix in (parts, whole))
        assert one[order] == pytest.approx(other, rel=1e-9, abs=1e-6, nan_ok=True)
