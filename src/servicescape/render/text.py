"""Names as data: whatever somebody wrote into YAML, made fit to stand in a picture."""

import re
import unicodedata

ELLIPSIS = "…"
TITLE_COLUMNS = 28
TITLE_LINES = 3

# What XML cannot hold (control characters, lone surrogates, non-characters), and the marks that turn the direction of
# all text that follows: a name must not rewrite its neighbours. Letters of right-to-left scripts need none of them.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_URL = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20<>\"'`\\]+", re.IGNORECASE)


def clean(text: str) -> str:
    """The text on one line, without characters that no picture can hold."""
    return " ".join(_UNFIT.sub(" ", text).split())


def wrap(text: str, columns: int = TITLE_COLUMNS, lines: int = TITLE_LINES) -> list[str]:
    """The cleaned text in at most `lines` lines of about `columns` columns; what does not fit becomes an ellipsis."""
    words = _pieces(clean(text), columns)
    wrapped: list[str] = []
    line = ""
    for word in words:
        longer = f"{line} {word}" if line else word
        if line and width(longer) > columns:
            wrapped.append(line)
            line = word
        else:
            line = longer
    wrapped.append(line)
    if len(wrapped) > lines:
        last = wrapped[lines - 1]
        while last and width(last) + 1 > columns:
            last = last[:-1]
        wrapped = [*wrapped[: lines - 1], last.rstrip() + ELLIPSIS]
    return wrapped


def shorten(text: str, columns: int) -> str:
    """The cleaned text on one line, cut where it is longer."""
    return wrap(text, columns, 1)[0]


def width(text: str) -> int:
    """Columns that a text takes: two for wide characters (Chinese, Japanese, Korean, most emoji), none for accents."""
    return len(text) if text.isascii() else sum(map(_char_width, text))


def wide_count(text: str) -> int:
    """How many of the characters are wide; layout engines reserve too little for each."""
    return 0 if text.isascii() else sum(_char_width(char) == 2 for char in text)


def safe_url(url: str | None) -> str | None:
    """The address where it is one that a picture may link to (http, https or mailto), else None."""
    return url if url is not None and _URL.fullmatch(url) else None


def _char_width(char: str) -> int:
    if unicodedata.combining(char) or char == "\u200d" or "\ufe00" <= char <= "\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _pieces(text: str, columns: int) -> list[str]:
    """Words, with those that are longer than a line cut into lines, behind a `-` or `/` where there is one."""
    pieces: list[str] = []
    for word in text.split(" "):
        while width(word) > columns:
            cut = len(word)
            while width(word[:cut]) > columns:
                cut -= 1
            seam = max(word.rfind(mark, columns // 2, cut) for mark in "-/_.") + 1
            pieces.append(word[: seam or cut])
            word = word[seam or cut :]
        if word:
            pieces.append(word)
    return pieces or [""]
