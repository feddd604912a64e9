"""Mechanical mends of a document: another value, another key, one item less. Nothing else of the text changes.

Each gives the edit, or None where it cannot be made without touching something else: a comment, an anchor, a text over
several lines.
"""

import re

from servicescape.diagnostics import Edit, Fix
from servicescape.source.text import SourceFile
from servicescape.syntax.document import Document, Path, Written
from servicescape.syntax.layout_words import needs_no_quotes
from servicescape.syntax.scalars import read_plain


def replace_value(document: Document, path: Path, text: str) -> Edit | None:
    """Writes another text where a single word or quoted text stands."""
    written = document.written_at(path)
    return _replaced(written, written.value, text) if written is not None else None


def replace_key(document: Document, path: Path, key: str) -> Edit | None:
    """Writes another key."""
    written = document.written_at(path)
    if written is None or written.key is None:
        return None
    return _replaced(written, written.key, key, is_key=True)


def replace_written(document: Document, path: Path, written_as: str, text: str) -> Edit | None:
    """Writes a value as `text`, quotes included, if it is written as `written_as` or the same in quotes."""
    written = document.written_at(path)
    if written is None or _bare(_slice(written, written.value)) != written_as:
        return None
    return _edit(written.source, *written.value, text)


def written_value(document: Document, path: Path) -> str | None:
    """A value as its author wrote it, quotes included."""
    written = document.written_at(path)
    return _slice(written, written.value) if written is not None else None


def remove_entry(document: Document, path: Path, *, equal_one_stays: bool = False) -> Edit | None:
    """Takes out a list item, or a key with its value. `equal_one_stays`: an equal item is not taken out as well.

    A comment behind an empty item stays in its place. The last item of a list is never taken out, because what would
    be left is no list.
    """
    written = document.written_at(path)
    if written is None or len(written.entries) < 2:
        return None
    own = _slice(written, written.entries[written.number])
    others = [_slice(written, entry) for number, entry in enumerate(written.entries) if number != written.number]
    if not any(read_plain(other) is not None and (equal_one_stays or other != own) for other in others):
        return None
    return _removed(written)


def repetition_fix(source: SourceFile, entries: list[tuple[int, int]], number: int, *, in_flow: bool) -> Fix | None:
    """Takes out a key that says again what another one of its mapping says."""
    place = entries[number]
    written = Written(source, place, place, entries, number, in_flow)
    edit = _removed(written)
    return Fix("remove the second one", (edit,)) if edit is not None else None


def _replaced(written: Written, place: tuple[int, int], text: str, *, is_key: bool = False) -> Edit | None:
    old = _slice(written, place)
    if "\n" in old or "\r" in old or not old or old[0] in "|>!&*":
        return None
    if old[0] in "'\"":
        if old[0] in text or "\\" in text:
            return None
        return _edit(written.source, *place, f"{old[0]}{text}{old[0]}")
    plain = needs_no_quotes(text, in_flow=written.in_flow, is_key=is_key) or (
        _NUMBER_AND_UNIT.fullmatch(text) is not None and read_plain(text) == text
    )
    return _edit(written.source, *place, text if plain else f'"{text}"')


_NUMBER_AND_UNIT = re.compile(r"[0-9][0-9.]*[a-z]+")


def _slice(written: Written, place: tuple[int, int]) -> str:
    return written.source.text[place[0] : place[1]]


def _bare(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] in "'\"" and text[-1] == text[0] else text


def _removed(written: Written) -> Edit | None:
    places = [offset for entry in written.entries for offset in entry]
    if places != sorted(places):
        # One of them is an alias, and known only by the place of what it repeats.
        return None
    return (_removed_in_flow if written.in_flow else _removed_line)(written, written.number)


def _removed_in_flow(written: Written, number: int) -> Edit | None:
    text, entries = written.source.text, written.entries
    if number:
        start, end = entries[number - 1][1], entries[number][1]
    else:
        start, end = entries[0][0], entries[1][0]
    gone = text[start:end]
    return None if "#" in gone or "&" in gone else _edit(written.source, start, end, "")


def _removed_line(written: Written, number: int) -> Edit | None:
    text = written.source.text
    start, end = written.entries[number]
    lines = written.source.lines
    first, last = lines.position(start).line, lines.position(max(end, start)).line
    is_item = written.key is None
    head = lines.line(first)[: lines.position(start).column - 1]
    if is_item and start == end:
        # An empty item has no text, and its place may be behind its dash.
        head = head.rstrip()
    if (head.strip() != "-") if is_item else head.strip():
        return None
    behind = lines.line(last)[lines.position(end).column - 1 :]
    if "&" in text[start:end] or "#" in text[start:end]:
        return None
    begin = start - (lines.position(start).column - 1)
    if "#" in behind:
        if start != end or behind.strip()[0] != "#":
            return None
        # Only the dash goes; what was said there stays.
        indent = len(head) - len(head.lstrip())
        return _edit(written.source, begin + indent, end + behind.index("#"), "")
    if behind.strip():
        return None
    stop = end + len(behind)
    if text.startswith("\r\n", stop):
        stop += 2
    elif stop < len(text):
        stop += 1
    return _edit(written.source, begin, stop, "")


def _edit(source: SourceFile, start: int, end: int, text: str) -> Edit:
    return Edit(source.name, source.lines.span(start, end), text)
