"""The slip behind a complaint of the scanner, found by looking at the lines around it.

The scanner stops where the text cannot go on, which is often the line below the slip: a colon or a dash that is
missing, a quote that was never closed, an indentation by a blank too many.
"""

import re
from collections.abc import Callable

from servicescape.diagnostics.records import record


@record()
class Slip:
    """What was most likely meant, in offsets of the whole text."""

    message: str
    start: int
    end: int
    help: str
    label: str = ""
    edit: tuple[int, int, str] | None = None
    """Start, end and other text, where that mends it."""


@record()
class _Line:
    text: str
    start: int

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip(" "))

    @property
    def content(self) -> str:
        return self.text.strip()

    @property
    def content_start(self) -> int:
        return self.start + self.indent

    @property
    def content_end(self) -> int:
        return self.start + len(self.text.rstrip())


_MOST_LINES_UP = 40
_LONGEST_LINE = 1000
"""Nobody has typed a longer one."""
_ODD_BLANK = re.compile(r"^[ \t]*[\u00a0\u2002-\u200a\u202f\u3000]|(?<=[:\-])[\u00a0\u2002-\u200a\u202f\u3000]")
_TEMPLATE = re.compile(r"\{\{|\{%")
_KEY_AND_VALUE = re.compile(r"(?:- )?(?P<key>[\w.\-/]+):[ \t]+\S")
_KEY_WITHOUT_BLANK = re.compile(r"(?:- )?(?P<key>[A-Za-z][\w\-]*):(?P<value>[^\s:/].*)")
_WORDS_WITHOUT_COLON = re.compile(r"(?:- )?(?P<key>[A-Za-z][\w\-]*)(?P<value>[ \t]+\S.*)?")


def find_slip(text: str, offset: int, problem: str) -> Slip | None:
    """The slip behind a problem at an offset; None where the scanner's own words are best."""
    here = _line_at(text, offset)
    above = _above(text, here)
    if len(here.text) > _LONGEST_LINE or (above is not None and len(above.text) > _LONGEST_LINE):
        return None
    for find in _FINDERS:
        slip = find(text, offset, problem, here, above)
        if slip is not None:
            return slip
    return None


def _odd_blank(text: str, offset: int, problem: str, here: _Line, above: _Line | None) -> Slip | None:
    for line in (here, above):
        match = _ODD_BLANK.search(line.text) if line is not None else None
        if line is not None and match is not None:
            end = line.start + match.end()
            stop = end
            while stop < len(text) and text[stop] == text[end - 1]:
                stop += 1
            return Slip(
                f"a blank that is none for YAML (U+{ord(text[end - 1]):04X}) stands where a blank is meant",
                end - 1,
                stop,
                "write an ordinary blank; this one comes from a web page or a word processor",
                edit=(end - 1, stop, " " * (stop - end + 1)),
            )
    return None


def _template(text: str, offset: int, problem: str, here: _Line, above: _Line | None) -> Slip | None:
    for line in (here, above):
        match = _TEMPLATE.search(line.text) if line is not None else None
        if line is not None and match is not None and line.text[: match.start()].count('"') % 2 == 0:
            start = line.start + match.start()
            return Slip(
                "this is a template, and a catalog is plain YAML",
                start,
                start + 2,
                "fill the template in before the catalog is read, or put a value with braces in quotes",
            )
    return None


def _second_colon(text: str, offset: int, problem: str, here: _Line, above: _Line | None) -> Slip | None:
    if not problem.startswith("mapping values are not allowed"):
        return None
    match = re.match(r"[ \t]*(?:- )?[\w.\-/]+:[ \t]+(?P<value>[^\s\"'\[{|>&*!].*)$", text[here.start : offset])
    if match is None:
        return None
    start, end = here.start + match.start("value"), here.content_end
    value = text[start:end]
    plain = not set(value) & set("\"'\\#")
    return Slip(
        "a value with `: ` in it needs quotes",
        start,
        end,
        f'write `"{value}"`' if plain and len(value) < 60 else "put the value in quotes",
        "the second colon makes a key of it",
        edit=(start, end, f'"{value}"') if plain else None,
    )


def _no_colon_above(text: str, offset: int, problem: str, here: _Line, above: _Line | None) -> Slip | None:
    """The line above is a key without its colon, or without the blank behind it, and runs on into this one."""
    if above is None or not problem.startswith(("mapping values are not allowed", "could not find expected ':'")):
        return None
    match = _KEY_WITHOUT_BLANK.fullmatch(above.content)
    if match is not None:
        place = above.content_start + match.end("key") + 1
        return Slip(
            f"a blank is missing behind `{match['key']}:`",
            above.content_start + match.start("key"),
            place,
            f"write `{match['key']}: {match['value'][:40].strip()}`",
            edit=(place, place, " "),
        )
    match = _WORDS_WITHOUT_COLON.fullmatch(above.content)
    if match is None or ":" in above.content or not _KEY_AND_VALUE.match(here.content + " x"):
        return None
    place = above.content_start + match.end("key")
    value = (match["value"] or "").strip()
    return Slip(
        f"a `:` is missing behind `{match['key']}`",
        above.content_start + match.start("key"),
        place,
        f"write `{match['key']}: {value[:40]}`" if value else f"write `{match['key']}:`",
        edit=(place, place, ":"),
    )


