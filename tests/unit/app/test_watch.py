"""Watching a catalog: each edit has its result, whatever kind of edit it is."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from servicescape.app import watch as watching
from servicescape.app.recall import Outcome
from servicescape.app.validate import Request, validate
from servicescape.app.watch import watch
from servicescape.diagnostics.errors import ToolError

TEAM = (
    "apiVersion: servicescape/v1\nkind: Team\nmetadata: {name: crew}\nspec: {contacts: [{type: slack, value: '#c'}]}\n"
)
SERVICE = "apiVersion: servicescape/v1\nkind: Service\nmetadata: {name: shop}\nspec: {owner: crew}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "crew.yaml").write_text(TEAM)
    (tmp_path / "catalog" / "shop.yaml").write_text(SERVICE)
    return tmp_path


def _after(folder: Path, *edits: Callable[[], object]) -> list[Outcome | ToolError]:
    """The results before and after each edit."""
    waiting = iter(edits)
    request = Request((), date(2026, 1, 1), cwd=folder)
    results = []
    for result in watch(request, wait=lambda: next(waiting)()):
        results.append(result)
        if len(results) > len(edits):
            break
    return results


def _codes(result: Outcome | ToolError) -> list[str]:
    assert isinstance(result, Outcome)
    return [finding.code for finding in result.findings if finding.code.startswith(("REF", "YML", "SCH"))]


def test_edits_of_all_kinds(folder: Path) -> None:
    crew, shop = folder / "catalog" / "crew.yaml", folder / "catalog" / "shop.yaml"

    def save_by_rename() -> None:
        (folder / "new").write_text(SERVICE)
        (folder / "new").replace(shop)

    results = _after(
        folder,
        lambda: shop.write_text(SERVICE.replace("crew", "crww")),
        save_by_rename,
        crew.unlink,
        lambda: crew.write_text(TEAM),
        lambda: shop.rename(folder / "catalog" / "moved.yaml"),
        lambda: (folder / "catalog" / "copy.yaml").write_text(SERVICE),
    )
    assert [_codes(result) for result in results] == [[], ["REF201"], [], ["REF201"], [], [], ["REF204"]]
    last, cold = results[-1], validate(Request((), date(2026, 1, 1), cwd=folder))
    assert last == cold
    assert isinstance(last, Outcome)
    assert [last.text_of(each.file) for each in last.findings] == [cold.text_of(each.file) for each in cold.findings]


def test_broken_settings_are_said_and_survived(folder: Path) -> None:
    settings = folder / "servicescape.toml"
    results = _after(
        folder,
        lambda: settings.write_text("catalog = ["),
        lambda: settings.write_text("exclude = ['crew.yaml']"),
    )
    assert isinstance(results[1], ToolError)
    assert _codes(results[2]) == ["REF201"]


def test_an_edit_during_a_run_is_not_lost(folder: Path) -> None:
    request = Request((), date(2026, 1, 1), cwd=folder)
    results = watch(request)
    assert _codes(next(results)) == []
    # The run is over, and nobody waits yet.
    (folder / "catalog" / "shop.yaml").write_text(SERVICE.replace("crew", "crww"))
    assert _codes(next(results)) == ["REF201"]


def test_without_notices_we_look_ourselves(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_notices", lambda places: None)

    def edit(seconds: float) -> None:
        (folder / "catalog" / "shop.yaml").write_text(SERVICE.replace("crew", "crww"))

    monkeypatch.setattr("time.sleep", edit)
    results = watch(Request((), date(2026, 1, 1), cwd=folder))
    assert _codes(next(results)) == []
    assert _codes(next(results)) == ["REF201"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal of this kind")
def test_the_command_shows_an_edit_and_ends_when_interrupted(folder: Path) -> None:
    command = [sys.executable, "-m", "servicescape", "validate", "--watch", "--format", "concise", "--select", "REF"]
    shop = folder / "catalog" / "shop.yaml"
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        # It would watch for ever, and the test with it, if a line did not come.
        alarm = threading.Timer(60, process.kill)
        alarm.start()
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            shop.write_text(SERVICE.replace("crew", "crww"))
            line = process.stdout.readline()
            if line == "---\n":  # The edit came after the first look.
                line = process.stdout.readline()
            assert "REF201" in line
            shop.write_text(SERVICE)
            assert process.stdout.readline() == "---\n"
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 0
            assert process.stderr.read() == ""
        finally:
            alarm.cancel()
            process.kill()
