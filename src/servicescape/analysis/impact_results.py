"""What the impact analysis answers, ready to be printed in any form.

Times are seconds since the failure began; `math.inf` means never. Rates are per hour, money is in the journeys'
currency. `None` stands for a figure that cannot be worked out because the author did not give what it needs (demand,
capacity, value); it is never written as 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from servicescape.model.scenario import JOURNEY_STATES, JourneyState

if TYPE_CHECKING:
    # Only the matrix holds arrays; whoever asks for a blast radius does not wait for numpy.
    import numpy as np
    import numpy.typing as npt

JOURNEY_STATE_CODES: dict[JourneyState, int] = {state: code for code, state in enumerate(JOURNEY_STATES)}
"""0 ok, 1 degraded, 2 fallback, 3 blocked: the order from best to worst, used as codes in arrays."""


class PathLink(NamedTuple):
    """One link of the chain that carries a failure: `dependent` suffers because of `target`."""

    dependent: str
    target: str
    adds_seconds: float
    """Delay that the link's tolerance adds."""
    fallback_used: bool
    """Whether a fallback had already to fail for this link to carry the failure."""


class Chain(NamedTuple):
    """How a failure comes to a component."""

    path: tuple[str, ...]
    """References from what failed to the component, both included."""
    links: tuple[PathLink, ...] = ()
    """The links of the path, from what failed onwards; one fewer than it has references."""


class Chains(Protocol):
    """Knows how a failure comes to components; worked out when it is asked."""

    def chain_to(self, ref: str) -> Chain:
        """The shortest chain that carries a component's worst state; of one that is reached."""


class ComponentImpact(NamedTuple):
    """A component that the failure reaches."""

    component: str
    state: str
    """Worst state within the outage: `degraded` or `down`."""
    down_after_seconds: float
    degraded_after_seconds: float
    """When it stops being fully ok; never later than `down_after_seconds`."""
    chains: Chains
    """Those of the whole failure. Of the thousands of components that one may reach, few are looked at."""

    @property
    def path(self) -> tuple[str, ...]:
        """References from what failed to this component, both included."""
        return self.chains.chain_to(self.component).path

    @property
    def links(self) -> tuple[PathLink, ...]:
        """The links of `path`, from what failed onwards."""
        return self.chains.chain_to(self.component).links


class Moment(NamedTuple):
    """A change of state."""

    at_seconds: float
    state: JourneyState
    leg: str | None = None
    """For a step: channel of the leg it then runs on; None while blocked, while no leg is open, and for journeys."""


class StepImpact(NamedTuple):
    """What becomes of one step."""

    step: str
    title: str
    optional: bool
    state: JourneyState
    """Worst state within the outage."""
    after_seconds: float
    """When that state is first reached; 0 where it is `ok`."""
    leg: str | None
    """Channel of the leg in use in that state; None where the step is blocked."""
    timeline: tuple[Moment, ...]
    """State from the beginning on; the first moment is at 0."""
    because: tuple[str, ...]
    """References from the component that makes the first leg fail (or degrade) back to what failed; empty where ok."""
    customer_sees: str | None


@dataclass(frozen=True, slots=True)
class JourneyImpact:
    """What becomes of one journey."""

    journey: str
    title: str
    state: JourneyState
    """Worst state within the outage."""
    after_seconds: float
    """When that state is first reached; 0 where it is `ok`."""
    timeline: tuple[Moment, ...]
    steps: tuple[StepImpact, ...]
    blocked_per_hour: float | None
    """Attempts an hour that cannot be completed at the worst moment, turned-away contacts included. None: no demand."""
    displaced_per_hour: dict[str, float]
    """Channel → contacts an hour moved to it at the worst moment; empty where demand is unknown."""
    blocked_total: float | None
    """Customers blocked over the outage; None without demand, or without a length."""
    value_lost: float | None
    """Value of the attempts that were not completed; None as well where the author gives no value."""
    currency: str | None

    @property
    def is_hit(self) -> bool:
        """Whether anything at all becomes of it."""
        return self.state != "ok"


