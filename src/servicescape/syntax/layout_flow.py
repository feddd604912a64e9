"""Lays out lists and mappings in brackets: one blank where one belongs, the author's line breaks, aligned."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from servicescape.syntax.layout_tree import LeftAlone, Piece, WrittenText
from servicescape.syntax.layout_words import written_scalar

WIDTH = 120
"""Columns in a line; a collection in brackets that needs more is written by indentation."""

_TOKEN = re.compile(r"[ \t]+|\n|#[^\n]*|[\[\]{},:]|&[^\s,\[\]{}]+")
_OPENING, _CLOSING = ("[", "{"), ("]", "}")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text within brackets."""

    text: str
    kind: str
    """`open`, `close`, `,`, `:`, `leaf`, `comment` or `break`."""
    column: int = 0
    """Where it stands, of a comment."""


Reorder = Callable[[Piece, tuple[str | int, ...]], list[tuple[Piece, Piece]]]
IsWord = Callable[[tuple[str | int, ...]], bool]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class FlowLayout:
    """Lays out the collections in brackets of one text."""

    written: WrittenText
    reorder: Reorder
    is_word: IsWord

    def lines(self, piece: Piece, path: Path, column: int, indent: int) -> list[str]:
        """A collection that begins at this column of a line with this indentation; the first line without it."""
        tokens = list(self._as_written(piece, path))
        has_breaks = any(token.kind == "break" for token in tokens)
        if not any(token.kind == "comment" for token in tokens) and self._is_out_of_order(piece, path):
            tokens = list(self._in_order(piece, path))
            if has_breaks:
                return _filled(tokens, column)
        return _laid_out(tokens, column, indent)

    def can_be_block(self, piece: Piece) -> bool:
        """Whether a collection can be written by indentation without any doubt."""
        if not piece.parts or piece.style == "(" or "#" in self._between_leaves(piece):
            return False
        return all(
            not leaf.is_empty and "\n" not in self.written.text[leaf.start : leaf.end]
            for leaf in (piece.parts if piece.kind == "seq" else [*piece.parts[::2], *piece.parts[1::2]])
            if leaf.kind in ("scalar", "alias") or leaf.style == "("
        ) and all(part.kind in ("scalar",) for part in (piece.parts[::2] if piece.kind == "map" else ()))

    def _between_leaves(self, piece: Piece) -> str:
        found, last = [], piece.body
        for leaf, _ in _leaves(piece, ()):
            found.append(self.written.text[last : leaf.start])
            last = leaf.end
        found.append(self.written.text[last : piece.end])
        return "".join(found)

    def _as_written(self, piece: Piece, path: Path) -> Iterator[Token]:
        last = piece.start
        text = self.written.text
        keys: set[int] = set()
        for leaf, place in _leaves(piece, path, keys):
            yield from self._between(last, leaf.start)
            yield Token(self._leaf(leaf, place, is_key=id(leaf) in keys), "leaf")
            last = leaf.end
        yield from self._between(last, piece.end)
        if "?" in text[piece.body : piece.body + 1]:
            raise LeftAlone("a key begins with `?`")

    def _leaf(self, leaf: Piece, place: Path, *, is_key: bool) -> str:
        return written_scalar(
            self.written.text, leaf, in_flow=True, is_key=is_key, is_word=not is_key and self.is_word(place)
        )

    def _between(self, start: int, end: int) -> Iterator[Token]:
        text = self.written.text
        while start < end:
            match = _TOKEN.match(text, start, end)
            if match is None:
                raise LeftAlone(f"line {self.written.line_of(start) + 1} has a sign that it cannot place")
            found = match[0]
            if found == "\n":
                yield Token("", "break")
            elif found[0] == "#":
                yield Token(found.rstrip(), "comment", self.written.column_of(start))
            elif found in _OPENING:
                yield Token(found, "open")
            elif found in _CLOSING:
                yield Token(found, "close")
            elif found[0] == "&":
                yield Token(found, "leaf")
            elif not found.isspace():
                yield Token(found, found)
            start = match.end()

    def _is_out_of_order(self, piece: Piece, path: Path) -> bool:
        if piece.kind == "map":
            pairs = piece.pairs()
            if any(key.kind != "scalar" or key.is_empty or value.is_empty for key, value in pairs):
                return False
            if self.reorder(piece, path) != pairs:
                return True
        return any(
            self._is_out_of_order(part, place) for part, place in _parts(piece, path) if part.kind in ("map", "seq")
        )

    def _in_order(self, piece: Piece, path: Path) -> Iterator[Token]:
        if piece.kind in ("scalar", "alias"):
            yield Token(self._leaf(piece, path, is_key=False), "leaf")
            return
        if piece.anchor:
            yield Token(f"&{piece.anchor}", "leaf")
        if piece.kind == "seq":
            yield Token("[", "open")
            for number, part in enumerate(piece.parts):
                if number:
                    yield Token(",", ",")
                yield from self._in_order(part, (*path, number))
            yield Token("]", "close")
            return
        yield Token("{", "open")
        for number, (key, value) in enumerate(self.reorder(piece, path)):
            if number:
                yield Token(",", ",")
            yield Token(self._leaf(key, path, is_key=True), "leaf")
            yield Token(":", ":")
            yield from self._in_order(value, (*path, key.value))
        yield Token("}", "close")


