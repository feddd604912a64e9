"""`servicescape test` on the example catalog, and its JSON against its schema."""

import json
from pathlib import Path

import jsonschema
from click.testing import CliRunner

from servicescape.cli.main import cli

ROOT = Path(__file__).parents[3]


def test_the_example_catalogs_scenarios_hold() -> None:
    result = CliRunner().invoke(cli, ["test", str(ROOT / "catalog")], standalone_mode=False)
    assert result.return_value == 0
    assert result.stdout.endswith("8 scenarios: all hold\n")


def test_json_has_the_published_form() -> None:
    arguments = ["test", str(ROOT / "catalog"), "--format", "json"]
    result = CliRunner().invoke(cli, arguments, standalone_mode=False)
    found = json.loads(result.stdout)
    schema = json.loads((ROOT / "schemas" / "output" / "test.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(found)
    assert found["summary"] == {"scenarios": 8, "failed": 0}


def test_quiet_says_nothing_when_all_hold() -> None:
    result = CliRunner().invoke(cli, ["test", str(ROOT / "catalog"), "-q"], standalone_mode=False)
    assert (result.return_value, result.stdout) == (0, "")
