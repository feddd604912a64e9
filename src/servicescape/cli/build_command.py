"""`servicescape build`: check the catalog, then write everything."""

from pathlib import Path

import click

from servicescape.cli.main import EXIT_CLEAN, EXIT_FINDINGS


@click.command("build")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder to write; by default build.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when what is on disk differs.")
@click.option("--prove", is_flag=True, help="Run promtool on the rules and their tests; write only what holds.")
@click.option("--clean", is_flag=True, help="Only remove what an earlier build wrote.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing when all is well.")
def command(paths: tuple[str, ...], output: Path | None, check: bool, prove: bool, clean: bool, quiet: bool) -> int:
    """Check the catalog and write diagrams, rules, matrix and scorecard.

    When something is wrong with the catalog, it is shown and nothing is written. The folder is replaced as a whole,
    so that it never holds half a build.

    \b
    Examples:
      servicescape build
      servicescape build catalog -o public
      servicescape build --check
      servicescape build --prove
    """
    from servicescape.app.files import differences, remove_folder, write_folder
    from servicescape.app.load import load
    from servicescape.cli.compile_command import run_proof, show_proof
    from servicescape.cli.compile_output import describe, print_differences, print_left_out
    from servicescape.cli.output import shown_path

    if clean and (check or prove):
        raise click.UsageError(f"--clean only removes; leave it out, or {'--check' if check else '--prove'}")
    if prove:
        from servicescape.app.prove import find_promtool

        find_promtool()
    if clean:
        from servicescape.app.settings import find_settings

        found = find_settings([Path(path) for path in paths], Path.cwd())
        folder = output or found.folder / found.settings.output
        click.echo(f"{shown_path(folder)} {'removed' if remove_folder(folder) else 'was not there'}")
        return EXIT_CLEAN

    from servicescape.app.baseline import settings_baseline
    from servicescape.app.check import check_all
    from servicescape.cli.catalog_input import nothing_to_check, tell_faults
    from servicescape.cli.clock import today
    from servicescape.cli.findings_output import print_findings
    from servicescape.diagnostics import Severity
    from servicescape.source.cache import open_cache

    cache = open_cache()
    loaded = load(paths, cache=cache)
    checked = check_all(loaded, today=today(), baseline=settings_baseline(loaded))
    if loaded.kept is not None:
        loaded.kept.keep_places()
    findings = checked.findings
    if loaded.is_empty and not findings:
        nothing_to_check(loaded.files)
    if findings or not quiet:
        print_findings(findings, loaded, "text", ignored=checked.ignored, baselined=checked.baselined)
    limit = Severity(loaded.settings.rules.fail_on)
    if any(finding.severity.rank <= limit.rank for finding in findings):
        click.echo("nothing was built: mend this first", err=True)
        return EXIT_FINDINGS
    if loaded.is_empty:
        nothing_to_check(loaded.files)

    from servicescape.app.build import build
    from servicescape.app.graph import PICTURES, PICTURES_KEPT

    tell_faults(loaded, "what is built", only_known=True)
    kept = cache if loaded.settings.cache else None
    built = build(loaded, with_tests=prove, pictures=kept.part(PICTURES, PICTURES_KEPT) if kept is not None else None)
    folder = output or loaded.folder / loaded.settings.output
    print_left_out(built.compiled)
    if prove:
        proof = run_proof(built.compiled, quiet=quiet)
        show_proof(proof, quiet=quiet, wrote="nothing was built")
        if not proof.holds:
            return EXIT_FINDINGS
    for name in built.empty_views:
        click.echo(f"not drawn: the view `{name}` shows nothing", err=True)
    if check:
        differing = differences(folder, built.files)
        if differing:
            print_differences(differing, "servicescape build")
            return EXIT_FINDINGS
    else:
        write_folder(folder, built.files)
    if not quiet:
        click.echo(built.verdict)
        done = "up to date in" if check else "written to"
        reports = ", the impact matrix and the scorecard" if built.has_score else " and the impact matrix"
        compiled = describe(built.compiled).removesuffix(",")
        click.echo(f"{built.diagrams} diagrams, {compiled}{reports} {done} {shown_path(folder)}")
    return EXIT_CLEAN
