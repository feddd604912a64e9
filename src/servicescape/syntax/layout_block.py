"""Lays out documents and what is written by indentation. See `layout` for what is kept."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from servicescape.syntax.layout_flow import WIDTH, FlowLayout, Path
from servicescape.syntax.layout_lines import (
    TO_DASH,
    Lines,
    behind_colon,
    block_header,
    comments_only,
    continued,
    shifted,
    shown_lines,
    tidy_comment,
    without_blank_edges,
    without_leading_blanks,
    without_trailing_blanks,
)
from servicescape.syntax.layout_tree import LeftAlone, Piece, WrittenDocument, WrittenText
from servicescape.syntax.layout_words import written_scalar

if TYPE_CHECKING:
    from servicescape.syntax.layout import Language


@dataclass(slots=True)
class Entry:
    """A key with its value, or an item (whose key is None)."""

    key: Piece | None
    value: Piece
    place: int
    """Offset of the key or the dash."""
    leading: Lines = field(default_factory=list)
    """Comments and blank lines above it."""
    header: tuple[int, str] | None = None
    """Comment behind the colon or dash, where the value begins below."""
    inner: Lines = field(default_factory=list)
    """Comments between that line and a value that is no collection."""
    tail: Lines = field(default_factory=list)
    """Comments behind the last part of the value."""


class BlockLayout:
    """Lays out one text."""

    def __init__(self, written: WrittenText, language: "Language") -> None:
        self._written = written
        self._text = written.text
        self._language = language
        self._version = self._kind = ""
        self._flow = FlowLayout(written, self._reordered_pairs, self._is_word)

    def text(self) -> str:
        """The whole text laid out."""
        out: list[str] = []
        for number, document in enumerate(self._written.documents):
            following = self._written.documents[number + 1] if number + 1 < len(self._written.documents) else None
            out.extend(self._document(document, following, is_first=not any(line.strip() for line in out)))
        return "\n".join(without_blank_edges(out)) + "\n"

    def _document(self, document: WrittenDocument, following: WrittenDocument | None, *, is_first: bool) -> list[str]:
        text, written = self._text, self._written
        out: list[str] = []
        begin = document.start
        if document.marker is not None:
            comment = written.comment_after(document.marker + 3)
            if comment is not None:
                out.append(f"--- {tidy_comment(comment[1])}")
            elif not is_first and document.root is not None:
                out.append("---")
            if not is_first or document.start:
                begin = document.marker
        root = document.root
        stop = (following.marker if following is not None else None) or len(text)
        if root is None:
            out.extend(shown_lines(comments_only(written.lines_between(begin, stop)), 0))
            return out
        if root.kind in ("scalar", "alias"):
            raise LeftAlone("a document is a single value")
        header = self._lines(begin, root.start, from_start=begin == 0 and document.marker != 0)
        out.extend(shown_lines(without_leading_blanks(header), 0))
        self._version, self._kind = _identity(root)
        if root.is_block:
            if root.anchor:
                raise LeftAlone("a document has an anchor")
            entries = self._entries(root)
            entries[0].leading = []
            rest = self._take_tail(root, entries, self._lines(root.end, stop, to_end=stop == len(text)), -1)
            out.extend(self._block(root, entries, (), 0)[1])
        else:
            lines = self._flow.lines(root, (), 0, 0)
            self._add_comment(lines, root.end, 0, root.start)
            out.extend(lines)
            rest = self._lines(root.end, stop, to_end=stop == len(text))
        out.extend(shown_lines(without_trailing_blanks(rest), 0))
        return out

    def _lines(self, after: int, before: int, *, from_start: bool = False, to_end: bool = False) -> Lines:
        """Comments and blank lines between two offsets; document markers are passed over."""
        found = self._written.lines_between(after, before)
        if from_start:
            first = self._written.line(0)
            if self._written.line_of(before) > 0:
                found.insert(0, (len(first) - len(first.lstrip()), first.strip()))
        if to_end and self._written.line_of(before) > self._written.line_of(after):
            last = self._written.line(self._written.line_of(before))
            found.append((len(last) - len(last.lstrip()), last.strip()))
        return [
            (column, line[3:].strip() if line.startswith(("---", "...")) else line)
            for column, line in found
            if line not in ("---", "...")
        ]

    # Reading: which comment belongs to what.

    def _entries(self, piece: Piece) -> list[Entry]:
        text = self._text
        found: list[Entry] = []
        last = piece.body
        is_first = True
        pairs = piece.pairs() if piece.kind == "map" else [(None, part) for part in piece.parts]
        for key, value in pairs:
            if key is not None:
                if key.kind != "scalar" or key.is_empty or "\n" in text[key.start : key.end]:
                    raise LeftAlone(f"line {self._written.line_of(key.start) + 1} has a key that is no word")
                place, behind = key.start, behind_colon(text, key.end)
            else:
                place = self._dash(last)
                behind = place + 1
            entry = Entry(key, value, place)
            if not is_first:
                entry.leading = self._lines(last, place)
            elif piece.body != piece.start:
                entry.leading = self._lines(piece.body - 1, place)
            if is_first:
                entry.leading = without_leading_blanks(entry.leading)
            is_first = False
            self._read_header(entry, behind)
            found.append(entry)
            last = max(value.end, behind)
        return found

    def _read_header(self, entry: Entry, behind: int) -> None:
        value, written = entry.value, self._written
        if value.is_empty or written.line_of(behind) == written.line_of(value.start):
            if value.is_block and value.body != value.start:
                entry.header = written.comment_after(value.body)
            return
        entry.header = written.comment_after(behind)
        entry.inner = self._lines(behind, value.start)

    def _dash(self, offset: int) -> int:
        match = TO_DASH.match(self._text, offset)
        if match is None:
            raise LeftAlone(f"line {self._written.line_of(offset) + 1} has a list that it cannot place")
        return match.end() - 1

    def _take_tail(self, piece: Piece, entries: list[Entry], lines: Lines, outer: int) -> Lines:
        """Gives a collection, and the last of those in it, the comments below that are indented like it."""
        if not entries:
            return lines
        column = self._written.column_of(entries[0].place)
        if column <= outer:
            return lines
        count = 0
        for number, (begin, line) in enumerate(lines, 1):
            if line and begin < column:
                break
            if line:
                count = number
        entries[-1].tail = lines[:count]
        return lines[count:]

    # Writing.

    def _block(self, piece: Piece, entries: list[Entry], path: Path, indent: int) -> tuple[int, list[str]]:
        """Lines of a collection, and how many of them are comments above its first key or item."""
        column = self._written.column_of(entries[0].place) if entries else 0
        inner: dict[int, list[Entry]] = {}
        # Lines between two entries belong to the collections that end there first, the deepest first of all.
        for number, entry in enumerate(entries):
            if entry.value.is_block:
                inner[number] = self._entries(entry.value)
                rest = entries[number + 1].leading if number + 1 < len(entries) else entry.tail
                rest = self._take_tail(entry.value, inner[number], rest, column)
                if number + 1 < len(entries):
                    entries[number + 1].leading = rest
                else:
                    entry.tail = rest
        order = self._order(piece, entries, path)
        above, out = 0, list[str]()
        numbers = {id(entry): number for number, entry in enumerate(entries)}
        for position, entry in enumerate(order):
            number = numbers[id(entry)]
            leading = entry.leading if position else without_leading_blanks(entry.leading)
            out.extend(shown_lines(leading, indent))
            step: str | int = entry.key.value if entry.key is not None else number
            lifted, lines = self._entry(entry, inner.get(number), (*path, step), indent)
            above = above if position else len(out) + lifted
            out.extend(lines)
        if entries:
            out.extend(shown_lines(entries[-1].tail, indent))
        return above, out

    def _entry(self, entry: Entry, inner: list[Entry] | None, path: Path, indent: int) -> tuple[int, list[str]]:
        """Lines of an entry, and how many of them are comments that stood behind its dash."""
        key = entry.key
        start = " " * indent + (f"{written_scalar(self._text, key, is_key=True)}:" if key is not None else "-")
        if inner is None:
            return 0, self._entry_of_value(entry, start, path, indent)
        value = entry.value
        if value.anchor:
            start += f" &{value.anchor}"
        if not inner:
            raise LeftAlone("a list has no item")
        if entry.inner:
            inner[0].leading = without_leading_blanks([*entry.inner, *inner[0].leading])
        if key is None and not value.anchor and entry.header is None:
            above, children = self._block(value, inner, path, indent + 2)
            children[above] = " " * indent + "- " + children[above].lstrip(" ")
            return above, [line[2:] for line in children[:above]] + children[above:]
        lines = [start]
        if entry.header is not None:
            self._put_comment(lines, entry.header, entry.place, indent)
        return 0, lines + self._block(value, inner, path, indent + 2)[1]

    def _entry_of_value(self, entry: Entry, start: str, path: Path, indent: int) -> list[str]:
        value = entry.value
        if value.is_empty:
            lines = [start]
            self._add_comment(lines, value.end, indent, entry.place)
            return lines
        if value.kind in ("map", "seq"):
            return self._flow_value(entry, start, path, indent)
        lines = self._scalar(entry, start, path, indent)
        if value.style not in ("|", ">"):
            self._add_comment(lines, value.end, indent, entry.place)
        return lines

    def _scalar(self, entry: Entry, start: str, path: Path, indent: int) -> list[str]:
        value, text = entry.value, self._text
        words = written_scalar(text, value, is_word=self._is_word(path))
        first, *others = words.split("\n")
        if value.style in ("|", ">"):
            shift = indent - self._written.column_of(entry.place)
            lines = [f"{start} {block_header(first)}", *(shifted(line, shift) for line in others)]
            if entry.header is not None or entry.inner:
                raise LeftAlone("a comment stands before a text block")
            return lines
        shift = indent - self._written.column_of(entry.place)
        others = [continued(line, shift, indent + 2) for line in others]
        on_own_line = entry.header is not None or bool(entry.inner)
        if not on_own_line and self._written.line_of(entry.place) != self._written.line_of(value.start):
            on_own_line = len(start) + 1 + len(first) > WIDTH
        if not on_own_line:
            return [f"{start} {first.rstrip() if others else first}", *others]
        lines = [start]
        if entry.header is not None:
            self._put_comment(lines, entry.header, entry.place, indent)
        lines.extend(shown_lines(comments_only(entry.inner), indent + 2))
        return [*lines, " " * (indent + 2) + (first.rstrip() if others else first), *others]

    def _flow_value(self, entry: Entry, start: str, path: Path, indent: int) -> list[str]:
        value = entry.value
        if entry.header is not None or entry.inner:
            lines = [start]
            if entry.header is not None:
                self._put_comment(lines, entry.header, entry.place, indent)
            lines.extend(shown_lines(comments_only(entry.inner), indent + 2))
            flow = self._flow.lines(value, path, indent + 2, indent + 2)
            lines = [*lines, " " * (indent + 2) + flow[0], *flow[1:]]
            self._add_comment(lines, value.end, indent, entry.place)
            return lines
        line_indent = indent + 2 if entry.key is None else indent
        flow = self._flow.lines(value, path, len(start) + 1, line_indent)
        lines = [f"{start} {flow[0]}", *flow[1:]]
        if max(map(len, lines)) > WIDTH and self._flow.can_be_block(value):
            lines = self._as_block(entry, start, path, indent)
            comment = self._written.comment_after(value.end)
            if comment is not None:
                lines[0] += f"  {tidy_comment(comment[1])}"
            return lines
        self._add_comment(lines, value.end, indent, entry.place)
        return lines

    def _as_block(self, entry: Entry, start: str, path: Path, indent: int) -> list[str]:
        """A collection in brackets that does not fit, written by indentation."""
        value = entry.value
        if value.anchor:
            start += f" &{value.anchor}"
        entries = [
            Entry(key, part, value.start)
            for key, part in (value.pairs() if value.kind == "map" else [(None, part) for part in value.parts])
        ]
        out: list[str] = []
        for number, each in enumerate(self._order(value, entries, path)):
            step: str | int = each.key.value if each.key is not None else number
            out.extend(self._value_without_comment(each, (*path, step), indent + 2))
        if entry.key is None and not value.anchor:
            out[0] = " " * indent + "- " + out[0].lstrip(" ")
        else:
            out.insert(0, start)
        return out

    def _value_without_comment(self, entry: Entry, path: Path, indent: int) -> list[str]:
        key = entry.key
        start = " " * indent + (f"{written_scalar(self._text, key, is_key=True)}:" if key is not None else "-")
        value = entry.value
        if value.kind in ("map", "seq"):
            flow = self._flow.lines(value, path, len(start) + 1, indent + 2 if key is None else indent)
            lines = [f"{start} {flow[0]}", *flow[1:]]
            if max(map(len, lines)) <= WIDTH or not self._flow.can_be_block(value):
                return lines
            return self._as_block(entry, start, path, indent)
        return [f"{start} {written_scalar(self._text, value, is_word=self._is_word(path))}"]

    def _add_comment(self, lines: list[str], offset: int, indent: int, place: int) -> None:
        comment = self._written.comment_after(offset)
        if comment is not None:
            self._put_comment(lines, comment, place, indent)

    def _put_comment(self, lines: list[str], comment: tuple[int, str], place: int, indent: int) -> None:
        """Puts a comment behind the last line: in the column that it had if others stand there, else two blanks on."""
        column, text = comment
        number = self._written.line_of(place)
        here = self._written.line(number)
        gap = column - len(here[:column].rstrip())
        moved = indent - self._written.column_of(place)
        wanted = column + moved if gap > 2 or self._is_aligned(place, column) else 0
        lines[-1] += " " * max(2, wanted - len(lines[-1])) + tidy_comment(text)

    def _is_aligned(self, place: int, column: int) -> bool:
        number = self._written.line_of(place)
        for beside in (number - 1, number + 1):
            line = self._written.line(beside)
            if line[column : column + 1] == "#" and line[:column].strip() and line[column - 1 : column] in (" ", "\t"):
                return True
        return False

    # Order of keys.

    def _is_word(self, path: Path) -> bool:
        return self._language.is_word(self._version, self._kind, path)

    def _order(self, piece: Piece, entries: list[Entry], path: Path) -> list[Entry]:
        if piece.kind != "map":
            return entries
        keys = self._language.keys_at(self._version, self._kind, path)
        if not keys or not _may_be_ordered([(entry.key, entry.value) for entry in entries]):
            return entries
        return sorted(entries, key=lambda entry: _rank(entry.key, keys))

    def _reordered_pairs(self, piece: Piece, path: Path) -> list[tuple[Piece, Piece]]:
        pairs = piece.pairs()
        keys = self._language.keys_at(self._version, self._kind, path)
        if not keys or not _may_be_ordered(pairs):
            return pairs
        return sorted(pairs, key=lambda pair: _rank(pair[0], keys))


def _rank(key: Piece | None, keys: tuple[str, ...]) -> int:
    assert key is not None
    if key.value == "<<" and not key.style:
        return -1
    return keys.index(key.value) if key.value in keys else len(keys)


def _may_be_ordered(pairs: list[tuple[Piece | None, Piece]] | list[tuple[Piece, Piece]]) -> bool:
    """Whether no key's value needs an anchor that stands under another one of these keys."""
    seen: set[str] = set()
    for key, value in pairs:
        names = _anchors(value) | (_anchors(key) if key is not None else set())
        if any(name in seen for name in names):
            return False
        seen |= names
    return True


def _anchors(piece: Piece) -> set[str]:
    """Names of all anchors and aliases in a piece."""
    found = {piece.anchor} if piece.anchor is not None else set()
    for part in piece.parts:
        found |= _anchors(part)
    return found


def _identity(root: Piece) -> tuple[str, str]:
    if root.kind != "map":
        return "", ""
    values = {key.value: value.value for key, value in root.pairs() if key.kind == value.kind == "scalar"}
    return values.get("apiVersion", ""), values.get("kind", "")
