"""action.yml, step by step, with the very script that it calls."""

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from tests.ci.environment import RIGHT, ROOT, WRONG, GitHubRunner, parse, write_catalog
from tests.support.workflow_commands import annotations

STEPS = parse("action.yml")["runs"]["steps"]
INSTALL, VALIDATE = STEPS


@pytest.fixture
def runner(tmp_path: Path) -> GitHubRunner:
    return GitHubRunner(tmp_path)


def test_the_action_keeps_to_its_schema() -> None:
    schema = files("check_jsonschema").joinpath("builtin_schemas/vendor/github-actions.json").read_text("utf-8")
    jsonschema.validators.validator_for(json.loads(schema))(json.loads(schema)).validate(parse("action.yml"))


def test_the_action_says_what_each_input_is_and_uses_it() -> None:
    action = parse("action.yml")
    assert set(action["inputs"]) == {"paths", "fail-on", "version", "format", "sarif-file"}
    used = "".join(value for step in STEPS for value in step["env"].values())
    for name, about in action["inputs"].items():
        assert about["description"]
        assert f"inputs.{name} " in used
    # Text of an input in a script would be run as part of it.
    assert not any("${{" in step["run"] for step in STEPS)


def test_findings_become_annotations_a_page_and_outputs(runner: GitHubRunner) -> None:
    write_catalog(runner.workspace, WRONG)
    done = runner.step(VALIDATE, {"sarif-file": "out/findings.sarif"})
    assert done.returncode == 1, done.stderr
    (annotation,) = annotations(done.stdout)
    assert annotation.properties["file"] == "catalog/a.yaml"
    assert annotation.message.startswith("`nobody` is not defined")
    assert "https://github.example/owner/name/blob/0123abc/catalog/a.yaml#L4" in runner.read("summary")
    assert runner.outputs == {
        "exit-code": "1",
        "errors": "1",
        "warnings": "0",
        "infos": "0",
        "sarif-file": "out/findings.sarif",
    }
    log = json.loads((runner.workspace / "out" / "findings.sarif").read_text("utf-8"))
    assert log["runs"][0]["results"][0]["ruleId"] == "REF201"


def test_every_output_of_the_action_is_one_of_the_script(runner: GitHubRunner) -> None:
    write_catalog(runner.workspace, RIGHT)
    assert runner.step(VALIDATE, {"sarif-file": "a.sarif"}).returncode == 0
    promised = {name: about["value"] for name, about in parse("action.yml")["outputs"].items()}
    assert promised == {name: "${{ steps.validate.outputs.%s }}" % name for name in runner.outputs}  # noqa: UP031
    assert VALIDATE["id"] == "validate"


def test_paths_are_one_a_line_and_relative_to_where_the_step_runs(runner: GitHubRunner) -> None:
    sub = runner.workspace / "team"
    write_catalog(sub, WRONG, "first part")
    write_catalog(sub, RIGHT, "second")
    done = runner.step(VALIDATE, {"paths": "first part\n\nsecond\n"}, cwd=sub)
    assert [one.properties["file"] for one in annotations(done.stdout)] == ["team/first part/a.yaml"]


@pytest.mark.parametrize(("severity", "code"), [("", 0), ("warning", 1)])
def test_the_step_fails_from_the_severity_on_that_is_asked_for(runner: GitHubRunner, severity: str, code: int) -> None:
    write_catalog(runner.workspace, RIGHT)
    (runner.workspace / "servicescape.toml").write_text('[rules.severity]\nYML011 = "warning"\n', encoding="utf-8")
    (runner.workspace / "catalog" / "b.yaml").write_text("", encoding="utf-8")
    done = runner.step(VALIDATE, {"fail-on": severity})
    assert done.returncode == code, done.stdout + done.stderr
    assert runner.outputs["warnings"] == "1"


@pytest.mark.parametrize(
    ("inputs", "code", "words"),
    [
        ({"paths": "nowhere"}, 2, "there is no file or folder 'nowhere'"),
        ({"paths": "empty"}, 3, "nothing to check"),
        ({"format": "postcard"}, 2, "postcard"),
        ({"paths": "50%\nnowhere"}, 2, "'50%'"),
    ],
)
def test_a_run_that_cannot_go_on_says_why_in_an_annotation(
    runner: GitHubRunner, inputs: dict[str, str], code: int, words: str
) -> None:
    (runner.workspace / "empty").mkdir()
    done = runner.step(VALIDATE, inputs)
    assert done.returncode == code
    (annotation,) = annotations(done.stdout)
    assert words in annotation.message
    assert runner.outputs["exit-code"] == str(code)


@pytest.mark.parametrize("text", ["$(touch hacked)", "`touch hacked`", "; touch hacked", "--help", '" touch hacked "'])
def test_inputs_are_never_run_and_never_options(runner: GitHubRunner, text: str) -> None:
    for name in ("paths", "fail-on", "sarif-file", "format"):
        runner.step(VALIDATE, {name: text})
    assert not (runner.workspace / "hacked").exists()
    assert runner.step(VALIDATE, {"paths": text}).returncode == 2
    assert runner.step(INSTALL, {"version": text}).returncode == 2


def test_install_gives_later_steps_the_command_and_no_other_python(runner: GitHubRunner) -> None:
    """As on the runner: a virtual environment of its own, from the action's own code."""
    done = runner.step(INSTALL, {})
    assert done.returncode == 0, done.stdout + done.stderr
    (folder,) = runner.read("path").splitlines()
    assert sorted(path.name for path in Path(folder).iterdir()) == ["servicescape"]
    told = subprocess.run([f"{folder}/servicescape", "explain", "REF201"], capture_output=True, text=True, check=True)
    assert told.stdout.startswith("# REF201 unknown-reference")


def test_an_old_python_is_named(runner: GitHubRunner, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    (old / "python3").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    (old / "python3").chmod(0o755)
    step = {**INSTALL, "run": f'PATH="{old}:$PATH"\nexport PATH\n{INSTALL["run"]}'}
    done = runner.step(step, {})
    assert done.returncode == 2
    assert "older than 3.11" in annotations(done.stdout)[0].message


def test_the_script_is_executable_and_bash() -> None:
    script = ROOT / "ci" / "github-action.sh"
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(script)], check=True)
    assert sys.executable  # The interpreter that the steps above find first on their path.
