"""The one type of finding."""

from servicescape.diagnostics import Diagnostic, Severity, Span
from servicescape.diagnostics.errors import ToolError


def _finding(file: str, span: Span | None, code: str = "REF201", message: str = "m") -> Diagnostic:
    return Diagnostic(code=code, message=message, file=file, span=span)


def test_a_report_goes_by_file_then_place_then_code() -> None:
    ordered = [
        _finding("a.yaml", None),
        _finding("a.yaml", Span.at(1, 9)),
        _finding("a.yaml", Span.at(2, 1), "REF201", "a"),
        _finding("a.yaml", Span.at(2, 1), "REF201", "b"),
        _finding("a.yaml", Span.at(2, 1), "SCH101"),
        _finding("a.yaml", Span.at(10, 1)),
        _finding("b.yaml", None),
    ]
    assert sorted([*ordered[3:], *ordered[:3]], key=lambda finding: finding.sort_key) == ordered


def test_the_gravest_ranks_first() -> None:
    assert sorted(Severity, key=lambda severity: severity.rank) == [Severity.ERROR, Severity.WARNING, Severity.INFO]


def test_a_rule_adds_its_name_and_severity() -> None:
    finding = _finding("a.yaml", None).with_rule(name="unknown-reference", severity=Severity.INFO, url="u")
    assert (finding.name, finding.severity, finding.url, finding.code) == ("unknown-reference", "info", "u", "REF201")


def test_a_tool_error_has_a_hint() -> None:
    error = ToolError("what", "do")
    assert (str(error), error.message, error.hint) == ("what", "what", "do")
