"""A text as a tree of its written pieces, for laying it out anew: aliases, anchors and quotes as the author set them.

The nodes of `compose` say what a document means; this tree says how it is written. Both come from the same scanner.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from _ruamel_yaml import CParser
from ruamel.yaml.error import YAMLError

from servicescape.syntax.compose import hide_within_words


class LeftAlone(Exception):  # noqa: N818 - becomes a message, never reaches a caller of syntax
    """Why a text cannot be laid out."""


@dataclass(slots=True)
class Piece:
    """A scalar, an alias or a collection as written."""

    kind: str
    """`scalar`, `alias`, `map` or `seq`."""
    start: int
    """Offset of its first character, anchor and tag included."""
    body: int
    """Offset behind anchor and tag."""
    end: int
    """Offset behind its last character; of a block collection, that of its last part."""
    style: str = ""
    """Of a scalar: empty if plain, else its quote or block indicator. Of a collection: `{` or `[`, or empty."""
    value: str = ""
    anchor: str | None = None
    """Of an alias, the anchor's name too."""
    parts: list["Piece"] = field(default_factory=list)
    """Items; of a mapping, keys and values in turn."""

    @property
    def is_block(self) -> bool:
        """Whether it is a collection written by indentation."""
        return self.kind in ("map", "seq") and not self.style

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is written."""
        return self.start == self.end

    def pairs(self) -> list[tuple["Piece", "Piece"]]:
        """Keys with their values."""
        return list(zip(self.parts[::2], self.parts[1::2], strict=True))


@dataclass(slots=True)
class WrittenDocument:
    """One document of a text."""

    root: Piece | None
    """None: nothing is written in it."""
    marker: int | None
    """Offset of its `---`."""
    start: int
    """Offset behind the document before."""


class WrittenText:
    r"""A text with `\n` as its only line break, as a tree. Raises LeftAlone."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        try:
            self.documents = _documents(text, text, {})
        except YAMLError as error:
            hidden = hide_within_words(text)
            if hidden is None:
                raise LeftAlone("it cannot be read") from error
            try:
                self.documents = _documents(hidden[0], text, hidden[1])
            except YAMLError as again:
                raise LeftAlone("it cannot be read") from again

    def line_of(self, offset: int) -> int:
        """Number of a line, from 0."""
        return bisect_right(self._starts, offset) - 1

    def column_of(self, offset: int) -> int:
        """Characters before an offset in its line."""
        return offset - self._starts[self.line_of(offset)]

    def line(self, number: int) -> str:
        """A line without its break."""
        if not 0 <= number < len(self._starts):
            return ""
        start = self._starts[number]
        end = self._starts[number + 1] - 1 if number + 1 < len(self._starts) else len(self.text)
        return self.text[start:end]

    def lines_between(self, after: int, before: int) -> list[tuple[int, str]]:
        """Column and text of the whole lines behind the line of one offset and before that of another."""
        found = []
        for number in range(self.line_of(after) + 1, self.line_of(before)):
            line = self.line(number)
            text = line.strip()
            found.append((len(line) - len(line.lstrip()), text))
        return found

    def comment_after(self, offset: int) -> tuple[int, str] | None:
        """Column and text of the comment that ends the line of an offset, which nothing else stands before."""
        match = _COMMENT.match(self.text, offset)
        if match is None:
            return None
        return self.column_of(match.start(1)), match[1].rstrip()


_COMMENT = re.compile(r"[ \t]*(#[^\n]*)")
_PROPERTY = re.compile(r"[&!][^\s]*(?:[ \t]|$|(?=\n))[ \t]*")


def _documents(masked: str, text: str, shown: dict[int, str]) -> list[WrittenDocument]:
    parser = CParser(masked)
    try:
        return _Builder(parser, text, shown).documents()
    finally:
        parser.dispose()


class _Builder:
    def __init__(self, parser: Any, text: str, shown: dict[int, str]) -> None:
        self._shown = shown
        self._parser = parser
        self._text = text

    def documents(self) -> list[WrittenDocument]:
        found: list[WrittenDocument] = []
        last = 0
        while True:
            event = self._parser.get_event()
            name = type(event).__name__
            if event is None or name == "StreamEndEvent":
                return found
            if name == "DocumentStartEvent":
                if event.version is not None or event.tags:
                    raise LeftAlone("it begins with a `%` line")
                marker = event.end_mark.index - 3 if event.explicit else None
                root = self._piece(self._parser.get_event())
                found.append(WrittenDocument(None if root.is_empty else root, marker, last))
                last = max(root.end, last, (marker or 0) + 3 if marker is not None else 0)

    def _piece(self, event: Any) -> Piece:
        name = type(event).__name__
        start, end = int(event.start_mark.index), int(event.end_mark.index)
        if name == "AliasEvent":
            return Piece("alias", start, start, end, anchor=str(event.anchor))
        anchor = str(event.anchor) if event.anchor else None
        body = self._body(start, end) if anchor or event.tag else start
        if name == "ScalarEvent":
            style = event.style or ""
            if style in "|>" and style:
                end = self._end_of_block(body, end)
            value = str(event.value).translate(self._shown) if style else self._text[body:end]
            return Piece("scalar", start, body, end, style, value, anchor)
        if event.tag:
            raise LeftAlone(f"line {event.start_mark.line + 1} has a tag")
        is_map = name == "MappingStartEvent"
        style = ("{" if is_map else "[") if event.flow_style else ""
        if event.flow_style and self._text[body : body + 1] != style:
            style = "("  # A single pair in brackets: `[a: b]`.
        piece = Piece("map" if is_map else "seq", start, body, body, style, anchor=anchor)
        while True:
            following = self._parser.get_event()
            if type(following).__name__ in ("MappingEndEvent", "SequenceEndEvent"):
                break
            piece.parts.append(self._piece(following))
        piece.end = int(following.end_mark.index) if style else piece.parts[-1].end if piece.parts else body
        return piece

    def _body(self, start: int, end: int) -> int:
        """Behind anchor and tag, on the same line."""
        while start < len(self._text):
            match = _PROPERTY.match(self._text, start)
            if match is None:
                break
            start = match.end()
        return start

    def _end_of_block(self, body: int, end: int) -> int:
        """Behind the last line that counts: the scanner takes blank lines along, and those of `|+` do count.

        A line of blanks that is deeper than the text is not blank but part of it.
        """
        written = self._text[body:end]
        header, *lines = written.split("\n")
        indicators = header.partition("#")[0]
        if "+" in indicators:
            return body + len(written) - written.endswith("\n")
        first = next((line for line in lines if line.strip()), "")
        depth = 0 if any(sign.isdigit() for sign in indicators) else len(first) - len(first.lstrip(" "))
        while lines and not lines[-1].strip() and len(lines[-1]) <= depth:
            lines.pop()
        return body + len("\n".join([header, *lines]))
