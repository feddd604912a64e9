"""`servicescape compile`: SLOs to rules and their tests."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from servicescape.cli.main import EXIT_CLEAN, EXIT_FINDINGS

if TYPE_CHECKING:
    from servicescape.app.compile import Compiled
    from servicescape.app.prove import Proof

TARGETS = ("prometheus", "operator", "mimir", "thanos", "victoriametrics")
NAMES = ("servicescape", "sloth")


@click.command("compile")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--target", type=click.Choice(TARGETS), help="Form of the rules; by default the settings'.")
@click.option("--names", type=click.Choice(NAMES), help="Names of recorded series; by default the settings'.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder to write; by default build/monitoring.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when what is on disk differs.")
@click.option("--prove", is_flag=True, help="Run promtool on the rules and their tests; write only what holds.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing when all is well.")
def command(
    paths: tuple[str, ...],
    target: str | None,
    names: str | None,
    output: Path | None,
    check: bool,
    prove: bool,
    form: str,
    quiet: bool,
) -> int:
    """Turn SLOs into monitoring rules and their tests.

    Writes rules/TEAM/COMPONENT.yaml with recording rules and alerts, and tests/ with a file for `promtool test
    rules` for each SLO. alertmanager/alertmanager.yaml takes the alerts to the teams' receivers, and keeps symptoms
    quiet while their cause is told. grafana/ has dashboards of the catalog, of each journey and of each SLO. A
    catalog with errors is not compiled.

    \b
    Examples:
      servicescape compile
      servicescape compile --prove
      servicescape compile --target operator -o deploy/slo
      servicescape compile --names sloth
      servicescape compile --check --format json
      promtool test rules build/monitoring/tests/*/*/*.yaml
      amtool check-config build/monitoring/alertmanager/alertmanager.yaml
    """
    from servicescape.app.check import errors_of
    from servicescape.app.compile import FOLDER, compile_rules
    from servicescape.app.files import differences, write_folder
    from servicescape.app.load import load
    from servicescape.cli.catalog_input import nothing_to_check, tell_faults
    from servicescape.cli.clock import today
    from servicescape.cli.compile_output import as_json, describe, print_differences, print_left_out
    from servicescape.cli.findings_output import print_findings
    from servicescape.cli.output import shown_path
    from servicescape.source.cache import open_cache

    if prove:
        from servicescape.app.prove import find_promtool

        find_promtool()
    loaded = load(paths, cache=open_cache())
    errors = errors_of(loaded, today=today())
    if errors:
        print_findings(errors, loaded, form)
        click.echo("nothing was compiled: mend the errors first", err=True)
        return EXIT_FINDINGS
    tell_faults(loaded, "what is compiled", only_known=True)
    if not loaded.catalog.slos:
        if loaded.is_empty:
            nothing_to_check(loaded.files)
        click.echo("the catalog has no SLO: there is nothing to compile", err=True)
    folder = output or loaded.folder / loaded.settings.output / FOLDER
    compiled = compile_rules(loaded, target=target, names=names, with_tests=prove)
    proof = run_proof(compiled, quiet=quiet) if prove else None
    holds = proof is None or proof.holds
    found = differences(folder, compiled.files) if check else None
    if holds and not check:
        write_folder(folder, compiled.files)
    if form == "json":
        click.echo(as_json(compiled, folder, written=holds and not check, found=found, proof=proof))
        return EXIT_FINDINGS if found or not holds else EXIT_CLEAN
    print_left_out(compiled)
    if proof is not None:
        show_proof(proof, quiet=quiet, wrote="nothing was written" if not check else "")
    if found:
        print_differences(found, "servicescape compile")
    if found or not holds:
        return EXIT_FINDINGS
    if not quiet:
        done = "are up to date in" if check else "written to"
        click.echo(f"{describe(compiled)} {done} {shown_path(folder)}")
    return EXIT_CLEAN


def run_proof(compiled: "Compiled", *, quiet: bool) -> "Proof":
    """Has promtool prove the rules, with a progress bar."""
    from servicescape.app.prove import prove
    from servicescape.cli.progress import Progress

    with Progress("proving", quiet=quiet) as bar:
        return prove(compiled.rules, progress=bar)


def show_proof(proof: "Proof", *, quiet: bool, wrote: str) -> None:
    """Prints what promtool found, and where it failed that nothing was written."""
    from servicescape.cli.compile_output import print_proof

    if not proof.holds or not quiet:
        print_proof(proof)
    if not proof.holds and wrote:
        click.echo(f"{wrote}: the proof failed", err=True)
        click.echo("  = help: `servicescape compile` without --prove writes the files, to look at them", err=True)
