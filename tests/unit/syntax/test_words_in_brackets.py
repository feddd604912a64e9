"""Plain text with colons and question marks in brackets and braces, as YAML 1.2 allows it."""

from pathlib import Path

import pytest

from servicescape.diagnostics import Span
from servicescape.source.text import SourceFile
from servicescape.syntax.document import Document, read_documents


def _read(text: str) -> list[Document]:
    documents, diagnostics, _ = read_documents(SourceFile(Path("a.yaml"), "a.yaml", text))
    assert [diagnostic.message for diagnostic in diagnostics] == []
    return documents


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{runbook: https://x.example/a, tier: 1}", {"runbook": "https://x.example/a", "tier": 1}),
        ("{url: http://h:80/p?q=a:b#c}", {"url": "http://h:80/p?q=a:b#c"}),
        ("[journey:buy, a?b, 20:30]", ("journey:buy", "a?b", "20:30")),
        ("{expect: {journey:buy: ok}}", {"expect": {"journey:buy": "ok"}}),
        ('{"a":1, b: c:d}', {"a": 1, "b": "c:d"}),
        ("{a: 'x:y', b: \"p?q:r\", c: s:t}", {"a": "x:y", "b": "p?q:r", "c": "s:t"}),
    ],
)
def test_value(text: str, value: object) -> None:
    assert [document.value for document in _read(text)] == [value]


def test_places_stay_exact() -> None:
    (document,) = _read("spec: {runbook: https://x.example/a?b=c:d, tier: 1}\n")
    lines = document.source.lines

    def text_at(span: Span) -> str:
        return lines.line(span.start.line)[span.start.column - 1 : span.end.column - 1]

    assert text_at(document.value_span(("spec", "runbook"))) == "https://x.example/a?b=c:d"
    assert text_at(document.key_span(("spec", "tier"))) == "tier"


def test_every_document_is_read_once() -> None:
    documents = _read("a: 1\n---\nb: {c: d:e}\n---\nf: |\n  g:h?i\n")
    assert [document.value for document in documents] == [{"a": 1}, {"b": {"c": "d:e"}}, {"f": "g:h?i\n"}]


def test_a_private_character_in_the_text_is_kept() -> None:
    text = "{a: b:c\ue000, d: \ue001}"
    assert [document.value for document in _read(text)] == [{"a": "b:c\ue000", "d": "\ue001"}]


def test_an_unclosed_brace_is_still_told() -> None:
    _, diagnostics, _ = read_documents(SourceFile(Path("a.yaml"), "a.yaml", "{a: b:c"))
    assert [diagnostic.code for diagnostic in diagnostics] == ["YML004"]
