"""Width, colour and links, by stream and environment."""

import io
import os
import subprocess
import sys

import pytest

from servicescape.cli.output import ConsoleFacts, console_facts, is_terminal, write_as_utf8

PIPE = ConsoleFacts(width=80, colour=False, hyperlinks=False, redraws=False)


class _Terminal(io.StringIO):
    """A terminal whose size nobody knows."""

    def isatty(self) -> bool:
        return True


def test_a_pipe() -> None:
    assert console_facts(io.StringIO(), {}) == PIPE


def test_a_terminal() -> None:
    assert console_facts(_Terminal(), {}) == ConsoleFacts(width=80, colour=True, hyperlinks=False, redraws=True)


@pytest.mark.parametrize(("columns", "width"), [(133, 133), (0, 80)])
def test_a_terminal_is_asked_for_its_width(columns: int, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Terminal, "fileno", lambda _: 7)
    monkeypatch.setattr(os, "get_terminal_size", lambda number: os.terminal_size((columns if number == 7 else 1, 40)))
    assert console_facts(_Terminal(), {"TERM": "xterm"}).width == width


@pytest.mark.parametrize(
    ("columns", "width"), [("120", 120), ("1", 1), ("0", 80), ("-5", 80), ("wide", 80), ("", 80), ("²", 80)]
)
@pytest.mark.parametrize("stream", [io.StringIO(), _Terminal()])
def test_columns_say_the_width(columns: str, width: int, stream: io.StringIO) -> None:
    assert console_facts(stream, {"COLUMNS": columns}).width == width


@pytest.mark.parametrize(
    ("environ", "in_pipe", "on_terminal"),
    [
        ({}, False, True),
        ({"TERM": "dumb"}, False, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, False, True),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": ""}, False, True),
        ({"FORCE_COLOR": "0"}, False, False),
        ({"FORCE_COLOR": "false"}, False, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ],
)
def test_colour(environ: dict[str, str], in_pipe: bool, on_terminal: bool) -> None:
    assert console_facts(io.StringIO(), environ).colour is in_pipe
    assert console_facts(_Terminal(), environ).colour is on_terminal


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TERM_PROGRAM": "vscode"}, True),
        ({"WT_SESSION": "a"}, True),
        ({"VTE_VERSION": "6003"}, True),
        ({"VTE_VERSION": "4000"}, False),
        ({"TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"TERM_PROGRAM": "vscode", "CI": "true"}, False),
        ({"TERM_PROGRAM": "vscode", "NO_COLOR": "1"}, False),
        ({"FORCE_HYPERLINK": "1"}, True),
        ({"FORCE_HYPERLINK": "0", "TERM_PROGRAM": "vscode"}, False),
    ],
)
def test_links_only_where_they_are_followed(environ: dict[str, str], expected: bool) -> None:
    assert console_facts(_Terminal(), environ).hyperlinks is expected
    assert not console_facts(io.StringIO(), environ).hyperlinks


def test_nothing_is_drawn_over_on_a_dumb_terminal() -> None:
    assert not console_facts(_Terminal(), {"TERM": "dumb"}).redraws


def test_a_closed_stream_is_no_terminal() -> None:
    stream = io.StringIO()
    stream.close()
    assert not is_terminal(stream)


def test_facts_of_this_process_are_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", _Terminal())
    monkeypatch.setenv("COLUMNS", "99")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert console_facts().width == 99
    assert console_facts().colour


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_pipe_takes_any_text(encoding: str) -> None:
    code = "from servicescape.cli.output import write_as_utf8 as w; w(); print('┌─ 買い物 \\udce9')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env={**os.environ, "PYTHONIOENCODING": encoding}
    )
    assert done.stdout.decode("utf-8").rstrip("\r\n") == "┌─ 買い物 \\udce9"


def test_a_stream_that_cannot_change_is_left_alone() -> None:
    write_as_utf8(io.StringIO())


def test_the_module_loads_nothing_heavy() -> None:
    code = (
        "import sys, servicescape.cli.output;"
        "print([m for m in ('rich', 'click', 'pydantic', 'shutil', 'json') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
