"""Settings of the tool, as `servicescape.toml` or `[tool.servicescape]` in `pyproject.toml` hold them."""

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from servicescape.model.units import Duration, PositiveDuration


def _to_kebab(name: str) -> str:
    return name.replace("_", "-")


def _described(schema: JsonDict, table: type[Any]) -> None:
    """Leaves to the descriptions what pydantic says in titles."""
    schema.pop("title", None)
    properties = schema.get("properties")
    if isinstance(properties, dict):
        for value in properties.values():
            if isinstance(value, dict):
                value.pop("title", None)
    from servicescape.model.docstrings import describe_properties

    describe_properties(schema, table)


def _as_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
"""A list in TOML."""


def _as_kinds(value: Any) -> Any:
    return (value,) if isinstance(value, str) else _as_tuple(value)


KindName = Literal[
    "Team", "Domain", "Platform", "Service", "External", "SLO", "Indicator", "Channel", "Journey", "Scenario", "View"
]
KindNames = Annotated[
    tuple[KindName, ...],
    BeforeValidator(_as_kinds, json_schema_input_type=KindName | tuple[KindName, ...]),
]
"""One kind, or a list of them."""


class _Table(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        defer_build=True,
        extra="forbid",
        strict=True,
        json_schema_extra=_described,
        alias_generator=_to_kebab,
        validate_by_name=False,
        validate_by_alias=True,
    )


SeverityName = Literal["error", "warning", "info"]
SeverityOrOff = Literal["error", "warning", "info", "off"]


class RuleSettings(_Table):
    """Which rules run and how grave they are."""

    select: Texts = ()
    """Codes, or beginnings of codes, of the rules to run; all where it is empty."""
    ignore: Texts = ()
    """Codes, or beginnings of codes, of rules not to run. The longer match wins over `select`."""
    per_file_ignores: dict[str, Texts] = Field(default_factory=dict)
    """Pattern of files, such as `legacy/**` → codes, or beginnings of codes, of rules that do not count there."""
    severity: dict[str, SeverityOrOff] = Field(default_factory=dict)
    """Code, or beginning of a code → severity instead of the rule's own, or `off`. The longest match decides."""
    fail_on: SeverityName = "error"
    """Gravest severity that is still let through is one below this."""
    baseline: str = ""
    """File with the findings that are known and not shown, relative to the settings file; empty: there is none."""


_Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$", examples=["#0b3d75"])]


class ToneSettings(_Table):
    """Colours of one sort of box."""

    fill: _Colour | None = None
    """Ground of the box."""
    line: _Colour | None = None
    """Line around it."""
    badge: _Colour | None = None
    """Ground of its badge."""
    on_badge: _Colour | None = None
    """Text on its badge."""


class ThemeSettings(_Table):
    """Colours of diagrams. What is not given is as in `base`."""

    base: Literal["light", "dark"] = "light"
    """Theme whose colours hold where none is given."""
    paper: _Colour | None = None
    """Ground of the whole picture."""
    ink: _Colour | None = None
    """Titles."""
    muted: _Colour | None = None
    """Small text."""
    group_fill: _Colour | None = None
    """Ground of frames."""
    group_line: _Colour | None = None
    """Lines around frames."""
    edge: _Colour | None = None
    """Arrows."""
    faint: _Colour | None = None
    """Arrows that are seldom the point."""
    rule: _Colour | None = None
    """Lines between the rows of a box."""
    tones: dict[str, ToneSettings] = Field(default_factory=dict)
    """Colours of boxes by tone: `tier-1`, `state-down`, `owner-3` and so on."""


class GraphSettings(_Table):
    """How diagrams are drawn."""

    engine: Literal["embedded", "system"] = "embedded"
    """`embedded`: the engine that is installed along; `system`: the `dot` of a Graphviz installation."""
    theme: Annotated[str, Field(examples=["light", "dark", "auto"])] = "light"
    """Colours of diagrams: `light`, `dark`, `auto` (SVG follows the reader's system), or one of `themes`."""
    themes: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")], ThemeSettings] = Field(
        default_factory=dict
    )
    """Colours of the organisation's own by name."""


