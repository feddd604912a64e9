"""Reads the catalog for a command that answers questions about it, and says when the answer may be incomplete."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from servicescape.cli.main import EXIT_CLEAN, EXIT_FINDINGS, EXIT_NOTHING

if TYPE_CHECKING:
    from servicescape.app.load import Loaded
    from servicescape.source.cache import Cache


@dataclass(frozen=True, slots=True)
class OpenCatalog:
    """A loaded catalog, and the exit code of a command that otherwise succeeds."""

    loaded: "Loaded"
    exit_code: int
    """0, or 1 where the catalog has errors: the answer leaves out what they stand for, and CI must not take it.

    Errors that `validate` passes over, by a comment or a baseline, are told but do no harm here either.
    """


def open_catalog(paths: tuple[str, ...], cache: "Cache | None" = None) -> OpenCatalog:
    """Loads the catalog, what has not changed from the user's cache, or the one given.

    Exits with 3 where there is none; notes on stderr how many errors it has.
    """
    from servicescape.app.load import load
    from servicescape.source.cache import open_cache

    loaded = load(paths, cache=cache or open_cache())
    if loaded.is_empty and not loaded.diagnostics:
        nothing_to_check(loaded.files)
    return OpenCatalog(loaded, EXIT_FINDINGS if tell_faults(loaded, "this answer") else EXIT_CLEAN)


def tell_faults(loaded: "Loaded", result: str, *, only_known: bool = False) -> bool:
    """Notes on stderr what errors leave out of a result; tells whether some of them are not known to the author.

    Known are errors that settings, comments or the baseline pass over. `only_known`: the others were shown already.
    """
    if not loaded.diagnostics:
        return False
    from servicescape.app.check import faults_of_reading
    from servicescape.cli.clock import today
    from servicescape.diagnostics import Severity
    from servicescape.rules.registry import all_rules

    rules = all_rules()
    errors = [finding for finding in loaded.diagnostics if rules[finding.code].severity is Severity.ERROR]
    if not errors:
        return False
    new = faults_of_reading(loaded, today=today())
    shown = {(finding.file, finding.span, finding.code) for finding in new}
    known = [finding for finding in errors if (finding.file, finding.span, finding.code) not in shown]
    if new and not only_known:
        what = "it leaves" if len(new) == 1 else "they leave"
        click.echo(
            f"warning: the catalog has {len(new)} error{'s' * (len(new) != 1)}; what {what} undefined is missing from "
            f"{result} (`servicescape validate` shows {'it' if len(new) == 1 else 'them'})",
            err=True,
        )
    if known:
        one = len(known) == 1
        click.echo(
            f"warning: {len(known)} error{'s' * (not one)} of the catalog {'is' if one else 'are'} ignored, by the "
            f"settings, a comment or the baseline; what {'it leaves' if one else 'they leave'} undefined is missing "
            f"from {result}",
            err=True,
        )
        for finding in known[:_MOST_NAMED]:
            place = f":{finding.span.start.line}:{finding.span.start.column}" if finding.span else ""
            click.echo(f"  {finding.file}{place}: {finding.code} {finding.message}", err=True)
        if len(known) > _MOST_NAMED:
            click.echo(f"  and {len(known) - _MOST_NAMED:,} more", err=True)
    return bool(new)


_MOST_NAMED = 3


def nothing_to_check(files: int) -> None:
    """Says that there is no catalog here, in so many files, and exits with 3."""
    looked = f"{files} file{'s' * (files != 1)} and no entity" if files else "no YAML files"
    click.echo(f"nothing to check: {looked} found", err=True)
    click.echo("  = help: name the catalog's folder, or set `catalog` in servicescape.toml", err=True)
    raise click.exceptions.Exit(EXIT_NOTHING)
