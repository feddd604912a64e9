"""What `validate` prints for programs besides findings keeps to its published schemas."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.support.command import schema_of

SETTINGS = '[rules]\nignore = ["PAR"]\nfail-on = "warning"\n[rules.severity]\nREF201 = "warning"\n'
WRONG = "apiVersion: servicescape/v1\nkind: Service\nmetadata: {name: basket}\nspec: {owner: nobody, tier: one}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "a.yaml").write_text(WRONG, encoding="utf-8")
    return tmp_path


def _printed(folder: Path, *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "servicescape", "validate", *arguments, "--format", "json"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    return json.loads(done.stdout)


def _schema(name: str) -> Any:
    schema = schema_of(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema


def test_settings_with_a_file_and_options(folder: Path) -> None:
    (folder / "servicescape.toml").write_text(SETTINGS, encoding="utf-8")
    printed = _printed(folder, "--show-settings", "--severity", "REF=info")
    jsonschema.validate(printed, _schema("settings"))
    origins = {each["key"]: each["origin"] for each in printed["settings"]}
    assert printed["file"] == "servicescape.toml"
    assert (origins["rules.fail-on"], origins["rules.severity"], origins["cache"]) == (
        "servicescape.toml",
        "command line",
        "default",
    )


def test_settings_without_a_file(folder: Path) -> None:
    printed = _printed(folder, "--show-settings")
    jsonschema.validate(printed, _schema("settings"))
    assert printed["file"] is None


def test_statistics(folder: Path) -> None:
    printed = _printed(folder, "--statistics")
    jsonschema.validate(printed, _schema("statistics"))
    assert {each["code"] for each in printed["statistics"]} == {"REF201", "SCH106"}


@pytest.mark.parametrize(("name", "arguments"), [("settings", ["--show-settings"]), ("statistics", ["--statistics"])])
def test_the_schema_tells_of_every_field(folder: Path, name: str, arguments: list[str]) -> None:
    schema, printed = _schema(name), _printed(folder, *arguments)
    assert list(printed) == list(schema["properties"])
    assert list(printed[name][0]) == list(schema["properties"][name]["items"]["properties"])
