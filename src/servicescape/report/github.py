"""Findings as GitHub workflow commands, which GitHub shows beside the lines of a pull request.

What GitHub makes of them sets the form:

- Of each type (error, warning, notice) it keeps the first ten of a step and drops the rest without a word. So the worst
  come first, no more than ten of a type are written, one name misspelt forty times does not crowd out the others, and a
  last notice says how many there are besides.
- An annotation is its title, in bold, and its message. The log shows the message alone, without its place. So the log
  gets all findings once more, a line each, in a group that can be unfolded.
- Columns are obeyed only where a finding begins and ends on one line.

Escaping is that of https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from servicescape.diagnostics import Diagnostic, Severity
from servicescape.report.base import ReportContext
from servicescape.report.cells import visible
from servicescape.report.concise import concise_line
from servicescape.report.summary import Summary, counted, verdict

LIMIT = 10
"""So many annotations of one type GitHub keeps from one step."""
_PLACES = 5
"""So many related places are named; the runner cuts a message after 4,096 characters."""
_TYPES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def report_github(diagnostics: Sequence[Diagnostic], summary: Summary, context: ReportContext) -> str:
    """Annotations worst first, all findings as a group of the log, and the figures of the run."""
    return "".join(f"{line}\n" for line in _lines(diagnostics, summary, context))


def _lines(diagnostics: Sequence[Diagnostic], summary: Summary, context: ReportContext) -> Iterator[str]:
    shown = annotated(diagnostics)
    for diagnostic in shown:
        yield _annotation(diagnostic, context)
    if diagnostics:
        yield f"::group::{counted(len(diagnostics), 'finding')}, a line each"
        for diagnostic in diagnostics:
            yield _log_line(concise_line(diagnostic))
        yield "::endgroup::"
    yield verdict(summary)
    left_out = len(diagnostics) - len(shown)
    if left_out:
        yield command(
            "notice",
            {"title": f"{counted(left_out, 'more finding')} without an annotation"},
            f"GitHub keeps {LIMIT} annotations of each type from a step. All {len(diagnostics):,} findings are in the "
            "step's log and, up to its size limit, in the job's summary.",
        )


def annotated(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The findings that become annotations: worst first, and what has been said in the same words comes last."""
    by_severity = {severity: _varied(diagnostics, severity) for severity in Severity}
    too_many = any(len(found) > LIMIT for found in by_severity.values())
    shown = []
    for severity, found in by_severity.items():
        # The closing word on what was left out is a notice as well, and needs its place.
        room = LIMIT - 1 if too_many and severity is Severity.INFO else LIMIT
        shown.extend(found[:room])
    return shown


def _varied(diagnostics: Sequence[Diagnostic], severity: Severity) -> list[Diagnostic]:
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for diagnostic in diagnostics:
        if diagnostic.severity is severity:
            words = (diagnostic.code, diagnostic.message)
            found.append((seen[words], diagnostic))
            seen[words] += 1
    return [diagnostic for _, diagnostic in sorted(found, key=lambda pair: pair[0])]


def _annotation(diagnostic: Diagnostic, context: ReportContext) -> str:
    properties: dict[str, str] = {}
    span = diagnostic.span
    if diagnostic.file:
        properties["file"] = context.path_of(diagnostic.file)
        properties["line"] = str(span.start.line if span else 1)
    if span is not None:
        properties["endLine"] = str(span.end.line)
        if span.start.line == span.end.line:
            properties["col"] = str(span.start.column)
            properties["endColumn"] = str(span.end.column)
    properties["title"] = f"{diagnostic.code} {diagnostic.name}".rstrip()
    lines = [diagnostic.message]
    if diagnostic.help:
        lines.append(f"help: {diagnostic.help}")
    for label in diagnostic.related[:_PLACES]:
        place = f"{context.path_of(label.file)}:{label.span.start.line}"
        lines.append(f"see {place}: {label.message}" if label.message else f"see {place}")
    if len(diagnostic.related) > _PLACES:
        lines.append(f"and {counted(len(diagnostic.related) - _PLACES, 'more place')}")
    return command(_TYPES[diagnostic.severity], properties, "\n".join(_shown(line) for line in lines))


def command(name: str, properties: dict[str, str], message: str) -> str:
    """One workflow command. What is in its properties and its message comes out as it went in."""
    pairs = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name}{' ' if pairs else ''}{pairs}::{_data(message)}"


def _data(text: str) -> str:
    return _encodable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _encodable(text: str) -> str:
    """Lone surrogates, of file names that are no UTF-8, cannot be written; U+FFFD stands in for them."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if not text.isascii() else text


def _shown(text: str) -> str:
    return "\n".join(visible(line) for line in text.split("\n"))


def _log_line(text: str) -> str:
    """A line that the runner takes for no command: not at its beginning, and not in the older form anywhere."""
    text = text.replace("##[", "## [")
    return f"· {text}" if text.lstrip().startswith("::") else text
