"""Changes to the author's own files: shown as a diff, or written all together."""

import difflib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from servicescape.diagnostics.errors import ToolError
from servicescape.source.temporary import new_file
from servicescape.source.text import SourceFile

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Change:
    """A file as it was read, and the text that it shall have. Its byte order mark and line breaks stay."""

    source: SourceFile
    text: str

    @property
    def name(self) -> str:
        """The file as the user would type it."""
        return self.source.name


def diff_of(changes: Iterable[Change]) -> str:
    """All changes as a unified diff that `patch -p0` takes."""
    return "".join(line for change in changes for line in _diff(change))


def _diff(change: Change) -> Iterable[str]:
    # A byte order mark is a part of the first line to `patch`.
    mark = _BOM.decode() if change.source.has_bom else ""
    before, after = (_lines(f"{mark}{text}") for text in (change.source.text, change.text))
    for line in difflib.unified_diff(before, after, change.name, change.name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    return [f"{line}\n" for line in text.split("\n")[:-1]] + ([last] if (last := text.rpartition("\n")[2]) else [])


def rewrite(changes: Sequence[Change]) -> None:
    """Writes all changes, each file whole or not at all.

    Every new text is on the disk, beside its file, before the first file is replaced. Raises ToolError where one
    cannot be written, or was changed by somebody else meanwhile, and says which were written before.
    """
    ready: list[tuple[Change, Path, Path]] = []
    try:
        for change in changes:
            target = Path(os.path.realpath(change.source.path))
            _require_unchanged(change, target)
            ready.append((change, target, _written_beside(change, target)))
        for number, (change, target, temporary) in enumerate(ready):
            try:
                temporary.replace(target)
            except OSError as error:
                raise _refusal(change, error, [done.name for done, _, _ in ready[:number]]) from error
    finally:
        for _, _, temporary in ready:
            temporary.unlink(missing_ok=True)


def _require_unchanged(change: Change, target: Path) -> None:
    try:
        data = target.read_bytes()
    except OSError as error:
        raise _refusal(change, error, []) from error
    if data != _bytes(change.source, change.source.text):
        raise ToolError(f"{change.name} was changed by somebody else meanwhile; nothing was written", "run this again")


def _written_beside(change: Change, target: Path) -> Path:
    try:
        if not os.access(target, os.W_OK):
            raise PermissionError(13, "this user may not write the file")
        with new_file(target.parent, f".{target.name}.") as temporary:
            temporary.write_bytes(_bytes(change.source, change.text))
            temporary.chmod(target.stat().st_mode & 0o777)
    except OSError as error:
        raise _refusal(change, error, []) from error
    return temporary


def _refusal(change: Change, error: OSError, written: list[str]) -> ToolError:
    state = f"already written: {', '.join(written)}" if written else "nothing was written"
    return ToolError(
        f"cannot write {change.name}: {error.strerror}; {state}", "make the file writable and run this again"
    )


def _bytes(source: SourceFile, text: str) -> bytes:
    return (_BOM if source.has_bom else b"") + text.encode("utf-8")
