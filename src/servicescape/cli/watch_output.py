"""Shows the findings of a catalog while it is edited."""

import sys
from contextlib import suppress
from datetime import datetime

import click

from servicescape.app.recall import Outcome
from servicescape.app.validate import Request
from servicescape.app.watch import watch
from servicescape.cli.findings_output import print_findings, print_statistics
from servicescape.cli.main import EXIT_CLEAN
from servicescape.cli.output import console_facts
from servicescape.diagnostics.errors import ToolError
from servicescape.source.cache import Cache

_CLEAR = "\x1b[2J\x1b[3J\x1b[H"
_PIPE_SEPARATOR = "---"


def watch_findings(request: Request, cache: Cache | None, form: str, *, statistics: bool) -> int:
    """Prints the findings now and after each change, until somebody interrupts. Raises ToolError for a bad beginning.

    On a terminal each result takes the place of the one before; elsewhere a line `---` stands between them.
    """
    redraws = console_facts().redraws
    with suppress(KeyboardInterrupt):
        for number, result in enumerate(watch(request, cache)):
            if isinstance(result, ToolError) and number == 0:
                raise result
            if redraws:
                sys.stdout.write(_CLEAR)
            elif number:
                click.echo(_PIPE_SEPARATOR)
            if isinstance(result, ToolError):
                _show_error(result)
            else:
                _show(result, form, statistics=statistics)
            sys.stdout.flush()
            if redraws:
                now = datetime.now().astimezone()
                click.echo(f"{now:%H:%M:%S}  waiting for changes; Ctrl-C ends", err=True)
    return EXIT_CLEAN


def _show(outcome: Outcome, form: str, *, statistics: bool) -> None:
    if statistics:
        print_statistics(outcome.findings, form)
    else:
        print_findings(outcome.findings, outcome, form, ignored=outcome.ignored, baselined=outcome.baselined)


def _show_error(error: ToolError) -> None:
    click.echo(f"error: {error.message}")
    if error.hint:
        click.echo(f"  = help: {error.hint}")
