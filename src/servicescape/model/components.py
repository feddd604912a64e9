"""What can fail: platforms, services and externals, and how they depend on each other."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from servicescape.model.base import Part
from servicescape.model.entity import Entity
from servicescape.model.metadata import Extensions
from servicescape.model.names import ComponentRef, DomainRef, PlatformRef, TeamRef, Text
from servicescape.model.slo import InlineSlo
from servicescape.model.units import Duration, Percent, Share

Lifecycle = Literal["planned", "experimental", "production", "deprecated", "retired"]
State = Literal["ok", "degraded", "down"]
COMPONENT_TYPES = ("application", "api", "datastore", "queue", "network", "infrastructure", "batch")
"""Types known without settings."""

Tier = Annotated[int, Field(ge=1, le=4)]


class EdgeOptions(Part):
    """What a dependency does to its dependent when it fails."""

    kind: Literal["hard", "soft"] = "hard"
    """`hard`: without it the dependent is down. `soft`: without it the dependent is degraded."""
    tolerates: Duration | None = None
    """How long the dependent goes on unharmed after the dependency fails (a cache, a queue, a buffer)."""
    fallback: ComponentRef | None = None
    """What takes over; the dependent is then degraded, and down only when both are down."""
    switch_failure: Share | None = None
    """Chance that the switch-over to the fallback itself fails (prediction only)."""
    degrades: Text | None = None
    """What customers or callers notice when this dependency fails."""
    because: Text | None = None
    """Why the dependency is as it is."""
    when_down: State | None = None
    """What the dependent becomes while the dependency is down; overrides the kind."""
    when_degraded: State | None = None
    """What the dependent becomes while the dependency is degraded; overrides the kind."""


class Dependency(EdgeOptions):
    """One dependency with its details."""

    on: ComponentRef
    """What is depended on."""


class RedundantDependency(EdgeOptions):
    """A dependency on a group of which only some members are needed."""

    any_of: Annotated[tuple[ComponentRef, ...], Field(min_length=1)]
    """Members of the group, each able to stand in for another."""
    need: Annotated[int, Field(ge=1)] = 1
    """How many of them are needed."""
    common_cause: Share | None = None
    """Share of a member's failures that take all members at once (prediction only)."""


def _dependency_form(value: Any) -> str | None:
    if isinstance(value, str):
        return "name"
    if isinstance(value, dict):
        return "group" if "anyOf" in value else "one"
    if isinstance(value, RedundantDependency):
        return "group"
    return "one" if isinstance(value, Dependency) else None


AnyDependency = Annotated[
    Annotated[ComponentRef, Tag("name")]
    | Annotated[Dependency, Tag("one")]
    | Annotated[RedundantDependency, Tag("group")],
    Discriminator(_dependency_form),
]
"""A dependency: a bare name (hard), one with details, or a redundant group."""


class Recovery(Part):
    """How failures end: by whom, how fast, and with what loss."""

    mttr: Duration | None = None
    """Mean time to repair."""
    rto: Duration | None = None
    """Recovery time objective: back within this."""
    rpo: Duration | None = None
    """Recovery point objective: at most this much data is lost."""
    runbook: Text | None = None
    """Page that says what to do."""
    self_healing: bool = False
    """Whether it recovers by itself from its usual failures."""


_RECOVERY = Recovery.model_construct()


class ComponentSpec(Part):
    """What platforms, services and externals have in common."""

    domain: DomainRef | None = None
    """Business area."""
    platform: PlatformRef | None = None
    """Platform it runs on: a hard dependency by itself."""
    type: Annotated[Text, Field(examples=list(COMPONENT_TYPES))] | None = None
    """Technical type: application, api, datastore, queue, network, infrastructure, batch, or one from the settings."""
    tier: Tier | None = None
    """How critical it is: 1 (most) to 4 (least)."""
    lifecycle: Lifecycle = "production"
    """Where it stands in its life."""
    masters: tuple[Text, ...] = ()
    """Data items of which it is the system of record."""
    depends_on: tuple[AnyDependency, ...] = ()
    """What it needs, and what happens without it."""
    recovery: Recovery = Field(default_factory=lambda: _RECOVERY)
    """How its failures end."""
    slos: tuple[InlineSlo, ...] = ()
    """SLOs for this component, as under the kind SLO without `for`."""
    extensions: Extensions = Field(default_factory=dict)
    """The organisation's own data by name."""


class OwnedSpec(ComponentSpec):
    """A component that a team of the organisation runs."""

    owner: TeamRef
    """Team that runs it and is called when it fails."""


class Service(Entity):
    """A deployable part that runs on a platform."""

    kind: Literal["Service"]
    """`Service`."""
    spec: OwnedSpec
    """Owner, place in the organisation, dependencies and promises."""


class Platform(Entity):
    """What a team runs for others to build on."""

    kind: Literal["Platform"]
    """`Platform`."""
    spec: OwnedSpec
    """Owner, place in the organisation, dependencies and promises."""


class ImpliedSpec(OwnedSpec):
    """What is known of a service that is only named: nothing."""

    owner: TeamRef | None = None  # type: ignore[assignment]
    """Not known."""
    lifecycle: Literal["unknown"] = "unknown"  # type: ignore[assignment]
    """Not known, so that rules about parts in production pass it over."""


class ImpliedService(Service):
    """A service that a document of another tool names and the catalog does not describe.

    Nobody writes it. It stands for what is missing, and whatever has its name in the catalog takes its place.
    """

    spec: ImpliedSpec
    """Nothing is known."""


class GuessedService(ImpliedService):
    """One of which even the name is a guess, because the document does not say whose objective it is."""


class ExternalSpec(ComponentSpec):
    """What somebody else runs: who, and what they promise."""

    vendor: Text
    """Who runs it."""
    sla: Percent | None = None
    """Availability promised by contract, in percent."""
    owner: TeamRef | None = None
    """Team that manages the relation with the vendor."""


class External(Entity):
    """Somebody else's part that can fail: a cloud region's object store, a payment provider."""

    kind: Literal["External"]
    """`External`."""
    spec: ExternalSpec
    """Vendor, contract and dependencies."""


AnyComponent = Service | Platform | External
