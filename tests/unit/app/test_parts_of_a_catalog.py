"""Asking about a part of the catalog: all of it is read, and only the part's findings are shown."""

from pathlib import Path

from servicescape.app.check import check
from servicescape.app.load import load

TEAM = "apiVersion: servicescape/v1\nkind: Team\nmetadata: {name: crew}\nspec: {contacts: [{type: a, value: b}]}\n"


def service(name: str, needs: str) -> str:
    return (
        f"apiVersion: servicescape/v1\nkind: Service\nmetadata: {{name: {name}}}\n"
        f"spec: {{owner: crew, dependsOn: [{needs}]}}\n"
    )


def catalog(folder: Path) -> None:
    for name, text in (
        ("teams.yaml", TEAM),
        ("pay/hub.yaml", service("hub", "bank")),
        ("pay/ledger.yaml", service("ledger", "nowhere")),
        ("shop/bank.yaml", service("bank", "gone")),
    ):
        path = folder / "catalog" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def found(folder: Path, *paths: str) -> list[tuple[str, str]]:
    loaded = load(paths, cwd=folder)
    return [(finding.file, finding.code) for finding in check(loaded) if finding.code == "REF201"]


def test_a_folder_of_the_catalog_is_judged_within_the_whole(tmp_path: Path) -> None:
    catalog(tmp_path)
    assert found(tmp_path, "catalog/pay") == [("catalog/pay/ledger.yaml", "REF201")]
    assert found(tmp_path, "catalog/shop/bank.yaml") == [("catalog/shop/bank.yaml", "REF201")]
    assert found(tmp_path, "catalog/pay/hub.yaml") == []


def test_the_catalog_itself_is_all_of_it(tmp_path: Path) -> None:
    catalog(tmp_path)
    assert found(tmp_path, "catalog") == found(tmp_path)
    assert len(found(tmp_path)) == 2


def test_another_folder_is_a_catalog_of_its_own(tmp_path: Path) -> None:
    catalog(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.yaml").write_text(service("a", "hub"), encoding="utf-8")
    assert [code for _, code in found(tmp_path, "other")] == ["REF201", "REF201"]
