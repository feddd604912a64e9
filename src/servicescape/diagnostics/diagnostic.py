"""The one type of finding that every layer makes and every report prints."""

from enum import StrEnum

from servicescape.diagnostics.position import Span
from servicescape.diagnostics.records import record


class Severity(StrEnum):
    """How bad a finding is, worst first."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst; a smaller rank is a graver finding."""
        return _RANK[self]


_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@record()
class Label:
    """A further place that helps to understand a finding, such as the first of two definitions."""

    file: str
    span: Span
    message: str


@record()
class Edit:
    """Replaces the text of `span` in `file` with `text`; an empty span inserts."""

    file: str
    span: Span
    text: str


@record()
class Fix:
    """A mechanical mend. A safe one never changes what a valid catalog means."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True


@record()
class Diagnostic:
    """One finding at one place.

    The layer that finds a fault gives its `code`, words and place; `name`, `severity` and `url` belong to the code's
    rule and are filled in when the findings of a run are collected.
    """

    code: str
    message: str
    file: str
    """As the user would type it: relative to the working directory, with forward slashes."""
    span: Span | None
    """None: the finding is about the file as a whole, or about a folder."""
    label: str = ""
    """A few words beside the caret."""
    help: str = ""
    """What to do, as one sentence."""
    entity: str | None = None
    """Canonical reference of the entity concerned, such as `service:basket`."""
    related: tuple[Label, ...] = ()
    fix: Fix | None = None
    name: str = ""
    severity: Severity = Severity.ERROR
    url: str = ""

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Order of a report: by file, place, then code; equal for all runs."""
        span = self.span
        place = (span.start.line, span.start.column) if span else (0, 0)
        return (self.file, *place, self.code, self.message)

    def with_rule(self, *, name: str, severity: Severity, url: str) -> "Diagnostic":
        """The same finding with what its rule says of it."""
        return Diagnostic(
            self.code,
            self.message,
            self.file,
            self.span,
            self.label,
            self.help,
            self.entity,
            self.related,
            self.fix,
            name,
            severity,
            url,
        )
