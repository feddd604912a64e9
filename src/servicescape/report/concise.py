"""One finding a line, as compilers print them: for editors' error lists, `grep` and logs."""

from collections.abc import Sequence

from servicescape.diagnostics import Diagnostic
from servicescape.report.base import ReportContext
from servicescape.report.cells import visible
from servicescape.report.summary import Summary


def report_concise(diagnostics: Sequence[Diagnostic], summary: Summary, context: ReportContext) -> str:
    """`file:line:column: error REF201 unknown-reference: message (help)`; nothing at all for a clean run."""
    return "".join(f"{concise_line(diagnostic)}\n" for diagnostic in diagnostics)


def concise_line(diagnostic: Diagnostic) -> str:
    """One finding as one line, without a break at its end."""
    place = diagnostic.file
    if diagnostic.span is not None:
        place += f":{diagnostic.span.start.line}:{diagnostic.span.start.column}"
    rule = f"{diagnostic.severity} {diagnostic.code} {diagnostic.name}".rstrip()
    text = f"{place}: " if place else ""
    text += f"{rule}: {diagnostic.message}"
    if diagnostic.help:
        text += f" ({diagnostic.help})"
    return visible(" ".join(text.split()) if "\n" in text else text)
