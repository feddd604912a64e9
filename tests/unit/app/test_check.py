"""Which findings count."""

from pathlib import Path

import pytest

from servicescape.app.check import Selection, check
from servicescape.app.load import load
from servicescape.diagnostics import Severity
from servicescape.diagnostics.errors import ToolError
from tests.support.loading import CREW, service


@pytest.mark.parametrize(
    ("select", "ignore", "code", "taken"),
    [
        ((), (), "REF201", True),
        (("REF",), (), "REF201", True),
        (("REF",), (), "SCH101", False),
        (("REF201",), (), "REF202", False),
        ((), ("REF",), "REF201", False),
        ((), ("REF",), "SCH101", True),
        (("REF201",), ("REF",), "REF201", True),
        (("REF201",), ("REF",), "REF202", False),
        (("REF",), ("REF201",), "REF201", False),
        (("REF",), ("REF201",), "REF202", True),
        (("REF201",), ("REF201",), "REF201", True),
        (("",), ("REF",), "REF201", False),
        (("",), ("REF",), "SCH101", True),
        ((), ("",), "REF201", False),
        (("REF",), ("",), "REF201", True),
        (("REF",), ("",), "SCH101", False),
    ],
)
def test_the_longer_match_wins(select: tuple[str, ...], ignore: tuple[str, ...], code: str, taken: bool) -> None:
    assert Selection(select, ignore).takes(code) is taken


@pytest.mark.parametrize("pattern", ["REF9", "FOO", "REF20I", "unknown"])
def test_a_pattern_that_no_rule_matches_is_an_error(pattern: str) -> None:
    with pytest.raises(ToolError, match=f"no rule matches `{pattern}`") as caught:
        Selection((pattern,)).validated()
    assert caught.value.hint


def _catalog(tmp_path: Path, settings: str) -> Path:
    (tmp_path / "servicescape.toml").write_text(settings, encoding="utf-8")
    folder = tmp_path / "catalog"
    folder.mkdir()
    (folder / "a.yaml").write_text(service("basket", "tier: 9\ndependsOn: [nope]") + CREW, encoding="utf-8")
    return tmp_path


def test_settings_say_which_rules_count_and_how_much(tmp_path: Path) -> None:
    text = "[rules]\nselect = ['ref', 'SCH']\nignore = ['SCH108']\n[rules.severity]\nref201 = 'info'\n"
    loaded = load(cwd=_catalog(tmp_path, text))
    assert [(finding.code, finding.severity) for finding in check(loaded)] == [("REF201", Severity.INFO)]
    chosen = check(loaded, Selection(("SCH108",)))
    assert [(finding.code, finding.name) for finding in chosen] == [("SCH108", "out-of-range")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[rules]\nselect = ['FOO']\n", "no rule matches `FOO`"),
        ("[rules.severity]\nREF2O1 = 'info'\n", "`REF2O1`, which `rules.severity` names"),
    ],
)
def test_settings_that_name_no_rule(tmp_path: Path, text: str, message: str) -> None:
    loaded = load(cwd=_catalog(tmp_path, text))
    with pytest.raises(ToolError, match=message) as caught:
        check(loaded)
    assert caught.value.hint


def test_findings_come_in_the_order_of_a_report_and_complete(tmp_path: Path) -> None:
    loaded = load(cwd=_catalog(tmp_path, ""))
    findings = check(loaded)
    assert findings == sorted(findings, key=lambda finding: finding.sort_key)
    assert all(finding.name for finding in findings)
    assert (loaded.files, loaded.entities) == (1, 2)
    assert loaded.text_of("catalog/a.yaml") is not None
    assert loaded.text_of("else") is None


def test_extension_schemas_are_read_beside_the_settings(tmp_path: Path) -> None:
    root = _catalog(tmp_path, "")
    folder = root / "schemas" / "extensions"
    folder.mkdir(parents=True)
    (folder / "compliance.json").write_text('{"type": "object"}', encoding="utf-8")
    assert load(cwd=root).extension_schemas == {"compliance": {"type": "object"}}
    (folder / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(ToolError, match="not a JSON Schema"):
        load(cwd=root)