def _too_deep(text: str, offset: int, problem: str, here: _Line, above: _Line | None) -> Slip | None:
    if above is None or not problem.startswith("mapping values are not allowed") or here.indent <= above.indent:
        return None
    match = _KEY_AND_VALUE.match(above.content)
    if match is None:
        return None
    return Slip(
        f"this line is indented deeper than `{match['key']}:` above it, which has a value of its own",
        here.content_start,
        here.content_end,
        "let keys of one mapping begin in one column",
    )


def _closing_bracket(text: str, offset: int, problem: str, here: _Line, above: _Line | None) -> Slip | None:
    sign = text[offset : offset + 1]
    if sign not in ("}", "]") or not problem.startswith(("did not find expected key", "did not find expected <doc")):
        return None
    return Slip(f"a `{sign}` too many", offset, offset + 1, "remove it", edit=(offset, offset + 1, ""))


def _quote(text: str, offset: int, problem: str, here: _Line, above: _Line | None) -> Slip | None:
    """The quote that the scanner took for a closing one, and that was opened lines above."""
    if not problem.startswith(("did not find expected key", "did not find expected ','", "could not find")):
        return None
    line: _Line | None = here
    for _ in range(_MOST_LINES_UP):
        if line is None or len(line.text) > _LONGEST_LINE:
            return None
        for quote in "\"'":
            opened = re.search(rf"(?:[:\-\[{{,]|^)[ \t]+({quote})", f" {line.text}")
            if opened is None or line.text.replace(f"\\{quote}", "").count(quote) % 2 == 0:
                continue
            start = line.start + opened.start(1) - 1
            if start >= offset:
                continue
            if line is here and line.text.count(quote) > 2:
                return Slip(
                    f"the text in quotes ends at the {'apostrophe' if quote == chr(39) else 'quote'} within it",
                    max(offset - 1, start),
                    offset,
                    "put the text in double quotes" if quote == "'" else 'write `\\"` for a quote within double quotes',
                )
            if line is not here:
                return Slip("this quote is never closed", start, start + 1, "add the closing quote", "opened here")
        line = _above(text, line)
    return None


def _dash(text: str, offset: int, problem: str, here: _Line, above: _Line | None) -> Slip | None:
    problems = ("did not find expected key", "mapping values are not allowed")
    if above is None or not problem.startswith(problems) or not here.content.startswith("- "):
        return None
    if above.indent != here.indent or _KEY_AND_VALUE.match(above.content):
        return None
    if above.content[0] == "-":
        if above.content[1:2].strip():
            place = above.content_start + 1
            return Slip(
                "a blank is missing behind the `-`",
                place - 1,
                place,
                f"write `- {above.content[1:60]}`",
                edit=(place, place, " "),
            )
        return None
    return Slip(
        "this item of the list has no `-` before it",
        above.content_start,
        above.content_end,
        f"write `- {above.content[:60]}`",
        edit=(above.content_start, above.content_start, "- "),
    )


def _column(text: str, offset: int, problem: str, here: _Line, above: _Line | None) -> Slip | None:
    if above is None or not problem.startswith("did not find expected key") or offset != here.content_start:
        return None
    columns: set[int] = set()
    line: _Line | None = above
    for _ in range(_MOST_LINES_UP):
        if line is None or line.content == "---":
            break
        columns.add(line.indent)
        line = _above(text, line)
    if not columns or here.indent in columns:
        return None
    nearest = min(columns, key=lambda column: (abs(column - here.indent), -column))
    return Slip(
        "this line begins in a column in which none above it begins",
        here.content_start,
        here.content_end,
        f"indent it by {nearest} blank{'s' * (nearest != 1)}, as its neighbours",
        edit=(here.start, here.content_start, " " * nearest),
    )


_Finder = Callable[[str, int, str, _Line, _Line | None], Slip | None]
_FINDERS: tuple[_Finder, ...] = (
    _odd_blank,
    _template,
    _second_colon,
    _dash,
    _no_colon_above,
    _too_deep,
    _closing_bracket,
    _quote,
    _column,
)


def _line_at(text: str, offset: int) -> _Line:
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    return _Line(text[start : len(text) if end < 0 else end].rstrip("\r"), start)


def _above(text: str, line: _Line) -> _Line | None:
    """The nearest line above that holds more than a comment."""
    while line.start:
        line = _line_at(text, line.start - 1)
        if line.content and not line.content.startswith("#"):
            return line
    return None
