"""What seems to be missing only because a part of the catalog could not be read is not said on top."""

from datetime import date
from pathlib import Path

import pytest

from servicescape.app.check import check
from servicescape.app.load import load

HEAD = "apiVersion: servicescape/v1\n"
TEAM = f"{HEAD}kind: Team\nmetadata: {{name: crew}}\nspec: {{contacts: [{{type: slack, value: '#crew'}}]}}\n"
CDN = f"{HEAD}kind: External\nmetadata: {{name: cdn}}\nspec: {{vendor: Edge, sla: 99.9}}\n"
SHOP = f"{HEAD}kind: Service\nmetadata: {{name: shop}}\nspec: {{owner: crew, dependsOn: [cdn]}}\n"
BASE = f"""{HEAD}kind: Team
metadata: {{name: others}}
spec: {{contacts: [{{type: slack, value: '#others'}}]}}
---
{HEAD}kind: Channel
metadata: {{name: web}}
spec: {{mode: live, owner: others}}
---
{HEAD}kind: Journey
metadata: {{name: buy}}
spec:
  owner: others
  demand: {{perHour: 1}}
  steps: [{{name: pay, legs: [{{channel: web}}]}}]
"""


def _codes(folder: Path, **files: str) -> list[str]:
    (folder / "catalog").mkdir()
    files["base"] = BASE
    for name, text in files.items():
        (folder / "catalog" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return [finding.code for finding in check(load(cwd=folder), today=date(2026, 11, 21))]


def test_without_a_fault_what_is_missing_is_said(tmp_path: Path) -> None:
    assert _codes(tmp_path, team=TEAM, cdn=CDN) == ["CPX841", "CPX844"]


@pytest.mark.parametrize(
    "shop",
    [SHOP.replace("Service", "Sevice"), SHOP.replace("owner: crew", "owner: [crew"), SHOP.replace("owner:", "owner")],
)
def test_what_a_faulty_entity_names_is_not_called_unused(tmp_path: Path, shop: str) -> None:
    assert len(_codes(tmp_path, team=TEAM, cdn=CDN, shop=shop)) == 1


def test_what_a_misspelt_reference_most_likely_means_is_not_called_unused(tmp_path: Path) -> None:
    assert _codes(tmp_path, team=TEAM, cdn=CDN, shop=SHOP.replace("crew", "crw")) == ["REF201"]


def test_what_no_faulty_file_names_is_said_all_the_same(tmp_path: Path) -> None:
    codes = _codes(tmp_path, team=TEAM, cdn=CDN.replace("cdn", "dns"), shop=SHOP.replace("Service", "Sevice"))
    assert codes == ["CPX841", "SCH103"]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-16-le", "utf-32"])
def test_what_a_file_that_is_not_utf_8_defines_and_names_is_known(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "base.yaml").write_text(f"{BASE}---\n{CDN}---\n{SHOP}", encoding="utf-8")
    team = TEAM.replace("#crew", "#équipe")
    (tmp_path / "catalog" / "team.yaml").write_bytes(team.replace("spec:", "spec: # cdn, shop\n ").encode(encoding))
    loaded = load(cwd=tmp_path)
    [finding] = check(loaded, today=date(2026, 11, 21))
    assert (finding.code, Path(finding.file).name) == ("YML003", "team.yaml")
    shown = loaded.text_of(finding.file)
    assert shown is not None
    assert "name: crew" in shown
    assert not loaded.sources.keys() & {finding.file}  # nothing writes it back


def test_of_a_file_that_is_no_text_there_is_nothing_to_see(tmp_path: Path) -> None:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "a.yaml").write_bytes(b"\x00\x01\x02\x03\xff")
    loaded = load(cwd=tmp_path)
    [finding] = check(loaded)
    assert finding.code == "YML003"
    assert loaded.text_of(finding.file) is None


def test_what_is_missing_may_be_no_entity(tmp_path: Path) -> None:
    """A data item that a faulty file keeps is not called kept by nobody."""
    journey = BASE.replace("legs: [{channel: web}]", "collects: [package], legs: [{channel: web}]")
    shop = SHOP.replace("owner: crew", "owner: others, masters: [package]").replace(", dependsOn: [cdn]", "")
    (tmp_path / "catalog").mkdir()
    for name, text in {"base": journey, "shop": shop.replace("Service", "Sevice")}.items():
        (tmp_path / "catalog" / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert [finding.code for finding in check(load(cwd=tmp_path), today=date(2026, 11, 21))] == ["SCH103"]


def test_what_names_a_faulty_entity_is_not_called_empty(tmp_path: Path) -> None:
    view = f"{HEAD}kind: View\nmetadata: {{name: all}}\nspec: {{include: [{{name: shop}}]}}\n"
    scenario = f"{HEAD}kind: Scenario\nmetadata: {{name: outage}}\nspec: {{fail: [{{team: crew}}]}}\n"
    files = {"view": view, "scenario": scenario, "team": TEAM, "cdn": CDN}
    assert _codes(tmp_path, **files, shop=SHOP.replace("Service", "Sevice")) == ["SCH103"]
