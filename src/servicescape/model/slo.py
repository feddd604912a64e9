"""Objectives: what is promised, how it is measured, and when somebody is told."""

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, Tag, model_validator
from pydantic.config import JsonDict
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from servicescape.model.base import TEXT_OR_MAPPING, Part, SchemaShape
from servicescape.model.entity import Entity
from servicescape.model.metadata import Extensions
from servicescape.model.names import IndicatorRef, MeasuredRef, Name, Text
from servicescape.model.units import DURATION_PATTERN, Duration, Percent, PositiveDuration

Measures = Literal["availability", "latency", "freshness", "correctness", "quality"]
QUERY_FORMS = ("ratio", "errorRatio", "latency", "gauge")


class RatioQueries(Part):
    """Two counts over the same time; each query contains `{{window}}` as its range."""

    model_config = ConfigDict(
        json_schema_extra=SchemaShape(oneOf=[{"required": ["bad"]}, {"required": ["good"]}]),
    )

    good: Text | None = None
    """PromQL that counts good events. Give this or `bad`."""
    bad: Text | None = None
    """PromQL that counts bad events. Give this or `good`."""
    total: Text
    """PromQL that counts all events."""

    @model_validator(mode="after")
    def _one_of_good_and_bad(self) -> "RatioQueries":
        if (self.good is None) == (self.bad is None):
            raise PydanticCustomError("one_of", "exactly one of `good` and `bad` is needed", {"keys": "good, bad"})
        return self


_PLACEHOLDER = r"\{\{\s*[A-Za-z_][A-Za-z0-9_]*\s*\}\}"


class _DurationOrPlaceholder:
    """Takes a positive duration, or a placeholder such as `{{below}}` that a parameter fills."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_wrap_validator_function(
            self._check,
            handler.generate_schema(PositiveDuration),
            serialization=core_schema.plain_serializer_function_ser_schema(str),
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        duration = handler(core_schema.str_schema()) | {"pattern": DURATION_PATTERN.replace("^", "^(?=.*[1-9])", 1)}
        return {**duration, "pattern": f"{duration['pattern']}|^{_PLACEHOLDER}$", "examples": ["300ms", "1s"]}

    @staticmethod
    def _check(value: object, read: Callable[[object], Duration]) -> Duration | str:
        return value if isinstance(value, str) and re.fullmatch(_PLACEHOLDER, value) else read(value)


class LatencyQuery(Part):
    """The share of events slower than a threshold, read from a Prometheus histogram."""

    histogram: Annotated[
        str,
        Field(
            pattern=rf"^([a-zA-Z_:][a-zA-Z0-9_:]*|{_PLACEHOLDER})$",
            examples=["http_request_duration_seconds"],
        ),
    ]
    """Name of the histogram without `_bucket`."""
    matchers: dict[str, str] = Field(default_factory=dict)
    """Labels and the values they must have."""
    below: Annotated[Duration | str, _DurationOrPlaceholder()]
    """Events faster than this are good."""
    native: bool = False
    """Whether it is a native histogram; classic ones have `_bucket` series."""


_ONE_QUERY = [{"required": [form]} for form in QUERY_FORMS]


class Query(Part):
    """How good and bad are told apart: exactly one of the query forms."""

    model_config = ConfigDict(json_schema_extra=SchemaShape(oneOf=_ONE_QUERY))

    ratio: RatioQueries | None = None
    """Counts of good or bad and of all events."""
    error_ratio: Text | None = None
    """PromQL that gives the share of bad events, 0 to 1, over `{{window}}`."""
    latency: LatencyQuery | None = None
    """A histogram and the threshold that separates good from slow."""
    gauge: Text | None = None
    """PromQL that is 1 while good and 0 while bad."""

    @model_validator(mode="after")
    def _one_form(self) -> "Query":
        _require_one(self, _FIELD_OF)
        return self


_FIELD_OF = {"ratio": "ratio", "errorRatio": "error_ratio", "latency": "latency", "gauge": "gauge"}
_FIELD_OF_SLI = {**_FIELD_OF, "use": "use"}


def _require_one(part: Part, fields: dict[str, str]) -> None:
    given = [key for key, field in fields.items() if getattr(part, field) is not None]
    if len(given) != 1:
        raise PydanticCustomError(
            "one_of",
            "exactly one of {keys} is needed",
            {"keys": ", ".join(f"`{key}`" for key in fields), "given": given},
        )


class Sli(Part):
    """The indicator of an objective: a query of its own, or a shared Indicator with its parameters."""

    model_config = ConfigDict(
        json_schema_extra=SchemaShape(
            oneOf=[*_ONE_QUERY, {"required": ["use"]}],
            dependentRequired={"with": ["use"]},
        ),
    )

    ratio: RatioQueries | None = None
    """Counts of good or bad and of all events."""
    error_ratio: Text | None = None
    """PromQL that gives the share of bad events, 0 to 1, over `{{window}}`."""
    latency: LatencyQuery | None = None
    """A histogram and the threshold that separates good from slow."""
    gauge: Text | None = None
    """PromQL that is 1 while good and 0 while bad."""
    use: IndicatorRef | None = None
    """A shared Indicator."""
    with_: Annotated[dict[str, str], Field(alias="with", default_factory=dict)]
    """Values for the Indicator's parameters."""

    @model_validator(mode="after")
    def _one_form(self) -> "Sli":
        _require_one(self, _FIELD_OF_SLI)
        if self.with_ and self.use is None:
            raise PydanticCustomError("with_without_use", "`with` gives parameters to `use`, which is missing")
        return self


