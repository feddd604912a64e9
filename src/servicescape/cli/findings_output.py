"""Prints findings in the form asked for."""

import json
import sys
from collections import Counter
from collections.abc import Sequence

import click

from servicescape.app.load import Loaded
from servicescape.cli.output import console_facts
from servicescape.diagnostics import Diagnostic
from servicescape.report.base import ReportContext
from servicescape.report.registry import load_reporter
from servicescape.report.summary import Summary


def print_findings(findings: Sequence[Diagnostic], loaded: Loaded, form: str) -> None:
    """Writes a report of the findings to standard output."""
    facts = console_facts()
    context = ReportContext(
        width=facts.width, colour=facts.colour, source_of=loaded.text_of, hyperlinks=facts.hyperlinks
    )
    summary = Summary.of(findings, files=loaded.files, entities=loaded.entities)
    sys.stdout.write(load_reporter(form)(findings, summary, context))


def print_statistics(findings: Sequence[Diagnostic], form: str) -> None:
    """Writes how often each rule fired, most often first."""
    counts = Counter((finding.code, finding.name, str(finding.severity)) for finding in findings)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if form == "json":
        rules = [
            {"code": code, "name": name, "severity": severity, "count": count}
            for (code, name, severity), count in ordered
        ]
        click.echo(json.dumps({"version": 1, "statistics": rules}, indent=2))
        return
    for (code, name, severity), count in ordered:
        click.echo(f"{count:>6}  {code}  {severity:<7}  {name}")
