"""Who owns what: teams and business areas."""

from typing import Literal

from pydantic import Field

from servicescape.model.base import Part
from servicescape.model.entity import Entity
from servicescape.model.metadata import Extensions
from servicescape.model.names import DomainRef, TeamRef, Text


class Contact(Part):
    """One way to reach a team."""

    type: Text
    """How: `slack`, `email`, `phone`, `pager` or whatever the organisation uses."""
    value: Text
    """Channel, address or number. Quote it when it begins with `#`."""


class Receivers(Part):
    """Alertmanager receivers by severity. Only names: addresses and secrets stay in Alertmanager's own files."""

    page: Text | None = None
    """Receiver for alerts that wake somebody; that of `parent` where it is left out."""
    ticket: Text | None = None
    """Receiver for alerts that can wait for office hours; that of `parent` where it is left out."""


_RECEIVERS = Receivers.model_construct()


class TeamSpec(Part):
    """How a team is reached and where it stands in the organisation."""

    parent: TeamRef | None = None
    """Team or tribe that this one is part of."""
    contacts: tuple[Contact, ...] = ()
    """How to reach the team, best way first."""
    receivers: Receivers = Field(default_factory=lambda: _RECEIVERS)
    """Where the team's alerts go."""
    codeowners: tuple[Text, ...] = ()
    """Handles as CODEOWNERS files write them, such as `@meridian/payments`."""
    extensions: Extensions = Field(default_factory=dict)
    """The organisation's own data by name."""


_TEAMSPEC = TeamSpec.model_construct()


class Team(Entity):
    """A group of people that owns things and can be called."""

    kind: Literal["Team"]
    """`Team`."""
    spec: TeamSpec = Field(default_factory=lambda: _TEAMSPEC)
    """How the team is reached."""


class DomainSpec(Part):
    """Who answers for a business area, and which larger one it is part of."""

    owner: TeamRef | None = None
    """Team that answers for the area."""
    parent: DomainRef | None = None
    """Larger area that this one is part of."""
    extensions: Extensions = Field(default_factory=dict)
    """The organisation's own data by name."""


_DOMAINSPEC = DomainSpec.model_construct()


class Domain(Entity):
    """A business area, by which components and journeys are grouped."""

    kind: Literal["Domain"]
    """`Domain`."""
    spec: DomainSpec = Field(default_factory=lambda: _DOMAINSPEC)
    """Who answers for the area."""
