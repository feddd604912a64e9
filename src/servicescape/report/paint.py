"""Colour for a terminal, or none. Every method returns its text unchanged where colour is not wanted."""

from dataclasses import dataclass

from servicescape.diagnostics import Severity
from servicescape.report.cells import visible

_SEVERITY = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}


@dataclass(frozen=True, slots=True)
class Paint:
    """The few colours of a report, by what they mean."""

    colour: bool
    hyperlinks: bool = False

    def severity(self, text: str, severity: Severity) -> str:
        """How bad it is: the headline's first words and the carets."""
        return self._wrap(text, _SEVERITY[severity])

    def strong(self, text: str) -> str:
        """What to read first."""
        return self._wrap(text, "1")

    def frame(self, text: str) -> str:
        """Line numbers and lines drawn around the author's text."""
        return self._wrap(text, "34")

    def related(self, text: str) -> str:
        """A further place, beside the one that is wrong."""
        return self._wrap(text, "36")

    def good(self, text: str) -> str:
        """Something is right, or can be put right by the tool."""
        return self._wrap(text, "32")

    def link(self, text: str, url: str) -> str:
        """An OSC 8 hyperlink, in terminals that follow them."""
        if not (self.hyperlinks and url):
            return text
        return f"\x1b]8;;{visible(url)}\x1b\\{text}\x1b]8;;\x1b\\"

    def _wrap(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text
