"""What a prediction answers, ready to be printed in any form.

Chances and availabilities are shares, 0 to 1; targets and objectives are percent, as written. `None` stands for a
figure that cannot be worked out, and a note says why; it is never written as 0.
"""

from dataclasses import dataclass

from servicescape.analysis.prediction.availability import Availability
from servicescape.analysis.prediction.intervals import Interval

HOURS_A_YEAR = 8760


@dataclass(frozen=True, slots=True)
class States:
    """Shares of time in the four states; they add up to 1."""

    ok: float
    degraded: float
    fallback: float
    blocked: float


@dataclass(frozen=True, slots=True)
class StepPrediction:
    """One step by itself."""

    step: str
    title: str
    optional: bool
    share: float
    """Share of attempts that use it."""
    states: States | None


@dataclass(frozen=True, slots=True)
class Cause:
    """One event of a cut set."""

    kind: str
    """`own`: the component fails by itself; `common-cause`: all fail together; `switch`: a switch-over fails."""
    components: tuple[str, ...]
    outlasts_seconds: float
    """How long it must have lasted to count; 0 where it counts at once."""


@dataclass(frozen=True, slots=True)
class CutSet:
    """Failures that together block the journey, none of which could be left out."""

    causes: tuple[Cause, ...]
    probability: float

    @property
    def components(self) -> tuple[str, ...]:
        """All components that take part."""
        return tuple(sorted({ref for cause in self.causes for ref in cause.components}))


@dataclass(frozen=True, slots=True)
class Importance:
    """What one component means for a journey."""

    component: str
    birnbaum: float
    """Chance of blocked while it has failed by itself, less that while it has not."""
    criticality: float | None
    """Share of the blocked time that would not be if it never failed."""
    fussell_vesely: float | None
    """Share of the blocked time in which it has failed."""
    raw: float | None
    """Risk achievement worth: how many times as much would be blocked if it were down for good."""
    rrw: float | None
    """Risk reduction worth: how many times as much is blocked as if it never failed; None where nothing else blocks."""
    attempts_saved_by_one_more_nine: float | None
    """A year; None without demand."""


@dataclass(frozen=True, slots=True)
class CommonCause:
    """A cause that takes several components at once."""

    components: tuple[str, ...]
    probability: float
    birnbaum: float


@dataclass(frozen=True, slots=True)
class Displaced:
    """Contacts that fall back to a channel."""

    channel: str
    contacts_per_year: float
    cost_per_year: float | None
    """None where the channel does not say what a contact costs."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Proven bounds."""

    availability: Interval
    """Share of time in which no mandatory step is blocked."""


@dataclass(frozen=True, slots=True)
class JourneyPrediction:
    """One journey."""

    journey: str
    title: str
    objective_percent: float | None
    meets: bool | None
    """Whether the objective is met; None without one, or where the bounds leave it open."""
    states: States | None
    availability: float | None
    """Share of attempts that can be completed, of those that go all the way: of time with no mandatory step blocked."""
    attempts_served: float | None
    """Share of all attempts that no blocked step ends: each step counts by its `share` of attempts that need it."""
    bounds: Bounds | None
    """Where the exact availability is missing."""
    whatever_the_correlation: Bounds
    """Bounds that need no independence (Fréchet)."""
    attempts_per_year: float | None
    attempts_lost_per_year: float | None
    displaced: tuple[Displaced, ...] | None
    """By channel, most first; None without demand."""
    currency: str | None
    steps: tuple[StepPrediction, ...]
    """None of them where no details are asked for; nor are then contacts, cut sets, importance and common causes."""
    single_points: tuple[str, ...]
    """Components each of which blocks the journey by its own failure."""
    cut_sets: tuple[CutSet, ...] | None
    """Most likely first."""
    importance: tuple[Importance, ...] | None
    """What saves most attempts first."""
    common_causes: tuple[CommonCause, ...]
    needs: int
    """Components that can block, move or degrade it."""
    assumed: tuple[str, ...]
    """Components that can block it whose availability nobody has said."""
    felt_at_once: tuple[str, ...]
    """Components whose failures count from the first second because their time to repair is unknown."""
    notes: tuple[str, ...]
    """Why figures are missing."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """A whole catalog."""

    components: tuple[Availability, ...]
    """By reference."""
    journeys: tuple[JourneyPrediction, ...]
    """By reference."""
    order: int
    """Most causes in a cut set."""
    tolerances_left_out: bool
    """Whether no tolerance counts, because there are too many different sums of them."""
    notes: tuple[str, ...]
