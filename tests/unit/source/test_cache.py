"""The cache keeps what it is given, gives back nothing else, and never fails."""

import os
import stat
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from servicescape.source.cache import Cache, Stamp, digest_of, open_cache, pack, unpack

VALUES = [
    None,
    True,
    0,
    -(2**63),
    2**64,
    -(10**40),
    Decimal("99.90"),
    Decimal("1E+5"),
    "",
    "ä\ud800\U0001f600",
    (),
    (1, ("a", ()), {"k": (Decimal("0.1"),)}),
    {"a": {"b": None}},
    b"\x00\xff",
]

needs_owners = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no owner and mode of this kind")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "cache"


def make(folder: Path, tool: bytes = b"tool") -> Cache:
    return Cache(folder, tool)


def entry(folder: Path) -> Path:
    (only,) = folder.glob("*.entry")
    return only


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_back_as_it_was(value: object) -> None:
    back = unpack(pack(value))
    assert back == value
    assert type(back) is type(value)
    assert str(back) == str(value)


def test_what_is_kept_is_found_by_another_run(folder: Path) -> None:
    make(folder).write({"a": (1, 2)}, "key", "part")
    assert make(folder).read("key", "part") == {"a": (1, 2)}
    assert make(folder).read("keypart") is None
    assert make(folder).read("key") is None


def test_another_tool_finds_nothing(folder: Path) -> None:
    make(folder, b"old").write(1, "key")
    assert make(folder, b"new").read("key") is None


def test_reading_creates_nothing(folder: Path) -> None:
    assert make(folder).read("key") is None
    assert not folder.exists()


@pytest.mark.parametrize("position", [0, 5, 21, 40, 60, -1])
def test_a_damaged_entry_is_absent(folder: Path, position: int) -> None:
    make(folder).write("value " * 20, "key")
    path = entry(folder)
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.write_bytes(bytes(data))
    assert make(folder).read("key") is None


@pytest.mark.parametrize("length", [0, 1, 20, 30, 60])
def test_a_torn_entry_is_absent(folder: Path, length: int) -> None:
    make(folder).write("value " * 20, "key")
    path = entry(folder)
    path.write_bytes(path.read_bytes()[:length])
    assert make(folder).read("key") is None


def test_a_value_that_cannot_be_kept_is_not(folder: Path) -> None:
    make(folder).write(object(), "key")
    make(folder).write(1.5j, "key")
    assert make(folder).read("key") is None


@needs_owners
def test_the_folder_is_for_its_owner_alone(folder: Path) -> None:
    make(folder).write(1, "key")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(entry(folder).stat().st_mode) == 0o600


@needs_owners
def test_a_folder_that_others_may_write_is_not_believed(folder: Path) -> None:
    make(folder).write(1, "key")
    folder.chmod(0o777)
    assert make(folder).read("key") is None
    make(folder).write(2, "key")
    folder.chmod(0o700)
    assert make(folder).read("key") == 1


@needs_owners
def test_an_entry_that_others_may_write_is_not_believed(folder: Path) -> None:
    make(folder).write(1, "key")
    entry(folder).chmod(0o666)
    assert make(folder).read("key") is None


@needs_owners
def test_a_linked_entry_is_not_followed(folder: Path, tmp_path: Path) -> None:
    make(folder).write(1, "key")
    path = entry(folder)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert make(folder).read("key") is None


def test_a_place_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = make(tmp_path / "file" / "cache")
    cache.write(1, "key")
    assert cache.read("key") is None


def test_old_entries_are_dropped(folder: Path) -> None:
    cache = make(folder)
    for number in range(70):
        cache.write(number, "key", str(number))
        path = next(path for path in folder.glob("*.entry") if path.stat().st_mtime > 1_000_000)
        os.utime(path, (number + 1, number + 1))
    kept = [number for number in range(70) if cache.read("key", str(number)) is not None]
    assert kept == list(range(6, 70))


def test_digests_keep_parts_apart() -> None:
    assert digest_of("ab", "c") != digest_of("a", "bc")
    assert digest_of("a") == digest_of(b"a")


def test_a_file_just_written_is_not_settled() -> None:
    stamp = Stamp(1, 5_000_000_000, 4_000_000_000, 1, 1)
    assert not stamp.is_settled(6_000_000_000)
    assert not stamp._replace(changed_ns=9_000_000_000).is_settled(10_000_000_000)
    assert stamp.is_settled(8_000_000_000)


def test_the_environment_names_the_place(tmp_path: Path) -> None:
    cache = open_cache({"SERVICESCAPE_CACHE_DIR": str(tmp_path / "here"), "HOME": str(tmp_path)})
    assert cache is not None
    cache.write(1, "key")
    assert (tmp_path / "here" / "CACHEDIR.TAG").exists()
