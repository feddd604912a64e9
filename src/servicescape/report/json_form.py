"""Findings as JSON, by the schema in `schemas/output/validate.json`. Fields may be added, none is renamed."""

import json
from collections.abc import Sequence
from typing import Any

from servicescape.diagnostics import Diagnostic, Label
from servicescape.report.base import ReportContext
from servicescape.report.summary import Summary, is_fixable

VERSION = 1


def report_json(diagnostics: Sequence[Diagnostic], summary: Summary, context: ReportContext) -> str:
    """The whole run as one JSON object."""
    begin = dump_json(findings_object([], summary))
    if not diagnostics:
        return begin
    text = f"{begin.removesuffix(_NO_FINDINGS)}[\n{_NEXT.join(map(_indented, diagnostics))}\n  ]\n}}\n"
    try:
        text.encode()
    except UnicodeEncodeError:
        return dump_json(findings_object(diagnostics, summary))
    return text


_NO_FINDINGS = "[]\n}\n"
_NEXT = ",\n"


def _indented(diagnostic: Diagnostic) -> str:
    """A finding as `dump_json` writes it among others, without the encoder that indents: it takes thrice as long."""
    if diagnostic.related:
        inner = json.dumps(_finding(diagnostic), indent=2, ensure_ascii=False).replace("\n", "\n    ")
        return f"    {inner}"
    inner = json.dumps(_finding(diagnostic), ensure_ascii=False, separators=(",\n      ", ": "))
    return f"    {{\n      {inner[1:-1]}\n    }}"


def findings_object(diagnostics: Sequence[Diagnostic], summary: Summary) -> dict[str, Any]:
    """The same object before it is written, for those who put it into a larger one."""
    return {
        "version": VERSION,
        "summary": {
            "files": summary.files,
            "entities": summary.entities,
            "foreign": summary.foreign,
            "errors": summary.errors,
            "warnings": summary.warnings,
            "infos": summary.infos,
            "ignored": summary.ignored,
            "baselined": summary.baselined,
            "mended": summary.mended,
        },
        "findings": [_finding(diagnostic) for diagnostic in diagnostics],
    }


def dump_json(value: object) -> str:
    """JSON text, indented by two, with a line break at the end; readable as UTF-8 whatever the strings hold."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        # Lone surrogates: undecodable bytes in a file's name. As escapes they reach the reader; as UTF-8 they cannot.
        text = json.dumps(value, indent=2, ensure_ascii=True)
    return text + "\n"


def _finding(diagnostic: Diagnostic) -> dict[str, Any]:
    span = diagnostic.span
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "file": diagnostic.file,
        "line": span.start.line if span else None,
        "column": span.start.column if span else None,
        "endLine": span.end.line if span else None,
        "endColumn": span.end.column if span else None,
        "entity": diagnostic.entity,
        "help": diagnostic.help,
        "url": diagnostic.url,
        "fixable": is_fixable(diagnostic),
        "related": [_related(label) for label in diagnostic.related],
    }


def _related(label: Label) -> dict[str, Any]:
    return {
        "file": label.file,
        "line": label.span.start.line,
        "column": label.span.start.column,
        "message": label.message,
    }
