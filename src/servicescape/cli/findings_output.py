"""Prints findings in the form asked for."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import click

from servicescape.cli.ci import link_to, paths_from_root, step_summary
from servicescape.cli.output import PIPE_WIDTH, console_facts
from servicescape.diagnostics import Diagnostic
from servicescape.diagnostics.errors import ToolError
from servicescape.report.base import ReportContext
from servicescape.report.registry import load_reporter
from servicescape.report.summary import Summary


class Checked(Protocol):
    """What findings were made in: a loaded catalog, or the remembered outcome of a run."""

    @property
    def files(self) -> int:
        """Files that were looked at."""

    @property
    def entities(self) -> int:
        """Entities that were found."""

    @property
    def foreign(self) -> int:
        """Objects of other tools that were found."""

    def text_of(self, name: str) -> str | None:
        """Text of a file in which something was found."""


def print_findings(
    findings: Sequence[Diagnostic], loaded: Checked, form: str, *, ignored: int = 0, baselined: int = 0, mended: int = 0
) -> None:
    """Writes a report of the findings to standard output; `ignored` and `baselined` further ones are not shown."""
    facts = console_facts()
    context = ReportContext(
        width=facts.width,
        colour=facts.colour,
        source_of=loaded.text_of,
        hyperlinks=facts.hyperlinks,
        path_of=paths_from_root(),
        link_to=link_to(),
    )
    summary = Summary.of(
        findings,
        files=loaded.files,
        entities=loaded.entities,
        foreign=loaded.foreign,
        ignored=ignored,
        baselined=baselined,
        mended=mended,
    )
    sys.stdout.write(load_reporter(form)(findings, summary, context))
    page = step_summary()
    if form == "github" and page is not None:
        _write_step_summary(page, findings, summary, context)


def write_findings(
    findings: Sequence[Diagnostic],
    loaded: Checked,
    outputs: Mapping[Path, str],
    *,
    ignored: int = 0,
    baselined: int = 0,
    mended: int = 0,
) -> None:
    """Writes reports of the findings to files, each in its form. Raises ToolError where one cannot be written."""
    if not outputs:
        return
    from servicescape.app.files import write_file

    context = ReportContext(width=PIPE_WIDTH, colour=False, source_of=loaded.text_of, path_of=paths_from_root())
    summary = Summary.of(
        findings,
        files=loaded.files,
        entities=loaded.entities,
        foreign=loaded.foreign,
        ignored=ignored,
        baselined=baselined,
        mended=mended,
    )
    for path, form in outputs.items():
        text = load_reporter(form)(findings, summary, context)
        write_file(path, text.encode("utf-8", "backslashreplace"))


def _write_step_summary(page: Path, findings: Sequence[Diagnostic], summary: Summary, context: ReportContext) -> None:
    from servicescape.app.files import append_file
    from servicescape.report.github_summary import summarise_for_github

    try:
        append_file(page, summarise_for_github(findings, summary, context))
    except ToolError as error:
        # The findings are out; a page that cannot be added is no reason to call the run failed.
        click.echo(f"warning: {error.message}", err=True)


def print_statistics(findings: Sequence[Diagnostic], form: str) -> None:
    """Writes how often each rule fired, most often first."""
    counts = Counter((finding.code, finding.name, str(finding.severity)) for finding in findings)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if form == "json":
        import json

        rules = [
            {"code": code, "name": name, "severity": severity, "count": count}
            for (code, name, severity), count in ordered
        ]
        click.echo(json.dumps({"version": 1, "statistics": rules}, indent=2))
        return
    for (code, name, severity), count in ordered:
        click.echo(f"{count:>6}  {code}  {severity:<7}  {name}")
