"""What can be wrong with a catalog, one rule a file.

What an organisation's own rules may rely on is named here; it stays as it is within a major version.
"""

from servicescape.bind.located import Located
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Channel, Component, Edge, Effect, Journey, Leg, Step
from servicescape.catalog.objective import Slo
from servicescape.diagnostics import Diagnostic, Edit, Fix, Label, Position, Severity, Span
from servicescape.rules.rule import Rule, RuleContext

__all__ = [
    "Catalog",
    "Channel",
    "Component",
    "Diagnostic",
    "Edge",
    "Edit",
    "Effect",
    "Fix",
    "Journey",
    "Label",
    "Leg",
    "Located",
    "Position",
    "Rule",
    "RuleContext",
    "Severity",
    "Slo",
    "Span",
    "Step",
]