def _parts(piece: Piece, path: Path) -> Iterator[tuple[Piece, Path]]:
    if piece.kind == "seq":
        for number, part in enumerate(piece.parts):
            yield part, (*path, number)
        return
    for key, value in piece.pairs():
        yield key, path
        yield value, (*path, key.value)


def _leaves(piece: Piece, path: Path, keys: set[int] | None = None) -> Iterator[tuple[Piece, Path]]:
    """Scalars and aliases below a collection in the order of the text, with the identities of keys added to `keys`."""
    for number, (part, place) in enumerate(_parts(piece, path)):
        if keys is not None and piece.kind == "map" and number % 2 == 0:
            keys.add(id(part))
        if part.kind in ("scalar", "alias"):
            if not part.is_empty:
                yield part, place
        else:
            yield from _leaves(part, place, keys)


@dataclass(slots=True)
class _Level:
    """An open bracket: where lines within it begin, and where its closing bracket may stand."""

    column: int
    closing: int


def _laid_out(tokens: list[Token], column: int, indent: int) -> list[str]:
    """The text of tokens with the breaks that they hold."""
    lines = [""]
    levels: list[_Level] = []
    begin, line_indent, previous = column, indent, ""
    blank = False
    for number, token in enumerate(tokens):
        following = tokens[number + 1] if number + 1 < len(tokens) else None
        if token.kind == "break":
            if lines[-1].strip():
                lines.append("")
            elif following is not None and following.kind not in ("break", "close") and not blank and len(lines) > 1:
                lines[-1:] = ["", ""]
                blank = True
            begin = 0
            continue
        if token.kind == "," and following is not None and following.kind == "close":
            continue
        if not lines[-1] and len(lines) > 1:
            level = levels[-1]
            line_indent = level.closing if token.kind == "close" else level.column
            lines[-1] = " " * line_indent
            previous = ""
            blank = False
        lines[-1] += _gap(previous, token, begin + len(lines[-1])) + _shifted(token.text, levels)
        previous = token.kind
        if token.kind == "open":
            if following is not None and following.kind in ("break", "comment"):
                levels.append(_Level(line_indent + 2, line_indent))
            else:
                here = begin + len(lines[-1])
                levels.append(_Level(here, here - 1))
        elif token.kind == "close":
            levels.pop()
    return "\n".join(lines).split("\n")


def _shifted(text: str, levels: list[_Level]) -> str:
    """Quoted text over several lines, its further lines beginning where the bracket's do."""
    if "\n" not in text:
        return text
    first, *others = text.split("\n")
    begin = " " * levels[-1].column
    return "\n".join([first.rstrip(), *(begin + line.strip() if line.strip() else "" for line in others)])


def _gap(previous: str, token: Token, column: int) -> str:
    if token.kind == "comment":
        if not previous:
            return ""
        return " " * max(2, token.column - column)
    if token.kind in (",", ":", "close"):
        return " " if previous == ":" and token.kind != ":" else ""
    return " " if previous in (",", ":", "leaf") else ""


def _filled(tokens: list[Token], column: int) -> list[str]:
    """Lines as full as they may be, broken behind the commas of the outermost bracket."""
    lines = [tokens[0].text]
    depth, segment, previous = 0, "", "open"
    begin = column
    for token in tokens[1:]:
        if token.kind == "open":
            depth += 1
        elif token.kind == "close":
            depth -= 1
        segment += _gap(previous, token, 0) + token.text
        previous = token.kind
        if (token.kind == "," and depth == 0) or depth < 0:
            if lines[-1].strip() not in _OPENING and begin + len(lines[-1]) + len(segment) > WIDTH:
                lines.append(" " * (column + 1))
                begin = 0
                segment = segment.lstrip()
            lines[-1] += segment
            segment = ""
    return lines
