"""A progress bar on standard error, where somebody watches it."""

import sys

from servicescape.cli.output import console_facts

_MOST_CELLS = 40


class Progress:
    """One line that is written over; nothing at all where standard error is no terminal.

    Use it as a context, so that the line is gone before anything else is said.
    """

    def __init__(self, label: str, *, quiet: bool = False) -> None:
        facts = console_facts(sys.stderr)
        self._shown = facts.redraws and not quiet
        self._width = facts.width
        self._label = label
        self._last = ""

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *exception: object) -> None:
        if self._last:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def __call__(self, done: int, of: int) -> None:
        """Shows that so many of so many steps are done."""
        if not self._shown:
            return
        figures = f" {done:,}/{of:,}"
        cells = min(_MOST_CELLS, self._width - len(self._label) - len(figures) - 2)
        if cells >= 4:
            full = cells * done // max(of, 1)
            line = f"{self._label} {'█' * full}{'░' * (cells - full)}{figures}"
        else:
            line = f"{done:,}/{of:,}"[: max(self._width - 1, 0)]
        if line != self._last:
            self._last = line
            sys.stderr.write(f"\r\x1b[K{line}")
            sys.stderr.flush()
