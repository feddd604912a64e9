"""How wide text is on a terminal, and how it is made fit: measured in cells, the width of one Latin letter.

A catalog's text is not ours: characters that a terminal would obey (escapes, direction overrides) or not show at all
are replaced by a visible sign of one cell, so that a finding can point at them and no file can repaint the report.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

TAB = 4
ELLIPSIS = "…"
_ODD = "\N{REPLACEMENT CHARACTER}"
# Zero width space, soft hyphen, word joiner and its kin, byte order mark, line and paragraph separators, and the
# marks that reorder text (https://trojansource.codes).
_UNSEEN = frozenset(
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064"
    "\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\ufeff\ufff9\ufffa\ufffb"
)
_JOINER = "\u200d"
_EMOJI_STYLE = "\ufe0f"
# What is one cell as text and two in emoji style: `❤` and `❤️`.
_WIDENED = re.compile(
    "[#*0-9©®‼⁉™ℹ\u2194-\u2199\u21a9\u21aa\u2328\u23cf\u23e9-\u23faⓂ▪▫▶◀\u25fb-\u25fe\u2600-\u27bf"
    "\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55〰〽㊗㊙\U0001f000-\U0001faff]"
)
_SKIN_TONES = frozenset("\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")


@dataclass(frozen=True, slots=True)
class Cells:
    """One line of text as a terminal shows it: for each code point what is printed, and the cell where it begins."""

    pieces: tuple[str, ...]
    starts: tuple[int, ...]
    """One longer than `pieces`: the last is the width of the whole."""

    @property
    def width(self) -> int:
        """Cells of the whole line."""
        return self.starts[-1]

    def base(self, index: int) -> int:
        """The code point that `index` is drawn upon: itself, or for a combining mark the letter before it."""
        while 0 < index < len(self.pieces) and self.starts[index] == self.starts[index + 1]:
            index -= 1
        return index


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a line that is shown, and where a stretch of it came to stand."""

    text: str
    start: int
    end: int


def lay_out(line: str) -> Cells:
    """Replaces what must not be printed, spreads tabs, and measures every code point."""
    if line.isascii() and line.isprintable():
        return Cells(tuple(line), tuple(range(len(line) + 1)))
    pieces: list[str] = []
    widths: list[int] = []
    column = 0
    before = ""
    for char in line:
        if char == "\t":
            piece = " " * (TAB - column % TAB)
            width = len(piece)
        else:
            piece, width = _glyph(char)
            if char == _EMOJI_STYLE:
                width = int(bool(widths) and widths[-1] == 1 and _WIDENED.match(before) is not None)
            elif (before == _JOINER and _is_pictograph(char) and _is_joinable(pieces)) or (
                char in _SKIN_TONES and _is_pictograph(before)
            ):
                width = 0
        pieces.append(piece)
        widths.append(width)
        column += width
        before = char
    return Cells(tuple(pieces), tuple(accumulate(widths, initial=0)))


