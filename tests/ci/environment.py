"""What a CI system's runner gives to a step: a repository, variables, and files for results."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
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


def parse(name: str) -> Any:
    """A YAML file of this repository."""
    return YAML(typ="safe", pure=True).load(ROOT / name)


def write_catalog(folder: Path, text: str, place: str = "catalog") -> Path:
    (folder / place).mkdir(parents=True, exist_ok=True)
    file = folder / place / "a.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def clean_environ() -> dict[str, str]:
    """The environment of the tests, with the command under test first on the path."""
    return {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}


@dataclass
class GitHubRunner:
    """One job on GitHub's runner; paths of files have blanks, as they may have there."""

    home: Path

    def __post_init__(self) -> None:
        self.workspace.mkdir(parents=True)
        for name in ("output", "path", "summary"):
            (self.home / name).touch()

    @property
    def workspace(self) -> Path:
        return self.home / "a work space"

    def read(self, name: str) -> str:
        return (self.home / name).read_text("utf-8")

    @property
    def outputs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.read("output").splitlines())

    def step(
        self, step: Mapping[str, Any], inputs: Mapping[str, str], cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs a step of a composite action as the runner does: `bash -eo pipefail` with the step's variables."""
        action = parse("action.yml")
        environ = {
            **clean_environ(),
            "GITHUB_ACTIONS": "true",
            "CI": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_OUTPUT": str(self.home / "output"),
            "GITHUB_PATH": str(self.home / "path"),
            "GITHUB_STEP_SUMMARY": str(self.home / "summary"),
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_REPOSITORY": "owner/name",
            "GITHUB_SHA": "0123abc",
            "RUNNER_TEMP": str(self.home),
        }
        assert step["shell"] == "bash"
        for variable, value in step.get("env", {}).items():
            key = value.removeprefix("${{ inputs.").removesuffix(" }}")
            environ[variable] = inputs.get(key, action["inputs"][key]["default"])
        script = self.home / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=cwd or self.workspace,
            env=environ,
            capture_output=True,
            encoding="utf-8",
            check=False,
            stdin=subprocess.DEVNULL,
        )
