"""`servicescape validate`: everything that is wrong, each at its place."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from servicescape.cli.main import EXIT_CLEAN, EXIT_FINDINGS
from servicescape.report.registry import REPORTERS


def _parse_also(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[Path, str]:
    """`FORMAT=FILE` options as file → format."""
    outputs: dict[Path, str] = {}
    for value in values:
        form, sign, file = value.partition("=")
        if form not in REPORTERS or not file:
            hint = f"`{form}` is no format" if sign and file else f"`{value}` has no `=` and file after the format"
            raise click.BadParameter(f"{hint}; write it as `sarif=report.sarif`, with one of {', '.join(REPORTERS)}")
        outputs[Path(file)] = form
    return outputs


def _parse_severity(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """`CODE=SEVERITY` options as code → severity; the last one counts."""
    severities: dict[str, str] = {}
    for value in values:
        code, _, severity = value.partition("=")
        if not code or severity not in _SEVERITIES:
            raise click.BadParameter(f"`{value}` is not like `REF201=warning`; severities are {', '.join(_SEVERITIES)}")
        severities[code.strip()] = severity
    return severities


_SEVERITIES = ("error", "warning", "info", "off")
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("validate")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--format",
    "form",
    type=click.Choice(list(REPORTERS)),
    help="How to print findings: text by default, github in GitHub Actions.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the report to this file instead of printing it.",
)
@click.option(
    "--also",
    multiple=True,
    metavar="FORMAT=FILE",
    callback=_parse_also,
    help="Write this form to a file as well; can be repeated.",
)
@click.option("--select", "-s", multiple=True, metavar="CODE", help="Only these rules; `REF` means a whole family.")
@click.option("--ignore", "-i", multiple=True, metavar="CODE", help="Not these rules. The longer match wins.")
@click.option(
    "--severity",
    multiple=True,
    metavar="CODE=SEVERITY",
    callback=_parse_severity,
    help="Give rules another severity, or off; before the settings.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info"]),
    help="Exit with 1 from this severity on (default: error).",
)
@click.option("--fix", is_flag=True, help="Make the mends that change no meaning, and report what is left.")
@click.option("--unsafe-fixes", is_flag=True, help="Make all mends, those too that are only likely to be meant.")
@click.option("--diff", is_flag=True, help="Show the mends instead of making them; exit with 1 if there are any.")
@click.option("--baseline", type=_FILE, metavar="FILE", help="Do not show the findings recorded in this file.")
@click.option("--no-baseline", is_flag=True, help="Show the findings of the settings' baseline, too.")
@click.option("--write-baseline", type=_FILE, metavar="FILE", help="Record all findings in a new file.")
@click.option("--update-baseline", is_flag=True, help="Take what is mended out of the baseline; adds nothing.")
@click.option("--force", is_flag=True, help="With --write-baseline: replace a file that is there.")
@click.option("--show-settings", is_flag=True, help="Print the settings that count, and where each comes from.")
@click.option("--today", "day", type=click.DateTime(["%Y-%m-%d"]), hidden=True)
@click.option("--statistics", is_flag=True, help="Only count findings, by rule.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing when nothing is wrong.")
@click.option("--watch", "-w", is_flag=True, help="Stay, and validate again whenever a file changes.")
@click.option("--no-cache", is_flag=True, help="Read everything again, and keep nothing for the next run.")
def command(
    paths: tuple[str, ...],
    form: str | None,
    output: Path | None,
    also: dict[Path, str],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: dict[str, str],
    fail_on: str | None,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    baseline: Path | None,
    no_baseline: bool,
    write_baseline: Path | None,
    update_baseline: bool,
    force: bool,
    show_settings: bool,
    day: datetime | None,
    statistics: bool,
    quiet: bool,
    watch: bool,
    no_cache: bool,
) -> int:
    """Find everything that is wrong with the catalog, each at its place.

    PATHS are files or folders; by default the catalog of the settings (catalog/).
    Of a part of that catalog only its own findings are shown, but all of it is read.

    \b
    Exit codes: 0 clean, 1 findings at or above --fail-on, 2 could not run,
    3 nothing to check.

    \b
    Examples:
      servicescape validate
      servicescape validate catalog/billing --fail-on warning
      servicescape validate --select REF --format json
      servicescape validate --ignore SLO406 --severity DEP=info
      servicescape validate --fix
      servicescape validate --unsafe-fixes --diff
      servicescape validate --write-baseline baseline.json
      servicescape validate --watch
      servicescape validate --format gitlab -o gl-code-quality-report.json
      servicescape validate --also sarif=findings.sarif --also junit=findings.xml
    """
    from servicescape.app.validate import Request, outcome_of, run_checks, validate
    from servicescape.cli.baseline_options import BaselineOptions
    from servicescape.cli.catalog_input import nothing_to_check
    from servicescape.cli.ci import default_form
    from servicescape.cli.clock import today
    from servicescape.cli.findings_output import print_findings, print_statistics, write_findings
    from servicescape.diagnostics import Severity
    from servicescape.source.cache import open_cache

    if (fix or unsafe_fixes or diff) and (write_baseline is not None or update_baseline):
        raise click.UsageError("mends and the baseline are changed one after the other; leave out one of them")
    if statistics and (output is not None or form not in (None, "text", "concise", "json")):
        raise click.UsageError("--statistics prints text or JSON, and no report; leave out -o and --format")
    if form is None:
        form = "text" if output is not None or statistics else default_form()
    options = BaselineOptions(baseline, no_baseline, write_baseline, update_baseline, force)
    if show_settings:
        from servicescape.cli.settings_output import print_settings

        given = {"select": _codes(select), "ignore": _codes(ignore), "severity": severity, "fail-on": fail_on}
        print_settings(paths, options.in_settings(given), form)
        return EXIT_CLEAN
    request = Request(
        paths,
        day.date() if day else today(),
        select=_codes(select),
        ignore=_codes(ignore),
        severity=severity,
        baseline=(str(baseline or ""), str(no_baseline)),
        baseline_of=options.known,
    )
    if watch:
        from servicescape.cli.watch_output import watch_findings

        if write_baseline is not None or update_baseline or output is not None or also or fix or unsafe_fixes or diff:
            raise click.UsageError("--watch shows findings, and writes nothing")
        return watch_findings(request, None if no_cache else open_cache(), form, statistics=statistics)
    mended = 0
    if fix or unsafe_fixes or diff:
        from servicescape.app.mend import mend
        from servicescape.app.rewrite import diff_of, rewrite

        result = mend(request, unsafe=unsafe_fixes)
        if diff:
            click.echo(diff_of(result.changes), nl=False)
            return EXIT_FINDINGS if result.changes else EXIT_CLEAN
        rewrite(result.changes)
        mended = result.mended
        outcome = outcome_of(result.loaded, result.checked)
    elif write_baseline is not None or update_baseline:
        loaded, checked = run_checks(request)
        if write_baseline is not None:
            options.write(checked.findings, loaded)
            return EXIT_CLEAN
        outcome = outcome_of(loaded, replace(checked, findings=options.update(checked)))
    else:
        outcome = validate(request, None if no_cache else open_cache())
    findings = outcome.findings
    hidden = {"ignored": outcome.ignored, "baselined": outcome.baselined, "mended": mended}
    for_people = form in ("text", "concise", "github")
    if outcome.is_empty and not findings and (for_people or output is not None or also):
        # A report without findings would say that all is well.
        nothing_to_check(outcome.files)
    limit = Severity(fail_on or outcome.fail_on)
    if statistics:
        print_statistics(findings, form)
    elif output is not None:
        also = {output: form, **also}
    elif findings or not quiet or not for_people:
        print_findings(findings, outcome, form, **hidden)
    write_findings(findings, outcome, also, **hidden)
    if any(finding.severity.rank <= limit.rank for finding in findings):
        return EXIT_FINDINGS
    if outcome.is_empty:
        nothing_to_check(outcome.files)
    return EXIT_CLEAN


def _codes(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code.strip() for value in values for code in value.split(",") if code.strip())
