"""What stands in a file and is no YAML at all is hidden from the reader, so that one such place is one finding.

Hidden are characters that YAML does not allow, and the marks of a merge that nobody has finished together with the side
that came in. The hidden text is as long as the text itself: all places stay.
"""

import re
from collections.abc import Iterator

from servicescape.diagnostics.diagnostic import Diagnostic, Edit, Fix
from servicescape.source.text import NOT_ALLOWED, SourceFile

_CONFLICT = re.compile(
    r"^<{7}(?: .*)?\r?\n"
    r"(?P<ours>(?:(?!<{7}|={7}\r?$|\|{7}|>{7}).*\n)*)"
    r"(?:\|{7}.*\n(?:(?!<{7}|={7}\r?$|>{7}).*\n)*)?"
    r"={7}\r?\n"
    r"(?:(?!<{7}|={7}\r?$|>{7}).*\n)*"
    r">{7}(?: .*)?$",
    re.MULTILINE,
)
_HIDDEN = re.compile(r"[^\r\n]")
BYTE_ORDER_MARK = "\ufeff"
_MOST_EDITS = 100


def mask(source: SourceFile) -> tuple[str, list[Diagnostic]]:
    """The text of a file as YAML can be read from it, and the findings about what was hidden."""
    text = source.text
    findings: list[Diagnostic] = []
    if NOT_ALLOWED.search(text) is not None:
        findings.append(_not_allowed(source))
        # The scanner passes over a byte order mark that begins a line.
        text = NOT_ALLOWED.sub(lambda match: match[0] if match[0] == BYTE_ORDER_MARK else "\ufffd", text)
    if "<<<<<<<" in text:
        findings.extend(_conflicts(source, text))
        text = _CONFLICT.sub(_ours, text)
    return text, findings


def _not_allowed(source: SourceFile) -> Diagnostic:
    """All such characters of a file have come in one way, and are one finding."""
    found = list(NOT_ALLOWED.finditer(source.text))
    first = found[0]
    more = f" ({len(found) - 1} more of this kind in the file)" if len(found) > 1 else ""
    is_mark = first[0] == BYTE_ORDER_MARK
    edits = [
        Edit(source.name, source.lines.span(match.start(), match.end()), "")
        for match in found[:_MOST_EDITS]
        if (match[0] == BYTE_ORDER_MARK) == is_mark
    ]
    return Diagnostic(
        code="YML003",
        message=(
            "a byte order mark (U+FEFF) stands in the middle of the file"
            if is_mark
            else f"the control character U+{ord(first[0]):04X} is not allowed in YAML"
        )
        + more,
        file=source.name,
        span=source.lines.span(first.start(), first.end()),
        label="it cannot be seen, and gets in where files are joined" if is_mark else "here, where nothing can be seen",
        help="remove it" if is_mark else "remove it, or write it as an escape in double quotes",
        fix=Fix("remove it", tuple(edits), safe=is_mark),
    )


def _conflicts(source: SourceFile, text: str) -> Iterator[Diagnostic]:
    for match in _CONFLICT.finditer(text):
        first = source.lines.position(match.start()).line
        last = source.lines.position(match.end()).line
        start = match.start()
        yield Diagnostic(
            code="YML004",
            message="a merge conflict was left in the file",
            file=source.name,
            span=source.lines.span(start, start + len(source.lines.line(first))),
            label=f"it ends in line {last}",
            help="keep what is right of both sides, and remove the three lines of marks",
        )


def _ours(match: re.Match[str]) -> str:
    """The conflict with all but the first side hidden."""
    whole, start = match[0], match.start()
    begin, end = match.start("ours") - start, match.end("ours") - start
    return _HIDDEN.sub(" ", whole[:begin]) + whole[begin:end] + _HIDDEN.sub(" ", whole[end:])
