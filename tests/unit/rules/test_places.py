"""Places of a few characters in a value, and of what stands behind faulty list items."""

from pathlib import Path

import pytest

from servicescape.app.load import load
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Position, Span
from servicescape.rules.places import begin_of_text, is_whole, part_of_value, path_of

HEAD = "apiVersion: servicescape/v1\nkind: Team\nmetadata:\n"


def _catalog(folder: Path, text: str) -> Catalog:
    (folder / "catalog").mkdir()
    (folder / "catalog" / "catalog.yaml").write_text(text, encoding="utf-8")
    return load(cwd=folder).catalog


@pytest.mark.parametrize(
    ("written", "line", "marked"),
    [
        ("sum(a)", "  title: sum(a)", "a"),
        ("'sum(a)'", "  title: 'sum(a)'", "a"),
        ('"sum(a)"', '  title: "sum(a)"', "a"),
        ("&anchor sum(a)", "  title: &anchor sum(a)", "&anchor sum(a)"),
        ('"sum(\\x61)"', '  title: "sum(\\x61)"', '"sum(\\x61)"'),
        (">-\n    sum(a)", "  title: >-", "title"),
    ],
)
def test_characters_of_a_value(tmp_path: Path, written: str, line: str, marked: str) -> None:
    located = _catalog(tmp_path, f"{HEAD}  title: {written}\n  name: crew\n").teams["team:crew"]
    assert located.entity.metadata.title == "sum(a)"
    span = part_of_value(located, ("metadata", "title"), "sum(a)", 4, 5)
    assert (span.start.line, span.end.line) == (4, 4)
    assert line[span.start.column - 1 : span.end.column - 1] == marked


def test_a_value_over_several_lines_has_no_column() -> None:
    assert begin_of_text(Span(Position(1, 1), Position(2, 1)), "a") is None


def test_what_was_left_out_is_known(tmp_path: Path) -> None:
    catalog = _catalog(
        tmp_path,
        """\
apiVersion: servicescape/v1
kind: External
metadata: {name: cdn}
spec:
  vendor: Edge Inc
  dependsOn:
    -
    - {anyOf: ["", dns]}
    - dns
---
apiVersion: servicescape/v1
kind: External
metadata: {name: dns}
spec: {vendor: Names Inc}
""",
    )
    located = catalog.components["external:cdn"].entity
    first, second = ("spec", "dependsOn", 0), ("spec", "dependsOn", 1)
    assert not is_whole(located, ("spec", "dependsOn"))
    assert not is_whole(located, (*first, "anyOf"))
    assert is_whole(located, second)
    assert is_whole(located, ("spec", "vendor"))
    assert is_whole(catalog.components["external:dns"].entity, ("spec",))
    assert located.places.value_span((*first, "anyOf", 0)).start == Position(8, 20)
    assert located.places.value_span(second).start == Position(9, 7)
    assert located.places.key_span((*first, "anyOf")).start == Position(8, 8)


def test_an_item_of_a_list_is_found_by_what_it_stands_for(tmp_path: Path) -> None:
    catalog = _catalog(
        tmp_path,
        "apiVersion: servicescape/v1\nkind: External\nmetadata: {name: dns, aliases: [names]}\nspec: {vendor: A}\n",
    )
    located = catalog.components["external:dns"].entity
    path = ("spec", "dependsOn")
    assert path_of(catalog, located, path, ("cdn", "names"), "external:dns") == (*path, 1)
    assert path_of(catalog, located, path, ("cdn",), "external:dns") == path
