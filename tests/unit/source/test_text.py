"""Bytes as text, and why they are not."""

from pathlib import Path

import pytest

from servicescape.diagnostics import Diagnostic, Span
from servicescape.source.text import SourceFile, decode, read_source
from servicescape.syntax.masking import mask


def _decode(data: bytes) -> SourceFile | Diagnostic:
    return decode(Path("a.yaml"), "a.yaml", data)


def _refused(data: bytes) -> Diagnostic:
    found = _decode(data)
    assert isinstance(found, Diagnostic)
    assert found.help
    return found


def test_a_byte_order_mark_is_taken_off_and_remembered() -> None:
    found = _decode(b"\xef\xbb\xbfa: 1\r\n")
    assert isinstance(found, SourceFile)
    assert (found.text, found.has_bom) == ("a: 1\r\n", True)
    plain = _decode(b"a: 1\n")
    assert isinstance(plain, SourceFile)
    assert not plain.has_bom


@pytest.mark.parametrize("text", ["", "a\tb", "é 買い物 🧺", "a\x85b\u2028c", "\ue000\ufffd\U0010ffff"])
def test_what_yaml_allows(text: str) -> None:
    found = _decode(text.encode())
    assert isinstance(found, SourceFile)
    assert found.text == text


@pytest.mark.parametrize(
    ("text", "words", "line", "column"),
    [
        ("a: 1\nb: \x07\n", "U+0007", 2, 4),
        ("\x7f", "U+007F", 1, 1),
        ("a\r\nb\x1b", "U+001B", 2, 2),
        ("a: \x80", "U+0080", 1, 4),
        ("\ufffe", "U+FFFE", 1, 1),
        ("a: 1\n\ufeffb: 2\n", "a byte order mark (U+FEFF)", 2, 1),
        ("\ufeff\ufeffa: 1\n", "a byte order mark (U+FEFF)", 1, 1),
    ],
)
def test_control_characters_have_a_place(text: str, words: str, line: int, column: int) -> None:
    source = _decode(text.encode())
    assert isinstance(source, SourceFile)
    _, [found] = mask(source)
    assert found.code == "YML003"
    assert words in found.message
    assert found.span is not None
    assert (found.span.start.line, found.span.start.column) == (line, column)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("a: 1".encode("utf-16"), "UTF-16"),
        ("a: 1".encode("utf-16-le"), "UTF-16"),
        ("a: 1".encode("utf-16-be"), "UTF-16"),
        ("a: 1".encode("utf-32"), "UTF-32"),
        (b"\x7fELF\0\0\1\1\0", "not text"),
        ("title: Caf\xe9".encode("latin-1"), "byte 0xe9"),
        (b"a: \xc3", "byte 0xc3"),
        (b"a: \xed\xa0\x80", "byte 0xed"),
        (b"a: \xc0\xaf", "byte 0xc0"),
    ],
)
def test_what_is_not_utf8_is_called_by_its_name(data: bytes, words: str) -> None:
    found = _refused(data)
    assert found.code == "YML003"
    assert words in found.message
    assert found.span is not None


def test_the_first_bad_byte_has_a_place() -> None:
    assert _refused("é: 1\ntitle: ".encode() + b"\xe9").span == Span.at(2, 8)


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    large = tmp_path / "large.yaml"
    with large.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    found = read_source(large, "large.yaml")
    assert isinstance(found, Diagnostic)
    assert (found.code, found.span) == ("YML002", None)
    assert found.message == "the file has 200 MB, more than the limit of 20 MB"


def test_the_limit_itself_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: 12")
    assert isinstance(read_source(path, "a", 5), SourceFile)
    assert isinstance(read_source(path, "a", 4), Diagnostic)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a device that never ends")
def test_a_device_is_not_read_for_ever() -> None:
    found = read_source(Path("/dev/zero"), "/dev/zero", 1000)
    assert isinstance(found, Diagnostic)
    assert found.code == "YML002"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    found = read_source(tmp_path / "none.yaml", "none.yaml")
    assert isinstance(found, Diagnostic)
    assert found.code == "YML001"