@dataclass(frozen=True, slots=True)
class ChannelLoad:
    """What a channel has to take on at the worst moment."""

    channel: str
    title: str
    state: str
    """`ok`, `degraded` or `down` at the end of the outage."""
    contacts_per_hour: float | None
    """Contacts moved here; None where no journey that moves here gives its demand, 0 where none moves here."""
    capacity_per_hour: float | None
    turned_away_per_hour: float | None
    """What exceeds the capacity; None where contacts come and their number or the capacity is unknown."""
    flooded_after_seconds: float
    """When contacts first exceed capacity; `math.inf`: never."""
    cost_total: float | None
    """Cost over the outage of the displaced contacts that are taken on; those turned away cost nothing."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over all journeys that give what the figure needs.

    None where no journey in the catalog, or none of those hit, gives its demand.
    """

    journeys_hit: int
    journeys: int
    blocked_per_hour: float | None
    """At the worst moment."""
    displaced_per_hour: float | None
    """At the worst moment."""
    blocked_customers: float | None
    """Over the outage; None where it has no length."""
    displaced_contacts: float | None
    """Over the outage, those turned away included."""
    contact_cost: float | None
    """Over the outage; None as well where no channel that takes contacts on says what one costs."""
    value_lost: dict[str, float]
    """Currency → value of attempts that were not completed; empty where the outage has no length."""


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """Everything that follows from one failure (of one or several components)."""

    failed: tuple[str, ...]
    """References of what is down."""
    degraded: tuple[str, ...]
    """References of what is degraded from the start."""
    lasts_seconds: float | None
    """Length of the outage; None: until all that can follow has followed."""
    at: str
    """`average`, `peak` or a time of day."""
    components: tuple[ComponentImpact, ...]
    """Reached components, what failed first, then by time and reference."""
    journeys: tuple[JourneyImpact, ...]
    """All journeys, worst first, then by customers blocked, then by reference."""
    channels: tuple[ChannelLoad, ...]
    """Channels that take on contacts or are hit themselves, most contacts first."""
    totals: Totals
    runbooks: tuple[tuple[str, str | None], ...]
    """Component reached → its runbook, along the chains that hit journeys."""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One thing that can fail."""

    ref: str
    """Component, team, domain or scenario; for a vendor `vendor:NAME`."""
    title: str
    kind: str
    owner: str | None
    domain: str | None
    tier: int | None
    members: tuple[str, ...]
    """Components that fail together in this row (for a scenario also those that it degrades)."""
    reaches_journeys: bool
    """Whether any journey uses it, directly or through others."""


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """A journey, or one of its steps."""

    journey: str
    step: str | None
    title: str
    domain: str | None
    blocked_by: int
    """Number of rows whose failure blocks it."""


@dataclass(frozen=True, slots=True)
class ImpactMatrix:
    """Everything that can fail against every journey.

    Arrays have one row per `rows` and one column per `columns`; rows stand worst first.
    """

    lasts_seconds: float | None
    """Length of the outage; None: until all has followed (for scenarios: each as long as it says itself)."""
    by: str
    """`component`, `team`, `domain`, `vendor` or `scenario`."""
    rows: tuple[MatrixRow, ...]
    columns: tuple[MatrixColumn, ...]
    state: npt.NDArray[np.uint8]
    """Worst state within the outage as a code of `JOURNEY_STATE_CODES`."""
    after_seconds: npt.NDArray[np.float32]
    """When that state is reached; inf where the state is ok."""
    blocked_average_per_hour: npt.NDArray[np.float64]
    blocked_peak_per_hour: npt.NDArray[np.float64]
    displaced_average_per_hour: npt.NDArray[np.float64]
    displaced_peak_per_hour: npt.NDArray[np.float64]
    """Customers an hour at the worst moment, by row. NaN where no journey, or none of those hit, gives its demand."""
