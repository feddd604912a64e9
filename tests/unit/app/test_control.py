"""Ignore comments, settings of rules and the baseline, as one run sees them together."""

import json
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from servicescape.app.baseline import baseline_of, read_baseline
from servicescape.app.check import Checked, Selection, check, check_all, faults_of_reading
from servicescape.app.load import load
from servicescape.app.settings import find_settings
from servicescape.app.show_settings import effective_settings, settings_text
from servicescape.diagnostics import Severity
from servicescape.diagnostics.errors import ToolError


def _external(name: str, *needs: str) -> str:
    items = "".join(f"\n    - {need}" for need in needs)
    return (
        f"apiVersion: servicescape/v1\nkind: External\nmetadata:\n  name: {name}\n"
        f"spec:\n  vendor: X\n  dependsOn:{items or ' []'}\n"
    )


def _write(root: Path, text: str, *, settings: str = "", file: str = "catalog/a.yaml") -> Path:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    if settings:
        (root / "servicescape.toml").write_text(dedent(settings), encoding="utf-8")
    return path


def _codes(checked: Checked) -> list[str]:
    return [finding.code for finding in checked.findings]


def _run(root: Path, selection: Selection | None = None, *, today: date | None = None) -> Checked:
    return check_all(load(cwd=root), selection, today=today)


def test_ignored_findings_are_counted(tmp_path: Path) -> None:
    _write(tmp_path, _external("bank", "dns # servicescape: ignore[REF201]", "dns-2"))
    checked = _run(tmp_path)
    assert (_codes(checked), checked.ignored) == (["REF201"], 1)


def test_a_day_ends_a_comment_only_when_it_is_over(tmp_path: Path) -> None:
    _write(tmp_path, _external("bank", "dns # servicescape: ignore[REF201] until 2026-06-30"))
    assert _codes(_run(tmp_path, today=date(2026, 6, 30))) == []
    assert _codes(_run(tmp_path, today=date(2026, 7, 1))) == ["REF201", "IGN904"]
    assert _codes(_run(tmp_path)) == []


def test_a_finding_over_several_lines_is_ignored_at_its_first(tmp_path: Path) -> None:
    text = _external("bank") + 'x: {a: 1, # servicescape: ignore[SCH105]\n  "b": 2} # servicescape: ignore[SCH105]\n'
    _write(tmp_path, text)
    checked = _run(tmp_path, Selection(("SCH",)))
    assert (_codes(checked), checked.ignored) == ([], 1)


def test_unused_is_only_said_where_the_rule_has_run(tmp_path: Path) -> None:
    _write(tmp_path, _external("bank # servicescape: ignore[DEP501]"))
    assert _codes(_run(tmp_path)) == ["IGN901"]
    assert _codes(_run(tmp_path, Selection(ignore=("DEP",)))) == []
    assert _codes(_run(tmp_path, Selection(select=("REF",)))) == []
    assert _codes(_run(tmp_path, Selection(select=("IGN",)))) == ["IGN901"]


def test_the_longest_pattern_gives_the_severity_and_off_switches_off(tmp_path: Path) -> None:
    settings = """\
        [rules.severity]
        REF = "off"
        REF201 = "warning"
    """
    _write(tmp_path, _external("bank", "dns", "bank"), settings=settings)
    assert [(each.code, each.severity) for each in _run(tmp_path).findings] == [("REF201", Severity.WARNING)]
    chosen = Selection(select=("REF203",))
    assert _codes(_run(tmp_path, chosen)) == ["REF203"], "what is asked for by its name is on"
    given = Selection(severity={"REF": "info"})
    assert [each.severity for each in _run(tmp_path, given).findings] == [Severity.INFO] * 2, "it comes first"


def test_files_are_spared_by_pattern(tmp_path: Path) -> None:
    settings = """\
        [rules.per-file-ignores]
        "catalog/legacy/**" = ["REF"]
        "b.yaml" = ["REF201"]
    """
    _write(tmp_path, _external("bank", "dns"), settings=settings, file="catalog/legacy/old/a.yaml")
    _write(tmp_path, _external("bank-2", "dns", "bank-2"), file="catalog/b.yaml")
    _write(tmp_path, _external("bank-3", "dns"), file="catalog/c.yaml")
    found = _run(tmp_path).findings
    assert [(each.file, each.code) for each in found] == [("catalog/b.yaml", "REF203"), ("catalog/c.yaml", "REF201")]
    below = check_all(load([".."], cwd=tmp_path / "catalog" / "legacy")).findings
    assert [each.code for each in below] == ["REF203", "REF201"], "wherever the run is"


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ('ignore = ["REF2O1"]', "rules.ignore"),
        ('severity = {REF2O1 = "off"}', "rules.severity"),
        ('per-file-ignores = {"a" = ["REF2O1"]}', "rules.per-file-ignores"),
    ],
)
def test_unknown_codes_in_settings_end_the_run(tmp_path: Path, settings: str, where: str) -> None:
    _write(tmp_path, _external("bank"), settings=f"[rules]\n{settings}")
    with pytest.raises(ToolError) as failure:
        check(load(cwd=tmp_path))
    assert where in failure.value.message
    assert failure.value.hint == "did you mean `REF201`?"


