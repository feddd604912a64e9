"""Runs that no folder can hold: files made at run time, pipes that close, users without rights."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.test_scenarios import scenario_environment

TEAM = "apiVersion: servicescape/v1\nkind: Team\nmetadata: {name: crew}\nspec: {contacts: [{type: slack, value: a}]}\n"
TOOL = [sys.executable, "-m", "servicescape"]


def _run(cwd: Path, *args: str, **more: Any) -> "subprocess.CompletedProcess[str]":
    more = {"capture_output": True, **more}
    done = subprocess.run(
        [*TOOL, *args], cwd=cwd, env=scenario_environment(), text=True, encoding="utf-8", timeout=60, **more
    )
    assert "Traceback" not in (done.stderr or ""), done.stderr
    return done


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    folder = tmp_path / "catalog"
    folder.mkdir()
    (folder / "teams.yaml").write_text(TEAM, encoding="utf-8")
    return folder


def test_a_huge_file_is_told_at_once(tmp_path: Path, catalog: Path) -> None:
    with (catalog / "dump.yaml").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    started = time.monotonic()
    done = _run(tmp_path, "validate")
    assert time.monotonic() - started < 5, "it takes a tenth of that on an idle machine"
    assert done.returncode == 1
    assert done.stdout.startswith(
        "error[YML002] file-too-large: the file has 200 MB, more than the limit of 20 MB\n  ┌─ catalog/dump.yaml\n"
    )
    assert "exclude" in done.stdout


def test_the_limit_is_a_setting(tmp_path: Path, catalog: Path) -> None:
    (tmp_path / "servicescape.toml").write_text("max-file-megabytes = 1\n", encoding="utf-8")
    (catalog / "dump.yaml").write_text("#" * (1024 * 1024 + 1), encoding="utf-8")
    assert "more than the limit of 1 MB" in " ".join(_run(tmp_path, "validate").stdout.split())


@pytest.mark.parametrize("args", [["validate"], ["explain"], ["schema"], ["--help"], ["impact", "--format", "json"]])
def test_a_reader_that_goes_away_is_no_failure_of_ours(tmp_path: Path, catalog: Path, args: list[str]) -> None:
    with (catalog / "wrong.yaml").open("w", encoding="utf-8") as file:
        file.write("kind: x\n---\n" * 2000)
    process = subprocess.Popen(
        [*TOOL, *args], cwd=tmp_path, env=scenario_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(60) in (0, 1, 141)
    assert "Traceback" not in said
    assert "BrokenPipe" not in said
    assert "failed" not in said


def test_the_first_line_only(tmp_path: Path, catalog: Path) -> None:
    with (catalog / "wrong.yaml").open("w", encoding="utf-8") as file:
        file.write("kind: x\n---\n" * 2000)
    done = subprocess.run(
        f"'{sys.executable}' -m servicescape validate --format concise | head -1",
        shell=True,
        cwd=tmp_path,
        env=scenario_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("catalog/wrong.yaml:1:1: error SCH102")
    assert done.stderr == ""


@pytest.mark.parametrize("args", [["validate"], ["explain", "REF201"], ["schema"], ["--help"], ["impact"]])
@pytest.mark.parametrize("closed", ["1", "2"])
def test_a_stream_that_was_closed_before(tmp_path: Path, catalog: Path, args: list[str], closed: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}>&-', "sh", *TOOL, *args],
        cwd=tmp_path,
        env=scenario_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 3), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("args", [["validate"], ["explain", "REF201"], ["schema"], ["--help"]])
def test_a_full_disk_is_said(tmp_path: Path, catalog: Path, args: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = _run(tmp_path, *args, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr.startswith("error: cannot write the output: No space left on device")


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Lets another user into the temporary folder; pytest makes its folders for one user alone."""
    opened = [
        folder for folder in path.parents if folder.stat().st_uid == os.getuid() and not folder.stat().st_mode & 1
    ]
    modes = {folder: folder.stat().st_mode for folder in opened}
    for folder in opened:
        folder.chmod(0o755)
    try:
        yield
    finally:
        for folder, mode in modes.items():
            folder.chmod(mode)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="rights work differently here")
