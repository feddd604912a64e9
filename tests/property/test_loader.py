"""Whatever stands in a file, reading it ends well: no exception, every finding in its place, the same every time."""

import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from servicescape.bind.entities import Bound, bind
from servicescape.catalog.build import build_catalog
from servicescape.diagnostics import Diagnostic, Position, Span
from servicescape.model.names import DEFAULT_NAMESPACE
from servicescape.rules.registry import all_rules
from servicescape.source.text import SourceFile, decode
from servicescape.syntax.document import read_documents
from servicescape.syntax.scalars import read_plain
from tests.support.loading import FILE, documents_of, read_files, source_of, text_at

CATALOG = Path(__file__).parents[2] / "catalog"
REAL = [path.read_text(encoding="utf-8") for path in sorted(CATALOG.rglob("*.yaml"))]

usual = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def _read(data: bytes) -> tuple[SourceFile | None, list[Diagnostic]]:
    source = decode(Path(FILE), FILE, data)
    if isinstance(source, Diagnostic):
        return None, [source]
    documents, findings, lost = read_documents(source)
    bound = Bound(diagnostics=list(findings))
    bound.broken.extend((kind, space or DEFAULT_NAMESPACE, name) for kind, space, name in lost)
    for document in documents:
        bind(document, bound)
    _, unresolved = build_catalog(bound.entities, bound.broken)
    return source, [*bound.diagnostics, *unresolved]


def _places(finding: Diagnostic) -> Iterator[Span]:
    if finding.span is not None:
        yield finding.span
    for label in finding.related:
        yield label.span


def _hold(data: bytes) -> None:
    source, findings = _read(data)
    for finding in findings:
        assert finding.code in all_rules()
        assert finding.message
        assert "\n" not in finding.message + finding.label + finding.help
        assert finding.help, f"{finding.code} {finding.message}"
        for span in _places(finding):
            assert Position(1, 1) <= span.start <= span.end
            if source is not None:
                for place in (span.start, span.end):
                    assert place.line <= len(source.lines), finding
                    assert place.column <= len(source.lines.line(place.line)) + 2, finding
    assert _read(data)[1] == findings


# --- anything ---------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=200))
@settings(usual, max_examples=300)
def test_any_bytes(data: bytes) -> None:
    _hold(data)


@given(st.text(max_size=200))
@settings(usual, max_examples=300)
def test_any_text(text: str) -> None:
    _hold(text.encode("utf-8", "surrogatepass"))


YAML_PIECES = [*"[]{}:,-?#&*!|>'\"%@`\n\r\t ~.<=0a", "  ", "- ", ": ", "<<: *a", "&a ", "*a", "---\n", "...\n", "\n  "]
YAML_PIECES += [
    "\r\n",
    "!!str ",
    "%YAML 1.1\n",
    "null",
    "010",
    "0x1f",
    ".inf",
    "🧺",
    "\u2028",
    "\x85",
    "\ufeff",
    "x-a: ",
]
YAML_PIECES += ["apiVersion: servicescape/v1\n", "kind: Service\n", "metadata: {name: a}\n", "spec:\n  owner: a\n", "'"]


@given(st.lists(st.sampled_from(YAML_PIECES), max_size=40).map("".join))
@settings(usual, max_examples=600)
def test_anything_that_looks_like_yaml(text: str) -> None:
    _hold(text.encode())


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A real catalog file in which a few things were done to the text."""
    text = draw(st.sampled_from(REAL))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(text) - 1, 0)))
        length = draw(st.integers(0, 12))
        match draw(st.sampled_from(["delete", "insert", "repeat", "cut", "line", "swap"])):
            case "delete":
                text = text[:at] + text[at + length :]
            case "insert":
                text = text[:at] + draw(st.sampled_from(YAML_PIECES)) + text[at:]
            case "repeat":
                text = text[: at + length] + text[at:]
            case "cut":
                text = text[:at]
            case "line":
                lines = text.splitlines(keepends=True)
                if lines:
                    del lines[at % len(lines)]
                text = "".join(lines)
            case _:
                lines = text.splitlines(keepends=True)
                if len(lines) > 1:
                    first, second = at % len(lines), (at + length) % len(lines)
                    lines[first], lines[second] = lines[second], lines[first]
                text = "".join(lines)
    return text


@given(damaged())
@settings(usual, max_examples=250)
def test_any_damage_to_a_real_file(text: str) -> None:
    _hold(text.encode())


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_real_files_with_other_line_ends(end: str) -> None:
    for text in REAL:
        source, findings = _read(text.replace("\n", end).encode())
        assert source is not None
        assert [(each.code, each.message, each.span) for each in findings] == [
            (each.code, each.message, each.span) for each in _read(text.encode())[1]
        ]


# --- order ------------------------------------------------------------------------------------------------------------


@given(st.randoms(use_true_random=False), st.lists(st.integers(0, len(REAL) - 1), min_size=2, max_size=6, unique=True))
@settings(usual, max_examples=25)
def test_the_order_of_files_changes_no_finding(rng: random.Random, chosen: list[int]) -> None:
    files = {f"{number}.yaml": REAL[number] for number in chosen}
    names = list(files)
    expected = read_files(files)
    rng.shuffle(names)
    again = read_files({name: files[name] for name in names})
    assert again.findings == expected.findings
    assert list(again.catalog.entities) == list(expected.catalog.entities)


# --- values -----------------------------------------------------------------------------------------------------------

plain_text = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="\u2028\u2029\ufeff\x85"),
    max_size=12,
)
keys = st.one_of(st.sampled_from(["name", "spec", "on", "x-a", "kind", "a b", "é", "買"]), plain_text).filter(
    lambda text: text != "<<"
)
numbers = st.one_of(
    st.integers(-(10**9), 10**9),
    st.decimals("-99999", "99999", places=3, allow_nan=False, allow_infinity=False),
)
values = st.recursive(
    st.one_of(plain_text, numbers, st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=14,
)


class _Writer:
    """Writes a value as YAML in a style drawn for each piece, remembering nothing."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def document(self, value: Any) -> str:
        if isinstance(value, dict | list) and value and self.draw(st.booleans()):
            return self.block(value, 0) + "\n"
        return self.flow(value) + "\n"

    def block(self, value: Any, indent: int) -> str:
        space = " " * indent
        lines = []
        for key, item in value.items() if isinstance(value, dict) else ((None, item) for item in value):
            head = f"{space}{self.scalar(key)}:" if key is not None else f"{space}-"
            if isinstance(item, dict | list) and item and self.draw(st.booleans()):
                lines.append(f"{head}\n{self.block(item, indent + 2)}")
            else:
                comment = self.draw(st.sampled_from(["", " # note", "  "]))
                lines.append(f"{head} {self.flow(item)}{comment}")
            lines.extend(self.draw(st.sampled_from([[], [], [""], [f"{space}# between"]])))
        return "\n".join(lines)

    def flow(self, value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{self.scalar(key)}: {self.flow(item)}" for key, item in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(self.flow, value)) + "]"
        return self.scalar(value)

    def scalar(self, value: Any) -> str:
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | Decimal):
            return f"{value:f}" if isinstance(value, Decimal) else str(value)
        if value.isascii() and value.isalpha() and read_plain(value) == value and self.draw(st.booleans()):
            return str(value)
        if self.draw(st.booleans()):
            return "'" + value.replace("'", "''") + "'"
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


