"""`servicescape validate`: everything that is wrong, each at its place."""

import click

from servicescape.cli.main import EXIT_CLEAN, EXIT_FINDINGS
from servicescape.report.registry import REPORTERS


@click.command("validate")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--format", "form", type=click.Choice(list(REPORTERS)), default="text", help="How to print findings.")
@click.option("--select", "-s", multiple=True, metavar="CODE", help="Only these rules; `REF` means a whole family.")
@click.option("--ignore", "-i", multiple=True, metavar="CODE", help="Not these rules. The longer match wins.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info"]),
    help="Exit with 1 from this severity on (default: error).",
)
@click.option("--statistics", is_flag=True, help="Only count findings, by rule.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing when nothing is wrong.")
def command(
    paths: tuple[str, ...],
    form: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str | None,
    statistics: bool,
    quiet: bool,
) -> int:
    """Find everything that is wrong with the catalog, each at its place.

    PATHS are files or folders; by default the catalog of the settings (catalog/).

    \b
    Exit codes: 0 clean, 1 findings at or above --fail-on, 2 could not run,
    3 nothing to check.

    \b
    Examples:
      servicescape validate
      servicescape validate catalog/payments --fail-on warning
      servicescape validate --select REF --format json
      servicescape validate --ignore SLO406 --format concise
    """
    from servicescape.app.check import Selection, check
    from servicescape.app.load import load
    from servicescape.cli.catalog_input import nothing_to_check
    from servicescape.cli.findings_output import print_findings, print_statistics
    from servicescape.diagnostics import Severity

    loaded = load(paths)
    rules = loaded.settings.rules
    selection = Selection(_codes(select) or rules.select, _codes(ignore) or rules.ignore)
    findings = check(loaded, selection)
    if loaded.entities == 0 and not findings and form == "text":
        nothing_to_check(loaded)
    limit = Severity(fail_on or rules.fail_on)
    if statistics:
        print_statistics(findings, form)
    elif findings or not quiet or form == "json":
        print_findings(findings, loaded, form)
    if any(finding.severity.rank <= limit.rank for finding in findings):
        return EXIT_FINDINGS
    if loaded.entities == 0:
        nothing_to_check(loaded)
    return EXIT_CLEAN


def _codes(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code.strip() for value in values for code in value.split(",") if code.strip())
