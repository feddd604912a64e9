"""Which report forms there are. A form's module is loaded when the form is asked for, so that `--help` loads none."""

from collections.abc import Callable

from servicescape.report.base import Reporter


def _text() -> Reporter:
    from servicescape.report.text import report_text

    return report_text


def _concise() -> Reporter:
    from servicescape.report.concise import report_concise

    return report_concise


def _json() -> Reporter:
    from servicescape.report.json_form import report_json

    return report_json


def _github() -> Reporter:
    from servicescape.report.github import report_github

    return report_github


def _gitlab() -> Reporter:
    from servicescape.report.gitlab import report_gitlab

    return report_gitlab


def _sarif() -> Reporter:
    from servicescape.report.sarif import report_sarif

    return report_sarif


def _junit() -> Reporter:
    from servicescape.report.junit import report_junit

    return report_junit


REPORTERS: dict[str, Callable[[], Reporter]] = {
    "text": _text,
    "concise": _concise,
    "json": _json,
    "github": _github,
    "gitlab": _gitlab,
    "sarif": _sarif,
    "junit": _junit,
}
"""Name of a form, as `--format` takes it, to the function that loads it; the first is the default."""


def load_reporter(name: str) -> Reporter:
    """The form of that name. Raises KeyError for a name that `REPORTERS` does not hold."""
    return REPORTERS[name]()