@st.composite
def written(draw: st.DrawFn) -> tuple[Any, str]:
    value = draw(values)
    return value, _Writer(draw).document(value)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _same(found: Any, expected: Any) -> bool:
    if isinstance(found, dict) and isinstance(expected, dict):
        return list(found) == [str(key) for key in expected] and all(
            _same(item, other) for item, other in zip(found.values(), expected.values(), strict=True)
        )
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(_same, found, expected))
    if isinstance(found, Decimal) and isinstance(expected, float):
        return float(found) == expected
    return type(found) is type(expected) and bool(found == expected)


@given(written())
@settings(usual, max_examples=200)
def test_what_was_written_is_read(case: tuple[Any, str]) -> None:
    value, text = case
    documents, findings, _ = read_documents(source_of(text))
    assert not findings
    assert [_plain(document.value) for document in documents] == ([] if value is None else [value])


@given(written())
@settings(usual, max_examples=150)
def test_values_are_those_that_another_reader_finds(case: tuple[Any, str]) -> None:
    _, text = case
    other = YAML(typ="safe", pure=True)
    other.version = (1, 2)  # type: ignore[assignment]
    try:
        expected = other.load(text)
    except YAMLError:
        # The other reader limits simple keys and some plain texts further than YAML does.
        return
    found = [_plain(document.value) for document in documents_of(text)]
    assert _same(found[0] if found else None, expected)


def test_real_files_have_the_values_that_another_reader_finds() -> None:
    for text in REAL:
        other = YAML(typ="safe", pure=True)
        other.version = (1, 2)  # type: ignore[assignment]
        expected = [document for document in other.load_all(text) if document is not None]
        found = [_plain(document.value) for document in documents_of(text)]
        assert len(found) == len(expected)
        for one, another in zip(found, expected, strict=True):
            assert _same(one, _with_text_for_days(another))


def _with_text_for_days(value: Any) -> Any:
    """ruamel.yaml reads days and times as such even in YAML 1.2; here they stay text."""
    if isinstance(value, dict):
        return {key: _with_text_for_days(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_text_for_days(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


# --- places -----------------------------------------------------------------------------------------------------------


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield path, value
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, tuple) else ()
    for step, item in pairs:
        yield from _paths(item, (*path, step))


def _assert_places(text: str) -> None:
    source = source_of(text)
    documents, _, _ = read_documents(source)
    for document in documents:
        for path, value in _paths(document.value):
            span = document.value_span(path)
            piece = text_at(source, span)
            # A piece of block style is read alone once its first line stands in its old column.
            alone = " " * (span.start.column - 1) + piece
            again = [each.value for each in read_documents(source_of(alone))[0]]
            assert again == ([value] if value is not None else []), (path, piece)
            if path and isinstance(path[-1], str):
                (key,) = [
                    each.value for each in read_documents(source_of(text_at(source, document.key_span(path))))[0]
                ] or [None]
                assert str(key) == path[-1] or read_plain(path[-1]) == key, path


@given(written())
@settings(usual, max_examples=150)
def test_the_text_at_a_place_is_the_value(case: tuple[Any, str]) -> None:
    _assert_places(case[1])


def test_the_text_at_a_place_is_the_value_in_real_files() -> None:
    for text in REAL[::3]:
        if "*" not in text:
            _assert_places(text)
