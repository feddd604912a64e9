"""A slip is found where it was made, though the reader of YAML stumbles later; and what is no YAML is one finding."""

import pytest

from servicescape.syntax.document import read_documents
from servicescape.syntax.edits import apply_edits
from tests.support.loading import source_of, text_at


@pytest.mark.parametrize(
    ("text", "message", "pointed_at", "mended"),
    [
        ("a: 1\nspec:\n  owner crew\n  tier: 1\n", "a `:` is missing behind `owner`", "owner", "  owner: crew"),
        ("a: 1\nspec\n  owner: crew\n", "a `:` is missing behind `spec`", "spec", "spec:\n"),
        ("spec:\n  owner:crew\n  tier: 1\n", "a blank is missing behind `owner:`", "owner:", "owner: crew"),
        ("title: Payment: hub\n", "a value with `: ` in it needs quotes", "Payment: hub", 'title: "Payment: hub"'),
        ("a:\n  owner: crew\n   tier: 1\n", "indented deeper than `owner:`", "tier: 1", None),
        ("a:\n  owner: crew\n tier: 1\n", "a column in which none above it begins", "tier: 1", "\n  tier: 1"),
        ("a: {b: c}}\n", "a `}` too many", "}", "a: {b: c}\n"),
        ('a: "b\nc: "d"\n', "this quote is never closed", '"', None),
        ("a: 'Customer's hub'\n", "ends at the apostrophe within it", "'", None),
        ("a:\n  b\n  - {c: d}\n", "has no `-` before it", "b", "  - b\n  - {"),
        ("a:\n  -b\n  - {c: d}\n", "a blank is missing behind the `-`", "-", "  - b\n"),
        ("a:\n  b:\u00a0c\n  d: e\n", "a blank that is none for YAML (U+00A0)", "\u00a0", "  b: c\n"),
        ("a: 1\n{% if b %}\nc: d\n", "this is a template", "{%", None),
        ("a: 1\n{{- if b }}\nc: d\n", "this is a template", "{{", None),
        ("apiVersion: v\nkind: a\napiVersion: v\nkind: b\n", "a second entity begins here", "apiVersion", "---\napi"),
        ("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\nc: 3\n", "a merge conflict", "<<<<<<< HEAD", None),
        ("a: b\x07c\n", "the control character U+0007", "\x07", "a: bc"),
        ("a: b\n---\n\ufeffc: d\ne: f\n", "a byte order mark", "\ufeff", "---\nc: d"),
    ],
)
def test_a_slip_is_one_finding_where_it_was_made(text: str, message: str, pointed_at: str, mended: str | None) -> None:
    source = source_of(text)
    _, findings, _ = read_documents(source)
    [finding] = findings
    assert message in finding.message
    assert finding.span is not None
    assert text_at(source, finding.span) == pointed_at
    assert finding.help
    if mended is None:
        assert finding.fix is None
    else:
        assert finding.fix is not None
        after = source_of(apply_edits(source, finding.fix.edits))
        assert mended in after.text
        assert not read_documents(after)[1]


def test_of_a_conflict_the_first_side_is_read_and_places_stay() -> None:
    text = "a: 1\n<<<<<<< HEAD\nb: 1\n||||||| base\nb: 0\n=======\nb: 2\n>>>>>>> x\nc: 3\n"
    [document], _, _ = read_documents(source_of(text))
    assert document.value == {"a": 1, "b": 1, "c": 3}
    assert document.key_span(("c",)).start.line == 9


def test_a_value_around_a_control_character_is_read_and_places_stay() -> None:
    [document], [finding], _ = read_documents(source_of("a: x\x07y\nb: \x1b\n"))
    assert document.value == {"a": "x\ufffdy", "b": "\ufffd"}
    assert "1 more" in finding.message


def test_names_behind_a_missing_separator_are_known() -> None:
    text = "apiVersion: v\nkind: Team\nmetadata: {name: a}\napiVersion: v\nkind: Team\nmetadata: {name: b}\n"
    [document], _, lost = read_documents(source_of(text))
    assert document.value["metadata"] == {"name": "a"}
    assert lost == [("Team", None, "b")]


def test_a_line_of_a_million_blanks_takes_no_time() -> None:
    _, findings, _ = read_documents(source_of("a: 'b'" + " " * 1_000_000 + "c\n"))
    assert findings


@pytest.mark.parametrize("text", ["---\n: ", "a: 1\n---\n  : b\n"])
def test_a_document_may_begin_with_its_fault(text: str) -> None:
    """No line above it is the document's, so that there is no column to compare with."""
    _, findings, _ = read_documents(source_of(text))
    assert [finding.message for finding in findings] == ["a key was expected here"]
