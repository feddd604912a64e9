"""Results are written whole or not at all, and never over what is not ours."""

import os
from pathlib import Path
from typing import Any

import pytest

from servicescape.app.files import Difference, differences, is_ours, remove_folder, write_file, write_folder
from servicescape.diagnostics.errors import ToolError
from servicescape.source.files import MARKER


def _tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    write_file(tmp_path / "a" / "b" / "c.txt", "é\r\n")
    assert _tree(tmp_path) == {"a/b/c.txt": "é\r\n".encode()}
    write_file(tmp_path / "a" / "b" / "c.txt", b"\0")
    assert _tree(tmp_path) == {"a/b/c.txt": b"\0"}


def test_a_file_keeps_its_mode_and_a_new_one_gets_the_usual(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_file(path, "x")
    mask = os.umask(0)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask
    path.chmod(0o600)
    write_file(path, "y")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    write_file(path, "old")

    def fail(self: Path, target: Any) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(ToolError, match=r"cannot write .*: No space left on device") as caught:
        write_file(path, "new")
    assert caught.value.hint
    assert _tree(tmp_path) == {"a": b"old"}


def test_a_folder_stands_where_a_file_should(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(ToolError, match="cannot write"):
        write_file(tmp_path / "a", "x")
    (tmp_path / "file").write_text("")
    with pytest.raises(ToolError, match="cannot write"):
        write_file(tmp_path / "file" / "b", "x")
    assert list(tmp_path.iterdir()) == [tmp_path / "a", tmp_path / "file"] or len(list(tmp_path.iterdir())) == 2


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").write_text("old")
    (tmp_path / "link").symlink_to("there/file")
    write_file(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there" / "file").read_text() == "new"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_device_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_file(pipe, "hello")
        assert os.read(reader, 10) == b"hello"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_a_folder_holds_exactly_what_is_given(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "out"
    write_folder(folder, {"a.txt": "1", "b/c.txt": b"2"})
    assert set(_tree(folder)) == {"a.txt", "b/c.txt", MARKER}
    write_folder(folder, {"d.txt": "3"})
    assert set(_tree(folder)) == {"d.txt", MARKER}
    assert [path.name for path in folder.parent.iterdir()] == ["out"]


def test_an_empty_folder_may_be_taken(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write_folder(tmp_path / "out", {"a": "1"})
    assert is_ours(tmp_path / "out")


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "precious").write_text("x")
    with pytest.raises(ToolError, match="is not empty, and not an earlier result") as caught:
        write_folder(folder, {"a": "1"})
    assert caught.value.hint
    with pytest.raises(ToolError, match="is not an earlier result"):
        remove_folder(folder)
    assert _tree(tmp_path) == {"home/precious": b"x"}


def test_a_file_stands_where_the_folder_should(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("precious")
    with pytest.raises(ToolError, match="is not a folder"):
        write_folder(tmp_path / "out", {"a": "1"})
    assert (tmp_path / "out").read_text() == "precious"


def test_a_folder_that_fails_half_way_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "out"
    write_folder(folder, {"a": "old"})
    real = os.write

    def fail(file: int, data: Any) -> int:
        if bytes(data) == b"the third":
            raise OSError(28, "No space left on device")
        return real(file, data)

    monkeypatch.setattr(os, "write", fail)
    with pytest.raises(ToolError, match="cannot write"):
        write_folder(folder, {"a": "new", "b": "new", "c": "the third"})
    assert (folder / "a").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_swap_that_fails_puts_the_old_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "out"
    write_folder(folder, {"a": "old"})
    real = Path.rename

    def fail(self: Path, target: Any) -> Path:
        if Path(target) == folder and not (self / "a").read_text().startswith("old"):
            raise OSError(13, "Permission denied")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(ToolError, match="Permission denied"):
        write_folder(folder, {"a": "new"})
    assert (folder / "a").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_interrupting_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(file: int, data: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "write", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "out", {"a": "1"})
    assert list(tmp_path.iterdir()) == []


def test_files_that_are_right_already_stay_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_folder(folder, {"a": "1", "b/c": "é", "b/d": "3", "gone/e": "4"})
    before = {name: (folder / name).stat().st_mtime_ns for name in ("a", "b/c")}
    os.utime(folder, (1, 1))
    # As long as before, in bytes or in characters.
    write_folder(folder, {"a": "1", "b/c": "é", "b/d": "!"})
    assert _tree(folder).keys() == {"a", "b/c", "b/d", MARKER}
    assert (folder / "b/d").read_text() == "!"
    assert not (folder / "gone").exists()
    assert {name: (folder / name).stat().st_mtime_ns for name in before} == before
    assert all((folder / name).stat().st_nlink == 1 for name in before)
    # Nothing changes at all but the time of the folder, by which others see that it is up to date.
    os.utime(folder, (1, 1))
    inode = folder.stat().st_ino
    write_folder(folder, {"a": "1", "b/c": "é", "b/d": "!"})
    assert folder.stat().st_ino == inode
    assert folder.stat().st_mtime > 1
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_is_not_as_it_would_be_written_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    wanted: dict[str, str | bytes] = {"a": "1", "b/c": "22", "d/e": b"\xff"}
    write_folder(folder, wanted)
    (folder / "stray").mkdir()
    write_folder(folder, wanted)
    assert not (folder / "stray").exists()
    (folder / "b" / "more").write_text("x")
    (folder / "a").unlink()
    (folder / "a").symlink_to("b/more")
    (tmp_path / "elsewhere").mkdir()
    (folder / "d").rename(tmp_path / "elsewhere" / "d")
    (folder / "d").symlink_to(tmp_path / "elsewhere" / "d")
    write_folder(folder, wanted)
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")) == sorted(
        ["a", "b", "b/c", "d", "d/e", MARKER]
    )
    assert not any(path.is_symlink() for path in folder.rglob("*"))
    assert _tree(folder) | {MARKER: b""} == {"a": b"1", "b/c": b"22", "d/e": b"\xff", MARKER: b""}
    (folder / "a").chmod(0o600)
    write_folder(folder, wanted)
    assert (folder / "a").stat().st_mode == (folder / "b/c").stat().st_mode


def test_what_differs(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert differences(folder, {"a": "1"}) == [Difference(folder / "a", "missing")]
    write_folder(folder, {"a": "1", "b/c": "2", "d": "3"})
    assert differences(folder, {"a": "1", "b/c": "2", "d": "3"}) == []
    assert differences(folder, {"a": "1", "b/c": "x", "e": "4"}) == [
        Difference(folder / "b/c", "different", 1, "2", "x"),
        Difference(folder / "d", "stale"),
        Difference(folder / "e", "missing"),
    ]


def test_the_first_line_that_differs_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_folder(folder, {"a": "1\n2\n3\n", "short": "1\n", "picture": b"\x89\xff"})
    found = differences(folder, {"a": "1\n2!\n3\n", "short": "1\n2\n", "picture": b"\x89\xfe"})
    assert found == [
        Difference(folder / "a", "different", 2, "2", "2!"),
        Difference(folder / "picture", "different"),
        Difference(folder / "short", "different", 2, "", "2"),
    ]


def test_removing_what_is_ours(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", {"a": "1"})
    assert remove_folder(tmp_path / "out")
    assert not remove_folder(tmp_path / "out")
    assert not (tmp_path / "out").exists()
