"""Canonical layout of a text: order of keys, indentation, quotes and blanks; comments stay with what they belong to.

A comment or blank line above a key or item belongs to it and moves along; a comment behind a value stays in its line;
comments at the end of a list or mapping belong to it if they are indented like it. What the author decided and layout
cannot know better stays: brackets or indentation, where a long pair of brackets is broken, quotes around prose.

The layout is proved before it is given: it must hold the same values and the same comments as the text before.
"""

from pathlib import Path
from typing import Any, Protocol

from servicescape.source.text import SourceFile
from servicescape.syntax.comments import read_comments
from servicescape.syntax.document import read_documents
from servicescape.syntax.layout_block import BlockLayout
from servicescape.syntax.layout_tree import LeftAlone, WrittenText

__all__ = ["Language", "LeftAlone", "lay_out"]


class Language(Protocol):
    """What layout must know of the language: for a document's `apiVersion` and `kind`, and a path in it."""

    def keys_at(self, version: str, kind: str, path: tuple[str | int, ...]) -> tuple[str, ...]:
        """Keys of the mapping there in their order; empty where the order is the author's."""

    def is_word(self, version: str, kind: str, path: tuple[str | int, ...]) -> bool:
        """Whether one of a few words is expected there."""


def lay_out(source: SourceFile, language: Language) -> str:
    """The text of a file in canonical layout, with the line breaks that it has. Raises LeftAlone."""
    text = source.text
    for char, name in _OTHER_BREAKS.items():
        if char in text:
            raise LeftAlone(f"it holds {name}, which some readers take for a line break")
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    written = WrittenText(plain)
    if all(document.root is None for document in written.documents):
        raise LeftAlone("it holds no document")
    laid_out = BlockLayout(written, language).text()
    if laid_out != plain:
        _prove(plain, laid_out)
    return laid_out.replace("\n", _line_break(text))


_OTHER_BREAKS = {"\x85": "U+0085", "\u2028": "U+2028", "\u2029": "U+2029"}


def _line_break(text: str) -> str:
    windows, all_breaks = text.count("\r\n"), text.count("\n")
    return "\r\n" if windows * 2 > all_breaks else "\n"


def _prove(before: str, after: str) -> None:
    """Raises LeftAlone where a layout does not mean the same; that would be our fault, and must cost nobody a line."""
    one, other = (_contents(text) for text in (before, after))
    if not same_values(one[0], other[0]) or one[1] != other[1]:
        raise LeftAlone("it would not mean the same afterwards; please report this file")


def _contents(text: str) -> tuple[tuple[Any, ...], list[str]]:
    source = SourceFile(Path("layout"), "layout", text)
    documents, _, _ = read_documents(source)
    comments = sorted(comment.text.lstrip("#").strip() for comment in read_comments(text, "#"))
    return tuple(document.value for document in documents), comments


def same_values(one: Any, other: Any) -> bool:
    """Whether two values are equal to the last type; the order of keys does not count."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same_values(value, other[key]) for key, value in one.items())
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same_values, one, other))
    return bool(one == other)