class Policy(_Table):
    """One thing that the organisation wants of its entities, as an expression."""

    code: Annotated[str, Field(pattern=r"^[A-Z]{2,5}[0-9]{3}$", examples=["ACME001"])]
    """Letters of your own and three digits."""
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", examples=["pci-needs-runbook"])]
    """A few words in kebab case."""
    for_: Annotated[KindNames, Field(alias="for")] = ()
    """Kind, or list of kinds, that it is about; all where it is not given."""
    when: str = ""
    """CEL expression that is true of the entities that it is about; all of the kind where it is not given."""
    expect: Annotated[str, Field(min_length=1, examples=["has(spec.recovery.runbook)"])]
    """CEL expression that must be true of them."""
    message: Annotated[str, Field(min_length=1)]
    """What is wrong where it is not; may hold `{name}`, `{title}`, `{kind}`, `{ref}` and `{owner}`."""
    severity: SeverityName = "warning"
    """How grave it is."""
    help: str = ""
    """What to do."""
    at: str = ""
    """Where the finding stands, such as `spec.owner`; the entity's name where it is not given."""


_Availability = Annotated[float, Field(gt=0, lt=100)]


class AvailabilitySettings(_Table):
    """What predictions take for granted where nobody says how available something is, in percent."""

    tier_1: _Availability = 99.95
    """Components of tier 1."""
    tier_2: _Availability = 99.9
    """Components of tier 2."""
    tier_3: _Availability = 99.5
    """Components of tier 3."""
    tier_4: _Availability = 99.0
    """Components of tier 4."""
    without_tier: _Availability = 99.9
    """Components without a tier."""


ShareCondition = Literal[
    "owner",
    "ways-out",
    "slo",
    "alerts",
    "runbook",
    "recovery",
    "tested",
    "promises",
    "carried",
    "mastered",
    "scenarios",
    "page-runbook",
    "calm",
    "rehearsed",
]
"""Conditions of levels that look at how many of so many."""
JourneyCondition = Literal[
    "owner",
    "reachable",
    "ways-out",
    "unfinished",
    "stated",
    "slo",
    "alerts",
    "runbook",
    "recovery",
    "tested",
    "objective",
    "promises",
    "shared-fate",
    "carried",
    "mastered",
    "scenarios",
]
TeamCondition = Literal[
    "reachable",
    "page-runbook",
    "slo",
    "alerts",
    "runbook",
    "recovery",
    "promises",
    "shared-fate",
    "calm",
    "rehearsed",
]
PlatformCondition = Literal[
    "owner",
    "reachable",
    "page-runbook",
    "slo",
    "alerts",
    "runbook",
    "recovery",
    "promises",
    "tiers",
    "shared-fate",
    "rehearsed",
]
LevelOrOff = Literal["bronze", "silver", "gold", "off"]
_Enough = Annotated[float, Field(gt=0, le=100)]


class ScoreSettings(_Table):
    """What the levels of `score` ask for."""

    enough: dict[ShareCondition, _Enough] = Field(default_factory=dict, examples=[{"runbook": 90}])
    """Condition → percent from which on it holds; 100 for those that are not named."""
    journey: dict[JourneyCondition, LevelOrOff] = Field(default_factory=dict, examples=[{"tested": "gold"}])
    """Condition → level of a journey that asks for it, or `off`, where that is not the one it has by default."""
    team: dict[TeamCondition, LevelOrOff] = Field(default_factory=dict)
    """The same for the cards of teams."""
    platform: dict[PlatformCondition, LevelOrOff] = Field(default_factory=dict)
    """The same for the cards of platforms."""


TargetName = Literal["prometheus", "operator", "mimir", "thanos", "victoriametrics"]
NamesName = Literal["servicescape", "sloth"]


_DNS = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_LABEL_NAME = r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"
_LabelKey = Annotated[str, Field(pattern=rf"^({_DNS}(\.{_DNS})*/)?{_LABEL_NAME}$")]
_LabelValue = Annotated[str, Field(pattern=rf"^({_LABEL_NAME})?$")]


