"""`servicescape test`: runs the scenarios and checks what they expect."""

import click

from servicescape.cli.main import EXIT_FINDINGS, EXIT_NOTHING


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--scenario", "scenarios", multiple=True, metavar="NAME", help="Only this one; repeat for more.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing when all hold.")
def command(paths: tuple[str, ...], scenarios: tuple[str, ...], form: str, quiet: bool) -> int:
    """Run the scenarios and check what they expect.

    Without --scenario, all of them. Exits with 1 when an expectation does not hold, with 3 when there is no scenario.

    \b
    Examples:
      servicescape test
      servicescape test --scenario object-storage-outage
      servicescape test --format json
    """
    from servicescape.app.scenarios import run_named
    from servicescape.cli.catalog_input import open_catalog
    from servicescape.cli.output import console_facts
    from servicescape.render.scenarios import render_json, render_text

    opened = open_catalog(paths)
    catalog = opened.loaded.catalog
    if not catalog.scenarios:
        click.echo("nothing to test: the catalog has no scenario", err=True)
        click.echo("  = help: write one, of `kind: Scenario`, with what fails and what must hold then", err=True)
        return EXIT_NOTHING
    results = run_named(catalog, scenarios)
    failed = any(not result.ok for result in results)
    if failed or not quiet:
        if form == "json":
            click.echo(render_json(results))
        else:
            facts = console_facts()
            click.echo(render_text(results, catalog, width=facts.width, colour=facts.colour))
    return EXIT_FINDINGS if failed else opened.exit_code
