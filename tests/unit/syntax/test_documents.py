"""Documents of a file: values, places, and what is wrong."""

import time
from textwrap import dedent
from typing import Any

import pytest

from servicescape.diagnostics import Diagnostic
from servicescape.model.kinds import KINDS
from servicescape.syntax.compose import MAX_DEPTH
from servicescape.syntax.document import Document, read_documents
from servicescape.syntax.values import MAX_EXPANDED
from tests.support.loading import documents_of, source_of, text_at


def _values(text: str) -> list[Any]:
    return [document.value for document in documents_of(dedent(text))]


def _value(text: str) -> Any:
    (value,) = _values(text)
    return value


def _read(text: str) -> tuple[list[Document], list[Diagnostic]]:
    documents, findings, _ = read_documents(source_of(text))
    assert all(finding.help for finding in findings)
    return documents, findings


def _only(text: str) -> Diagnostic:
    _, findings = _read(text)
    assert len(findings) == 1, findings
    return findings[0]


def _place(finding: Diagnostic) -> tuple[int, int]:
    assert finding.span is not None
    return finding.span.start.line, finding.span.start.column


# --- values -----------------------------------------------------------------------------------------------------------


def test_documents_of_a_file() -> None:
    assert _values("a: 1\n---\n# nothing\n---\nb: [1, x]\n...\n---\n") == [{"a": 1}, {"b": (1, "x")}]
    assert _values("") == _values("# only a comment\n") == _values("---\n---\n") == _values("---\n~\n") == []
    assert _values("- a\n---\nhello\n---\n''\n") == [("a",), "hello", ""]


def test_scalars_of_yaml_1_2() -> None:
    text = "{a: no, b: on, c: 2026-10-01, d: 'true', e: \"5\", f: null, g: , h: 0x1f, i: 010, j: 12:30:00}"
    assert _value(text) == {
        "a": "no",
        "b": "on",
        "c": "2026-10-01",
        "d": "true",
        "e": "5",
        "f": None,
        "g": None,
        "h": "0x1f",
        "i": "010",
        "j": "12:30:00",
    }


def test_keys_are_text() -> None:
    assert _value("{1: a, true: b, null: c, 1.50: d}") == {"1": "a", "true": "b", "null": "c", "1.50": "d"}


def test_block_scalars() -> None:
    text = """\
        a: |
          one
            two

          three
        b: >-
          folded
          text

          new
        c: |+
          kept

        d: |2
            indented
        """
    assert _value(text) == {
        "a": "one\n  two\n\nthree\n",
        "b": "folded text\nnew",
        "c": "kept\n\n",
        "d": "  indented\n",
    }


def test_quoted_scalars() -> None:
    assert _value("""{a: 'it''s', b: "\\u00e9\\n\\x41", c: "x \\\n  y", d: ""}""") == {
        "a": "it's",
        "b": "é\nA",
        "c": "x y",
        "d": "",
    }


def test_aliases_and_merges() -> None:
    text = """\
        base: &base {a: 1, b: 2}
        other: &other
          b: 3
          c: 4
        alias: *base
        one: {<<: *base, b: 9}
        two:
          <<: [*base, *other]
          d: 5
        late: {a: 0, <<: *other}
        quoted: {"<<": 1}
        list: [&x hello, *x]
        """
    value = _value(text)
    assert value["alias"] == {"a": 1, "b": 2}
    assert value["one"] == {"a": 1, "b": 9}
    assert value["two"] == {"a": 1, "b": 2, "c": 4, "d": 5}
    assert value["late"] == {"a": 0, "b": 3, "c": 4}
    assert value["quoted"] == {"<<": 1}
    assert value["list"] == ("hello", "hello")


def test_a_merge_of_merges() -> None:
    text = "a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b, z: 3}\n"
    assert _value(text)["c"] == {"x": 1, "y": 2, "z": 3}


def test_tags_that_say_what_is_so_anyway() -> None:
    assert _value("{a: !!str 5, b: !!int 5, c: !!bool true, d: !!null ~, e: !!map {}, f: !!seq [], g: ! x}") == {
        "a": "5",
        "b": 5,
        "c": True,
        "d": None,
        "e": {},
        "f": (),
        "g": "x",
    }


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_make_no_difference(end: str) -> None:
    text = "a: 1\nb:\n  - x\n  - |\n    t\n    u\n---\nc: 2\n".replace("\n", end)
    assert _values(text) == [{"a": 1, "b": ("x", "t\nu\n")}, {"c": 2}]


