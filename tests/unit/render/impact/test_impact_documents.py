import copy
import csv
import io
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from servicescape.render.impact import csv_form, json_form, markdown
from tests.support.command import schema_of
from tests.support.impact_fixtures import big_matrix, blast_radius, catalog, matrix, nothing_hit
from tests.support.snapshots import assert_snapshot

GOLDEN = Path(__file__).parent / "golden"
HOSTILE = {
    "journey:pay-bill": "Pay | <img src=x onerror=alert(1)> [a](javascript:b) @team #1 `x`\n| - |",
    "external:object-storage": '=HYPERLINK("http://evil")',
    "platform:cdn": "@SUM(1)",
    "platform:identity": " -2+3",
    "service:offers": 'with "quotes", and\r\nline',
    "domain:billing": "</td>|$x$",
}


def closed(part: Any) -> Any:
    """The schema with every object closed, to find fields that it does not tell of."""
    part = copy.deepcopy(part)

    def close(node: Any) -> None:
        if isinstance(node, dict):
            if "properties" in node:
                node["additionalProperties"] = False
            for value in node.values():
                close(value)
        elif isinstance(node, list):
            for value in node:
                close(value)

    close(part)
    return part


@pytest.mark.parametrize("name", ["impact-matrix", "impact-blast-radius"])
def test_schemas_are_schemas(name: str) -> None:
    Draft202012Validator.check_schema(schema_of(name))


def test_matrix_json_fits_its_schema() -> None:
    for given in (matrix(), big_matrix(40, 9), big_matrix(2, 0), big_matrix(0, 3)):
        written = json.loads(json_form.render_matrix(given))
        Draft202012Validator(closed(schema_of("impact-matrix"))).validate(written)
        assert len(written["rows"]) == len(given.rows)
        assert sum(len(row["cells"]) for row in written["rows"]) == int((given.state > 0).sum())


def test_matrix_json_reads_as_accepted() -> None:
    assert_snapshot(GOLDEN / "matrix.json", json_form.render_matrix(matrix()))


def test_blast_radius_json_fits_its_schema() -> None:
    validator = Draft202012Validator(closed(schema_of("impact-blast-radius")))
    for given in (blast_radius(), blast_radius(lasts_seconds=None), nothing_hit()):
        validator.validate(json.loads(json_form.render_blast_radius(given)))
    assert_snapshot(GOLDEN / "blast-radius.json", json_form.render_blast_radius(blast_radius()))


def test_infinite_times_and_unknown_figures_are_null() -> None:
    written = json.loads(json_form.render_blast_radius(blast_radius(lasts_seconds=None)))
    offers = next(part for part in written["components"] if part["component"] == "service:offers")
    assert offers["afterSeconds"] is None
    assert offers["degradedAfterSeconds"] == 900
    assert written["lastsSeconds"] is None
    assert written["totals"]["blockedCustomers"] is None
    assert json_form.number(float("nan")) is None
    assert json_form.number(900.0) == 900
    assert json_form.number(900.0999755859375) == 900.1


def test_a_large_matrix_is_written_fast() -> None:
    large = big_matrix(10_000, 50)
    start = time.perf_counter()
    size = sum(map(len, json_form.iter_matrix_json(large)))
    assert size > 10_000_000
    assert time.perf_counter() - start < 5


def test_matrix_markdown_reads_as_accepted() -> None:
    assert_snapshot(GOLDEN / "matrix.md", markdown.render_matrix(matrix(), catalog()))


def test_blast_radius_markdown_reads_as_accepted() -> None:
    assert_snapshot(GOLDEN / "blast-radius.md", markdown.render_blast_radius(blast_radius(), catalog()))


def test_markdown_carries_nothing_out_of_its_cell() -> None:
    cat = catalog(HOSTILE)
    text = markdown.render_matrix(matrix(cat), cat) + markdown.render_blast_radius(blast_radius(cat), cat)
    assert_snapshot(GOLDEN / "hostile.md", text)
    assert "<" not in text.replace("&lt;", "")
    assert "@" not in text
    assert not re.search(r"(?<!\\)[\[\]`*_~$]", re.sub(r"^\*\*|\*\*$", "", text, flags=re.MULTILINE))
    tables = [line.replace("\\|", "") for line in text.split("\n") if line.startswith("|")]
    assert {line.count("|") for line in tables[:8]} == {tables[0].count("|")}
    assert markdown.escape("see http://a.b and www.c.d") == "see http&#58;//a.b and www&#46;c.d"


def test_matrix_csv_reads_as_accepted() -> None:
    assert_snapshot(GOLDEN / "matrix.csv", csv_form.render_matrix(matrix()).replace("\r\n", "␍␊\n"))


def test_blast_radius_csv_reads_as_accepted() -> None:
    text = csv_form.render_blast_radius(blast_radius(), catalog())
    assert_snapshot(GOLDEN / "blast-radius.csv", text.replace("\r\n", "␍␊\n"))


def test_csv_is_never_a_formula_and_comes_back_whole() -> None:
    cat = catalog(HOSTILE)
    text = csv_form.render_matrix(matrix(cat))
    assert text.endswith("\r\n")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert {len(row) for row in rows} == {len(rows[0])}
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert '\'=HYPERLINK("http://evil")' in cells
    assert "'@SUM(1)" in cells
    assert "'-2+3" in cells
    assert 'with "quotes", and line' in cells
    assert csv_form.safe("＝1") == "'＝1"
