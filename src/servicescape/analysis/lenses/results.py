"""What the lenses answer, ready to be printed in any form.

A figure that cannot be worked out is None, and its note says why; it is never written as 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

SubjectKind = Literal["journey", "team", "platform"]
SUBJECT_KINDS: tuple[SubjectKind, ...] = ("journey", "team", "platform")
LEVELS = ("none", "bronze", "silver", "gold")
"""From the lowest to the highest."""
NOT_KNOWN = "not known: "
"""What a condition has found begins with this where its figure could not be worked out; the reason follows."""


@dataclass(frozen=True, slots=True)
class Demands:
    """Where an organisation asks for more or less than the levels do by default."""

    enough: Mapping[str, float] = field(default_factory=dict)
    """Condition → percent from which on it holds; 100 for others."""
    levels: Mapping[SubjectKind, Mapping[str, str]] = field(default_factory=dict)
    """Kind → condition → level that asks for it, or `off`."""


@dataclass(frozen=True, slots=True)
class Side:
    """How many of so many, on one side of the line of visibility."""

    have: int
    of: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one subject."""

    figure: str
    """Its name, such as `runbook`; `definitions` says what it means."""
    value: float | None
    """How many; None where it cannot be worked out."""
    of: int | None = None
    """Of how many, where the figure is a share; None where it is a plain number."""
    names: tuple[str, ...] = ()
    """Of a share those that are missing, of a number those that are counted: references, or words."""
    note: str | None = None
    """Why the figure is missing, or what it was worked out without."""
    seen: Side | None = None
    """Parts that customers meet themselves; only where a figure is about parts."""
    behind: Side | None = None
    """Parts behind those."""

    @property
    def is_share(self) -> bool:
        """Whether it says how many of how many."""
        return self.of is not None

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing; of nothing nothing is missing."""
        return self.value is not None and self.of is not None and self.value >= self.of


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding of `validate` that belongs to a lens."""

    code: str
    rule: str
    message: str
    file: str
    line: int | None
    entity: str | None


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that a level asks for."""

    condition: str
    """Its name: that of the figure it looks at."""
    level: str
    wants: str
    """What it asks for, in words."""
    lack: str
    """The same in a few words, for what is missing: `no runbook`."""
    holds: bool
    found: str
    """What there is instead, in words; empty where it holds."""
    names: tuple[str, ...]
    """What is missing."""


@dataclass(frozen=True, slots=True)
class Improvement:
    """A change of the catalog, and what the prediction says of it."""

    kind: str
    """`soften`, `leg-without`, `new-leg`, `fallback`, `second-provider` or `one-more-nine`."""
    cost: int
    """Class of effort, 1 (least) to 4; by the kind of change alone."""
    what: str
    """In words, with names of parts in backticks."""
    components: tuple[str, ...]
    """Components that it is about."""
    step: str | None
    """Name of the step that it is about."""
    attempts_saved_per_year: float | None
    """None without demand."""
    share_saved: float
    """Of all attempts, 0 to 1."""
    value_saved_per_year: float | None
    """None without demand or value."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A way of doing a step that was never tried, or long ago, and what rests on it."""

    step: str
    channel: str
    tested: str | None
    """Day of the last test; None where there was none."""
    attempts_per_year: float | None
    """Attempts a year that would be lost more if it turned out not to work; None where that cannot be worked out."""


@dataclass(frozen=True, slots=True)
class Improvements:
    """What would help a journey first."""

    best: tuple[Improvement, ...]
    """At most three, by attempts saved."""
    rehearse: tuple[Rehearsal, ...]
    """Ways to try first, by what rests on them; at most three."""
    tried: int
    """Changes that were predicted."""
    of: int
    """Changes that were thought of."""
    note: str | None
    """Why there are none, or no attempts."""


@dataclass(frozen=True, slots=True)
class Card:
    """The scorecard of one journey, team or platform."""

    ref: str
    kind: SubjectKind
    title: str
    owner: str | None
    parts: tuple[str, ...]
    """Components that it is judged by."""
    journeys: tuple[str, ...]
    """Journeys that it is judged by."""
    level: str
    conditions: tuple[Condition, ...]
    """Of all levels, from the lowest."""
    figures: tuple[Figure, ...]
    findings: tuple[tuple[str, tuple[Finding, ...]], ...]
    """Lens → findings, for the lenses that have some."""
    improvements: Improvements | None
    """Of journeys only; None where they were not asked for."""

    @property
    def lacking(self) -> tuple[Condition, ...]:
        """What is missing for the next level; empty at the highest."""
        at = LEVELS.index(self.level)
        if at + 1 == len(LEVELS):
            return ()
        return tuple(each for each in self.conditions if each.level == LEVELS[at + 1] and not each.holds)

    def figure(self, name: str) -> Figure | None:
        """The figure of this name; None where the card has none."""
        return next((each for each in self.figures if each.figure == name), None)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The cards of a catalog."""

    cards: tuple[Card, ...]
    """Journeys, teams, platforms; each by reference."""
    notes: tuple[str, ...]
    """What holds for all of it, such as why there is no prediction."""
