"""`servicescape fmt`: canonical layout, comments kept."""

from typing import TYPE_CHECKING

import click

from servicescape.cli.main import EXIT_CLEAN, EXIT_FINDINGS, EXIT_NOTHING

if TYPE_CHECKING:
    from servicescape.app.format import Formatted


@click.command("fmt")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change, and exit with 1 if anything does.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing when all is well.")
def command(paths: tuple[str, ...], check: bool, diff: bool, quiet: bool) -> int:
    """Lay out the catalog's files in one way.

    Puts keys into the order in which they are read, indents by two, removes quotes that no YAML reader needs, and
    keeps comments with what they belong to. What the files mean does not change. A file that cannot be read is
    reported and left alone.

    \b
    Examples:
      servicescape fmt
      servicescape fmt catalog/billing --diff
      servicescape fmt --check
    """
    from servicescape.app.format import format_files
    from servicescape.app.rewrite import diff_of, rewrite
    from servicescape.source.cache import open_cache

    formatted = format_files(paths, cache=open_cache())
    if formatted.files == 0:
        click.echo("nothing to lay out: no YAML files found", err=True)
        click.echo("  = help: name the catalog's folder, or set `catalog` in servicescape.toml", err=True)
        return EXIT_NOTHING
    changes = formatted.changes
    if diff:
        click.echo(diff_of(changes), nl=False)
    elif not check:
        rewrite(changes)
    for change in changes if not diff else ():
        click.echo(f"{'would be laid out anew' if check else 'laid out'}: {change.name}")
    for name, reason in formatted.left_alone:
        click.echo(f"left alone: {name}: {reason}", err=True)
    if formatted.findings:
        _print_unreadable(formatted)
    if not quiet and not diff:
        click.echo(_summary(formatted.files, len(changes), check=check))
    failed = bool(formatted.findings) or ((check or diff) and bool(changes))
    return EXIT_FINDINGS if failed else EXIT_CLEAN


def _print_unreadable(formatted: "Formatted") -> None:
    """Why files were left alone, a line each, on standard error: standard output may be a diff."""
    from servicescape.report.base import ReportContext
    from servicescape.report.registry import load_reporter
    from servicescape.report.summary import Summary
    from servicescape.rules.registry import all_rules

    rules = all_rules()
    findings = [
        finding.with_rule(name=rules[finding.code].name, severity=rules[finding.code].severity, url="")
        for finding in formatted.findings
    ]
    context = ReportContext(width=80, colour=False, source_of=lambda name: None)
    summary = Summary.of(findings, files=formatted.files, entities=0)
    click.echo(load_reporter("concise")(findings, summary, context), nl=False, err=True)
    click.echo("  = help: files that cannot be read are left alone: mend them first", err=True)


def _summary(files: int, changed: int, *, check: bool) -> str:
    from servicescape.report.summary import counted

    if not changed:
        return f"{counted(files, 'file')}: nothing to lay out"
    return f"{counted(files, 'file')}, {changed:,} {'to be ' if check else ''}laid out"
