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
