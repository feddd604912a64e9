"""`servicescape impact`: what failures do to customers."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from servicescape.cli.impact_output import FORMS


@click.command("impact")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--fail",
    multiple=True,
    metavar="REF",
    help="This is down: a component, team:, domain: or vendor:NAME, or label:KEY=VALUE. Repeat for more.",
)
@click.option("--degrade", multiple=True, metavar="REF", help="This is degraded.")
@click.option("--scenario", metavar="NAME", help="What this scenario makes fail, for as long as it says.")
@click.option("--lasts", metavar="DURATION", help="Length of the outage, such as 4h.")
@click.option("--at", metavar="TIME", help="Demand: average, peak, or a time such as 20:30 or 'Sa 20:30'.")
@click.option(
    "--by",
    type=click.Choice(["component", "team", "domain", "vendor", "scenario"]),
    default="component",
    help="Rows of the matrix.",
)
@click.option("--steps", is_flag=True, help="Columns of the matrix are steps instead of whole journeys.")
@click.option("--explain", is_flag=True, help="Also say how each figure is made (text and json).")
@click.option("--format", "form", type=click.Choice(FORMS), help="How to print; by default what -o ends in, or text.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
def command(
    paths: tuple[str, ...],
    fail: tuple[str, ...],
    degrade: tuple[str, ...],
    scenario: str | None,
    lasts: str | None,
    at: str | None,
    by: str,
    steps: bool,
    explain: bool,
    form: str | None,
    output: Path | None,
) -> int:
    """Show what failures do to customers.

    Without --fail, --degrade or --scenario: the impact matrix, every single failure against every journey. With
    them: the blast radius, who is hit, when, through which chain, and who takes the load.

    \b
    Examples:
      servicescape impact
      servicescape impact --fail object-storage --lasts 4h --at peak
      servicescape impact --scenario object-storage-outage --format json
      servicescape impact --fail label:region=london --explain
      servicescape impact --fail identity -o identity.svg
      servicescape impact --by team -o impact.html
    """
    from servicescape.app.failing import resolve_targets
    from servicescape.app.impact import Failure, blast, failure_of_scenario
    from servicescape.cli.catalog_input import open_catalog
    from servicescape.cli.impact_output import blast_pieces, check_form, emit, form_of, matrix_pieces

    form = form or form_of(output)
    seconds = _seconds(lasts)
    _check_time(at)
    if scenario is not None and (fail or degrade):
        raise click.UsageError("--scenario says itself what fails; leave --fail and --degrade out")
    single = bool(fail or degrade or scenario)
    if single and (steps or by != "component"):
        raise click.UsageError("--by and --steps belong to the matrix; leave them out with --fail or --scenario")
    if not single and at is not None:
        raise click.UsageError("--at goes with --fail or --scenario; the matrix shows average and peak side by side")
    if not single and explain:
        raise click.UsageError("--explain goes with --fail or --scenario; in the matrix it would fill books")
    check_form(form, output, single=single, explain=explain)
    opened = open_catalog(paths)
    catalog = opened.loaded.catalog
    if single:
        if scenario is not None:
            planned = failure_of_scenario(catalog, scenario)
            failure = Failure(
                planned.fail,
                planned.degrade,
                planned.lasts_seconds if seconds is None else seconds,
                at or planned.at,
            )
        else:
            failure = Failure(
                resolve_targets(catalog, fail), resolve_targets(catalog, degrade), seconds, at or "average"
            )
        result = blast(catalog, failure)
        pieces: Iterable[str] | bytes = blast_pieces(
            result, catalog, opened.loaded.settings, failure, form, output, explain=explain
        )
    else:
        from servicescape.analysis.impact_matrix import impact_matrix

        choice: Any = by
        matrix = impact_matrix(catalog, by=choice, steps=steps, lasts_seconds=seconds)
        pieces = matrix_pieces(matrix, catalog, form, output)
    emit(pieces, output)
    return opened.exit_code


def _seconds(lasts: str | None) -> float | None:
    from servicescape.model.units import Duration

    if lasts is None:
        return None
    try:
        length = Duration.parse(lasts)
    except ValueError as error:
        raise click.UsageError(f"`{lasts}` is not a duration; write for example --lasts 4h, 30m or 1h30m") from error
    if length.milliseconds == 0:
        raise click.UsageError("an outage of no length does nothing; write for example --lasts 4h")
    return length.seconds


def _check_time(at: str | None) -> None:
    import re

    from servicescape.model.scenario import AT_PATTERN

    if at is not None and not re.match(AT_PATTERN, at):
        raise click.UsageError(f"`{at}` is no time; write --at average, --at peak, --at 20:30 or --at 'Sa 20:30'")
