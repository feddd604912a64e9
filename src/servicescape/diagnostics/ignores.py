"""Ignore comments as typed values.

    # servicescape: ignore[REF201] reason
    # servicescape: ignore[REF201, DEP] until 2026-12-31 reason
    # servicescape: ignore-file[OWN] reason

A comment that is meant as one of these and is not quite one is never passed over: it says what is wrong with it.
"""

import re
from datetime import date

from servicescape.diagnostics.position import Span
from servicescape.diagnostics.records import record
from servicescape.diagnostics.suggest import nearest

MARKER = "servicescape:"
"""Without it in its text, a file has no ignore comment."""

_MEANT = re.compile(r"#[ \t]*servicescape:[ \t]*(?P<rest>(?P<word>[A-Za-z-]*)(?P<bracket>\[?).*)")
_FORM = re.compile(
    r"(?P<word>ignore(?:-file)?)[ \t]*\[(?P<codes>[^\[\]]*)\]"
    r"(?:[ \t]+until\b[ \t]*(?P<until>[^\s]*))?(?P<reason>.*)"
)
_CODE = re.compile(r"[^,\s][^,]*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LATE_DAY = re.compile(r"\buntil[ \t]+\d{4}-\d{2}-\d{2}\b")
_BARE_CODE = re.compile(r"\b[A-Z]{3}\d{3}\b")
_WORDS = ("ignore", "ignore-file")
_OTHER_TOOLS = {"disable", "noqa", "suppress", "skip", "nolint", "allow", "off"}
EXAMPLE = "# servicescape: ignore[REF201] reason"


@record()
class IgnoredCode:
    """One entry between the brackets."""

    text: str
    """In capital letters: a code, or the beginning of one."""
    span: Span
    as_written: str

    def covers(self, code: str) -> bool:
        """Whether findings of this code are meant."""
        return code.startswith(self.text)


@record()
class Ignore:
    """A comment that asks for findings to be passed over."""

    file: str
    span: Span
    """From its `#` to its end; what stands before it in the same comment does not belong to it."""
    codes: tuple[IgnoredCode, ...]
    whole_file: bool
    until: date | None = None
    """The last day on which it counts."""
    reason: str = ""
    line: int | None = None
    """The line whose findings are meant; None for those of the whole file, or where nothing follows."""
    alone: bool = False
    """Whether it stands on a line of its own, above what is meant."""
    is_partly_faulty: bool = False
    """Whether some of the written codes are no codes; they are missing here."""
    removal: Span | None = None
    """What is to be taken out to remove it without a trace."""

    def is_expired(self, today: date | None) -> bool:
        """Whether its last day is over; without a day to compare with it never is."""
        return self.until is not None and today is not None and today > self.until

    def entry_for(self, code: str) -> IgnoredCode | None:
        """The entry that means a code, the longest where there are several; None where none does."""
        return max(
            (entry for entry in self.codes if entry.covers(code)), key=lambda entry: len(entry.text), default=None
        )


@record()
class FaultyIgnore:
    """A comment that was meant as an ignore and ignores nothing."""

    blanket: bool
    """Whether its only fault is that it names no codes."""
    message: str
    help: str
    start: int
    """First character concerned, counted in the comment."""
    end: int


@record()
class ParsedIgnore:
    """What a comment says, with places counted in its own text."""

    start: int
    """Where the `#` stands that begins it."""
    whole_file: bool
    codes: tuple[tuple[int, str], ...]
    until: date | None
    reason: str


def parse_ignore(comment: str) -> ParsedIgnore | FaultyIgnore | None:
    """What the text of a comment, from its `#` on, asks for; None for a comment that is none of ours."""
    meant = _MEANT.search(comment)
    if meant is None or not _is_meant(meant["word"], meant["bracket"]):
        return None
    start, end = meant.start(), len(comment.rstrip())
    if meant["word"] not in _WORDS:
        word = meant["word"].lower()
        close = word if word in _WORDS else nearest(word, _WORDS) or "ignore"
        return FaultyIgnore(
            False,
            f"`{meant['word']}` is no word of an ignore comment" if meant["word"] else "a word is missing here",
            f"did you mean `{close}`? Write `{EXAMPLE}`",
            meant.start("word"),
            max(meant.end("word"), meant.start("word")),
        )
    form = _FORM.match(comment, meant.start("rest"))
    if form is None:
        return _without_codes(meant["word"], meant["rest"], start, end)
    codes = tuple((form.start("codes") + match.start(), match[0].rstrip()) for match in _CODE.finditer(form["codes"]))
    if not codes or any(code.upper() in ("ALL", "*") for _, code in codes):
        return _blanket(meant["word"], start, end)
    until = None
    if form["until"] is not None:
        until = _day(form["until"].rstrip(".,;:"))
        if until is None:
            return FaultyIgnore(
                False,
                f"`{form['until']}` is not a day" if form["until"] else "there is no day after `until`",
                "write `until 2026-12-31`, or begin the reason with another word",
                form.start("until"),
                form.end("until"),
            )
    reason = form["reason"].strip()
    late = _LATE_DAY.search(comment, form.start("reason"))
    if until is None and late is not None:
        return FaultyIgnore(
            False,
            "the last day stands within the reason, where it has no effect",
            f"write `{meant['word']}[{form['codes'].strip()}] {late[0]}`, and the reason after it",
            late.start(),
            late.end(),
        )
    return ParsedIgnore(start, meant["word"] == "ignore-file", codes, until, reason)


def _is_meant(word: str, bracket: str) -> bool:
    """Whether a comment after the marker is an ignore, rather than a sentence that begins with the tool's name."""
    word = word.lower()
    return bool(bracket) or word in _OTHER_TOOLS or word in _WORDS or nearest(word, _WORDS) is not None


def _without_codes(word: str, rest: str, start: int, end: int) -> FaultyIgnore:
    if "[" not in rest:
        bare = _BARE_CODE.search(rest)
        if bare is None:
            return _blanket(word, start, end)
        return FaultyIgnore(
            False, "the codes stand without brackets", f"write `# servicescape: {word}[{bare[0]}] reason`", start, end
        )
    inner = rest[rest.index("[") + 1 :]
    fault = "a bracket within the brackets" if "]" in inner else "the closing bracket is missing"
    return FaultyIgnore(False, f"the list of codes is not readable: {fault}", f"write `{EXAMPLE}`", start, end)


def _blanket(word: str, start: int, end: int) -> FaultyIgnore:
    return FaultyIgnore(
        True,
        f"`{word}` names no codes, and would hide everything",
        f"name the codes, as in `# servicescape: {word}[REF201] reason`",
        start,
        end,
    )


def _day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
