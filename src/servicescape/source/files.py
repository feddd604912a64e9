"""Which files make up a catalog."""

import fnmatch
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from servicescape.diagnostics.diagnostic import Diagnostic
from servicescape.diagnostics.errors import ToolError
from servicescape.source.text import unreadable

SUFFIXES = (".yaml", ".yml")


def find_files(
    paths: Sequence[Path], *, exclude: Sequence[str] = (), cwd: Path | None = None
) -> tuple[list[tuple[Path, str]], list[Diagnostic]]:
    """All YAML files under the given files and folders, each once, in the order of their names.

    Gives `(path, name)` pairs, where the name is what the user would type in `cwd`. Hidden folders and those that
    match an `exclude` pattern (against the name, or any part of it) are passed over; a file named outright is always
    taken. Raises ToolError for a path that does not exist.
    """
    base = cwd or Path.cwd()
    found: dict[str, Path] = {}
    problems: list[Diagnostic] = []
    for path in paths:
        if path.is_dir():
            _require_listable(path)
            for file in _walk(path, base, exclude, problems):
                found[display_name(file, base)] = file
        elif path.exists():
            found[display_name(path, base)] = path
        else:
            raise ToolError(
                f"there is no file or folder {display_name(path, base)!r}",
                "name the catalog's folder, or run the command beside it",
            )
    return [(path, name) for name, path in sorted(found.items())], problems


def display_name(path: Path, base: Path) -> str:
    """A path relative to `base` where it lies below it, with forward slashes."""
    absolute = Path(os.path.normpath(base / path))
    try:
        return absolute.relative_to(base).as_posix()
    except ValueError:
        return path.as_posix()


def _require_listable(folder: Path) -> None:
    try:
        with os.scandir(folder) as entries:
            next(entries, None)
    except OSError as error:
        raise ToolError(
            f"the folder {folder.as_posix()!r} cannot be read: {error.strerror}", "give this user the right to read it"
        ) from error


def _walk(root: Path, base: Path, exclude: Sequence[str], problems: list[Diagnostic]) -> Iterator[Path]:
    def report(error: OSError) -> None:
        problems.append(unreadable(display_name(Path(str(error.filename)), base), error))

    seen: set[str] = set()
    for folder, subfolders, files in os.walk(root, onerror=report, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen:
            subfolders.clear()
            continue
        seen.add(real)
        place = Path(folder)
        subfolders[:] = sorted(
            name
            for name in subfolders
            if not name.startswith(".") and not _is_excluded(display_name(place / name, base), exclude)
        )
        for name in files:
            if name.endswith(SUFFIXES) and not name.startswith("."):
                file = place / name
                if not _is_excluded(display_name(file, base), exclude):
                    yield file


def _is_excluded(name: str, patterns: Sequence[str]) -> bool:
    return any(
        fnmatch.fnmatchcase(name, pattern)
        or fnmatch.fnmatchcase(name, f"*/{pattern}")
        or fnmatch.fnmatchcase(name, f"{pattern.rstrip('/')}/*")
        for pattern in patterns
    )