def test_what_this_user_may_not_read(tmp_path: Path, catalog: Path) -> None:
    secret, closed = catalog / "secret.yaml", catalog / "closed"
    secret.write_text(TEAM, encoding="utf-8")
    closed.mkdir()
    secret.chmod(0)
    closed.chmod(0)
    # The interpreter may lie where the other user cannot go; forking first keeps what is loaded.
    script = (
        "import importlib, os, pkgutil, sys\n"
        "import click._textwrap, msgpack, pydantic.plugin._loader, servicescape\n"
        "for found in pkgutil.walk_packages(servicescape.__path__, 'servicescape.'):\n"
        "    found.name.endswith('__main__') or importlib.import_module(found.name)\n"
        "from servicescape.rules.registry import all_rules\n"
        "all_rules()\n"
        "if os.getuid() == 0:\n"
        "    os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "servicescape.cli.main.run(sys.argv[1:])\n"
    )
    try:
        with _readable(catalog):
            done = subprocess.run(
                [sys.executable, "-c", script, "validate"],
                cwd=tmp_path,
                env=scenario_environment(),
                capture_output=True,
                text=True,
                check=False,
            )
            whole = subprocess.run(
                [sys.executable, "-c", script, "validate", "catalog/closed"],
                cwd=tmp_path,
                env=scenario_environment(),
                capture_output=True,
                text=True,
                check=False,
            )
    finally:
        secret.chmod(0o644)
        closed.chmod(0o755)
    assert "Traceback" not in done.stderr + whole.stderr, done.stderr + whole.stderr
    assert done.returncode == 1
    for name in ("catalog/secret.yaml", "catalog/closed"):
        assert f"error[YML001] unreadable-file: cannot be read: Permission denied\n  ┌─ {name}\n" in done.stdout
    assert whole.returncode == 2
    assert "'catalog/closed' is not readable" in whole.stderr


def test_what_is_no_file_is_not_waited_for(tmp_path: Path, catalog: Path) -> None:
    os.mkfifo(catalog / "pipe.yaml")
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(os.path.relpath(catalog / "socket.yaml"))
        done = _run(tmp_path, "validate", "--format", "concise")
    finally:
        listener.close()
    assert [line.split(": ")[0] for line in done.stdout.splitlines()] == ["catalog/pipe.yaml", "catalog/socket.yaml"]
    assert done.returncode == 1


def test_a_name_that_is_not_text(tmp_path: Path, catalog: Path) -> None:
    Path(os.fsdecode(os.fsencode(catalog) + b"/caf\xe9.yaml")).write_bytes(b"kind: x\n")
    for form in ("text", "concise", "json"):
        done = _run(tmp_path, "validate", "--format", form)
        assert done.returncode == 1
        assert "caf" in done.stdout


def test_run_as_a_module_and_as_a_program_are_one(tmp_path: Path) -> None:
    program = shutil.which("servicescape", path=str(Path(sys.executable).parent))
    assert program, "install the package to run its tests"
    for args in (["--version"], ["--help"], ["explain", "nonsense"]):
        both = [
            subprocess.run([*tool, *args], cwd=tmp_path, env=scenario_environment(), capture_output=True, check=False)
            for tool in (TOOL, [program])
        ]
        assert (both[0].stdout, both[0].stderr, both[0].returncode) == (
            both[1].stdout,
            both[1].stderr,
            both[1].returncode,
        )


def test_the_version() -> None:
    import servicescape

    assert _run(Path.cwd(), "--version").stdout == f"servicescape {servicescape.__version__}\n"


def test_a_catalog_above_the_working_directory_is_named_as_one_would_type_it(tmp_path: Path, catalog: Path) -> None:
    (tmp_path / "servicescape.toml").write_text("", encoding="utf-8")
    (catalog / "wrong.yaml").write_text("kind: x\n", encoding="utf-8")
    (tmp_path / "docs").mkdir()
    done = _run(tmp_path / "docs", "validate", "--format", "concise")
    assert done.stdout.startswith("../catalog/wrong.yaml:1:1: ")
    done = _run(tmp_path / "docs", "validate", "../catalog/wrong.yaml", "--format", "concise")
    assert done.stdout.startswith("../catalog/wrong.yaml:1:1: ")


def test_no_arguments_ask_for_help(tmp_path: Path) -> None:
    texts = {_run(tmp_path, *args).stdout for args in ((), ("-h",), ("--help",))}
    assert len(texts) == 1
    assert texts.pop().startswith("Usage: servicescape [OPTIONS] COMMAND")