class CalendarWindow(Part):
    """A budget that starts anew with each calendar period."""

    calendar: Literal["week", "month", "quarter"]
    """Period after which the budget is full again."""
    time_zone: Text = "UTC"
    """IANA time zone in which periods begin, such as `Europe/London`."""


class Timeslices(Part):
    """Counts slices of time instead of events: a slice is good when enough of its events were good."""

    slice: PositiveDuration
    """Length of one slice."""
    target: Percent
    """Share of good events, in percent, from which a slice counts as good."""


class TimesliceBudgeting(Part):
    """Budgeting by slices of time."""

    timeslices: Timeslices
    """Length and target of a slice."""


class AlertDetails(Part):
    """What is added to the alerts of one severity."""

    labels: dict[str, str] = Field(default_factory=dict)
    """Further labels."""
    annotations: dict[str, str] = Field(default_factory=dict)
    """Further annotations."""


_ALERTDETAILS = AlertDetails.model_construct()


AlertSwitch = Annotated[
    Annotated[Literal["off"], Tag("text")] | Annotated[AlertDetails, Tag("mapping")], TEXT_OR_MAPPING
]
"""What is added to the alerts of a severity, or `off`."""


class Alerting(Part):
    """When an SLO alerts, and with what."""

    policy: Text = "sre-workbook"
    """Table of windows and factors; `sre-workbook` is built in, settings may define more."""
    page: AlertSwitch = Field(default_factory=lambda: _ALERTDETAILS)
    """Alerts that wake somebody, or `off`."""
    ticket: AlertSwitch = Field(default_factory=lambda: _ALERTDETAILS)
    """Alerts that can wait for office hours, or `off`."""
    minimum_events: Annotated[int, Field(ge=0)] = 0
    """An alert stays quiet while fewer events than this came in its own long window."""
    absent: PositiveDuration | None = None
    """Alert when the series have been gone for this long (gone, not merely idle)."""


_ALERTING = Alerting.model_construct()


class Maintenance(Part):
    """A recurring time that neither spends nor earns budget."""

    rrule: Annotated[str, Field(pattern=r"^FREQ=", examples=["FREQ=WEEKLY;BYDAY=SU;BYHOUR=2"])]
    """When it begins, as an iCalendar recurrence rule."""
    lasts: PositiveDuration
    """How long it lasts."""
    time_zone: Text = "UTC"
    """IANA time zone of the rule."""


Window = Annotated[
    Annotated[PositiveDuration, Tag("text")] | Annotated[CalendarWindow, Tag("mapping")], TEXT_OR_MAPPING
]
"""Period of a budget: rolling, or from the start of a calendar period."""

Budgeting = Annotated[
    Annotated[Literal["occurrences"], Tag("text")] | Annotated[TimesliceBudgeting, Tag("mapping")], TEXT_OR_MAPPING
]
"""What a budget counts."""


def _write_default_as_text(schema: JsonDict) -> None:
    schema["default"] = "30d"


class Objective(Part):
    """What is promised of something, without saying of what; the common part of an SLO and an inline one."""

    measures: Measures = "availability"
    """Which quality is promised."""
    scope: Literal["total", "own"] = "total"
    """`total`: as callers see it, dependencies included (the usual); `own`: its own failures only."""
    objective: Annotated[Percent, Field(examples=[99.9, 99.95])]
    """Share of events that must be good, in percent."""
    window: Annotated[Window, Field(json_schema_extra=_write_default_as_text)] = Duration.parse("30d")
    """Period of the budget: rolling, such as `30d`, or a calendar period."""
    indicator: Sli
    """How good and bad events are told apart."""
    budgeting: Budgeting = "occurrences"
    """What the budget counts: events, or slices of time."""
    alerting: Alerting = Field(default_factory=lambda: _ALERTING)
    """When somebody is told."""
    maintenance: tuple[Maintenance, ...] = ()
    """Recurring times that do not count."""


class InlineSlo(Objective):
    """An SLO written inside the component that it is for."""

    name: Name | None = None
    """Name of the SLO; by default the component's name and what is measured, such as `basket-availability`."""
    title: Text | None = None
    """Name for people."""


class SloSpec(Objective):
    """What is promised of what."""

    for_: Annotated[MeasuredRef, Field(alias="for")]
    """Service, Platform or External, or `journey:NAME`."""
    extensions: Extensions = Field(default_factory=dict)
    """The organisation's own data by name."""


class SLO(Entity):
    """A service level objective: a promise that can be measured, and the alerts that keep it."""

    kind: Literal["SLO"]
    """`SLO`."""
    spec: SloSpec
    """What is promised of what."""


class Parameter(Part):
    """A parameter of an Indicator."""

    description: Text | None = None
    """What to put there."""
    type: Literal["text", "regex", "number", "duration", "name"] | None = None
    """What a value must be; without it, whatever fits the place in the query."""
    default: str | None = None
    """Value where an SLO gives none; without it the parameter is required."""


class IndicatorSpec(Query):
    """A query with parameters, written as `{{name}}`; `{{window}}` is the range."""

    measures: Measures = "availability"
    """Which quality the query measures."""
    params: dict[Annotated[str, Field(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$")], Parameter] = Field(default_factory=dict)
    """Parameters by name."""
    extensions: Extensions = Field(default_factory=dict)
    """The organisation's own data by name."""


class Indicator(Entity):
    """A reusable way of measuring, so that a team writes two lines and no PromQL."""

    kind: Literal["Indicator"]
    """`Indicator`."""
    spec: IndicatorSpec
    """Query and parameters."""
