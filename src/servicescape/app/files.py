"""Writing results so that nothing is ever half-written."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Literal

from servicescape.diagnostics.errors import ToolError
from servicescape.source.temporary import new_file


def write_file(path: Path, content: str | bytes) -> None:
    """Writes a file whole or not at all: to a temporary file beside it, which is then renamed.

    Raises ToolError where the place cannot be written.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            # A device or pipe, such as /dev/null: it is written to, and never replaced.
            path.write_bytes(data)
            return
        if path.is_symlink():
            path = Path(os.path.realpath(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        with new_file(path.parent, f".{path.name}.") as temporary:
            temporary.write_bytes(data)
            temporary.chmod(_mode(path))
            temporary.replace(path)
    except OSError as error:
        raise ToolError(f"cannot write {path}: {error.strerror}", "choose another place with -o") from error


def append_file(path: Path, content: str) -> None:
    """Adds to a file that others write to as well. Raises ToolError where that cannot be done."""
    try:
        with path.open("ab") as file:
            file.write(content.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise ToolError(f"cannot write {path}: {error.strerror}", "choose another place") from error


def _mode(path: Path) -> int:
    """The mode of a file that is there, or what the process would give a new one."""
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


MARKER = ".servicescape-build"
"""File that marks a folder as ours to replace."""


def write_folder(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Replaces a folder by one with exactly these files, all at once.

    Everything is written beside it first; then the two are swapped. A folder that holds anything but an earlier
    result of ours is left alone, and ToolError says so.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise ToolError(f"{folder} is not a folder", "choose another place with -o")
        if folder.exists() and not is_ours(folder) and any(folder.iterdir()):
            raise ToolError(
                f"{folder} is not empty, and not an earlier result of this command",
                "choose another folder with -o, or empty this one",
            )
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        try:
            made: set[Path] = set()
            for name, content in files.items():
                target = fresh / name
                if target.parent not in made:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    made.add(target.parent)
                target.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
            (fresh / MARKER).write_text("Written by servicescape. Everything here is replaced by the next run.\n")
            fresh.chmod(0o755)
            _swap(fresh, folder)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
    except OSError as error:
        raise ToolError(f"cannot write {folder}: {error.strerror}", "choose another folder with -o") from error


def is_ours(folder: Path) -> bool:
    """Whether a folder, or one that it stands in, is an earlier result of ours."""
    return any((place / MARKER).is_file() for place in (folder, *folder.absolute().parents[:2]))


@dataclass(frozen=True, slots=True)
class Difference:
    """A file of a folder that is not as it should be."""

    path: Path
    kind: Literal["missing", "different", "stale"]
    """`stale`: it should not be there."""
    line: int = 0
    """First line that differs, counted from 1; 0 where the file is no text, or is missing or stale."""
    found: str | None = None
    """That line as it is; None where the file ends before it."""
    expected: str | None = None
    """That line as it should be; None where the file should end before it."""


def differences(folder: Path, files: Mapping[str, str | bytes]) -> list[Difference]:
    """What differs between a folder and the files it should hold, in the order of the files' names.

    Raises ToolError where a file cannot be read.
    """
    found = []
    for name, content in files.items():
        path = folder / name
        data = content.encode("utf-8") if isinstance(content, str) else content
        if not path.is_file():
            found.append(Difference(path, "missing"))
            continue
        try:
            there = path.read_bytes()
        except OSError as error:
            raise ToolError(f"cannot read {path}: {error.strerror}", "give this user the right to read it") from error
        if there != data:
            found.append(_difference(path, there, data))
    if folder.is_dir():
        for path in folder.rglob("*"):
            name = path.relative_to(folder).as_posix()
            if name not in files and path.is_file() and path.name != MARKER:
                found.append(Difference(path, "stale"))
    return sorted(found, key=lambda difference: difference.path)


def _difference(path: Path, there: bytes, data: bytes) -> Difference:
    try:
        old, new = (each.decode("utf-8").split("\n") for each in (there, data))
    except UnicodeDecodeError:
        return Difference(path, "different")
    for number, (found, expected) in enumerate(zip_longest(old, new), 1):
        if found != expected:
            return Difference(path, "different", number, found, expected)
    raise AssertionError("texts that differ have a line that does")


def remove_folder(folder: Path) -> bool:
    """Removes an earlier result of ours; False where there is none. Raises ToolError for a folder that is not ours."""
    if not folder.exists():
        return False
    if not (folder / MARKER).is_file():
        raise ToolError(f"{folder} is not an earlier result of this command", "remove it yourself if it may go")
    shutil.rmtree(folder)
    return True


def _swap(fresh: Path, folder: Path) -> None:
    if not folder.exists():
        fresh.rename(folder)
        return
    old = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        folder.rename(old / folder.name)
    except OSError:
        old.rmdir()
        raise
    try:
        fresh.rename(folder)
    except OSError:
        # Where even this fails, what was there before is kept beside its place.
        (old / folder.name).rename(folder)
        old.rmdir()
        raise
    shutil.rmtree(old, ignore_errors=True)
