"""Findings as JUnit XML: a test suite for each file with findings, a test for each finding.

Jenkins, GitLab and their like show the name of a test, and of those that failed the message and the text below. Errors
are failures. Warnings and infos are skipped tests: they are listed with their message, and turn nothing red.

The elements and attributes are those that the XSD of Jenkins' xUnit plugin knows
(https://github.com/jenkinsci/xunit-plugin, junit-10.xsd); there is no time, so that equal findings are equal bytes.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from servicescape.diagnostics import Diagnostic, Severity
from servicescape.report.base import ReportContext
from servicescape.report.cells import visible
from servicescape.report.summary import Summary, verdict


def report_junit(diagnostics: Sequence[Diagnostic], summary: Summary, context: ReportContext) -> str:
    """One XML document. A clean run is one test that passed: a report without tests is taken for a fault."""
    return "".join(f"{line}\n" for line in _document(diagnostics, summary, context))


def _document(diagnostics: Sequence[Diagnostic], summary: Summary, context: ReportContext) -> Iterator[str]:
    tests = max(summary.findings, 1)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="servicescape" tests="{tests}" failures="{summary.errors}" errors="0">'
    if not diagnostics:
        yield '  <testsuite name="servicescape" tests="1" failures="0" errors="0" skipped="0">'
        yield f'    <testcase name={_attribute(verdict(summary))} classname="servicescape"/>'
        yield "  </testsuite>"
    ordered = sorted(diagnostics, key=lambda diagnostic: diagnostic.file)
    for file, group in groupby(ordered, key=lambda diagnostic: diagnostic.file):
        yield from _suite(file, list(group), context)
    yield "</testsuites>"


def _suite(file: str, diagnostics: Sequence[Diagnostic], context: ReportContext) -> Iterator[str]:
    path = context.path_of(file) if file else ""
    failures = sum(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
    name = _attribute(path or "servicescape")
    yield (
        f'  <testsuite name={name} tests="{len(diagnostics)}" failures="{failures}" errors="0" '
        f'skipped="{len(diagnostics) - failures}" file={name}>'
    )
    names: Counter[str] = Counter()
    for diagnostic in diagnostics:
        # Without its line, so that the history of a test goes on when lines move.
        name = f"{diagnostic.code} {diagnostic.message}"
        names[name] += 1
        if names[name] > 1:
            name += f" ({names[name]})"
        yield from _case(diagnostic, name, path, context)
    yield "  </testsuite>"


def _case(diagnostic: Diagnostic, name: str, path: str, context: ReportContext) -> Iterator[str]:
    kind = "failure" if diagnostic.severity is Severity.ERROR else "skipped"
    place = path
    if diagnostic.span is not None:
        place += f":{diagnostic.span.start.line}:{diagnostic.span.start.column}"
    message = f"{place}: {diagnostic.message}" if place else diagnostic.message
    lines = [place, f"{diagnostic.severity} {diagnostic.code} {diagnostic.name}".rstrip(), diagnostic.message]
    lines += [diagnostic.label, f"help: {diagnostic.help}" if diagnostic.help else ""]
    for label in diagnostic.related:
        start = label.span.start
        lines.append(f"see {context.path_of(label.file)}:{start.line}:{start.column}: {label.message}")
    text = "\n".join(_text(line) for line in lines if line)
    yield f"    <testcase name={_attribute(name)} classname={_attribute(_class_name(path))}>"
    yield f'      <{kind} type="{diagnostic.severity}" message={_attribute(message)}>{text}</{kind}>'
    yield "    </testcase>"


def _class_name(path: str) -> str:
    """Jenkins makes a tree of what stands between dots: `catalog/sales/shop.yaml` is `catalog.sales.shop`."""
    stem = path.removesuffix(".yaml").removesuffix(".yml")
    parts = [part.replace(".", "_") for part in stem.split("/") if part not in ("", ".", "..")]
    return ".".join(parts) or "servicescape"


def _text(text: str) -> str:
    """Text between tags. XML has no way to write control characters and lone surrogates; a sign stands in for them."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(text: str) -> str:
    return f'"{_text(text).replace(chr(34), "&quot;")}"'
