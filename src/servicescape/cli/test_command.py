"""`servicescape test`: runs the scenarios and checks what they expect."""

from pathlib import Path

import click

from servicescape.cli.main import EXIT_FINDINGS, EXIT_NOTHING


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--scenario", "scenarios", multiple=True, metavar="NAME", help="Only this one; repeat for more.")
@click.option("--format", "form", type=click.Choice(["text", "json", "junit"]), default="text", help="How to print.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing when all hold.")
def command(paths: tuple[str, ...], scenarios: tuple[str, ...], form: str, output: Path | None, quiet: bool) -> int:
    """Run the scenarios and check what they expect.

    Without --scenario, all of them. JUnit is for CI servers: a test for each expectation. Exits with 1 when an
    expectation does not hold, with 3 when there is no scenario.

    \b
    Examples:
      servicescape test
      servicescape test --scenario object-storage-outage
      servicescape test --format json
      servicescape test --format junit -o scenarios.xml
    """
    from servicescape.app.scenarios import run_named
    from servicescape.cli.catalog_input import open_catalog
    from servicescape.cli.output import PIPE_WIDTH, console_facts
    from servicescape.render.scenarios import render_json, render_text

    opened = open_catalog(paths)
    catalog = opened.loaded.catalog
    if not catalog.scenarios:
        click.echo("nothing to test: the catalog has no scenario", err=True)
        click.echo("  = help: write one, of `kind: Scenario`, with what fails and what must hold then", err=True)
        return EXIT_NOTHING
    results = run_named(catalog, scenarios)
    failed = any(not result.ok for result in results)
    if output is None and quiet and not failed:
        return opened.exit_code
    if form == "json":
        text = f"{render_json(results)}\n"
    elif form == "junit":
        from servicescape.render.scenarios_junit import render_junit

        text = render_junit(results, catalog)
    else:
        facts = console_facts()
        width, colour = (facts.width, facts.colour) if output is None else (PIPE_WIDTH, False)
        text = f"{render_text(results, catalog, width=width, colour=colour)}\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        from servicescape.app.files import write_file

        write_file(output, text)
    return EXIT_FINDINGS if failed else opened.exit_code
