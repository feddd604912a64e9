"""What is said about a catalog: one type of finding for every layer, and how to word it."""

from servicescape.diagnostics.diagnostic import Diagnostic, Edit, Fix, Label, Severity
from servicescape.diagnostics.position import Position, Span
from servicescape.diagnostics.suggest import nearest

__all__ = ["Diagnostic", "Edit", "Fix", "Label", "Position", "Severity", "Span", "nearest"]
