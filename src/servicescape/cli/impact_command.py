"""`servicescape impact`: what failures do to customers."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from servicescape.analysis.impact_results import BlastRadius, ImpactMatrix
    from servicescape.catalog.catalog import Catalog

FORMS = ("text", "md", "csv", "json", "html")


@click.command("impact")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--fail", multiple=True, metavar="REF", help="This is down: a component, or team:, domain:, vendor:NAME.")
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
      servicescape impact --by team -o impact.html
    """
    from servicescape.app.failing import resolve_targets
    from servicescape.app.impact import Failure, blast, failure_of_scenario
    from servicescape.cli.catalog_input import open_catalog

    form = form or _form_of(output)
    seconds = _seconds(lasts)
    _check_time(at)
    if scenario is not None and (fail or degrade):
        raise click.UsageError("--scenario says itself what fails; leave --fail and --degrade out")
    single = bool(fail or degrade or scenario)
    if single and (steps or by != "component"):
        raise click.UsageError("--by and --steps belong to the matrix; leave them out with --fail or --scenario")
    if not single and at is not None:
        raise click.UsageError("--at goes with --fail or --scenario; the matrix shows average and peak side by side")
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
        pieces: Iterable[str] = (_blast_text(blast(catalog, failure), catalog, form, output),)
    else:
        from servicescape.analysis.impact_matrix import impact_matrix

        choice: Any = by
        matrix = impact_matrix(catalog, by=choice, steps=steps, lasts_seconds=seconds)
        pieces = _matrix_text(matrix, catalog, form, output)
    _emit(pieces, output)
    return opened.exit_code


def _blast_text(result: "BlastRadius", catalog: "Catalog", form: str, output: Path | None) -> str:
    if form == "json":
        from servicescape.render.impact.json_form import render_blast_radius as as_json

        return as_json(result)
    if form == "md":
        from servicescape.render.impact.markdown import render_blast_radius as as_markdown

        return as_markdown(result, catalog)
    if form == "csv":
        from servicescape.render.impact.csv_form import render_blast_radius as as_csv

        return as_csv(result, catalog)
    if form == "html":
        from servicescape.render.impact.html_blast import render_blast_radius as as_html

        return as_html(result, catalog)
    from servicescape.render.impact.text import render_blast_radius as as_text

    width, colour = _terminal(output)
    return as_text(result, catalog, width=width, colour=colour)


def _matrix_text(matrix: "ImpactMatrix", catalog: "Catalog", form: str, output: Path | None) -> Iterable[str]:
    if form == "json":
        from servicescape.render.impact.json_form import iter_matrix_json

        return iter_matrix_json(matrix)
    if form == "csv":
        from servicescape.render.impact.csv_form import iter_matrix_csv

        return iter_matrix_csv(matrix)
    if form == "md":
        from servicescape.render.impact.markdown import render_matrix as as_markdown

        return (as_markdown(matrix, catalog),)
    if form == "html":
        from servicescape.app.impact import panels
        from servicescape.render.impact.html_matrix import render_matrix as as_html

        return (as_html(matrix, catalog, blast_radii=panels(catalog, matrix)),)
    from servicescape.render.impact.text_matrix import render_matrix as as_text

    width, colour = _terminal(output)
    return (as_text(matrix, catalog, width=width, colour=colour),)


def _terminal(output: Path | None) -> tuple[int, bool]:
    from servicescape.cli.output import PIPE_WIDTH, console_facts

    if output is not None:
        return PIPE_WIDTH, False
    facts = console_facts()
    return facts.width, facts.colour


def _emit(pieces: Iterable[str], output: Path | None) -> None:
    if output is not None:
        from servicescape.app.files import write_file

        write_file(output, _ended("".join(pieces)))
        return
    last = ""
    for piece in pieces:
        sys.stdout.write(piece)
        last = piece or last
    if not last.endswith("\n"):
        sys.stdout.write("\n")


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _form_of(output: Path | None) -> str:
    if output is None:
        return "text"
    form = output.suffix.lstrip(".").lower()
    form = {"markdown": "md", "htm": "html", "txt": "text"}.get(form, form)
    if form not in FORMS:
        raise click.UsageError(f"cannot tell the format from `{output.name}`: add --format {'|'.join(FORMS)}")
    return form


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
