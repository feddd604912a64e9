"""What every report form is given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from servicescape.diagnostics import Diagnostic
from servicescape.report.summary import Summary


@dataclass(frozen=True, slots=True)
class ReportContext:
    """Where a report is shown, and the texts that it may quote."""

    width: int
    """Cells in a line; forms for machines pay no heed to it."""
    colour: bool
    source_of: Callable[[str], str | None]
    """The text of a file as it was when it was checked, by the name that a finding gives it; None when it has none."""
    hyperlinks: bool = False
    """Whether the terminal follows OSC 8 links."""
    path_of: Callable[[str], str] = str
    """A file's path from the root of the repository, by the name that a finding gives it: CI systems want that one."""
    link_to: Callable[[str, int], str] | None = None
    """Address of a line of a file (by the name that a finding gives it), where the host of the repository is known."""


Reporter = Callable[[Sequence[Diagnostic], Summary, ReportContext], str]
"""Writes the findings, in the order given, as one text that ends with a line break or is empty."""
