"""What `--fix` makes of a catalog as a whole: every mend at once, nothing twice, nothing spoilt, nothing half."""

from datetime import date
from pathlib import Path
from random import Random

import pytest

from servicescape.app.mend import mend
from servicescape.app.rewrite import diff_of, rewrite
from servicescape.app.validate import Request, run_checks
from servicescape.diagnostics import Diagnostic, Edit, Fix, Position, Severity, Span
from servicescape.diagnostics.errors import ToolError
from servicescape.source.text import SourceFile
from servicescape.syntax.edits import apply_edits, are_compatible
from tests.support.loading import source_of

EXAMPLES = sorted((Path(__file__).parents[3] / "catalog").rglob("*.yaml"))

TEXT = """\
%YAML 1.1
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: basket, title: X, title: X}
spec:
  owner: Crew
  owner: Crew
  depends_on:
    -    # nothing yet
    - Payment_Hub     # the hub
    - payment-hub
    -
  lifecycle: Production
  recovery: {mttr: 30 min}
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: payment-hub}
spec: {owner: crw}
---
apiVersion: servicescape/v1
kind: Team
metadata: {name: crew}
spec: {receivers: {page: p}}
"""
MENDED = """\
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: basket, title: X}
spec:
  owner: crew
  dependsOn:
    # nothing yet
    - payment-hub     # the hub
  lifecycle: production
  recovery: {mttr: 30m}
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: payment-hub}
spec: {owner: crw}
---
apiVersion: servicescape/v1
kind: Team
metadata: {name: crew}
spec: {receivers: {page: p}}
"""


def request(folder: Path) -> Request:
    return Request((), date(2026, 1, 1), cwd=folder)


def written(folder: Path, text: str | bytes) -> Path:
    (folder / "catalog").mkdir(exist_ok=True)
    (folder / "catalog" / "a.yaml").write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def text_in(folder: Path) -> str:
    return (folder / "catalog" / "a.yaml").read_bytes().decode()


def test_mends_lead_to_mends(tmp_path: Path) -> None:
    result = mend(request(written(tmp_path, TEXT)))
    assert text_in(tmp_path) == TEXT, "nothing is written yet"
    rewrite(result.changes)
    assert text_in(tmp_path) == MENDED
    assert result.mended == 11
    assert [finding.code for finding in result.checked.findings] == ["REF201"]
    again = mend(request(tmp_path))
    assert (again.mended, again.changes) == (0, [])


def test_unsafe_mends_only_when_asked_for(tmp_path: Path) -> None:
    result = mend(request(written(tmp_path, TEXT)), unsafe=True)
    assert result.changes[0].text == MENDED.replace("crw", "crew")
    assert result.checked.findings == []


@pytest.mark.parametrize(
    "spec",
    [
        "  dependsOn: [&a stock, pricing, *a, pricing]\n",
        "  dependsOn:\n    - &a stock\n    - pricing\n    - *a\n    - pricing\n",
        "  x-a: &a stock\n  dependsOn: [pricing, *a, pricing]\n",
        "  x-a: &a stock\n  platform: *a\n  platform: *a\n",
    ],
    ids=["flow", "block", "before", "keys"],
)
def test_nothing_is_taken_out_beside_an_alias(tmp_path: Path, spec: str) -> None:
    """Of an alias only the place of what it repeats is known: an edit beside it would take something else."""
    text = f"apiVersion: servicescape/v1\nkind: Service\nmetadata: {{name: basket}}\nspec:\n  owner: crew\n{spec}"
    for name in ("stock", "pricing"):
        text += f"---\napiVersion: servicescape/v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{owner: crew}}\n"
    text += "---\napiVersion: servicescape/v1\nkind: Team\nmetadata: {name: crew}\n"
    result = mend(request(written(tmp_path, text)), unsafe=True)
    assert result.changes == []
    assert {"DEP503", "YML005"} & {finding.code for finding in result.checked.findings}


def test_line_breaks_and_byte_order_mark_stay(tmp_path: Path) -> None:
    result = mend(request(written(tmp_path, "\ufeff" + TEXT.replace("\n", "\r\n"))))
    rewrite(result.changes)
    assert text_in(tmp_path) == "\ufeff" + MENDED.replace("\n", "\r\n")


def test_diff_is_a_diff(tmp_path: Path) -> None:
    diff = diff_of(
        mend(request(written(tmp_path, "kind: Team\napiVersion: servicescape/v1\nmetadata: {name: A}"))).changes
    )
    assert diff == ""
    result = mend(request(written(tmp_path, "apiVersion: servicescape/v1\nkind: Team\nmetadata: {name: a, Title: A}")))
    assert diff_of(result.changes) == (
        "--- catalog/a.yaml\n+++ catalog/a.yaml\n@@ -1,3 +1,3 @@\n apiVersion: servicescape/v1\n kind: Team\n"
        "-metadata: {name: a, Title: A}\n\\ No newline at end of file\n"
        "+metadata: {name: a, title: A}\n\\ No newline at end of file\n"
    )


