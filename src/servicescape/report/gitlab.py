"""Findings as a GitLab Code Quality report.

The widget of a merge request shows severity, description, file and line, and nothing else: the description says it all.
Findings with a fingerprint that the target branch knows are not shown as new. The form is described at
https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.
"""

from collections.abc import Sequence
from typing import Any

from servicescape.diagnostics import Diagnostic, Severity
from servicescape.report.base import ReportContext
from servicescape.report.cells import visible
from servicescape.report.identity import fingerprints
from servicescape.report.json_form import dump_json
from servicescape.report.summary import Summary

# GitLab also knows critical and blocker; no finding in a catalog is an outage.
_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def report_gitlab(diagnostics: Sequence[Diagnostic], summary: Summary, context: ReportContext) -> str:
    """One JSON array; an empty one for a clean run, which GitLab needs to see that findings have gone."""
    names = fingerprints(diagnostics, context.path_of)
    return dump_json([_issue(diagnostic, name, context) for diagnostic, name in zip(diagnostics, names, strict=True)])


def _issue(diagnostic: Diagnostic, fingerprint: str, context: ReportContext) -> dict[str, Any]:
    span = diagnostic.span
    description = f"{diagnostic.code}: {diagnostic.message}"
    if diagnostic.help:
        description += f"; {diagnostic.help}"
    return {
        "description": visible(" ".join(description.split("\n"))),
        "check_name": diagnostic.name or diagnostic.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {
            "path": context.path_of(diagnostic.file) if diagnostic.file else ".",
            "lines": {"begin": span.start.line if span else 1, "end": span.end.line if span else 1},
        },
    }
