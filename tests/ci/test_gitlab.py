"""ci/gitlab.yml: its form, and its script with a `pip` that only takes note."""

import json
import subprocess
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from tests.ci.environment import RIGHT, WRONG, clean_environ, parse, write_catalog

JOB = parse("ci/gitlab.yml")["servicescape"]
REPORT = "gl-code-quality-report.json"


def test_the_file_keeps_to_the_schema_of_gitlab_ci() -> None:
    schema = json.loads(files("check_jsonschema").joinpath("builtin_schemas/vendor/gitlab-ci.json").read_text("utf-8"))
    jsonschema.validators.validator_for(schema)(schema).validate(parse("ci/gitlab.yml"))


def test_the_report_is_kept_when_the_job_fails() -> None:
    assert JOB["artifacts"]["when"] == "always"
    assert JOB["artifacts"]["reports"] == {"codequality": REPORT}


def run(project: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The job's script as GitLab's runner runs it: line by line in one shell, which stops at the first failure."""
    tools = project.parent / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "pip").write_text('#!/bin/sh\nprintf "%s\\n" "$@" >>"$0.log"\n', encoding="utf-8")
    (tools / "pip").chmod(0o755)
    environ = clean_environ()
    environ.update(variables, GITLAB_CI="true", CI="true", CI_PROJECT_DIR=str(project))
    environ["PATH"] = f"{tools}:{environ['PATH']}"
    return subprocess.run(
        ["sh", "-e"],
        input="\n".join(JOB["script"]),
        cwd=project,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def test_findings_are_in_the_log_and_in_the_widget(project: Path) -> None:
    write_catalog(project, WRONG)
    done = run(project, SERVICESCAPE_PACKAGE="servicescape==0.1.0")
    assert done.returncode == 1
    assert "error[REF201]" in done.stdout
    (issue,) = json.loads((project / REPORT).read_text("utf-8"))
    assert issue["location"] == {"path": "catalog/a.yaml", "lines": {"begin": 4, "end": 4}}
    assert (project.parent / "tools" / "pip.log").read_text("utf-8").split() == [
        "install",
        "--quiet",
        "servicescape==0.1.0",
    ]


def test_a_clean_catalog_leaves_an_empty_report(project: Path) -> None:
    write_catalog(project, RIGHT, "elsewhere")
    done = run(project, SERVICESCAPE_PATHS="elsewhere", SERVICESCAPE_FAIL_ON="info")
    assert done.returncode == 0, done.stderr
    assert json.loads((project / REPORT).read_text("utf-8")) == []
    assert (project.parent / "tools" / "pip.log").read_text("utf-8").split()[-1] == "servicescape"
