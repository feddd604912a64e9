"""The workbooks as another program reads them."""

import io
import zipfile

import openpyxl
import pytest

from servicescape.diagnostics.errors import ToolError
from servicescape.render.impact import xlsx_form
from tests.support.impact_fixtures import big_matrix, blast_radius, by_team, catalog, matrix

STORAGE = "external:object-storage"
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=HYPERLINK('http://x','y')",
    "https://evil.example/",
    "42",
    "=cmd|' /C calc'!A0",
)


def read(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.mark.parametrize("evil", FORMULAS)
def test_no_name_is_a_formula_a_link_or_a_number(evil: str) -> None:
    cat = catalog({STORAGE: evil, "journey:report-fault": evil, "channel:live-chat": evil, "team:network": evil})
    books = [
        read(xlsx_form.render_matrix(matrix(cat), cat, blast_radii={STORAGE: blast_radius(cat)})),
        read(xlsx_form.render_blast_radius(blast_radius(cat), cat)),
    ]
    for book in books:
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert any(cell.value == evil for cell in cells)
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert all(cell.data_type == "s" for cell in cells if cell.value == evil)
        assert not [cell for cell in cells if cell.hyperlink]


def test_matrix_sheet_has_heads_filters_margins_and_letters() -> None:
    cat = catalog()
    book = read(xlsx_form.render_matrix(matrix(cat), cat, blast_radii={STORAGE: blast_radius(cat)}))
    assert book.sheetnames == ["Matrix", "Blast radius", "Legend"]
    sheet = book["Matrix"]
    assert sheet.freeze_panes == "B5"
    assert sheet.auto_filter.ref == "A4:N14"
    heads = [cell.value for cell in sheet[4]]
    assert heads[:7] == ["Name", "Reference", "Kind", "Owner", "Domain", "Tier", "Report a fault"]
    assert heads[-4:] == ["Blocked / h, average", "Blocked / h, peak", "Moved / h, average", "Moved / h, peak"]
    assert [cell.value for cell in sheet[3]][:1] + [cell.value for cell in sheet[3]][6:10] == ["blocked by", 1, 0, 2, 1]
    storage = next(row for row in sheet.iter_rows(min_row=5) if row[1].value == STORAGE)
    assert [cell.value for cell in storage] == [
        *("Object storage", STORAGE, "External", "Nimbus Cloud", None, None),
        *("B 1h", None, None, "D 15m", 140, 560, 0, 0),
    ]
    # never colour alone, and the three are not alike
    fills = {row[6].fill.fgColor.rgb for row in sheet.iter_rows(min_row=5) if row[6].value}
    assert fills == {"FF9E2F00", "FFF5B041"}
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$4:$4"
    radii = [[cell.value for cell in row] for row in book["Blast radius"].iter_rows()]
    assert ["Object storage", "Report a fault", "journey:report-fault", "blocked", "after 1 h", 380, 1550] in [
        line[:7] for line in radii
    ]


def test_what_is_unknown_is_no_zero() -> None:
    sheet = read(xlsx_form.render_matrix(by_team(), catalog()))["Matrix"]
    lines = [[cell.value for cell in row][-4:] for row in sheet.iter_rows(min_row=5)]
    assert lines[0][:2] == [280, 0.4]
    assert lines[1][:2] == ["?", "?"]


def test_same_results_are_same_bytes_and_tell_no_date() -> None:
    cat = catalog()
    first, second = (xlsx_form.render_matrix(matrix(cat), cat) for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01" in parts.read("docProps/core.xml")


def test_many_cells_are_written_in_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = big_matrix(60, 9)
    whole = read(xlsx_form.render_matrix(shown, catalog()))
    monkeypatch.setattr(xlsx_form, "_MANY_CELLS", 0)
    sparing = read(xlsx_form.render_matrix(shown, catalog()))
    for name in whole.sheetnames:
        assert list(whole[name].values) == list(sparing[name].values)


def test_more_journeys_than_a_sheet_can_hold_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_form, "MOST_COLUMNS", 13)
    with pytest.raises(ToolError, match="more than a spreadsheet can hold") as caught:
        xlsx_form.render_matrix(matrix(), catalog())
    assert "csv" in caught.value.hint


def test_blast_radius_has_a_sheet_for_each_question() -> None:
    cat = catalog()
    book = read(xlsx_form.render_blast_radius(blast_radius(cat), cat))
    assert book.sheetnames == ["Journeys", "Steps", "Channels", "Components", "Legend"]
    assert book["Journeys"]["A1"].value == "Object storage (external, Nimbus Cloud) is lost for 4 h at peak"
    channels = [list(row) for row in book["Channels"].values]
    assert channels[1] == ["Contact centre", "ok", 1240, 900, 340, "at once", 5208]
