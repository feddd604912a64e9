"""The hook, as pre-commit itself installs and runs it from a repository."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.ci.environment import RIGHT, ROOT, WRONG, clean_environ, parse, write_catalog

(HOOK,) = parse(".pre-commit-hooks.yaml")


def pre_commit(*arguments: str, cwd: Path, home: Path) -> subprocess.CompletedProcess[str]:
    environ = {**clean_environ(), "PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"}
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False)


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


def test_the_manifest_is_one(tmp_path: Path) -> None:
    done = pre_commit("validate-manifest", ".pre-commit-hooks.yaml", cwd=ROOT, home=tmp_path)
    assert done.returncode == 0, done.stdout


def test_the_hook_runs_for_what_it_reads() -> None:
    files = {
        "catalog/a.yaml": True,
        "team/b.yml": True,
        "servicescape.toml": True,
        "sub/servicescape.toml": True,
        "pyproject.toml": False,
        "a.yaml.txt": False,
        "my-servicescape.toml": False,
    }
    assert {name: re.search(HOOK["files"], name) is not None for name in files} == files
    assert HOOK["pass_filenames"] is False
    assert HOOK["language"] == "python"


def test_the_hook_is_installed_and_lets_a_commit_pass_or_not(tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(ROOT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    project = tmp_path / "project"
    file = write_catalog(project, WRONG)
    for folder in (source, project):
        git(tmp_path, "init", "--quiet", str(folder))
        git(folder, "add", ".")
    git(source, "commit", "--quiet", "-m", "As it is")
    home = tmp_path / "home"
    arguments = ("try-repo", str(source), HOOK["id"], "--all-files")
    done = pre_commit(*arguments, cwd=project, home=home)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "error[REF201] unknown-reference: `nobody` is not defined" in done.stdout
    file.write_text(RIGHT, encoding="utf-8")
    done = pre_commit(*arguments, cwd=project, home=home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stdout
