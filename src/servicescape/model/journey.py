"""What customers want to get done, and the channels by which they reach the company."""

import datetime
import re
from typing import Annotated, Any, Literal

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from servicescape.model.base import Part
from servicescape.model.components import Lifecycle
from servicescape.model.entity import Entity
from servicescape.model.metadata import Extensions
from servicescape.model.names import ChannelRef, ComponentRef, DomainRef, Name, TeamRef, Text
from servicescape.model.units import Duration, NonNegative, Percent, Positive, Share

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _DateText:
    """A day written as YYYY-MM-DD. YAML leaves it text; no other form is guessed at."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._check, serialization=core_schema.to_string_ser_schema(when_used="json")
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}

    @staticmethod
    def _check(value: object) -> datetime.date:
        if type(value) is datetime.date:
            return value
        if isinstance(value, str) and _DATE.fullmatch(value):
            try:
                return datetime.date.fromisoformat(value)
            except ValueError:
                pass
        raise PydanticCustomError("date_text", "a day as YYYY-MM-DD is expected here")


Day = Annotated[datetime.date, _DateText()]


class Capacity(Part):
    """How much a channel can take."""

    per_hour: Positive
    """Contacts an hour."""


class ChannelSpec(Part):
    """How customers reach the company here, and how many of them can."""

    mode: Annotated[
        Literal["self-service", "assisted", "live"],
        Field(examples=["self-service", "assisted", "live"]),
    ]
    """`self-service`, `assisted` (a bot, guided, co-browsing) or `live` (a person)."""
    owner: TeamRef | None = None
    """Team that answers for the channel."""
    runs_on: tuple[ComponentRef, ...] = ()
    """Without any one of these the whole channel is gone."""
    capacity: Capacity | None = None
    """How many contacts it can take."""
    hours: Text | None = None
    """When it is open, in OpenStreetMap's opening_hours form, such as `Mo-Sa 08:00-20:00`."""
    cost_per_contact: NonNegative | None = None
    """What one contact costs, in the currency of the journeys' values."""
    extensions: Extensions = Field(default_factory=dict)
    """The organisation's own data by name."""


class Channel(Entity):
    """A way in which customers reach the company."""

    kind: Literal["Channel"]
    """`Channel`."""
    spec: ChannelSpec
    """Mode, capacity and what it runs on."""


class Demand(Part):
    """How many customers set out on a journey."""

    per_hour: NonNegative | None = None
    """Attempts an hour, on average."""
    peak_per_hour: NonNegative | None = None
    """Attempts in the busiest hour."""


_DEMAND = Demand.model_construct()


class Value(Part):
    """What a completed attempt is worth."""

    per_completion: NonNegative
    """Worth of one completed attempt."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["GBP", "EUR"])]
    """Three-letter currency code."""


class Leg(Part):
    """One way of doing a step: a channel, and the components it uses there."""

    channel: ChannelRef
    """Channel in which the customer does it."""
    uses: tuple[ComponentRef, ...] = ()
    """Components that this way needs, besides what the channel runs on."""
    carries: tuple[Text, ...] = ()
    """Data items that a hand-over to this leg brings along, so that the customer is not asked again."""
    via: ComponentRef | None = None
    """Component that carries them; when it is down, nothing is carried."""
    offered: Literal["automatic", "offered", "found"] | None = None
    """`automatic`: the step moves the customer over; `offered`: a button or call-back; `found`: up to the customer."""
    tested: Day | None = None
    """Day on which this way was last tried for real."""
    takes: Duration | None = None
    """How long a customer needs this way."""


class OnFailure(Part):
    """What happens when the step cannot be done."""

    customer_sees: Text | None = None
    """What the customer is shown or told."""
    runbook: Text | None = None
    """Page that says what to do."""


_ONFAILURE = OnFailure.model_construct()


class Step(Part):
    """One step of a journey and every way of doing it."""

    name: Name
    """Name of the step, unique in its journey."""
    title: Text | None = None
    """Name for people."""
    optional: bool = False
    """Whether the journey can be completed without it."""
    share: Share | None = None
    """Share of attempts that reach or use this step; all of them where it is not given."""
    collects: tuple[Text, ...] = ()
    """Data items that the customer is asked for here."""
    legs: Annotated[tuple[Leg, ...], Field(min_length=1)]
    """Ways of doing it, best first."""
    on_failure: OnFailure = Field(default_factory=lambda: _ONFAILURE)
    """What happens when it cannot be done."""


class JourneySpec(Part):
    """A journey's owner, demand, worth and steps."""

    owner: TeamRef
    """Team that answers for the whole journey."""
    domain: DomainRef | None = None
    """Business area."""
    persona: Text | None = None
    """Who the customer is."""
    lifecycle: Lifecycle = "production"
    """Where it stands in its life."""
    demand: Demand = Field(default_factory=lambda: _DEMAND)
    """How many set out on it."""
    value: Value | None = None
    """What a completed attempt is worth."""
    objective: Percent | None = None
    """Share of attempts that can be completed, in percent; becomes the journey's SLO."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    """Steps in the order in which the customer takes them."""
    extensions: Extensions = Field(default_factory=dict)
    """The organisation's own data by name."""


class Journey(Entity):
    """What a customer wants to get done, end to end."""

    kind: Literal["Journey"]
    """`Journey`."""
    spec: JourneySpec
    """Owner, demand, worth and steps."""
