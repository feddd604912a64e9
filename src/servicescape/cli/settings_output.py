"""Prints the settings that count in a run."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from servicescape.app.settings import find_settings
from servicescape.app.show_settings import effective_settings, name_of_file, settings_object, settings_text


def print_settings(paths: Sequence[str], given: Mapping[str, object], form: str | None) -> None:
    """Writes all settings with their origins, as TOML or JSON. Raises UsageError for another form."""
    if form not in (None, "text", "json"):
        raise click.UsageError("--show-settings prints text or JSON; leave out --format")
    cwd = Path.cwd()
    found = find_settings([Path(path) for path in paths], cwd)
    rows = effective_settings(found, given, cwd)
    if form == "json":
        click.echo(json.dumps(settings_object(name_of_file(found, cwd), rows), indent=2, ensure_ascii=False))
    else:
        click.echo(settings_text(rows), nl=False)
