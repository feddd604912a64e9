"""How wide text is, for pictures that are laid out without an engine.

Widths of Helvetica, to which Arial, Liberation Sans and Arimo are equal, in thousandths of the font's size.
"""

from collections.abc import Iterator

from servicescape.render.text import ELLIPSIS, clean, wide_count, width

_GROUPS = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[\\]ft·",
    333: "()-`r",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "Jcksvxyz",
    556: "#$0123456789?L_abdeghnopqu",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "…→—",
    1015: "@",
}
_WIDTHS = {char: size for size, chars in _GROUPS.items() for char in chars}
_OTHER, _WIDE = 600, 1000
_BOLD = 1.08
"""Bold letters are wider, by at most so much on average."""


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a text in the units of its size."""
    total = sum(_WIDTHS.get(char, _OTHER * width(char)) for char in text)
    total -= wide_count(text) * (2 * _OTHER - _WIDE)
    return total * size / 1000 * (_BOLD if bold else 1)


def fit(text: str, room: float, size: float, lines: int, *, bold: bool = False) -> list[str]:
    """The cleaned text in at most `lines` lines no wider than `room`; what does not fit becomes an ellipsis."""
    found: list[str] = []
    line = ""
    for word in _words(clean(text), room, size, bold=bold):
        longer = f"{line} {word}" if line else word
        if line and text_width(longer, size, bold=bold) > room:
            found.append(line)
            line = word
        else:
            line = longer
    found.append(line)
    if len(found) <= lines:
        return found
    last = found[lines - 1]
    while last and text_width(last + ELLIPSIS, size, bold=bold) > room:
        last = last[:-1]
    return [*found[: lines - 1], last.rstrip(" ,") + ELLIPSIS]


def _words(text: str, room: float, size: float, *, bold: bool) -> Iterator[str]:
    """Words, with those that are wider than a line cut, behind a dash or the like where there is one."""
    for each in text.split(" "):
        word = each
        while text_width(word, size, bold=bold) > room and len(word) > 1:
            cut = len(word) - 1
            while cut > 1 and text_width(word[:cut], size, bold=bold) > room:
                cut -= 1
            seam = max(word.rfind(mark, cut // 2, cut) for mark in "-/_.") + 1
            yield word[: seam or cut]
            word = word[seam or cut :]
        yield word