def visible(text: str) -> str:
    """`text` with every character shown that a terminal would obey or hide; line breaks are such characters too."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(lay_out(text).pieces)


def width_of(text: str) -> int:
    """Cells that `text` takes, once made visible."""
    return lay_out(text).width


def cut_around(line: str, start: int, end: int, room: int) -> Window:
    """At most `room` cells of `line` that hold its code points `start` to `end`, with … where something is left out.

    The place of the stretch is given in cells of the cut text; it is never empty, and ends at the latest with `room`.
    """
    room = max(room, 3)
    if len(line) > 8 * room:  # No need to measure a megabyte to show eighty cells of it.
        first = max(0, start - 2 * room)
        lead = ELLIPSIS if first else ""
        piece = line[first : start + 4 * room]
        shift = first - len(lead)
        line = lead + piece + (ELLIPSIS if first + len(piece) < len(line) else "")
        start, end = start - shift, min(end - shift, len(line))
    cells = lay_out(line)
    starts = cells.starts
    start = cells.base(min(start, len(cells.pieces)))
    end = min(max(start, end), len(cells.pieces))
    from_cell = starts[start]
    to_cell = max(starts[end], from_cell + 1)
    if max(cells.width, to_cell) <= room:
        return Window("".join(cells.pieces), from_cell, to_cell)
    left = 0
    if to_cell > room - 1:
        left = max(0, from_cell - room // 3, min(from_cell - 1, to_cell - (room - 2)))
    first = bisect_left(starts, left)
    while first < start and starts[first] == starts[first + 1]:
        first += 1
    lead = ELLIPSIS if first else ""
    space = room - len(lead)
    last = len(cells.pieces)
    tail = ""
    if cells.width - starts[first] > space:
        last = max(first, bisect_right(starts, starts[first] + space - 1) - 1)
        tail = ELLIPSIS
    shift = starts[first] - len(lead)
    begin = from_cell - shift
    return Window(
        lead + "".join(cells.pieces[first:last]) + tail,
        begin,
        max(begin + 1, min(to_cell - shift, starts[last] - shift + len(tail))),
    )


def wrap(text: str, first: int, rest: int) -> list[str]:
    """Lines of `text`, the first at most `first` cells wide, the others `rest`; breaks in `text` are kept.

    Breaks at spaces; a word too long for a line is broken anywhere, unless it holds a `/`: paths and addresses stay
    whole, so that they can be clicked and copied.
    """
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        paragraph = visible(paragraph.rstrip())
        room = rest if lines else first
        if width_of(paragraph) <= room:
            lines.append(paragraph)
        else:
            lines.extend(_wrap_paragraph(paragraph, room, rest))
    return lines


def _wrap_paragraph(paragraph: str, first: int, rest: int) -> list[str]:
    indent = " " * min(len(paragraph) - len(paragraph.lstrip(" ")), max(0, rest // 2))
    lines: list[str] = []
    line = indent
    room = first
    for word in paragraph.split():
        gap = "" if line == indent else " "
        if width_of(line + gap + word) <= room:
            line += gap + word
            continue
        if gap or (not lines and len(indent) + width_of(word) <= rest):
            lines.append(line)
            line, room = indent, rest
        while "/" not in word and width_of(line + word) > room:
            head = _head(word, room - len(line))
            lines.append(line + head)
            word = word[len(head) :]
            line, room = indent, rest
        line += word
    if line.strip() or not lines:
        lines.append(line)
    return lines


def _head(word: str, room: int) -> str:
    """As much of `word` as fits, but at least one code point."""
    starts = lay_out(word).starts
    return word[: max(1, bisect_right(starts, max(1, room)) - 1)]


@lru_cache(maxsize=4096)
def _glyph(char: str) -> tuple[str, int]:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code), 1
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}", 1
    category = unicodedata.category(char)
    if category in ("Cc", "Cs") or char in _UNSEEN or code & 0xFFFE == 0xFFFE:
        return _ODD, 1
    if category == "Cn":  # Newer than this Python's tables: most likely a new emoji or ideograph.
        return char, 2 if 0x1F000 <= code <= 0x1FAFF or 0x20000 <= code <= 0x3FFFF else 1
    # Prefixed Arabic signs are format characters and yet drawn; Hangul vowels and finals join the syllable before.
    if category in ("Mn", "Me") or (category == "Cf" and not 0x600 <= code <= 0x8E2) or 0x1160 <= code <= 0x11FF:
        return char, 0
    return char, 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _is_pictograph(char: str) -> bool:
    return bool(char) and unicodedata.category(char) == "So"


def _is_joinable(pieces: list[str]) -> bool:
    """Whether what stands before the joiner at the end is a picture, style marks and skin tones aside."""
    for piece in reversed(pieces[:-1]):
        if piece != _EMOJI_STYLE and piece not in _SKIN_TONES:
            return _is_pictograph(piece[-1])
    return False
