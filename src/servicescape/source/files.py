"""Which files make up a catalog."""

import fnmatch
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from servicescape.diagnostics.diagnostic import Diagnostic
from servicescape.diagnostics.errors import ToolError
from servicescape.diagnostics.records import record
from servicescape.diagnostics.suggest import nearest
from servicescape.source.text import unreadable

SUFFIXES = (".yaml", ".yml")
MARKER = ".servicescape-build"
"""File in a folder that a command of ours has written: the next run may replace it, and none takes it for a catalog."""


def find_files(
    paths: Sequence[Path], *, exclude: Sequence[str] = (), cwd: Path | None = None, folder: Path | None = None
) -> tuple[list[tuple[Path, str]], list[Diagnostic]]:
    """All YAML files under the given files and folders, each once, in the order of their names.

    Gives `(path, name)` pairs, where the name is what the user would type in `cwd`. Hidden folders, those that match an
    `exclude` pattern (against the path from `folder`, or any part of it), and those that a command of ours has written
    (they hold a `MARKER`) are passed over; what is named outright is always taken. Raises ToolError for a path that
    does not exist.
    """
    base = cwd or Path.cwd()
    found: dict[str, Path] = {}
    problems: list[Diagnostic] = []
    for path in paths:
        start = base / path

        def name_of(file: Path, *, as_relative: bool = not path.is_absolute()) -> str:
            return display_name(file, base, as_relative=as_relative)

        if start.is_dir():
            _require_listable(start, name_of(start))
            for file, name in _walk(start, name_of, _Exclusion(folder or base, tuple(exclude)), problems):
                found[name] = file
        elif start.exists():
            found[name_of(start)] = start
        else:
            close = _nearest_beside(start)
            raise ToolError(
                f"there is no file or folder {name_of(start)!r}",
                f"did you mean {name_of(close)!r}?"
                if close is not None
                else "name the catalog's folder, or run the command beside it",
            )
    return [(path, name) for name, path in sorted(found.items())], problems


def _nearest_beside(missing: Path) -> Path | None:
    """The file or folder in the same place whose name is most likely meant; None where nothing is close."""
    try:
        beside = [entry.name for entry in os.scandir(missing.parent) if entry.is_dir() or entry.name.endswith(SUFFIXES)]
    except OSError:
        return None
    close = nearest(missing.name, beside)
    return missing.parent / close if close is not None else None


def display_name(path: Path, base: Path, *, as_relative: bool = False) -> str:
    """A path relative to `base` where it lies below it (or if asked for), else the whole; with forward slashes."""
    absolute = os.path.normpath(base / path)
    try:
        if as_relative:
            return Path(os.path.relpath(absolute, base)).as_posix()
        return Path(absolute).relative_to(base).as_posix()
    except ValueError:
        return Path(absolute).as_posix()


def _require_listable(folder: Path, name: str) -> None:
    try:
        with os.scandir(folder) as entries:
            next(entries, None)
    except OSError as error:
        raise ToolError(
            f"the folder {name!r} cannot be read: {error.strerror}", "give this user the right to read it"
        ) from error


@record()
class _Exclusion:
    """Patterns of what is passed over, relative to a folder."""

    folder: Path
    patterns: tuple[str, ...]

    def covers(self, path: Path) -> bool:
        if not self.patterns:
            return False
        name = display_name(path, self.folder)
        return any(covers(pattern, name) for pattern in self.patterns)


def covers(pattern: str, name: str) -> bool:
    """Whether a pattern of the settings means a file or folder, by its path from the settings' folder.

    `*` stands for any characters, `/` among them; a pattern fits at any depth, and for a folder all that is in it.
    """
    pattern = pattern.rstrip("/")
    return (
        fnmatch.fnmatchcase(name, pattern)
        or fnmatch.fnmatchcase(name, f"*/{pattern}")
        or fnmatch.fnmatchcase(name, f"{pattern}/*")
    )


def _walk(
    root: Path, name_of: Callable[[Path], str], exclusion: _Exclusion, problems: list[Diagnostic]
) -> Iterator[tuple[Path, str]]:
    """Files and their names."""

    def report(error: OSError) -> None:
        problems.append(unreadable(name_of(Path(str(error.filename))), error))

    seen: set[str] = set()
    for folder, subfolders, files in os.walk(root, onerror=report, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen:
            subfolders.clear()
            continue
        seen.add(real)
        if MARKER in files and folder != os.fspath(root):
            # Rules and tests written into the catalog's own folder would be read as the next run's entities.
            subfolders.clear()
            continue
        place = Path(folder)
        subfolders[:] = sorted(
            name for name in subfolders if not name.startswith(".") and not exclusion.covers(place / name)
        )
        prefix: str | None = None
        for name in sorted(files):
            if not name.endswith(SUFFIXES) or name.startswith("."):
                continue
            file = place / name
            if exclusion.covers(file):
                continue
            if prefix is None:
                # The name of each file would be worked out from the working directory on, thousands of times.
                prefix = name_of(place)
                prefix = "" if prefix == "." else prefix if prefix.endswith("/") else f"{prefix}/"
            if not file.is_file() and file.exists():
                # A named pipe or device would be waited for, perhaps for ever.
                what = OSError(0, "it is not a file but a pipe, socket or device")
                problems.append(unreadable(f"{prefix}{name}", what))
                continue
            yield file, f"{prefix}{name}"
