"""`servicescape compile` as a user runs it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from servicescape.cli.main import cli
from servicescape.diagnostics.errors import ToolError
from tests.support import command
from tests.support.command import BASKET

CATALOG = f"""
apiVersion: servicescape/v1
kind: Team
metadata: {{name: storefront, title: Storefront}}
spec: {{contacts: [{{type: slack, value: "#storefront"}}]}}
{BASKET}"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "all.yaml").write_text(CATALOG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return command.run("compile", *arguments)


def as_json(result: Result) -> Any:
    return command.published(json.loads(result.stdout), "compile")


def test_a_catalog_in_the_working_directory_does_not_read_its_own_rules(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(here / "catalog")
    first, second = run("."), run(".")
    assert (second.return_value, second.stdout) == (0, first.stdout)


def test_everything_is_written_below_one_folder(here: Path) -> None:
    result = run()
    assert (result.return_value, result.stdout) == (
        0,
        "rules for 1 SLO in 1 file, with 1 promtool test, written to build/monitoring\n",
    )
    files = {
        path.relative_to(here / "build/monitoring").as_posix() for path in here.glob("build/monitoring/*/*/**/*.yaml")
    }
    assert files == {"rules/storefront/basket.yaml", "tests/storefront/basket/basket-availability.yaml"}


@pytest.mark.parametrize("target", ["prometheus", "operator", "mimir", "thanos", "victoriametrics"])
def test_check_agrees_with_what_was_written_for_each_target(here: Path, target: str) -> None:
    assert run("--target", target, "-q").return_value == 0
    result = run("--target", target, "--check")
    assert result.return_value == 0
    assert "up to date in build/monitoring" in result.stdout
    other = "operator" if target != "operator" else "mimir"
    assert run("--target", other, "--check").return_value == 1


def test_check_says_what_differs(here: Path) -> None:
    run("-q")
    rules = here / "build/monitoring/rules/storefront/basket.yaml"
    rules.write_text(rules.read_text().replace("vector(0.999)", "vector(0.99)"))
    next((here / "build/monitoring/tests").rglob("*.yaml")).unlink()
    (here / "build/monitoring/rules/old.yaml").write_text("x")
    result = run("--check")
    assert result.return_value == 1
    lines = result.stdout.splitlines()
    number = rules.read_text().splitlines().index("        expr: vector(0.99)") + 1
    assert lines == [
        "build/monitoring/rules/old.yaml: should not be there",
        f"build/monitoring/rules/storefront/basket.yaml:{number}: out of date",
        "  - expr: vector(0.99)",
        "  + expr: vector(0.999)",
        "build/monitoring/tests/storefront/basket/basket-availability.yaml: missing",
    ]
    assert "run `servicescape compile` and commit" in result.stderr
    changes = {
        each["file"].rsplit("/", 1)[1]: each["change"]
        for each in as_json(run("--check", "--format", "json"))["differences"]
    }
    assert changes == {"old.yaml": "stale", "basket.yaml": "different", "basket-availability.yaml": "missing"}


def test_prove_writes_what_holds(here: Path) -> None:
    result = run("--prove")
    assert result.return_value == 0
    assert result.stdout.startswith("1 SLO proven by promtool ")
    assert (here / "build/monitoring/rules").is_dir()
    found = as_json(run("--prove", "--target", "operator", "--format", "json"))
    assert (found["target"], found["written"], found["summary"]["files"]["rules"]) == ("operator", True, 1)
    assert "tests" not in found["summary"]["files"]
    assert (found["proof"]["holds"], found["proof"]["proven"], found["proof"]["failures"]) == (True, 1, [])


def test_prove_fails_where_promtool_does(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = here / "bin" / "promtool"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\ncase "$1" in test) echo "no such promise"; exit 1;; esac\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    result = run("--prove")
    assert result.return_value == 1
    assert "failed: slo:basket-availability\n  promised: " in result.stdout
    assert "  no such promise\n" in result.stdout
    assert result.stdout.endswith("0 SLOs proven, 1 failed\n")
    assert "nothing was written: the proof failed" in result.stderr
    assert not (here / "build").exists()
    found = as_json(run("--prove", "--format", "json"))
    assert (found["written"], found["proof"]["holds"]) == (False, False)


def test_prove_needs_promtool(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolError, match="`promtool` is not installed"):
        CliRunner().invoke(cli, ["compile", "--prove"], standalone_mode=False, catch_exceptions=False)
    assert not (here / "build").exists()


def test_the_settings_choose_target_groups_and_shards(here: Path) -> None:
    (here / "servicescape.toml").write_text(
        '[compile]\ntarget = "mimir"\nshards = 2\nmax-per-group = 200\n[compile.mimir]\nnamespace-prefix = "acme"\n'
    )
    assert run("-q").return_value == 0
    [rules] = here.glob("build/monitoring/rules/shard-*/storefront/basket.yaml")
    assert "\nnamespace: acme.component.basket\n" in rules.read_text()
    assert not (here / "build/monitoring/tests").exists()


def test_a_group_too_small_for_an_slo_is_a_fault_of_the_settings(here: Path) -> None:
    (here / "servicescape.toml").write_text("[compile]\nmax-per-group = 5\n")
    with pytest.raises(
        ToolError, match=r"`compile\.max-per-group` is 5, and the SLO `basket-availability` has"
    ) as raised:
        CliRunner().invoke(cli, ["compile"], standalone_mode=False, catch_exceptions=False)
    assert "or 0 for a group for each SLO" in raised.value.hint


@pytest.mark.parametrize(
    "setting",
    [
        'target = "grafana"',
        "shards = 0",
        "max-per-group = -1",
        'kubernetes.labels = {a = "b c"}',
        'thanos = {partial-response = "x"}',
    ],
)
def test_settings_that_cannot_be(here: Path, setting: str) -> None:
    (here / "servicescape.toml").write_text(f"[compile]\n{setting}\n")
    with pytest.raises(ToolError, match=r"servicescape\.toml: `compile"):
        CliRunner().invoke(cli, ["compile"], standalone_mode=False, catch_exceptions=False)


def test_errors_of_the_catalog_are_shown_and_nothing_is_written(here: Path) -> None:
    (here / "catalog/all.yaml").write_text(CATALOG.replace("owner: storefront", "owner: storfront"))
    result = run()
    assert result.return_value == 1
    assert "REF201" in result.stdout
    assert "nothing was compiled" in result.stderr
    assert not (here / "build").exists()
    assert json.loads(run("--format", "json").stdout)["findings"][0]["code"] == "REF201"


def test_another_slo_changes_no_file_but_its_own(here: Path) -> None:
    (here / "servicescape.toml").write_text("[compile]\nshards = 5\n")
    more = "".join(
        CATALOG[CATALOG.index("---") :].replace("basket", name).replace("Basket", name)
        for name in ("crm", "pricing", "tax")
    )
    (here / "catalog/more.yaml").write_text(more)
    run("-q")
    before = {path: path.read_bytes() for path in here.glob("build/**/*.yaml")}
    (here / "catalog/yet-more.yaml").write_text(
        CATALOG[CATALOG.index("---") :].replace("basket", "added").replace("Basket", "Added")
    )
    run("-q")
    after = {path: path.read_bytes() for path in here.glob("build/**/*.yaml")}
    assert {path: text for path, text in after.items() if "added" not in path.as_posix()} == before
