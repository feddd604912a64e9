"""What is known about the place that a command writes to: width, colour, links, and whether somebody watches.

The environment has the last word, in the order that most tools share: `NO_COLOR` over `FORCE_COLOR` over `TERM=dumb`
over whether the stream is a terminal (https://no-color.org, https://force-color.org).
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

PIPE_WIDTH = 80
"""Cells in a line where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class ConsoleFacts:
    """One stream, as a command should write to it."""

    width: int
    """Cells in a line, at least 1."""
    colour: bool
    hyperlinks: bool
    """Whether the terminal is known to follow OSC 8 links."""
    redraws: bool
    """Whether a line can be written over: there a progress bar may stand."""


def console_facts(stream: TextIO | None = None, environ: Mapping[str, str] | None = None) -> ConsoleFacts:
    """All facts about a stream, standard output unless told otherwise."""
    stream = sys.stdout if stream is None else stream
    environ = os.environ if environ is None else environ
    return ConsoleFacts(
        width=terminal_width(stream, environ),
        colour=colour_allowed(stream, environ),
        hyperlinks=hyperlinks_allowed(stream, environ),
        redraws=is_terminal(stream) and not _is_dumb(environ),
    )


def terminal_width(stream: TextIO, environ: Mapping[str, str] | None = None) -> int:
    """`COLUMNS` if it is a number above 0, else the terminal's width, else 80."""
    columns = (os.environ if environ is None else environ).get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns)
    if is_terminal(stream):
        try:
            # A terminal without a size (a serial line, some CI) says 0.
            return os.get_terminal_size(stream.fileno()).columns or PIPE_WIDTH
        except (OSError, ValueError):
            pass
    return PIPE_WIDTH


def colour_allowed(stream: TextIO, environ: Mapping[str, str] | None = None) -> bool:
    """Whether escape sequences for colour may be written. `FORCE_COLOR=0` forbids them, as in Node's tools."""
    environ = os.environ if environ is None else environ
    if environ.get("NO_COLOR"):
        return False
    forced = environ.get("FORCE_COLOR", "")
    if forced:
        return forced.lower() not in ("0", "false")
    return is_terminal(stream) and not _is_dumb(environ)


def hyperlinks_allowed(stream: TextIO, environ: Mapping[str, str] | None = None) -> bool:
    """Whether the terminal is one of those that follow links, and colour is allowed. `FORCE_HYPERLINK` decides else."""
    environ = os.environ if environ is None else environ
    if not colour_allowed(stream, environ):
        return False
    forced = environ.get("FORCE_HYPERLINK", "")
    if forced:
        return forced.lower() not in ("0", "false")
    if not is_terminal(stream) or _is_dumb(environ) or environ.get("CI"):
        return False
    vte = environ.get("VTE_VERSION", "")
    return (
        environ.get("TERM_PROGRAM") in ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby")
        or any(environ.get(name) for name in ("WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "DOMTERM"))
        or (vte.isdecimal() and int(vte) >= 5000)
    )


def is_terminal(stream: TextIO) -> bool:
    """Whether somebody watches; a closed stream has no reader."""
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def shown_path(path: Path) -> str:
    """A path relative to the working directory where it lies below it."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def write_as_utf8(*streams: TextIO) -> None:
    """Lets streams take any text: files and pipes get UTF-8, a terminal gets `?` for what it cannot show.

    Without this a finding about `買い物` ends the run on a Windows pipe (cp1252) or under `LC_ALL=POSIX`.
    """
    for stream in streams or (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:  # Replaced by a test or an embedding program, which knows what it wants.
            continue
        if is_terminal(stream):
            reconfigure(errors="replace")
        else:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _is_dumb(environ: Mapping[str, str]) -> bool:
    return environ.get("TERM") == "dumb"
