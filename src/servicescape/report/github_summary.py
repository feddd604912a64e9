"""Findings as the Markdown page that GitHub shows under a workflow's run."""

import re
from collections.abc import Iterator, Sequence

from servicescape.diagnostics import Diagnostic, Severity
from servicescape.report.base import ReportContext
from servicescape.report.cells import visible
from servicescape.report.summary import Summary, counted, verdict

_ROOM = 900_000
"""Bytes; GitHub drops the whole page of a step beyond 1 MiB."""
_SIGNS = {Severity.ERROR: "❌ error", Severity.WARNING: "⚠️ warning", Severity.INFO: "ℹ️ info"}
_CODE = re.compile(r"`([^`\n]+)`")
# Markup of GitHub's Markdown; a colon where it could begin an emoji or be part of an address.
_MARKUP = re.compile(r"([\\`*_\[\]#|~<>$@&]|:(?=[^\s\d]))")


def summarise_for_github(
    diagnostics: Sequence[Diagnostic], summary: Summary, context: ReportContext, *, room: int = _ROOM
) -> str:
    """The verdict, then a table of findings, worst first; what does not fit into `room` bytes is counted."""
    head = [f"### Service catalog: {verdict(summary)}", ""]
    if summary.fixable:
        head += [f"{counted(summary.fixable, 'finding')} can be mended with `servicescape validate --fix`.", ""]
    if diagnostics:
        head += ["| | place | finding |", "|---|---|---|"]
    text = "".join(f"{line}\n" for line in head)
    left = room - len(text.encode())
    written = 0
    rows = []
    ordered = sorted(diagnostics, key=lambda diagnostic: diagnostic.severity.rank)
    for row in (_row(diagnostic, context) for diagnostic in ordered):
        left -= len(row.encode())
        if left < 0:
            break
        rows.append(row)
        written += 1
    text += "".join(rows)
    if written < len(ordered):
        text += f"\n… and {len(ordered) - written:,} more; the step's log has them all.\n"
    return text + "\n"


def _row(diagnostic: Diagnostic, context: ReportContext) -> str:
    return f"| {_SIGNS[diagnostic.severity]} | {_place(diagnostic, context)} | {'<br>'.join(_words(diagnostic))} |\n"


def _place(diagnostic: Diagnostic, context: ReportContext) -> str:
    line = diagnostic.span.start.line if diagnostic.span else 1
    words = _escape(visible(diagnostic.file) + (f":{line}" if diagnostic.span else ""))
    if not diagnostic.file or context.link_to is None:
        return words
    return f"[{words}]({context.link_to(diagnostic.file, line)})"


def _words(diagnostic: Diagnostic) -> Iterator[str]:
    rule = f"{diagnostic.code} {diagnostic.name}".rstrip()
    yield f"**{_escape(rule)}**: {markdown(diagnostic.message)}"
    if diagnostic.help:
        yield f"*Help:* {markdown(diagnostic.help)}"


def markdown(text: str) -> str:
    """A message as Markdown for a cell of a table: what stands in backticks is code, all else is plain words."""
    text = visible(" ".join(text.split("\n")))
    pieces = []
    end = 0
    for code in _CODE.finditer(text):
        pieces += [_escape(text[end : code.start()]), "`", code[1].replace("|", "\\|"), "`"]
        end = code.end()
    return "".join((*pieces, _escape(text[end:])))


def _escape(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)
