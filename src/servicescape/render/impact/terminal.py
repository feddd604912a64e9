"""Lines for a terminal: widths counted in cells, so that Chinese, Japanese, Korean and emoji stand in line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells, set_cell_size

STYLES = {
    "": "",
    "title": "1",
    "dim": "2",
    "ok": "2",
    "degraded": "36",
    "fallback": "33",
    "blocked": "1;31",
    "flooded": "1;31",
}
"""Style → ANSI codes of the sixteen basic colours, which every terminal's own theme keeps legible."""

GAP = "  "
LEAST_WIDTH = 56
"""A narrower terminal breaks the lines itself."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table."""

    text: str
    style: str = ""
    right: bool = False


def paint(text: str, style: str, colour: bool) -> str:
    """The text in a style; as it is where colour is not allowed."""
    codes = STYLES[style]
    return f"\x1b[{codes}m{text}\x1b[0m" if colour and codes and text.strip() else text


def cut(text: str, width: int) -> str:
    """The text within so many cells, with an ellipsis where it is longer."""
    if cell_len(text) <= width:
        return text
    if width <= 1:
        return "…"[:width]
    return set_cell_size(text, width - 1).rstrip() + "…"


def pad(text: str, width: int, right: bool = False) -> str:
    """The text filled up to so many cells."""
    space = " " * max(0, width - cell_len(text))
    return space + text if right else text + space


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most so many cells, broken between words; a longer word is broken within."""
    width = max(width, 2)
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = chop_cells(word, width) or [""]
        lines.extend(full)
    lines.append(line)
    return lines


def paragraph(text: str, width: int, indent: str = "", hanging: str = "") -> list[str]:
    """Wrapped lines, the later ones indented further by `hanging`."""
    first, *rest = wrap(text, width - cell_len(indent) - cell_len(hanging))
    return [indent + first, *(indent + hanging + line for line in rest)]


def table_line(cells: Sequence[Cell], widths: Sequence[int], colour: bool, indent: str = GAP) -> str:
    """One line of a table; what is wider than its column is cut."""
    parts = []
    for cell, width in zip(cells, widths, strict=True):
        padded = pad(cut(cell.text, width), width, cell.right)
        parts.append(paint(padded, cell.style, colour))
    return (indent + GAP.join(parts)).rstrip()


def widest(texts: Iterable[str], least: int = 0) -> int:
    """Cells of the widest text, but no fewer than `least`."""
    return max(least, *(cell_len(text) for text in texts), 0)


def head_width(head: str, least: int, lines: int = 3, most: int = 12) -> int:
    """The smallest column in which a heading needs no more than so many lines, up to a limit."""
    longest = max((cell_len(word) for word in head.split(" ")), default=1)
    width = max(least, min(longest, most))
    while width < most and len(wrap(head, width)) > lines:
        width += 1
    return width


def head_lines(heads: Sequence[str], widths: Sequence[int], lines: int = 3) -> list[list[str]]:
    """Headings broken into lines that stand on the table's first row: a list of lines, each a text a column."""
    wrapped = []
    for head, width in zip(heads, widths, strict=True):
        pieces = wrap(head, width)
        if len(pieces) > lines:
            pieces = [*pieces[: lines - 1], cut(" ".join(pieces[lines - 1 :]), width)]
        wrapped.append(pieces)
    height = max((len(pieces) for pieces in wrapped), default=0)
    filled = [[""] * (height - len(pieces)) + pieces for pieces in wrapped]
    return [[pieces[line] for pieces in filled] for line in range(height)]
