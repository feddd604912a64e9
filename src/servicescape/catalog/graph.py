"""The catalog as analyses see it: components, edges, channels and journeys with every reference resolved.

All strings called a reference here are canonical (`service:basket`), so that they can be looked up without knowing
who refers. Everything is frozen; nothing here knows of text or places except through `Component.entity` and the like.
What there are ten thousands of is held to that by type checkers alone: Python takes six times as long to make an object
that it is to guard.
"""

import datetime
from dataclasses import field
from enum import IntEnum
from typing import Literal

from servicescape.bind.located import Located
from servicescape.diagnostics.records import record
from servicescape.model.components import AnyComponent
from servicescape.model.journey import Channel as ChannelEntity
from servicescape.model.journey import Journey as JourneyEntity
from servicescape.model.slo import InlineSlo

EdgeRole = Literal["dependency", "platform"]


class Effect(IntEnum):
    """What becomes of a component, from best to worst."""

    OK = 0
    DEGRADED = 1
    DOWN = 2


@record()
class Edge:
    """What one component needs, and what it becomes without it.

    The need is met while at least `need` of `targets` are not down (one target and `need` 1 for a plain dependency).
    While it is unmet the dependent suffers `when_down`; while fewer than `need` targets are fully ok it suffers
    `when_degraded`. With a `fallback`, `when_down` holds only as long as the fallback is not down; once that is down
    too, the dependent is down; but a soft dependency never takes its dependent down. Every effect comes
    `tolerates_seconds` late.
    """

    source: str
    """Reference of the dependent."""
    targets: tuple[str, ...]
    """References of what is needed, in the author's order."""
    need: int
    when_down: Effect
    when_degraded: Effect
    fallback: str | None
    tolerates_seconds: float
    role: EdgeRole
    """`platform`: the edge comes from `spec.platform`."""
    soft: bool
    degrades: str | None
    """What callers notice, in the author's words."""
    because: str | None
    common_cause: float | None
    """Share of a member's failures that take all members at once, 0 to 1 (prediction only)."""
    switch_failure: float | None
    """Chance that switching to the fallback fails, 0 to 1; None where it is assumed perfect (prediction only)."""
    path: tuple[str | int, ...]
    """Where the edge stands in the dependent's document."""

    @property
    def is_group(self) -> bool:
        """Whether the dependency was written as a redundant group."""
        return len(self.targets) > 1 or self.path[-1:] == ("anyOf",)

    @property
    def is_hard(self) -> bool:
        """Whether the dependent is down as soon as one target is: no group, no fallback, not softened."""
        return self.when_down is Effect.DOWN and self.fallback is None and len(self.targets) == self.need


@record()
class Component:
    """A Service, Platform or External with its edges."""

    ref: str
    kind: str
    """`Service`, `Platform` or `External`."""
    name: str
    title: str
    owner: str | None
    """Reference of the owning team."""
    domain: str | None
    platform: str | None
    vendor: str | None
    tier: int | None
    lifecycle: str
    type: str | None
    runbook: str | None
    mttr_seconds: float | None
    edges: tuple[Edge, ...]
    """What it needs: its platform first, then its dependencies in the author's order."""
    entity: Located[AnyComponent]
    masters: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """Data items of which it is the system of record."""
    slos: tuple[InlineSlo, ...] = field(default=(), repr=False, compare=False)
    """SLOs that are written out in its document."""


@record()
class Channel:
    """A way in which customers reach the company."""

    ref: str
    name: str
    title: str
    mode: str
    """`self-service`, `assisted` or `live`."""
    owner: str | None
    runs_on: tuple[str, ...]
    """Components without any one of which the channel is gone."""
    capacity_per_hour: float | None
    hours: str | None
    """OpenStreetMap opening_hours; None: always open."""
    cost_per_contact: float | None
    entity: Located[ChannelEntity]


@record()
class Leg:
    """One way of doing a step."""

    channel: str
    """Reference of the channel."""
    uses: tuple[str, ...]
    """References of components that this way needs, besides what the channel runs on."""
    carries: tuple[str, ...]
    via: str | None
    offered: str | None
    tested: datetime.date | None
    takes_seconds: float | None
    path: tuple[str | int, ...]


@record()
class Step:
    """One step of a journey with its legs, best first."""

    name: str
    title: str
    optional: bool
    share: float
    """Share of attempts that reach or use the step, 0 to 1."""
    collects: tuple[str, ...]
    legs: tuple[Leg, ...]
    customer_sees: str | None
    runbook: str | None
    path: tuple[str | int, ...]


@record()
class Journey:
    """What a customer wants to get done, step by step."""

    ref: str
    name: str
    title: str
    owner: str | None
    domain: str | None
    persona: str | None
    lifecycle: str
    average_per_hour: float | None
    """Attempts an hour; None where the author gives no demand."""
    peak_per_hour: float | None
    """Attempts in the busiest hour; the average where only that is given."""
    value_per_completion: float | None
    currency: str | None
    objective_percent: float | None
    steps: tuple[Step, ...]
    entity: Located[JourneyEntity]