class TestBaseline:
    def _record(self, root: Path) -> Path:
        path = root / "known.json"
        loaded = load(cwd=root)
        baseline_of(path, check_all(loaded).findings, loaded).write()
        return path

    def _against(self, root: Path, *paths: str) -> Checked:
        return check_all(load(paths, cwd=root), baseline=read_baseline(root / "known.json"))

    def test_moved_lines_do_not_matter(self, tmp_path: Path) -> None:
        file = _write(tmp_path, _external("bank", "dns", "bank", "dns-2"))
        self._record(tmp_path)
        file.write_text(
            "# moved\n\n" + _external("other") + "---\n" + _external("bank", "  dns # why", "bank", "dns-2")
        )
        checked = self._against(tmp_path)
        assert (_codes(checked), checked.baselined) == ([], 3)

    def test_one_more_of_the_same_is_new(self, tmp_path: Path) -> None:
        _write(tmp_path, _external("bank", "dns"))
        self._record(tmp_path)
        _write(tmp_path, _external("bank", "dns", "dns"))
        checked = self._against(tmp_path)
        assert [(each.code, each.span and each.span.start.line) for each in checked.findings] == [("REF201", 9)]

    def test_what_is_mended_is_told_and_taken_out_and_nothing_is_added(self, tmp_path: Path) -> None:
        _write(tmp_path, _external("bank", "dns", "dns-2"))
        path = self._record(tmp_path)
        before = path.read_text()
        _write(tmp_path, _external("bank", "dns", "dns-3"))
        checked = self._against(tmp_path)
        assert _codes(checked) == ["REF201", "IGN906"]
        assert checked.shrunk is not None
        checked.shrunk.write()
        kept, recorded = (json.loads(text)["findings"] for text in (path.read_text(), before))
        assert kept == [each for each in recorded if each["message"] == "`dns` is not defined"]
        assert _codes(self._against(tmp_path)) == ["REF201"]

    def test_a_run_over_a_part_takes_nothing_out(self, tmp_path: Path) -> None:
        _write(tmp_path, _external("bank", "dns"))
        _write(tmp_path, _external("bank-2", "dns"), file="catalog/b.yaml")
        self._record(tmp_path)
        assert _codes(self._against(tmp_path, "catalog/a.yaml")) == []
        (tmp_path / "catalog/b.yaml").unlink()
        assert _codes(self._against(tmp_path)) == ["IGN906"]

    def test_a_file_that_cannot_be_read_takes_nothing_out(self, tmp_path: Path) -> None:
        _write(tmp_path, _external("bank", "dns"))
        self._record(tmp_path)
        _write(tmp_path, "a: [")
        assert _codes(self._against(tmp_path)) == ["YML004"]

    def test_it_holds_from_any_folder(self, tmp_path: Path) -> None:
        _write(tmp_path, _external("bank", "dns"))
        self._record(tmp_path)
        inner = load(["."], cwd=tmp_path / "catalog")
        assert check_all(inner, baseline=read_baseline(tmp_path / "known.json")).findings == []

    def test_one_finding_a_line_sorted(self, tmp_path: Path) -> None:
        _write(tmp_path, _external("bank", "dns", "bank", "dns"))
        lines = self._record(tmp_path).read_text().splitlines()
        found = [json.loads(line.strip(" ,")) for line in lines if '"code"' in line]
        assert [(each["code"], each["count"]) for each in found] == [("REF201", 2), ("REF203", 1)]

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "[]",
            "{}",
            '{"version": 2, "findings": []}',
            '{"version": 1, "findings": [{}]}',
            '{"version": 1, "findings": [1]}',
            '{"version": 1, "findings": [{"file": 1, "code": "", "entity": null, "fingerprint": ""}]}',
            '{"version": 1, "findings": [{"file": "", "code": "", "entity": null, "fingerprint": "", "count": 0}]}',
            "<<<<<<< ours",
        ],
    )
    def test_what_is_no_baseline_ends_the_run(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "known.json").write_text(text)
        with pytest.raises(ToolError):
            read_baseline(tmp_path / "known.json")
        with pytest.raises(ToolError):
            read_baseline(tmp_path / "nowhere.json")


def test_effective_settings_name_their_origin(tmp_path: Path) -> None:
    _write(tmp_path, _external("bank"), settings='output = "out"\n[rules]\nignore = ["OWN"]\n')
    rows = effective_settings(find_settings([], tmp_path), {"ignore": ("REF",), "severity": {"DEP": "off"}}, tmp_path)
    by_key = {row.key: (row.value, row.origin) for row in rows}
    assert by_key["output"] == ("out", "servicescape.toml")
    assert by_key["rules.ignore"] == (["REF"], "command line")
    assert by_key["rules.severity"] == ({"DEP": "off"}, "command line")
    assert by_key["rules.fail-on"] == ("error", "default")
    (tmp_path / "servicescape.toml").write_text(settings_text(rows))
    assert find_settings([], tmp_path).settings.rules.ignore == ("REF",), "the text is TOML that means the same"


def test_known_errors_do_not_fail_other_commands(tmp_path: Path) -> None:
    _write(tmp_path, _external("bank", "dns"), settings="[rules]\nbaseline = 'known.json'\n")
    loaded = load(cwd=tmp_path)
    assert [each.code for each in loaded.diagnostics] == ["REF201"]
    baseline_of(tmp_path / "known.json", check_all(loaded).findings, loaded).write()
    assert faults_of_reading(loaded) == []
    _write(tmp_path, _external("bank", "dns", "bank", "dns-2 # servicescape: ignore[REF201]"))
    assert [each.code for each in faults_of_reading(load(cwd=tmp_path))] == ["REF203"]