class KubernetesSettings(_Table):
    """What the manifests of the targets `operator` and `victoriametrics` carry."""

    namespace: Annotated[str, Field(pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?$", examples=["monitoring"])] = ""
    """Namespace of the manifests; empty: they name none."""
    name_prefix: Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")] = "slo"
    """What the names of the manifests begin with."""
    labels: dict[_LabelKey, _LabelValue] = Field(default_factory=dict, examples=[{"release": "kube-prometheus-stack"}])
    """Labels of the manifests, such as those by which the operator selects rules."""


class MimirSettings(_Table):
    """What rules for a Mimir ruler carry."""

    namespace_prefix: Annotated[str, Field(min_length=1, max_length=63)] = "slo"
    """What the names of the ruler's namespaces begin with."""
    source_tenants: Texts = ()
    """Tenants whose series the rules read; empty: those of the tenant that the rules are loaded for."""


class ThanosSettings(_Table):
    """What rules for a Thanos ruler carry."""

    partial_response: Literal["abort", "warn"] = "abort"
    """What happens while a store does not answer: `abort` leaves the evaluation out, `warn` uses what is there."""


_PROM_DURATION = r"^([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$"


def _prom_duration(value: str) -> str:
    if not value or not re.fullmatch(_PROM_DURATION, value):
        raise PydanticCustomError("prom_duration", "it is no duration such as `75s`, `5m` or `1h30m`")
    return value


def _above_zero(value: str) -> str:
    if not re.search("[1-9]", value):
        raise PydanticCustomError("prom_duration_zero", "it must be more than nothing")
    return value


_PromDuration = Annotated[str, AfterValidator(_prom_duration), Field(json_schema_extra={"pattern": _PROM_DURATION})]
_PromDurationAboveZero = Annotated[_PromDuration, AfterValidator(_above_zero)]
_PromLabels = Annotated[
    tuple[Annotated[str, Field(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$")], ...],
    BeforeValidator(_as_tuple),
]


class AlertmanagerSettings(_Table):
    """How alerts find those who must know, and keep quiet where another alert says why."""

    base: str = ""
    """The organisation's own configuration, relative to the settings file, into which ours is put; empty: none."""
    receiver: str = ""
    """Receiver of alerts for which no team names one; empty: that of the base's top route, or `unrouted`."""
    group_by: Annotated[_PromLabels, Field(min_length=1)] = ("component", "journey")
    """Labels by which alerts come together in one notification; those of `equal` are added."""
    equal: _PromLabels = ("cluster", "environment", "region")
    """Labels that must be the same for one alert to silence another, besides those by which its SLO groups."""
    group_wait: _PromDuration = "75s"
    """How long a first notification waits for alerts that belong to it, and for those that silence it."""
    group_interval: _PromDurationAboveZero = "5m"
    """How long further alerts of a group wait."""
    repeat_interval: _PromDurationAboveZero = "4h"
    """After how long a page is repeated while it goes on."""
    ticket_repeat_interval: _PromDurationAboveZero = "3d"
    """The same for tickets."""


class GrafanaSettings(_Table):
    """What the Grafana dashboards are known by."""

    uid_prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,11}$")] = "ssc-"
    """What the `uid` of each dashboard begins with; another for each catalog where one Grafana shows several."""
    tags: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=50)], ...],
        BeforeValidator(_as_tuple),
    ] = ()
    """Further tags of each dashboard."""


_FIVE_MINUTES = Duration.parse("5m")
_LONGEST_INTERVAL = Duration.parse("2m30s")


class WindowPairSettings(_Table):
    """When a share of the period's budget, spent within a long window, alerts."""

    severity: Literal["page", "ticket"]
    """Whom it tells: `page` wakes somebody, `ticket` waits for office hours."""
    long: PositiveDuration
    """Window within which the share was spent."""
    short: PositiveDuration
    """Window that tells whether it goes on; usually a twelfth of the long one."""
    budget_share: Annotated[float, Field(gt=0, le=100)]
    """Percent of the period's budget."""

    @model_validator(mode="after")
    def _short_before_long(self) -> "WindowPairSettings":
        if not _FIVE_MINUTES <= self.short < self.long:
            raise PydanticCustomError(
                "windows_at_odds",
                "windows {windows} cannot be: `short` must be 5m or more, and shorter than `long`",
                {"windows": f"{self.long}/{self.short}"},
            )
        if self.long.milliseconds % 60_000 or self.short.milliseconds % 60_000:
            raise PydanticCustomError(
                "windows_in_minutes",
                "windows {windows} cannot be: they must be whole minutes",
                {"windows": f"{self.long}/{self.short}"},
            )
        return self