def test_wide_text_and_the_breaks_of_yaml_1_1() -> None:
    assert _value('買い物: "🧺"\nb: "x\u2028y"\n') == {"買い物": "🧺", "b": "x\u2028y"}


# --- places -----------------------------------------------------------------------------------------------------------

PLACES = """\
apiVersion: v1        # comment
metadata: {name: basket, "title": 'A title'}
spec:
  owner: &o crew
  dependsOn:
    - pricing
    - on: stock
      because: |
        cached
        text
    - {on: tax}
    -
  same: *o
  merged:
    <<: &base
      inner: [1, 22]
    own: 3
  empty:
  bytes: "🧺買" # wide
  after: end

last: x
"""


@pytest.mark.parametrize(
    ("path", "key", "value", "line", "column"),
    [
        (("apiVersion",), "apiVersion", "v1", 1, 13),
        (("metadata",), "metadata", """{name: basket, "title": 'A title'}""", 2, 11),
        (("metadata", "name"), "name", "basket", 2, 18),
        (("metadata", "title"), '"title"', "'A title'", 2, 35),
        (("spec", "owner"), "owner", "&o crew", 4, 10),
        (("spec", "dependsOn", 0), "pricing", "pricing", 6, 7),
        (("spec", "dependsOn", 1, "on"), "on", "stock", 7, 11),
        (("spec", "dependsOn", 1, "because"), "because", "|\n        cached\n        text\n", 8, 16),
        (("spec", "dependsOn", 2), "on", "{on: tax}", 11, 7),
        (("spec", "dependsOn", 2, "on"), "on", "tax", 11, 12),
        (("spec", "dependsOn", 3), "", "", 12, 6),
        (("spec", "same"), "same", "&o crew", 4, 10),
        (("spec", "merged", "inner"), "inner", "[1, 22]", 16, 14),
        (("spec", "merged", "inner", 1), "22", "22", 16, 18),
        (("spec", "merged", "own"), "own", "3", 17, 10),
        (("spec", "bytes"), "bytes", '"🧺買"', 19, 10),
        (("spec", "after"), "after", "end", 20, 10),
        (("last",), "last", "x", 22, 7),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_where_keys_and_values_stand(
    path: tuple[str | int, ...], key: str, value: str, line: int, column: int, end: str
) -> None:
    source = source_of(PLACES.replace("\n", end))
    (document,), findings, _ = read_documents(source)
    assert not findings
    span = document.value_span(path)
    assert (span.start.line, span.start.column) == (line, column)
    assert text_at(source, span).replace("\r", "") == value
    assert text_at(source, document.key_span(path)).replace("\r", "") == key


def test_block_values_end_where_their_text_ends() -> None:
    source = source_of("a:\n  b: 1\n  c:\n    - x\n    - y\n\n# comment\n\nd: 1\n")
    (document,), _, _ = read_documents(source)
    assert text_at(source, document.value_span(("a",))) == "b: 1\n  c:\n    - x\n    - y"
    assert text_at(source, document.value_span(("a", "c"))) == "- x\n    - y"


def test_a_path_that_is_not_written_is_its_nearest_container() -> None:
    source = source_of("a: {b: 1}\n")
    (document,), _, _ = read_documents(source)
    for path in (("a", "x"), ("a", "x", "y"), ("a", 0)):
        assert text_at(source, document.value_span(path)) == "{b: 1}"
        assert text_at(source, document.key_span(path)) == "a"
    assert text_at(source, document.key_span(())) == "a"
    assert text_at(source, document.value_span(("nope",))) == "a: {b: 1}"


def test_places_in_later_documents_and_after_a_broken_one() -> None:
    text = "a: 1\n---\nb: @x\n---\nc: 3\n---\nd: [\n---\ne:\n  f: 5\n"
    source = source_of(text)
    documents, findings, _ = read_documents(source)
    assert [document.value for document in documents] == [{"a": 1}, {"c": 3}, {"e": {"f": 5}}]
    assert [finding.code for finding in findings] == ["YML004", "YML004"]
    places = [text_at(source, document.key_span(())) for document in documents]
    assert places == ["a", "c", "e"]
    assert documents[2].value_span(("e", "f")).start.line == 10


def test_of_two_equal_keys_the_first_counts_and_has_the_place() -> None:
    source = source_of("a: 1\na: 2\n")
    (document,), (finding,), _ = read_documents(source)
    assert document.value == {"a": 1}
    assert text_at(source, document.value_span(("a",))) == "1"
    assert finding.code == "YML005"
    assert _place(finding) == (2, 1)
    assert [(label.span.start.line, label.message) for label in finding.related] == [(1, "first time")]


# --- what is wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "place"),
    [
        ("a: 'open\nb: 1\n", "the quoted text is not closed", (1, 4)),
        ('a: "open\n---\nb: 1\n', "the quoted text is not closed", (1, 4)),
        ("a: [1, 2\nb: 1\n", "not closed", (2, 2)),
        ("a: {b: 1\nc: 1\n", "not closed", (2, 2)),
        ("a: ]\n", "a", (1, 4)),
        ("a: @x\n", "cannot begin with `@`", (1, 4)),
        ("a: `x`\n", "cannot begin with a backtick", (1, 4)),
        ("a: %x\n", "cannot begin with `%`", (1, 4)),
        ("a: b: c\n", "a value with `: ` in it needs quotes", (1, 4)),
        ("a: 'x' y\n", "a key was expected", (1, 8)),
        ("a: - b\n", "a list cannot begin here", (1, 4)),
        ("a: 1\nb\nc: 2\n", "a `:` is missing behind `b`", (2, 1)),
        ("a:\n  - x\n b: 1\n", "", (3, 2)),
        ("a:\n\t- x\n", "a tab", (2, 1)),
        ("a:\n  b: 1\n\tc: 2\n", "a tab", (3, 1)),
        ("a: *nope\n", "no anchor of this name", (1, 4)),
        ('a: "\\q"\n', "escape", (1, 5)),
        ('a: "\\xZZ"\n', "escape", (1, 7)),
        ("a: 1\n...\nb\n: x\n", "", (3, 1)),
    ],
)
def test_syntax_errors_say_what_and_where(text: str, words: str, place: tuple[int, int]) -> None:
    finding = _only(text)
    assert finding.code == "YML004"
    assert words in finding.message
    assert _place(finding) == place
    assert "expected <" not in finding.message
    assert finding.message[0].islower() or finding.message[0] in "`&"


@pytest.mark.parametrize(
    ("text", "code", "words", "pointed_at"),
    [
        ("%YAML 1.1\n---\na: no\n", "YML006", "YAML 1.1 is asked for", "%YAML 1.1"),
        ("%YAML 2.0\n---\na: no\n", "YML006", "YAML 2.0 is asked for", "%YAML 2.0"),
        ("a: !foo 1\n", "YML007", "`!foo` has no meaning", "!foo"),
        ("a: !!binary aGk=\n", "YML007", "`!!binary` has no meaning", "!!binary"),
        ("a: !!int x\n", "YML007", "`!!int`", "!!int"),
        ("a: !!python/object:os.system {}\n", "YML007", "python/object", "!!python/object:os.system"),
        ("a: !!set {b}\n", "YML007", "`!!set`", "!!set"),
        ("a: !foo [1]\n", "YML007", "`!foo`", "!foo"),
        ("? [a, b]\n: c\n", "YML008", "a key must be plain text", "[a, b]"),
        ("a: {{name}}\n", "YML008", "a value in double braces needs quotes", "{{name}}"),
        ("a: {<<: 5}\n", "YML008", "`<<` merges mappings", "5"),
        ("a: {<<: [{b: 1}, [2]]}\n", "YML008", "`<<` merges mappings", "[2]"),
        ("a: &a [1, *a]\n", "YML010", "inside the very value", "&"),
        ("a: &a\n  <<: *a\n  b: 1\n", "YML010", "inside the very value", "&"),
        ("a: &a {b: {c: *a}}\n", "YML010", "inside the very value", "&"),
        ("a: &a {b: *a, c: *a}\n", "YML010", "inside the very value", "&"),
    ],
)
def test_what_yaml_allows_and_a_catalog_does_not(text: str, code: str, words: str, pointed_at: str) -> None:
    finding = _only(text)
    assert finding.code == code
    assert words in finding.message
    assert finding.span is not None
    assert text_at(source_of(text), finding.span) == pointed_at


def test_yaml_1_2_may_be_asked_for() -> None:
    assert _value("%YAML 1.2\n---\na: no\n") == {"a": "no"}


def test_a_missing_place_in_a_mapping_that_merges_itself() -> None:
    (document,), _, _ = read_documents(source_of("a: &a\n  <<: *a\n  b: 1\n"))
    assert document.value == {"a": {"b": 1}}
    assert document.value_span(("a", "nope")).start.line == 1


def test_aliases_that_stand_for_too_much() -> None:
    text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    text += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30))
    started = time.monotonic()
    documents, (finding,), _ = read_documents(source_of(text + "---\nb: 1\n"))
    assert time.monotonic() - started < 1
    assert [document.value for document in documents] == [{"b": 1}]
    assert finding.code == "YML009"
    assert f"{MAX_EXPANDED:,}" in finding.message


