"""Reads the catalog for a command that answers questions about it, and says when the answer may be incomplete."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from servicescape.cli.main import EXIT_CLEAN, EXIT_FINDINGS, EXIT_NOTHING

if TYPE_CHECKING:
    from servicescape.app.load import Loaded


@dataclass(frozen=True, slots=True)
class OpenCatalog:
    """A loaded catalog, and the exit code of a command that otherwise succeeds."""

    loaded: "Loaded"
    exit_code: int
    """0, or 1 where the catalog has errors: the answer leaves out what they stand for, and CI must not take it.

    Errors that `validate` passes over, by a comment or a baseline, are told but do no harm here either.
    """


def open_catalog(paths: tuple[str, ...]) -> OpenCatalog:
    """Loads the catalog. Exits with 3 where there is none; notes on stderr how many errors it has."""
    from servicescape.app.load import load

    loaded = load(paths)
    if loaded.entities == 0 and not loaded.diagnostics:
        nothing_to_check(loaded.files)
    errors = len(loaded.diagnostics) - sum(finding.code in _HARMLESS for finding in loaded.diagnostics)
    if errors:
        click.echo(
            f"warning: the catalog has {errors} error{'s' * (errors != 1)}; what they leave undefined is missing from "
            "this answer (`servicescape validate` shows them)",
            err=True,
        )
    return OpenCatalog(loaded, EXIT_FINDINGS if errors and _has_new_errors(loaded) else EXIT_CLEAN)


def _has_new_errors(loaded: "Loaded") -> bool:
    """Whether some of the errors are not known: neither ignored at their place nor in the baseline."""
    from servicescape.app.check import faults_of_reading
    from servicescape.cli.clock import today

    return bool(faults_of_reading(loaded, today=today()))


_HARMLESS = {"YML011"}
"""Findings of the loader that leave nothing out of the catalog."""


def nothing_to_check(files: int) -> None:
    """Says that there is no catalog here, in so many files, and exits with 3."""
    looked = f"{files} file{'s' * (files != 1)} and no entity" if files else "no YAML files"
    click.echo(f"nothing to check: {looked} found", err=True)
    click.echo("  = help: name the catalog's folder, or set `catalog` in servicescape.toml", err=True)
    raise click.exceptions.Exit(EXIT_NOTHING)
