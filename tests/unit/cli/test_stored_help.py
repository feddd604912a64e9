"""The help that is printed without click is what click would print."""

import os
import subprocess
import sys

import pytest

from servicescape.cli.commands import COMMANDS
from servicescape.cli.main import cli
from tests.support.stored_help import FOLDER, WIDTH, help_texts


@pytest.mark.parametrize("name", ["servicescape", *COMMANDS])
def test_stored_help_is_true(name: str) -> None:
    stored = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert stored == help_texts()[f"{name}.txt"], "run `python -m tests.support.stored_help`"


def test_no_help_is_stored_of_what_is_gone() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(help_texts())


def test_help_fits_the_width_that_it_is_stored_for() -> None:
    for name, text in help_texts().items():
        for line in text.splitlines():
            assert len(line) <= WIDTH, f"{name}: {line}"


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_says_what_it_does_and_how_it_is_used(name: str) -> None:
    command = cli.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    assert command.name == name
    assert (command.help or "").splitlines()[0] == COMMANDS[name]
    assert f"servicescape {name}" in (command.help or ""), "an example is missing"
    for parameter in command.params:
        if parameter.param_type_name == "option" and not parameter.hidden:  # type: ignore[attr-defined]
            assert parameter.help, f"--{parameter.name} says nothing"  # type: ignore[attr-defined]


@pytest.mark.parametrize("args", [["--help"], ["-h"], [], ["validate", "--help"], ["impact", "-h"]])
def test_help_imports_nothing_heavy(args: list[str]) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "servicescape", *args],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert done.stdout.startswith("Usage: servicescape")
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not imported & {"click", "pydantic", "ruamel.yaml", "graphviz", "rich", "numpy", "servicescape.cli.main"}


@pytest.mark.parametrize(("columns", "stored"), [("79", False), ("80", True), ("200", True), ("0", True), ("x", True)])
def test_stored_help_is_for_those_who_have_the_room(columns: str, stored: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "servicescape", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": columns},
    )
    assert ("click" not in {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}) is stored