def test_merges_that_stand_for_too_much() -> None:
    wide = ", ".join(f"k{n}: 1" for n in range(2000))
    text = f"a: &a {{{wide}}}\nb:\n" + "  - {<<: *a}\n" * 100
    assert _only(text).code == "YML009"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_absurd_nesting(opening: str) -> None:
    started = time.monotonic()
    finding = _only(f"a: {opening * 10_000}" if opening in "[{a: " else opening * 10_000)
    assert time.monotonic() - started < 2
    assert finding.code == "YML009"
    assert _place(finding)[0] == 1
    assert MAX_DEPTH // 4 < _place(finding)[1] <= 5 * MAX_DEPTH


def test_nesting_up_to_the_limit() -> None:
    levels = MAX_DEPTH - 2
    assert _values("[" * levels + "]" * levels)
    assert _values("a: " + "{b: " * (levels - 2) + "1" + "}" * (levels - 2))


def test_many_broken_documents_are_read_in_time() -> None:
    started = time.monotonic()
    _, findings = _read("a: @x\nb: 1\n---\n" * 3000)
    assert len(findings) == 3000
    assert time.monotonic() - started < 3


def test_long_metadata_in_a_broken_document_is_looked_through_in_time() -> None:
    annotations = "    key: value\n" * 500 + " " * 5000 + "\n"
    started = time.monotonic()
    _read(f"apiVersion: servicescape/v1\nkind: Team\nmetadata:\n{annotations}spec: [\n")
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("kind: Team\nmetadata: {name: a}\nspec: [\n", [("Team", None, "a")]),
        ("kind: Team\nmetadata:\n  title: T\n  name: 'a-b'\nspec: [\n", [("Team", None, "a-b")]),
        ('kind: "Service"\nmetadata: {title: x, name: a}\nspec: @\n', [("Service", None, "a")]),
        ("kind: Team\nmetadata: # here\n\n  name: a\n  namespace: n\nspec: [\n", [("Team", "n", "a")]),
        ("kind: Team\nmetadata: {namespace: n, name: a}\nspec: [\n", [("Team", "n", "a")]),
        ("kind: Team\r\nmetadata:\r\n  name: a\r\nspec: [\r\n", [("Team", None, "a")]),
        ("metadata: {name: a}\nspec: [\n", [(kind, None, "a") for kind in KINDS]),
        ("%kind: Team\nmetadata: {name: a}\nspec: [\n", [(kind, None, "a") for kind in KINDS]),
        ("kind: Team\nspec: {name: a\n", []),
        ("kind: Team\nmetadata: {name: a}\n---\nkind: Team\nmetadata: {name: b}\nspec: @\n", [("Team", None, "b")]),
    ],
)
def test_names_of_what_could_not_be_read(text: str, lost: list[tuple[str, str | None, str]]) -> None:
    _, findings, found = read_documents(source_of(text))
    assert findings
    assert found == lost


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: &x 1\nb: *x\nc: &x 2\nd: *x\n", {"a": 1, "b": 1, "c": 2, "d": 2}),
        ("a: &x 1\nb: {c: &x https://d, e: *x}\n", {"a": 1, "b": {"c": "https://d", "e": "https://d"}}),
        ("a: &x {b: 1}\nc: &x {<<: *x, d: 2}\n", None),
    ],
)
def test_an_anchor_may_be_defined_again(text: str, value: Any) -> None:
    documents, findings, _ = read_documents(source_of(text))
    if value is None:
        # Within its own value the new one is meant.
        assert [finding.code for finding in findings] == ["YML010"]
    else:
        assert (documents[0].value, findings) == (value, [])
        assert documents[0].key_span(("b",)).start.line == 2


def test_an_anchor_of_another_document_is_not_meant() -> None:
    _, [finding], _ = read_documents(source_of("a: &x 1\nb: &x 2\n---\nc: *x\n"))
    assert finding.message == "no anchor of this name stands above"
    assert finding.span is not None
    assert finding.span.start.line == 4
