"""What-ifs that are kept and asserted like unit tests."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from servicescape.model.base import TEXT_OR_MAPPING, Part, SchemaShape, at_least_one
from servicescape.model.entity import Entity
from servicescape.model.metadata import Extensions
from servicescape.model.names import ComponentRef, DomainRef, JourneyRef, TeamRef, Text
from servicescape.model.units import NonNegative, PositiveDuration

JourneyState = Literal["ok", "degraded", "fallback", "blocked"]
JOURNEY_STATES: tuple[JourneyState, ...] = ("ok", "degraded", "fallback", "blocked")
"""From best to worst."""
AT_PATTERN = r"^(average|peak|((Mo|Tu|We|Th|Fr|Sa|Su) )?([01][0-9]|2[0-3]):[0-5][0-9])$"

_GROUP_KEYS = ("team", "domain", "vendor", "label")


class TargetGroup(Part):
    """All components of a team, domain or vendor, or with a label."""

    model_config = ConfigDict(json_schema_extra=SchemaShape(**at_least_one(_GROUP_KEYS)))

    team: TeamRef | None = None
    """Components that this team owns."""
    domain: DomainRef | None = None
    """Components of this business area."""
    vendor: Text | None = None
    """Externals of this vendor."""
    label: Annotated[dict[str, str], Field(min_length=1)] | None = None
    """Components that carry all of these labels."""

    @model_validator(mode="after")
    def _something(self) -> "TargetGroup":
        if all(getattr(self, key) is None for key in _GROUP_KEYS):
            raise PydanticCustomError("one_of", "at least one of {keys} is needed", {"keys": ", ".join(_GROUP_KEYS)})
        return self


Target = Annotated[
    Annotated[ComponentRef, Tag("text")] | Annotated[TargetGroup, Tag("mapping")],
    TEXT_OR_MAPPING,
]
"""A component by name, or a group of them."""


class StateBounds(Part):
    """A range of states, from `ok` over `degraded` and `fallback` to `blocked`."""

    model_config = ConfigDict(json_schema_extra=SchemaShape(**at_least_one(("atMost", "atLeast"))))

    at_most: JourneyState | None = None
    """No worse than this."""
    at_least: JourneyState | None = None
    """No better than this."""

    @model_validator(mode="after")
    def _something(self) -> "StateBounds":
        if self.at_most is None and self.at_least is None:
            raise PydanticCustomError("one_of", "at least one of {keys} is needed", {"keys": "`atMost`, `atLeast`"})
        return self


class NumberBounds(Part):
    """A range of numbers."""

    model_config = ConfigDict(json_schema_extra=SchemaShape(**at_least_one(("atMost", "atLeast"))))

    at_most: NonNegative | None = None
    """No more than this."""
    at_least: NonNegative | None = None
    """No less than this."""

    @model_validator(mode="after")
    def _something(self) -> "NumberBounds":
        if self.at_most is None and self.at_least is None:
            raise PydanticCustomError("one_of", "at least one of {keys} is needed", {"keys": "`atMost`, `atLeast`"})
        return self


ExpectedState = Annotated[
    Annotated[JourneyState, Tag("text")] | Annotated[StateBounds, Tag("mapping")],
    TEXT_OR_MAPPING,
]
"""The worst state during the outage: exactly this one, or a range."""


class Expectations(Part):
    """What must hold in the scenario."""

    journeys: dict[JourneyRef, ExpectedState] = Field(default_factory=dict)
    """Worst state of each named journey."""
    blocked_customers_per_hour: NumberBounds | None = None
    """Customers an hour who can no longer get done what they came for, at the worst moment."""
    displaced_contacts_per_hour: NumberBounds | None = None
    """Contacts an hour that move to another channel, at the worst moment."""


_EXPECTATIONS = Expectations.model_construct()


class ScenarioSpec(Part):
    """What fails, for how long, at what time, and what must hold then."""

    model_config = ConfigDict(json_schema_extra=SchemaShape(**at_least_one(("fail", "degrade"))))

    based_on: Text | None = None
    """Report of the real event that it is modelled on."""
    fail: tuple[Target, ...] = ()
    """What is down."""
    degrade: tuple[Target, ...] = ()
    """What is degraded."""
    lasts: PositiveDuration | None = None
    """How long; without it, until everything that can follow has followed."""
    at: Annotated[str, Field(pattern=AT_PATTERN, examples=["average", "peak", "20:30", "Sa 20:30"])] = "average"
    """Demand used: `average`, `peak`, or a time of day (a Monday unless a weekday is named)."""
    expect: Expectations = Field(default_factory=lambda: _EXPECTATIONS)
    """What must hold."""
    extensions: Extensions = Field(default_factory=dict)
    """The organisation's own data by name."""

    @model_validator(mode="after")
    def _something_fails(self) -> "ScenarioSpec":
        if not {"fail", "degrade"} & self.model_fields_set:
            raise PydanticCustomError("one_of", "at least one of {keys} is needed", {"keys": "`fail`, `degrade`"})
        return self


class Scenario(Entity):
    """A what-if that is kept, and asserted in CI."""

    kind: Literal["Scenario"]
    """`Scenario`."""
    spec: ScenarioSpec
    """What fails, and what must hold then."""
