"""What an earlier run found out, kept for the next: entries in a folder that belongs to one user.

An entry is trusted only if it is whole (checksum), ours (owner, no rights for others to write) and of this very tool;
anything else counts as absent. The format holds plain values and can neither name nor run code. Several runs at once
need no locks: an entry is written beside its place and then renamed, so that a reader sees one or the other.
"""

import os
import stat
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import servicescape
from servicescape.source.temporary import new_file

ENVIRONMENT_VARIABLE = "SERVICESCAPE_CACHE_DIR"
_MAGIC = b"servicescape cache 3\n"
_CHECKSUM_BYTES = 32
_MOST_ENTRIES = 64
_MOST_BYTES = 256 * 1024 * 1024
_SUFFIX = ".entry"
_TEMPORARY = ".new-"
_HOUR = 3600
_SETTLED_NS = 2_000_000_000
"""Age from which a file's time is believed; some file systems count in steps of two seconds."""


class Stamp(NamedTuple):
    """What the file system says of a file's content without reading it."""

    size: int
    modified_ns: int
    changed_ns: int
    """On Windows the time of creation."""
    inode: int
    device: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Stamp":
        """The stamp in a result of `stat`."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_dev)

    def is_settled(self, seen_ns: int) -> bool:
        """Whether the file had been at rest when it was looked at.

        One that was written a moment before may be written again without its time moving on
        (https://git-scm.com/docs/racy-git): then only its content tells.
        """
        return max(self.modified_ns, self.changed_ns) + _SETTLED_NS < seen_ns


class FileState(NamedTuple):
    """A file as it was when it was read."""

    stamp: Stamp | None
    """None: it had not been at rest, and the digest alone can be believed."""
    digest: bytes


def digest_of(*parts: bytes | str) -> bytes:
    """A hash over parts, which it keeps apart."""
    total = blake2b(digest_size=_CHECKSUM_BYTES)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "little"))
        total.update(data)
    return total.digest()


class Cache:
    """Entries by name. Nothing here fails: what cannot be read is absent, what cannot be written is not kept."""

    def __init__(self, folder: Path, tool: bytes, most_entries: int = _MOST_ENTRIES) -> None:
        self._folder = folder
        self._tool = tool
        self._most_entries = most_entries
        self._above: Cache | None = None
        """The cache that this is a part of, whose folder is made first, with its own rights."""

    def part(self, name: str, most_entries: int) -> "Cache":
        """A cache of its own in a folder below, whose entries are many and small and push out no others."""
        part = Cache(self._folder / name, self._tool, most_entries)
        part._above = self
        return part

    def read(self, *key: bytes | str) -> Any:
        """The value kept under a key; None where there is none that can be trusted."""
        if not _is_private(self._folder):
            return None
        data = _read_own(self._path(key))
        start = len(_MAGIC) + _CHECKSUM_BYTES
        if data is None or not data.startswith(_MAGIC):
            return None
        content = memoryview(data)[start:]
        if blake2b(content, digest_size=_CHECKSUM_BYTES).digest() != data[len(_MAGIC) : start]:
            return None
        try:
            return unpack(content)
        except ValueError:
            return None

    def write(self, value: Any, *key: bytes | str) -> None:
        """Keeps a value of plain parts under a key, in place of what was kept there."""
        try:
            content = pack(value)
        except (ValueError, TypeError):
            return
        path = self._path(key)
        with suppress(OSError):
            if not self._make_folder():
                return
            with new_file(self._folder, _TEMPORARY) as temporary:
                with temporary.open("wb") as file:
                    file.write(_MAGIC)
                    file.write(blake2b(content, digest_size=_CHECKSUM_BYTES).digest())
                    file.write(content)
                temporary.replace(path)
            self._drop_old(path)

    def _path(self, key: tuple[bytes | str, ...]) -> Path:
        return self._folder / (digest_of(self._tool, *key).hex()[:40] + _SUFFIX)

    def _make_folder(self) -> bool:
        if self._above is not None and not self._above._make_folder():
            return False
        if not self._folder.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self._folder / "CACHEDIR.TAG").write_text(
                "Signature: 8a477f597d28d172789f06886806bc55\n"
                "# Kept by servicescape to be faster; may be removed at any time. See https://bford.info/cachedir/\n",
                encoding="ascii",
            )
        return _is_private(self._folder)

    def _drop_old(self, fresh: Path) -> None:
        """Forgets what was not used for longest, beyond a number of entries or bytes."""
        entries: list[tuple[float, int, str]] = []
        now = time.time()
        with os.scandir(self._folder) as found:
            for item in found:
                status = item.stat(follow_symlinks=False)
                if item.name.startswith(_TEMPORARY):
                    if now - status.st_mtime > _HOUR:
                        Path(item.path).unlink(missing_ok=True)
                elif item.name.endswith(_SUFFIX) and item.name != fresh.name:
                    entries.append((status.st_mtime, status.st_size, item.path))
        entries.sort(reverse=True)
        total = fresh.stat().st_size
        for number, (_, size, path) in enumerate(entries, 1):
            total += size
            if number >= self._most_entries or total > _MOST_BYTES:
                Path(path).unlink(missing_ok=True)


def open_cache(environ: Mapping[str, str] | None = None) -> Cache | None:
    """The cache of this user; None where there is no place for it. Nothing is created before it is written."""
    environ = os.environ if environ is None else environ
    folder = _folder(environ)
    tool = _tool_fingerprint(environ)
    return Cache(folder, tool) if folder is not None and tool is not None else None


def _folder(environ: Mapping[str, str]) -> Path | None:
    own = environ.get(ENVIRONMENT_VARIABLE)
    if own:
        return Path(own)
    try:
        if sys.platform == "win32":
            local = environ.get("LOCALAPPDATA")
            return Path(local) / "servicescape" / "cache" if local else None
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / "servicescape"
        base = environ.get("XDG_CACHE_HOME", "")
        return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "servicescape"
    except RuntimeError:  # No home.
        return None


def _tool_fingerprint(environ: Mapping[str, str]) -> bytes | None:
    """What stands for the tool, its Python, all installed packages and the time zones; None where it cannot be told.

    The folder of installed packages changes its time whenever one is installed, removed or replaced.
    """
    parts = [servicescape.__version__, sys.version, sys.implementation.cache_tag or ""]
    package = os.path.dirname(servicescape.__file__)  # noqa: PTH120 - pathlib is slow to import and to use
    zones = environ.get("PYTHONTZPATH", "/usr/share/zoneinfo").split(os.pathsep)
    named = [entry for entry in environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    sites = [*named, *(entry for entry in sys.path if entry.rstrip("/\\").endswith("-packages"))]
    try:
        for folder, subfolders, files in os.walk(package):
            subfolders[:] = sorted(name for name in subfolders if name != "__pycache__")
            for name in sorted(files):
                status = os.stat(os.path.join(folder, name))  # noqa: PTH116,PTH118
                parts.append(f"{folder}/{name} {status.st_size} {status.st_mtime_ns}")
    except OSError:
        return None
    if len(parts) < _LEAST_PARTS:  # In an archive, where nothing can be listed.
        return None
    for place in (*sites, *zones, *(f"{zone}/tzdata.zi" for zone in zones)):
        try:
            parts.append(f"{place} {os.stat(place).st_mtime_ns}")  # noqa: PTH116
        except OSError:
            parts.append(place)
    return digest_of(*parts)


_LEAST_PARTS = 20


def _is_private(folder: Path) -> bool:
    """Whether a folder belongs to this user, and to nobody else."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and _is_own(status)


def _is_own(status: os.stat_result) -> bool:
    if sys.platform == "win32":  # The profile of a user is closed to others.
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022


def _read_own(path: Path) -> bytes | None:
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    except OSError:
        return None
    try:
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or not _is_own(status):
                return None
            data = file.read()
        if time.time() - status.st_mtime > _HOUR:
            os.utime(path)  # Used lately: dropped last.
    except OSError:
        return None
    return data


_DECIMAL, _WHOLE_NUMBER = 1, 2


def pack(value: Any) -> bytes:
    """Plain values (mappings, tuples, texts, numbers, booleans, None) as bytes. Raises ValueError or TypeError."""
    import msgpack

    packed: bytes = msgpack.packb(value, default=_pack_number, unicode_errors="surrogatepass")
    return packed


def unpack(data: bytes | memoryview) -> Any:
    """What `pack` made bytes of, lists as tuples. Raises ValueError where it is nothing of the kind."""
    import msgpack

    try:
        return msgpack.unpackb(
            data, use_list=False, ext_hook=_unpack_number, unicode_errors="surrogatepass", strict_map_key=False
        )
    except (msgpack.UnpackException, ArithmeticError, TypeError) as error:
        raise ValueError(str(error)) from error


def _pack_number(value: Any) -> Any:
    import msgpack

    if isinstance(value, Decimal):
        return msgpack.ExtType(_DECIMAL, str(value).encode("ascii"))
    if isinstance(value, int):  # More than 64 bits.
        return msgpack.ExtType(_WHOLE_NUMBER, hex(value).encode("ascii"))
    raise TypeError(f"cannot keep {type(value).__name__}")


def _unpack_number(code: int, data: bytes) -> Any:
    text = data.decode("ascii")
    return Decimal(text) if code == _DECIMAL else int(text, 16)
