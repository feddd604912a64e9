from pathlib import Path

import pytest
from rich.cells import cell_len

from servicescape.render.impact.terminal import LEAST_WIDTH, cut, pad, wrap
from servicescape.render.impact.text import render_blast_radius, render_matrix
from tests.support.impact_fixtures import big_matrix, blast_radius, catalog, matrix, nothing_hit
from tests.support.snapshots import assert_snapshot

GOLDEN = Path(__file__).parent / "golden"
WIDE_TITLES = {
    "journey:report-fault": "障害を報告する手続き",
    "journey:pay-bill": "Pay 💳 the bill 👩‍💻",
    "external:object-storage": "オブジェクトストレージ東京リージョン第二",
    "channel:contact-centre": "コンタクトセンター",
    "domain:sales": "営業",
}


@pytest.mark.parametrize("width", [80, 120])
def test_blast_radius_reads_as_accepted(width: int) -> None:
    text = render_blast_radius(blast_radius(), catalog(), width=width, colour=False)
    assert_snapshot(GOLDEN / f"blast-radius-{width}.txt", text + "\n")


@pytest.mark.parametrize("width", [60, 80, 120])
def test_matrix_reads_as_accepted(width: int) -> None:
    text = render_matrix(matrix(), catalog(), width=width, colour=False)
    assert_snapshot(GOLDEN / f"matrix-{width}.txt", text + "\n")


def test_colour_changes_nothing_but_colour() -> None:
    coloured = render_matrix(matrix(), catalog(), width=80, colour=True)
    assert_snapshot(GOLDEN / "matrix-colour.txt", coloured.replace("\x1b", "␛") + "\n")
    for painted, bare in (
        (coloured, render_matrix(matrix(), catalog(), width=80, colour=False)),
        (
            render_blast_radius(blast_radius(), catalog(), width=100, colour=True),
            render_blast_radius(blast_radius(), catalog(), width=100, colour=False),
        ),
    ):
        stripped = "".join(part.partition("m")[2] if i else part for i, part in enumerate(painted.split("\x1b")))
        assert [line.rstrip() for line in stripped.split("\n")] == bare.split("\n")


@pytest.mark.parametrize("width", range(LEAST_WIDTH, 140, 3))
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    cat = catalog(WIDE_TITLES)
    texts = [
        render_blast_radius(blast_radius(cat), cat, width=width, colour=False),
        render_blast_radius(blast_radius(cat, None), cat, width=width, colour=False),
        render_matrix(matrix(cat), cat, width=width, colour=False),
        render_matrix(big_matrix(90, 20), cat, width=width, colour=False),
    ]
    assert [line for text in texts for line in text.split("\n") if cell_len(line) > width] == []


def test_wide_characters_stand_in_line() -> None:
    cat = catalog(WIDE_TITLES)
    text = render_matrix(matrix(cat), cat, width=100, colour=False)
    rows = [line for line in text.split("\n") if line.startswith(("  Identity", "  オブ", "  CDN"))]
    assert len(rows) == 3
    ends = {cell_len(row) for row in rows if row.endswith(("0", "–"))}
    assert len(ends) == 1


def test_narrow_terminal_folds_columns_and_says_how_to_see_all() -> None:
    text = render_matrix(big_matrix(45, 9), catalog(), width=80, colour=False)
    assert "Columns show the worst of each domain" in text
    assert "--format html shows 9 journeys" in " ".join(text.split())


def test_folded_column_holds_the_worst_state_and_its_earliest_time() -> None:
    lines = render_matrix(matrix(), catalog(), width=60, colour=False).split("\n")
    storage = next(line for line in lines if line.startswith("  Object storage"))
    assert "■ B 1h" in storage  # Assurance: one journey blocked after an hour, the other ok


def test_many_rows_are_counted_not_shown() -> None:
    shown = big_matrix(500, 4)
    text = render_matrix(shown, catalog(), width=120, colour=False, most_rows=10)
    assert "more rows, --format csv shows all" in text
    assert len(text.split("\n")) < 30


def test_harmless_rows_are_told_apart_in_one_line_each() -> None:
    text = render_matrix(matrix(), catalog(), width=80, colour=False)
    assert "No customer notices the loss of 2: Document store · Order documents" in text
    assert "No journey needs 2: Newsletter · Statistics" in text


def test_a_failure_that_nobody_notices_says_so_first() -> None:
    text = render_blast_radius(nothing_hit(), catalog(), width=80, colour=False)
    assert "No customer notices: none of 4 journeys is hit." in text
    assert "journey  " not in text


def test_control_characters_never_reach_the_terminal() -> None:
    cat = catalog({"journey:report-fault": "Re\x1b[2Jport\u202e\na fault", "external:object-storage": "S\x07\x9bA"})
    for text in (
        render_blast_radius(blast_radius(cat), cat, width=80, colour=False),
        render_matrix(matrix(cat), cat, width=120, colour=False),
    ):
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(text)


def test_pieces_count_cells() -> None:
    assert cut("支付网关", 5) == "支付…"
    assert cut("abc", 3) == "abc"
    assert pad("支付", 6) == "支付  "
    assert pad("7", 3, right=True) == "  7"
    assert wrap("支付网关 支付", 4) == ["支付", "网关", "支付"]
    assert wrap("", 10) == [""]
