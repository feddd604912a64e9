"""From DOT to a picture: the embedded layout engine, or the system's `dot`, as a program of its own.

Why this engine, and which of its habits this module works around: docs/decisions/0001-embedded-graphviz-engine.md.
"""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Literal

from servicescape.diagnostics.errors import ToolError

EngineName = Literal["embedded", "system"]
ImageFormat = Literal["svg", "png", "pdf", "json0"]
"""`pdf`: the system's engine alone; `json0`: where everything stands, for formats that keep places."""

TIMEOUT_SECONDS = 60.0
_PROGRAM = "graphviz-pure"
_ARGUMENTS: dict[ImageFormat, tuple[str, ...]] = {
    "svg": ("-q", "-Tsvg"),
    "png": ("-q", "-Tpng", "-Gdpi=192"),
    "pdf": ("-q", "-Tpdf"),
    "json0": ("-q", "-Tjson0"),
}


def draw(dot: str, image_format: ImageFormat, engine: EngineName = "embedded") -> bytes:
    """Lays out a graph and draws it.

    Raises ToolError where the engine is missing, refuses the graph, or takes longer than a minute.
    """
    program = find_program(engine)
    try:
        done = subprocess.run(  # noqa: S603 - a program found by its own name, with constant arguments
            [program, *_ARGUMENTS[image_format]],
            input=dot.encode("utf-8"),
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ToolError(
            f"the layout engine took longer than {TIMEOUT_SECONDS:g} s and was stopped",
            "show less in one picture: a view with `include`, or --dependencies-of with --depth",
        ) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise ToolError(f"the layout engine {program} cannot be started: {reason}", _hint(engine)) from error
    # A malformed label still writes a picture, and nothing at all can come with success: ask for both.
    if done.returncode == 0 and done.stdout:
        return done.stdout
    told = done.stderr.decode("utf-8", "replace").strip()
    reason = next(iter(told.splitlines()), "") or f"exit code {done.returncode} and no picture"
    raise ToolError(f"the layout engine failed: {reason[:300]}", "try --engine " + _other(engine))


def find_program(engine: EngineName) -> str:
    """Path of an engine's program. Raises ToolError where there is none."""
    found = shutil.which("dot") if engine == "system" else _find_embedded()
    if found is None:
        name = "`dot` is not on the path" if engine == "system" else f"{_PROGRAM} is not installed"
        raise ToolError(f"no layout engine: {name}", _hint(engine))
    return found


def engine_mark(engine: EngineName) -> str:
    """What stands for an engine's program: another one, or another version, may draw something else."""
    path = find_program(engine)
    status = Path(path).stat()
    return f"{path} {status.st_size} {status.st_mtime_ns}"


@functools.cache
def _find_embedded() -> str | None:
    """The wheel's program: beside the interpreter, else where the distribution says, in the scripts or on the path.

    Beside the interpreter is where every virtual environment has it; to ask the distribution takes a second look at all
    that is installed.
    """
    beside = Path(sys.executable).with_name(f"{_PROGRAM}.exe" if os.name == "nt" else _PROGRAM)
    if beside.is_file():
        return str(beside)
    import importlib.metadata
    import sysconfig

    try:
        files = importlib.metadata.distribution(_PROGRAM).files or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name in (_PROGRAM, f"{_PROGRAM}.exe"):
            path = Path(str(file.locate()))
            if path.exists():
                return str(path.resolve())
    return shutil.which(_PROGRAM, path=sysconfig.get_path("scripts")) or shutil.which(_PROGRAM)


def _hint(engine: EngineName) -> str:
    if engine == "system":
        return "install Graphviz, or leave --engine out to use the embedded engine"
    return f"`pip install {_PROGRAM}`, or --engine system with Graphviz installed; --format mermaid needs no engine"


def _other(engine: EngineName) -> EngineName:
    return "embedded" if engine == "system" else "system"
