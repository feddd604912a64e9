"""Bytes of a file as text, with what must be kept to write it back byte for byte."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from servicescape.diagnostics.diagnostic import Diagnostic
from servicescape.diagnostics.position import LineTable, Span

MAX_FILE_BYTES = 20 * 1024 * 1024
"""A hand-written catalog of 10,000 entities takes some 5 MB; what is far above is data that got in by mistake."""

NOT_ALLOWED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
"""What YAML 1.2 (section 5.1) does not allow in a stream, and a byte order mark that is not the first character: it
gets in where files are joined, cannot be seen, and is read differently by different readers. Named one by one, because
a pattern of what is allowed takes ten times as long to compile."""


@dataclass(frozen=True)
class SourceFile:
    """One file of the catalog."""

    path: Path
    name: str
    """The path as the user would type it: relative to the working directory, with forward slashes."""
    text: str
    """Without a byte order mark; line breaks as they are in the file."""
    has_bom: bool = False

    @cached_property
    def lines(self) -> LineTable:
        """Positions in the text."""
        return LineTable(self.text)


def read_source(path: Path, name: str, max_bytes: int = MAX_FILE_BYTES) -> SourceFile | Diagnostic:
    """Reads a file; a finding where it cannot be read as text."""
    try:
        size = path.stat().st_size
        if size > max_bytes:
            return _too_large(name, _megabytes(size), max_bytes)
        with path.open("rb") as file:
            # A device or pipe has no size; it must not be read for ever.
            data = file.read(max_bytes + 1)
    except OSError as error:
        return unreadable(name, error)
    if len(data) > max_bytes:
        return _too_large(name, "more bytes than could be counted", max_bytes)
    return decode(path, name, data)


def _too_large(name: str, size: str, max_bytes: int) -> Diagnostic:
    return Diagnostic(
        code="YML002",
        message=f"the file has {size}, more than the limit of {_megabytes(max_bytes)}",
        file=name,
        span=None,
        help='a catalog is written by hand: exclude data files in the settings (`exclude = ["…"]`), or split the file',
    )


def unreadable(name: str, error: OSError) -> Diagnostic:
    """The finding for a file or folder that the system does not let us read."""
    if isinstance(error, FileNotFoundError):
        advice = "it is a link to something that is not there: mend or remove the link"
    else:
        advice = 'give this user the right to read it, or exclude it in the settings (`exclude = ["…"]`)'
    return Diagnostic(
        code="YML001",
        message=f"cannot be read: {error.strerror or error}",
        file=name,
        span=None,
        help=advice,
    )


def as_far_as_readable(path: Path, name: str, data: bytes) -> SourceFile | None:
    """A file that is not UTF-8 as an editor would show it, for people to see and for the names in it.

    What does not belong into it is U+FFFD, so that it must not be written back. None: it is no text at all.
    """
    body = data.removeprefix(_BOM)
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        text = data.decode("utf-32", "replace")
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    elif b"\0" in body:
        text = body.decode("utf-16-be" if body[:1] == b"\0" else "utf-16-le", "replace") if _is_utf16(body) else "\0"
    else:
        text = body.decode("utf-8", "replace")
    return SourceFile(path, name, text) if "\0" not in text else None


def decode(path: Path, name: str, data: bytes) -> SourceFile | Diagnostic:
    """Bytes as text; a finding where they are not UTF-8."""
    has_bom = data.startswith(_BOM)
    body = data[len(_BOM) :] if has_bom else data
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(name, data, body, error)
    if "\0" in text:
        return _binary(name, data)
    return SourceFile(path, name, text, has_bom)


_BOM = b"\xef\xbb\xbf"


def _is_utf16(data: bytes) -> bool:
    """UTF-16 without a byte order mark has a zero byte beside each plain letter; anything else is no text at all."""
    pairs = data[:200]
    return len(pairs) > 1 and (not any(pairs[1::2]) or not any(pairs[::2]))


def _binary(name: str, data: bytes) -> Diagnostic:
    utf16 = _is_utf16(data)
    return Diagnostic(
        code="YML003",
        message="the file is UTF-16, not UTF-8" if utf16 else "the file is not text: it holds zero bytes",
        file=name,
        span=Span.at(1, 1),
        help="save it as UTF-8" if utf16 else "remove it from the catalog, or exclude it in the settings",
    )


def _not_utf8(name: str, data: bytes, body: bytes, error: UnicodeDecodeError) -> Diagnostic:
    before = body[: error.start].decode("utf-8")
    position = LineTable(before).position(len(before))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        width = "32" if data.startswith(b"\xff\xfe\0\0") else "16"
        message, what = f"the file is UTF-{width}, not UTF-8", "save it as UTF-8"
    else:
        message = f"the file is not UTF-8: byte 0x{body[error.start]:02x} does not belong here"
        what = "save it as UTF-8 (it is often Latin-1 or Windows-1252)"
    return Diagnostic(code="YML003", message=message, file=name, span=Span(position, position), help=what)


def _megabytes(size: int) -> str:
    return f"{size / (1024 * 1024):.0f} MB"
