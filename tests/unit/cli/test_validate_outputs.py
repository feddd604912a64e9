"""Which form `servicescape validate` writes, and where to: as CI systems call it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest

from servicescape.cli.ci import default_form, link_to, paths_from_root
from tests.support.workflow_commands import annotations

WRONG = """\
apiVersion: servicescape/v1
kind: Service
metadata: {name: basket}
spec: {owner: nobody}
"""
RIGHT = """\
apiVersion: servicescape/v1
kind: Team
metadata: {name: crew}
spec: {contacts: [{type: email, value: crew@example.com}]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "a.yaml").write_text(WRONG, encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "servicescape", "validate", *arguments]
    environment = {**os.environ, **environ}
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_github_is_chosen_in_a_step_of_github_actions(folder: Path) -> None:
    page = folder / "page.md"
    page.write_text("what an earlier command wrote\n", encoding="utf-8")
    done = run(folder, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(page))
    assert done.returncode == 1
    assert [one.properties["file"] for one in annotations(done.stdout)] == ["catalog/a.yaml"]
    written = page.read_text("utf-8")
    assert written.startswith("what an earlier command wrote\n### Service catalog: 1 error")
    assert "`nobody` is not defined" in written


def test_what_is_asked_for_goes_before_what_is_guessed(folder: Path) -> None:
    page = folder / "page.md"
    done = run(folder, "--format", "text", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(page))
    assert not annotations(done.stdout)
    assert "error[REF201]" in done.stdout
    assert not page.exists()


@pytest.mark.parametrize(
    ("environ", "form"), [({"GITHUB_ACTIONS": "true"}, "github"), ({"CI": "true"}, "text"), ({}, "text")]
)
def test_nothing_else_chooses_a_form(environ: Mapping[str, str], form: str) -> None:
    with Path(os.devnull).open("w") as stream:
        assert default_form(stream, environ) == form


def test_a_page_that_cannot_be_written_does_not_fail_the_run(folder: Path) -> None:
    (folder / "catalog" / "a.yaml").write_text(RIGHT, encoding="utf-8")
    done = run(folder, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(folder / "no" / "page.md"))
    assert done.returncode == 0, done.stderr
    assert "warning: cannot write" in done.stderr


def test_a_report_goes_to_a_file_instead(folder: Path) -> None:
    done = run(folder, "--format", "gitlab", "-o", "out/quality.json")
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(json.loads((folder / "out" / "quality.json").read_text("utf-8"))) == 1


def test_the_file_is_text_where_nobody_says_otherwise(folder: Path) -> None:
    run(folder, "-o", "report.txt", GITHUB_ACTIONS="true", FORCE_COLOR="1")
    text = (folder / "report.txt").read_text("utf-8")
    assert text.startswith("error[REF201]")
    assert "\x1b" not in text


def test_one_run_prints_and_writes_several_forms(folder: Path) -> None:
    done = run(folder, "--also", "sarif=a.sarif", "--also", "junit=b=c.xml", "--also", "json=d.json")
    assert done.returncode == 1
    assert "error[REF201]" in done.stdout
    assert json.loads((folder / "a.sarif").read_text("utf-8"))["version"] == "2.1.0"
    assert ElementTree.parse(folder / "b=c.xml").getroot().get("failures") == "1"
    assert json.loads((folder / "d.json").read_text("utf-8"))["summary"]["errors"] == 1


def test_a_clean_run_writes_its_files_too(folder: Path) -> None:
    """GitHub and GitLab learn from an empty report that findings have gone."""
    (folder / "catalog" / "a.yaml").write_text(RIGHT, encoding="utf-8")
    done = run(folder, "--quiet", "--also", "sarif=a.sarif", "--format", "gitlab", "-o", "b.json")
    assert done.returncode == 0, done.stdout
    assert json.loads((folder / "a.sarif").read_text("utf-8"))["runs"][0]["results"] == []
    assert json.loads((folder / "b.json").read_text("utf-8")) == []


@pytest.mark.parametrize("arguments", [[], ["--also", "junit=a.xml"], ["--format", "sarif", "-o", "a.sarif"]])
def test_where_nothing_is_checked_no_report_says_that_all_is_well(folder: Path, arguments: list[str]) -> None:
    (folder / "catalog" / "a.yaml").unlink()
    done = run(folder, *arguments, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(folder / "page.md"))
    assert (done.returncode, done.stdout) == (3, "")
    assert "nothing to check" in done.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["catalog"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--also", "postcard=x"], "`postcard` is no format"),
        (["--also", "report.sarif"], "`report.sarif` has no `=`"),
        (["--also", "sarif="], "write it as `sarif=report.sarif`"),
        (["--statistics", "--format", "sarif"], "--statistics"),
        (["--statistics", "-o", "x"], "--statistics"),
    ],
)
def test_what_cannot_be_meant_is_refused(folder: Path, arguments: list[str], words: str) -> None:
    done = run(folder, *arguments)
    assert done.returncode == 2
    assert words in done.stderr


def test_a_file_that_cannot_be_written_ends_the_run_with_2(folder: Path) -> None:
    done = run(folder, "--also", "sarif=catalog/a.yaml/x.sarif")
    assert done.returncode == 2
    assert "cannot write" in done.stderr
    assert "error[REF201]" in done.stdout


def test_statistics_stay_text_in_github_actions(folder: Path) -> None:
    assert run(folder, "--statistics", GITHUB_ACTIONS="true").stdout.split()[1] == "REF201"


def test_paths_are_counted_from_what_the_ci_system_checked_out(folder: Path) -> None:
    sub = folder / "team" / "sub"
    sub.mkdir(parents=True)
    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        path_of = paths_from_root(sub, {name: str(folder)})
        assert path_of("catalog/a.yaml") == "team/sub/catalog/a.yaml"
        assert path_of("../catalog/a.yaml") == "team/catalog/a.yaml"
        assert path_of(str(sub / "a.yaml")) == "team/sub/a.yaml"
    outside = paths_from_root(sub, {"GITHUB_WORKSPACE": str(folder / "elsewhere"), "CI_PROJECT_DIR": ""})
    assert outside("a.yaml") == "a.yaml"


def test_without_a_ci_system_paths_are_counted_from_the_repository(folder: Path) -> None:
    (folder / ".git").mkdir()
    assert paths_from_root(folder / "catalog", {})("a.yaml") == "catalog/a.yaml"
    assert paths_from_root(folder / "catalog", {})("/etc/a.yaml") == "/etc/a.yaml"


def test_links_lead_to_the_commit_that_is_checked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    environ = {"GITHUB_SERVER_URL": "https://h.example", "GITHUB_REPOSITORY": "o/r", "GITHUB_SHA": "abc"}
    link = link_to(environ)
    assert link is not None
    assert link("cat alog/a.yaml", 3) == "https://h.example/o/r/blob/abc/cat%20alog/a.yaml#L3"
    assert link_to({**environ, "GITHUB_SHA": ""}) is None
