"""Runs of the tool as a user sees them: one folder a run.

`command` holds the arguments in one line, `in/` the files, `stdout`, `stderr` and `exit_code` what comes of it; without
`stderr` nothing may come there; `out/` (optional) holds files as they are afterwards. `environment` (optional) holds
lines `NAME=value`. `UPDATE_SNAPSHOTS=1` writes what comes now; read it as a user would before it is committed.
"""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.snapshots import assert_snapshot

HERE = Path(__file__).parent
UPDATING = os.environ.get("UPDATE_SNAPSHOTS") == "1"


def scenario_environment(**more: str) -> dict[str, str]:
    """The environment of a run: nothing of the tester's own terminal."""
    kept = {
        name: os.environ[name]
        for name in ("PATH", "PYTHONPATH", "SERVICESCAPE_CACHE_DIR", "SYSTEMROOT", "TEMP", "VIRTUAL_ENV")
        if name in os.environ
    }
    return {**kept, "COLUMNS": "80", "PYTHONWARNINGS": "error", "LC_ALL": "C.UTF-8", **more}


@pytest.mark.parametrize("folder", sorted(path.parent for path in HERE.glob("*/command")), ids=lambda path: path.name)
def test_scenario(folder: Path, tmp_path: Path) -> None:
    if (folder / "in").is_dir():
        shutil.copytree(folder / "in", tmp_path, dirs_exist_ok=True)
    environment = {}
    if (folder / "environment").exists():
        lines = (folder / "environment").read_text(encoding="utf-8").splitlines()
        environment = dict(line.split("=", 1) for line in lines)
    done = subprocess.run(
        [sys.executable, "-m", "servicescape", *shlex.split((folder / "command").read_text(encoding="utf-8"))],
        cwd=tmp_path,
        env=scenario_environment(**environment),
        capture_output=True,
        timeout=60,
        check=False,
    )
    stdout, stderr = (
        stream.decode("utf-8").replace("\r\n", "\n").replace(str(tmp_path), "/work")
        for stream in (done.stdout, done.stderr)
    )
    assert "Traceback" not in stderr, stderr
    assert "servicescape itself has failed" not in stderr, stderr
    assert_snapshot(folder / "stdout", stdout)
    assert_snapshot(folder / "exit_code", f"{done.returncode}\n")
    for file in sorted((folder / "out").rglob("*")):
        if file.is_file():
            assert_snapshot(file, (tmp_path / file.relative_to(folder / "out")).read_text(encoding="utf-8"))
    if UPDATING and not stderr:
        (folder / "stderr").unlink(missing_ok=True)
    elif stderr or (folder / "stderr").exists():
        assert_snapshot(folder / "stderr", stderr)
