"""What the compiler is told besides the catalog, and what it could not do."""

from dataclasses import dataclass, field
from fractions import Fraction

from servicescape.compile.names import SCHEMES, Names
from servicescape.compile.window_tables import WindowPair, WindowTable, built_in_table
from servicescape.model.settings import CompileSettings
from servicescape.model.units import Duration


@dataclass(frozen=True, slots=True)
class CompileOptions:
    """Settings of a compilation."""

    tests: bool = True
    """Whether to make a promtool test file for each SLO."""
    settings: CompileSettings = field(default_factory=CompileSettings)
    """What the organisation wants: the target, how rules are grouped, where they are evaluated."""
    known_terms: dict[object, object] = field(default_factory=dict, compare=False, repr=False)
    """What SLOs promise, as it was written, with what that has come to under these settings."""

    @property
    def interval(self) -> Duration:
        """How often rules are evaluated; at most 2m30s, so that a recorded rate never goes stale between two."""
        return self.settings.interval

    @property
    def names(self) -> Names:
        """How the series that dashboards read are called."""
        return SCHEMES[self.settings.names]

    def table(self, policy: str) -> WindowTable | None:
        """The table of windows with this name, the organisation's own before a built-in one; None: there is none."""
        return table_of(policy, self.settings)


def table_of(policy: str, settings: CompileSettings) -> WindowTable | None:
    """The table of windows that a policy names; None where there is none."""
    own = settings.windows.get(policy)
    if own is None:
        return built_in_table(policy)
    pairs = tuple(
        WindowPair(row.severity, row.long, row.short, Fraction(str(row.budget_share)) / 100) for row in own.pairs
    )
    return WindowTable(policy, own.source, pairs)


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
