"""What `validate` does with a baseline, by its options and the settings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servicescape.cli.output import shown_path
from servicescape.diagnostics import Diagnostic
from servicescape.diagnostics.errors import ToolError

if TYPE_CHECKING:
    from servicescape.app.baseline import Baseline
    from servicescape.app.check import Checked
    from servicescape.app.load import Loaded


@dataclass(frozen=True, slots=True)
class BaselineOptions:
    """The options as given. Raises UsageError where they contradict each other."""

    file: Path | None
    none: bool
    write_to: Path | None
    does_update: bool
    does_force: bool

    def __post_init__(self) -> None:
        chosen = [
            name
            for name, given in (
                ("--baseline", self.file is not None),
                ("--no-baseline", self.none),
                ("--write-baseline", self.write_to is not None),
            )
            if given
        ]
        if len(chosen) > 1:
            raise click.UsageError(f"{' and '.join(chosen)} exclude each other")
        if self.does_update and (self.none or self.write_to is not None):
            raise click.UsageError(f"--update-baseline and {chosen[0]} exclude each other")
        if self.does_force and self.write_to is None:
            raise click.UsageError("--force belongs to --write-baseline; nothing else replaces a file")

    def in_settings(self, given: Mapping[str, object]) -> dict[str, object]:
        """What the command line gives, together with its baseline, by the keys of the settings' table `rules`."""
        baseline = {"baseline": "" if self.none else self.file.as_posix() if self.file else None}
        return {key: value for key, value in {**given, **baseline}.items() if value or value == ""}

    def known(self, loaded: "Loaded") -> "Baseline | None":
        """The baseline to hold the findings against. Raises ToolError where it cannot be read, or is in the way."""
        from servicescape.app.baseline import read_baseline, settings_baseline

        if self.write_to is not None:
            if self.write_to.exists() and not self.does_force:
                raise ToolError(
                    f"the baseline {self.write_to} is there already",
                    "`--update-baseline` takes out what is mended; `--force` records today's findings as known",
                )
            return None
        if self.none:
            return None
        known = read_baseline(self.file) if self.file is not None else settings_baseline(loaded)
        if known is None and self.does_update:
            raise ToolError(
                "there is no baseline to update", "name it with `--baseline FILE` or in the settings (`rules.baseline`)"
            )
        return known

    def write(self, findings: Sequence[Diagnostic], loaded: "Loaded") -> None:
        """Records the findings of a run, and says so."""
        from servicescape.app.baseline import baseline_of

        assert self.write_to is not None
        made = baseline_of(self.write_to, findings, loaded)
        made.write()
        click.echo(f"{_findings(made.count)} recorded in {self.write_to.as_posix()}")
        if not loaded.settings.rules.baseline:
            click.echo(
                f'  = help: `baseline = "{self.write_to.as_posix()}"` under `[rules]` in the settings makes it count',
                err=True,
            )

    def update(self, checked: "Checked") -> list[Diagnostic]:
        """Writes the shrunk baseline, if it is any smaller; gives what is left to be shown."""
        from servicescape.app.baseline import STALE, read_baseline

        shrunk = checked.shrunk
        assert shrunk is not None
        before = read_baseline(shrunk.path).count
        if shrunk.count < before:
            shrunk.write()
        path = shown_path(shrunk.path)
        left = "none is left: it can go" if not shrunk.count else f"{shrunk.count:,} left"
        click.echo(f"{_findings(before - shrunk.count)} taken out of {path}, {left}", err=True)
        return [finding for finding in checked.findings if finding.code != STALE]


def _findings(number: int) -> str:
    return "1 finding" if number == 1 else f"{number:,} findings"
