"""Writing results so that nothing is ever half-written."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Literal

from servicescape.diagnostics.errors import ToolError
from servicescape.source.files import MARKER
from servicescape.source.temporary import new_file


def write_file(path: Path, content: str | bytes | Iterable[str]) -> None:
    """Writes a file whole or not at all: to a temporary file beside it, which is then renamed.

    What is large may come in pieces. Raises ToolError where the place cannot be written.
    """
    pieces = (content,) if isinstance(content, str | bytes) else content
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            # A device or pipe, such as /dev/null: it is written to, and never replaced.
            _write_pieces(path, pieces)
            return
        if path.is_symlink():
            path = Path(os.path.realpath(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        with new_file(path.parent, f".{path.name}.") as temporary:
            _write_pieces(temporary, pieces)
            temporary.chmod(_mode(path))
            temporary.replace(path)
    except OSError as error:
        raise ToolError(f"cannot write {path}: {error.strerror}", "choose another place with -o") from error


def _write_pieces(path: Path, pieces: Iterable[str | bytes]) -> None:
    with path.open("wb") as file:
        for piece in pieces:
            file.write(_encoded(piece))


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
        return 0o666 & ~_mask()


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_folder(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Replaces a folder by one with exactly these files, all at once.

    Everything is put beside it first; then the two are swapped. Files that are right already are taken over as they
    are, and where all of them are, nothing is written but the time of the folder. A folder that holds anything but an
    earlier result of ours is left alone, and ToolError says so.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise ToolError(f"{folder} is not a folder", "choose another place with -o")
        if folder.exists() and not is_ours(folder) and any(folder.iterdir()):
            raise ToolError(
                f"{folder} is not empty, and not an earlier result of this command",
                "choose another folder with -o, or empty this one",
            )
        files = {**files, MARKER: "Written by servicescape. Everything here is replaced by the next run.\n"}
        right = _right_already(folder, files)
        if len(right) == len(files) and _holds_no_more(folder, files):
            with suppress(OSError):  # It may belong to somebody else.
                os.utime(folder)
            return
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        try:
            made = {""}
            for name, content in files.items():
                _make_folder(fresh, name.rpartition("/")[0], made)
                if name not in right or not _linked(f"{folder}/{name}", f"{fresh}/{name}"):
                    _write_new(f"{fresh}/{name}", content)
            fresh.chmod(0o755)
            _swap(fresh, folder)
        finally:
            # It is still there where something failed, or where the run was interrupted.
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise ToolError(f"cannot write {folder}: {error.strerror}", "choose another folder with -o") from error


# Plain calls of the system from here on, and no paths as objects: a large catalog has 12,000 files.

_BINARY = getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def _encoded(content: str | bytes) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content


def _right_already(folder: Path, files: Mapping[str, str | bytes]) -> set[str]:
    """The files of a folder that would be written as they are."""
    if not _NO_LINK or not folder.is_dir():
        return set()
    mode = 0o666 & ~_mask()
    return {name for name, content in files.items() if _is_right(f"{folder}/{name}", content, mode)}


def _is_right(path: str, content: str | bytes, mode: int) -> bool:
    """Whether a file of this mode (no link, no pipe) has this content."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | _NO_LINK)
    except OSError:
        return False
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode) or stat.S_IMODE(found.st_mode) != mode:
            return False
        # What is ASCII, as nearly all is, is as long on disk.
        if isinstance(content, str) and content.isascii() and found.st_size != len(content):
            return False
        data = _encoded(content)
        return found.st_size == len(data) and os.read(file, len(data) + 1) == data
    except OSError:
        return False
    finally:
        os.close(file)


def _holds_no_more(folder: Path, files: Mapping[str, str | bytes]) -> bool:
    """Whether a folder that has all of these files has no others, and no other folders."""
    folders = {"."}
    for name in files:
        while (name := name.rpartition("/")[0]) and name not in folders:
            folders.add(name)
    left = len(files) + len(folders) - 1
    for _, inner, names in os.walk(folder):
        left -= len(inner) + len(names)
    return left == 0


def _make_folder(root: Path, name: str, made: set[str]) -> None:
    if name not in made:
        _make_folder(root, name.rpartition("/")[0], made)
        os.mkdir(f"{root}/{name}")  # noqa: PTH102
        made.add(name)


def _linked(old: str, new: str) -> bool:
    """Whether a file could be given a second name: the first goes with its folder."""
    try:
        os.link(old, new, follow_symlinks=False)
    except (OSError, NotImplementedError):
        return False
    return True


def _write_new(path: str, content: str | bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
    try:
        rest = memoryview(_encoded(content))
        while rest:
            rest = rest[os.write(file, rest) :]
    finally:
        os.close(file)


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
