"""What the compiler is told besides the catalog, and what it could not do."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from servicescape.compile.window_tables import WindowTable, built_in_table
from servicescape.model.settings import CompileSettings
from servicescape.model.units import Duration


@dataclass(frozen=True, slots=True)
class CompileOptions:
    """Settings of a compilation."""

    interval: Duration = field(default_factory=lambda: Duration.parse("1m"))
    """How often rules are evaluated; at most 2m30s, so that a recorded rate never goes stale between two."""
    policies: Mapping[str, WindowTable] = field(default_factory=dict)
    """The organisation's own tables of alerting windows by name; they go before built-in ones."""
    tests: bool = True
    """Whether to make a promtool test file for each SLO."""
    settings: CompileSettings = field(default_factory=CompileSettings)
    """What the organisation wants: the target, how rules are grouped, where they are evaluated."""

    def table(self, policy: str) -> WindowTable | None:
        """The table of windows with this name; None where there is none."""
        return self.policies.get(policy) or built_in_table(policy)


@dataclass(frozen=True, slots=True, order=True)
class Uncompiled:
    """Something that an SLO asks for and the rules do not do."""

    slo: str
    """Reference of the SLO."""
    part: str
    """What is left out, such as `alert page 1h/5m`; empty where it is the whole SLO."""
    reason: str


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """Something that the reader of an SLO's figures should know."""

    slo: str
    text: str