def test_a_byte_order_mark_is_part_of_the_first_line_of_a_diff(tmp_path: Path) -> None:
    """`patch` refuses a hunk whose context is not what the file holds."""
    text = "\ufeffapiVersion: servicescape/v1\nkind: Team\nmetadata: {name: a, Title: A}\n"
    diff = diff_of(mend(request(written(tmp_path, text))).changes)
    assert "@@ -1,3 +1,3 @@\n \ufeffapiVersion: servicescape/v1\n kind: Team\n" in diff


def test_a_mend_that_spoils_the_file_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from servicescape.rules.families.own.own301_unreachable_team import UnreachableTeam

    def spoil(*_: object) -> list[Diagnostic]:
        place = Span(Position(3, 1), Position(3, 9))
        fix = Fix("spoil", (Edit("catalog/a.yaml", place, "{{{"),))
        return [Diagnostic("OWN301", "spoilt", "catalog/a.yaml", place, severity=Severity.ERROR, fix=fix)]

    monkeypatch.setattr(UnreachableTeam, "check", spoil)
    text = "apiVersion: servicescape/v1\nkind: Team\nmetadata: {name: a, Title: A}\n"
    result = mend(request(written(tmp_path, text)))
    assert result.changes[0].text == text.replace("Title", "title")
    assert result.mended == 1


def test_all_files_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, TEXT)
    second = tmp_path / "catalog" / "b.yaml"
    second.write_text(
        "apiVersion: servicescape/v1\nkind: Team\nmetadata: {name: b, Title: A}\nspec: {receivers: {page: x}}\n"
    )
    result = mend(request(tmp_path))
    assert [change.name for change in result.changes] == ["catalog/a.yaml", "catalog/b.yaml"]
    monkeypatch.setattr("os.access", lambda path, mode: Path(path).name != "b.yaml")
    with pytest.raises(ToolError, match=r"cannot write catalog/b\.yaml: .*; nothing was written"):
        rewrite(result.changes)
    assert text_in(tmp_path) == TEXT
    assert sorted(path.name for path in (tmp_path / "catalog").iterdir()) == ["a.yaml", "b.yaml"]


def test_what_was_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, TEXT)
    second = tmp_path / "catalog" / "b.yaml"
    second.write_text(
        "apiVersion: servicescape/v1\nkind: Team\nmetadata: {name: b, Title: A}\nspec: {receivers: {page: x}}\n"
    )
    result = mend(request(tmp_path))
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if Path(target).name == "b.yaml":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(ToolError, match=r"catalog/b\.yaml: No space .*already written: catalog/a\.yaml"):
        rewrite(result.changes)
    assert text_in(tmp_path) == MENDED
    assert "Title" in second.read_text()
    assert sorted(path.name for path in (tmp_path / "catalog").iterdir()) == ["a.yaml", "b.yaml"]


def test_edits_touch_nothing_else() -> None:
    source = SourceFile(Path("a"), "a", "één: 1\r\ntwo: 𝟚\r\n")
    edit = Edit("a", Span(Position(2, 6), Position(2, 7)), "3")
    assert apply_edits(source, [edit, edit]) == "één: 1\r\ntwo: 3\r\n"
    assert are_compatible([edit], [edit])
    assert not are_compatible([Edit("a", Span(Position(2, 1), Position(2, 7)), "")], [edit])
    assert are_compatible([Edit("a", Span.at(2, 6), "x")], [edit])
    assert source_of("").text == ""


SLIPS = [
    ("dependsOn:", "depends_on:"),
    ("owner: ", "Owner: "),
    ("lifecycle: production", "lifecycle: Production"),
    ("kind: soft", "kind: SOFT"),
    ("mttr: 30m", "mttr: 30 min"),
    ("tier: 1", 'tier: "1"'),
    ("- commerce-db", "- Commerce_DB"),
    ("  tier: 2\n", "  tier: 2\n  tier: 2\n"),
    ("  dependsOn:\n", "  dependsOn:\n    -\n    -\n"),
    ("objective: 99.9\n", "objective: '99.9'\n"),
    ("platform: kubernetes", "platform: Kubernetes"),
]


@pytest.mark.parametrize("seed", range(12))
def test_slips_in_the_example_are_mended_back(tmp_path: Path, seed: int) -> None:
    dice = Random(seed)
    folder = tmp_path / "catalog"
    originals: dict[Path, str] = {}
    for file in EXAMPLES:
        text = file.read_text(encoding="utf-8")
        for right, wrong in SLIPS:
            if right in text and dice.random() < 0.5:
                start = dice.choice([at for at in range(len(text)) if text.startswith(right, at)])
                text = text[:start] + wrong + text[start + len(right) :]
        copy = folder / file.name if not (folder / file.name).exists() else folder / f"x-{file.name}"
        copy.parent.mkdir(exist_ok=True)
        originals[copy] = file.read_text(encoding="utf-8")
        copy.write_text(text, encoding="utf-8")
    result = mend(request(tmp_path))
    assert result.mended
    rewrite(result.changes)
    assert run_checks(request(tmp_path))[1].findings == []
    assert mend(request(tmp_path)).changes == []
    # All but the quotes of a word or two is as it was, to the last comment.
    assert all(copy.read_text(encoding="utf-8") == text for copy, text in originals.items())
