"""Findings as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), for GitHub code scanning.

What GitHub asks for beyond the standard is told at
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning:
a place for every result, all four numbers of a region, help as Markdown, at most 25,000 results. A related place is
shown only where the message links to it. There is no `primaryLocationLineHash` among the fingerprints: that one is
GitHub's own, and its upload action works it out from the files where none is given.
"""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import servicescape
from servicescape.diagnostics import Diagnostic, Edit, Label, Severity, Span
from servicescape.report.base import ReportContext
from servicescape.report.cells import visible
from servicescape.report.identity import fingerprints
from servicescape.report.json_form import dump_json
from servicescape.report.summary import Summary
from servicescape.rules.registry import all_rules
from servicescape.rules.rule import Rule

LIMIT = 25_000
"""So many results GitHub takes from one run; with more it takes none."""
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_FINGERPRINT = "servicescapeFinding/v1"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_DESCRIPTION_LENGTH = 1024
_LINK = re.compile(r"[\[\]\\]")
_START = Span.at(1, 1)


def report_sarif(
    diagnostics: Sequence[Diagnostic], summary: Summary, context: ReportContext, *, limit: int = LIMIT
) -> str:
    """One run as a SARIF log. Beyond `limit` results the gravest are kept, and a notification says so."""
    names = dict(enumerate(fingerprints(diagnostics, context.path_of)))
    kept = sorted(range(len(diagnostics)), key=lambda index: diagnostics[index].severity.rank)[:limit]
    kept.sort()
    codes = sorted({diagnostics[index].code for index in kept})
    first = {diagnostic.code: diagnostic for diagnostic in reversed(diagnostics)}
    rules = all_rules()
    driver = {
        "name": "Servicescape",
        "semanticVersion": servicescape.__version__,
        "rules": [_rule(first[code], rules.get(code)) for code in codes],
    }
    invocation: dict[str, Any] = {"executionSuccessful": True}
    if len(kept) < len(diagnostics):
        text = f"only the gravest {len(kept)} of {len(diagnostics)} findings are in this file"
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "servicescape/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "invocations": [invocation],
        "results": [
            _result(diagnostics[index], codes.index(diagnostics[index].code), names[index], context) for index in kept
        ],
    }
    return dump_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(example: Diagnostic, rule: type[Rule] | None) -> dict[str, Any]:
    """What is said once of a rule; of one that is not in the registry, what a finding of it tells."""
    name = example.name or example.code
    found: dict[str, Any] = {
        "id": example.code,
        "name": name,
        "shortDescription": {"text": rule.summary() if rule else name},
    }
    if rule is not None:
        page = rule.documentation()
        found["fullDescription"] = {"text": _full_description(page)}
        markdown = f"# {rule.code} {rule.name}\n\n{page}\n"
        found["help"] = {"text": markdown, "markdown": markdown}
    if example.url:
        found["helpUri"] = example.url
    level = _LEVELS[rule.severity if rule else example.severity]
    found["defaultConfiguration"] = {"level": level}
    found["properties"] = {"tags": ["service-catalog", example.code[:3]]}
    return found


def _full_description(page: str) -> str:
    """What is found and why it matters, as plain words: the page up to its example, without headings."""
    words = page.partition("## Example")[0]
    lines = [line for line in words.split("\n") if not line.startswith("#")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    text = re.sub(r"(?<!\n)\n(?![\n-])", " ", text)
    return text if len(text) <= _DESCRIPTION_LENGTH else text[: _DESCRIPTION_LENGTH - 1] + "…"


def _result(diagnostic: Diagnostic, rule_index: int, fingerprint: str, context: ReportContext) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": _message(diagnostic)},
        "locations": [{"physicalLocation": _place(diagnostic.file, diagnostic.span, context)}],
    }
    if diagnostic.entity:
        result["locations"][0]["logicalLocations"] = [{"fullyQualifiedName": diagnostic.entity, "kind": "resource"}]
    if diagnostic.related:
        result["relatedLocations"] = [
            _related(number, label, context) for number, label in enumerate(diagnostic.related, start=1)
        ]
    result["partialFingerprints"] = {_FINGERPRINT: fingerprint}
    if diagnostic.fix is not None:
        result["fixes"] = [_fix(diagnostic.fix.title, diagnostic.fix.edits, context)]
    return result


def _message(diagnostic: Diagnostic) -> str:
    """Where room is short, GitHub shows the first sentence alone: it is what is wrong."""
    sentences = [diagnostic.message]
    if diagnostic.help:
        sentences.append(f"help: {diagnostic.help}")
    lines = [_plain(sentence) for sentence in sentences]
    lines[0] += "."
    for number, label in enumerate(diagnostic.related, start=1):
        lines.append(f"see [{_plain(label.message or label.file)}]({number})")
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Words in which SARIF sees no link."""
    text = visible(" ".join(text.split("\n")))
    return _LINK.sub(r"\\\g<0>", text) if "](" in text else text


def _related(number: int, label: Label, context: ReportContext) -> dict[str, Any]:
    related: dict[str, Any] = {"id": number, "physicalLocation": _place(label.file, label.span, context)}
    if label.message:
        related["message"] = {"text": _plain(label.message)}
    return related


def _place(file: str, span: Span | None, context: ReportContext) -> dict[str, Any]:
    return {"artifactLocation": _artifact(file, context), "region": _region(span or _START)}


def _artifact(file: str, context: ReportContext) -> dict[str, Any]:
    path = context.path_of(file) if file else "."
    if path.startswith("/"):
        return {"uri": "file://" + _quoted(path)}
    return {"uri": _quoted(path), "uriBaseId": _ROOT}


def _quoted(path: str) -> str:
    """A path as part of a URI; bytes of a file's name that are no UTF-8 as they are on the disk."""
    return quote(path, errors="surrogateescape" if _is_bytes(path) else "replace")


def _is_bytes(path: str) -> bool:
    return all(not 0xD800 <= ord(char) <= 0xDFFF or 0xDC80 <= ord(char) <= 0xDCFF for char in path)


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.start.line,
        "startColumn": span.start.column,
        "endLine": span.end.line,
        "endColumn": span.end.column,
    }


def _fix(title: str, edits: Sequence[Edit], context: ReportContext) -> dict[str, Any]:
    changes: dict[str, list[dict[str, Any]]] = {}
    for edit in edits:
        replacement = {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
        changes.setdefault(edit.file, []).append(replacement)
    return {
        "description": {"text": _plain(title)},
        "artifactChanges": [
            {"artifactLocation": _artifact(file, context), "replacements": replacements}
            for file, replacements in changes.items()
        ],
    }