class WindowTableSettings(_Table):
    """A table of alerting windows that SLOs choose as `alerting.policy`."""

    source: str = ""
    """Where it is from."""
    pairs: Annotated[tuple[WindowPairSettings, ...], BeforeValidator(_as_tuple), Field(min_length=1)]
    """One row an alert."""


class CompileSettings(_Table):
    """How SLOs become rules."""

    target: TargetName = "prometheus"
    """Form of the rules: for Prometheus itself, its operator, a Mimir ruler, a Thanos ruler or VictoriaMetrics."""
    names: NamesName = "servicescape"
    """How recorded series are called: our own names, or those of Sloth, for dashboards and routes that ask for them."""
    max_per_group: Annotated[int, Field(ge=0)] = 0
    """SLOs of one component share groups of at most so many rules; 0: each SLO has a group of its own."""
    shards: Annotated[int, Field(ge=1, le=1024)] = 1
    """Servers that the rules are spread over, each with a folder of its own."""
    interval: PositiveDuration = Duration.parse("1m")
    """How often rules are evaluated, 10s to 2m30s in whole seconds."""
    retention: PositiveDuration | None = None
    """How long recorded series are kept; periods that are longer are reported (`SLO417`)."""
    estimates: Literal["page", "ticket", "off"] = "page"
    """What a journey's `objective` becomes where no SLO measures it: pages and tickets, tickets alone, or nothing."""
    dashboards: Literal[True, False, "auto"] = "auto"
    """Whether Grafana dashboards are written; `"auto"`: for at most 2,000 SLOs and journeys."""
    windows: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")], WindowTableSettings] = Field(
        default_factory=dict
    )
    """The organisation's own tables of alerting windows by name."""
    kubernetes: KubernetesSettings = KubernetesSettings.model_construct()
    """What the manifests of the targets `operator` and `victoriametrics` carry."""
    mimir: MimirSettings = MimirSettings.model_construct()
    """What rules for a Mimir ruler carry."""
    thanos: ThanosSettings = ThanosSettings.model_construct()
    """What rules for a Thanos ruler carry."""
    alertmanager: AlertmanagerSettings = AlertmanagerSettings.model_construct()
    """How alerts find those who must know, and keep quiet where another alert says why."""
    grafana: GrafanaSettings = GrafanaSettings.model_construct()
    """What the Grafana dashboards are known by."""

    @field_validator("interval")
    @classmethod
    def _interval_of_use(cls, value: Duration) -> Duration:
        if not Duration.parse("10s") <= value <= _LONGEST_INTERVAL or value.milliseconds % 1000:
            raise PydanticCustomError(
                "interval_of_use", "it must be 10s to 2m30s in whole seconds: a rate recorded less often goes stale"
            )
        return value


class Settings(_Table):
    """All settings with their defaults."""

    catalog: Texts = ("catalog",)
    """Folders or files of the catalog, relative to the settings file."""
    exclude: Texts = ()
    """Patterns of files and folders to pass over, such as `charts/*`."""
    output: str = "build"
    """Folder that `build` writes, relative to the settings file."""
    types: Texts = ()
    """Component types of the organisation, beside the built-in ones."""
    max_file_megabytes: Annotated[int, Field(ge=1)] = 20
    """Files larger than this are not read."""
    cache: bool = True
    """Whether what a run found out is kept for the next, in the user's cache folder."""
    policies: Annotated[tuple[Policy, ...], BeforeValidator(_as_tuple)] = ()
    """Rules of the organisation's own, written as expressions."""
    rules: RuleSettings = RuleSettings.model_construct()
    """Which rules run and how grave they are."""
    graph: GraphSettings = GraphSettings.model_construct()
    """How diagrams are drawn."""
    compile: CompileSettings = CompileSettings.model_construct()
    """How SLOs become rules."""
    availability: AvailabilitySettings = AvailabilitySettings.model_construct()
    """What predictions take for granted where nobody says how available something is, in percent."""
    score: ScoreSettings = ScoreSettings.model_construct()
    """What the levels of `score` ask for."""


def settings_schema() -> dict[str, Any]:
    """JSON Schema of the settings, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Servicescape settings",
        **Settings.model_json_schema(),
    }
