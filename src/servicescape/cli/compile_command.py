"""`servicescape compile`: SLOs to Prometheus rules and their tests."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from servicescape.cli.main import EXIT_FINDINGS
from servicescape.report.summary import counted

if TYPE_CHECKING:
    from servicescape.app.compile import Compiled


@click.command("compile")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder to write; by default build/monitoring.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when what is on disk differs.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing when all is well.")
def command(paths: tuple[str, ...], output: Path | None, check: bool, quiet: bool) -> int:
    """Turn SLOs into Prometheus rules and their tests.

    Writes rules/TEAM/COMPONENT.yaml with recording rules and alerts, and tests/ with a file for `promtool test rules`
    for each SLO. A catalog with errors is not compiled.

    \b
    Examples:
      servicescape compile
      servicescape compile catalog -o monitoring/slo
      servicescape compile --check
      promtool test rules build/monitoring/tests/*/*/*.yaml
    """
    from servicescape.app.check import check as check_catalog
    from servicescape.app.compile import FOLDER, compile_rules
    from servicescape.app.files import differences, write_folder
    from servicescape.app.load import load
    from servicescape.cli.catalog_input import nothing_to_check
    from servicescape.cli.clock import today
    from servicescape.cli.findings_output import print_findings
    from servicescape.diagnostics import Severity

    loaded = load(paths)
    errors = [finding for finding in check_catalog(loaded, today=today()) if finding.severity is Severity.ERROR]
    if errors:
        print_findings(errors, loaded, "text")
        click.echo("nothing was compiled: mend the errors first", err=True)
        return EXIT_FINDINGS
    if not loaded.catalog.slos:
        if loaded.entities == 0:
            nothing_to_check(loaded.files)
        click.echo("the catalog has no SLO: there is nothing to compile", err=True)
    folder = output or loaded.folder / loaded.settings.output / FOLDER
    compiled = compile_rules(loaded)
    if check:
        differing = differences(folder, compiled.files)
        for line in differing:
            click.echo(line)
        if differing:
            click.echo("  = help: run `servicescape compile` and commit what it writes", err=True)
            return EXIT_FINDINGS
    else:
        write_folder(folder, compiled.files)
    print_left_out(compiled)
    if not quiet:
        done = "are up to date in" if check else "written to"
        click.echo(f"{describe(compiled)} {done} {shown_path(folder)}")
    return 0


_MOST_NAMED = 5


def describe(compiled: "Compiled") -> str:
    """What was compiled, in figures."""
    rules = compiled.rules
    return (
        f"rules for {counted(compiled.slos, 'SLO')} in {counted(len(rules.files), 'file')}, "
        f"with {counted(len(rules.tests), 'promtool test')},"
    )


def print_left_out(compiled: "Compiled") -> None:
    """Says on stderr what SLOs ask for and the rules do not do, and what their readers should know."""
    rules = compiled.rules
    for note in rules.notes:
        click.echo(f"note: {note.slo}: {note.text}", err=True)
    if rules.untested:
        names = ", ".join(note.slo.split(":", 1)[1] for note in rules.untested[:_MOST_NAMED])
        more = f" and {len(rules.untested) - _MOST_NAMED} more" if len(rules.untested) > _MOST_NAMED else ""
        click.echo(f"note: no promtool test can be made for {names}{more}", err=True)
    left_out = rules.uncompiled
    if not left_out:
        return
    click.echo(f"not compiled ({len(left_out)}):", err=True)
    for entry in left_out:
        part = f" ({entry.part})" if entry.part else ""
        click.echo(f"  {entry.slo}{part}: {entry.reason}", err=True)


def shown_path(path: Path) -> str:
    """A path relative to the working directory where it lies below it."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
