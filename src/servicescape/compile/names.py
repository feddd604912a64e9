"""Every metric, label and alert name that compiled rules use, in one place.

The constants are our own names. What dashboards read may be called otherwise: that is a scheme, `Names`, which an SLO's
plan knows. What these series are made from, and the labels of alerts on which routes and inhibitions rest, are ours in
every scheme.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from servicescape.model.units import Duration

RATE_WINDOW = Duration.parse("5m")
"""Range of the two queries from which every longer window is derived."""

BAD_RATE = "slo:bad:rate5m"
"""Bad events a second."""
TOTAL_RATE = "slo:total:rate5m"
"""All events a second."""
ERROR_RATIO = "slo:error:ratio"
"""Share of bad events, 0 to 1, by `window`."""
BURN_RATE = "slo:burn_rate:ratio"
"""Error ratio ÷ error budget, by `window`: 1 spends the budget exactly within the period."""
OBJECTIVE = "slo:objective:ratio"
ERROR_BUDGET = "slo:error_budget:ratio"
BUDGET_REMAINING = "slo:error_budget_remaining:ratio"
"""Share of the period's budget that is left: 1 at most, below 0 when overspent."""
PERIOD_DAYS = "slo:period:days"
INFO = "slo:info"

SLICE_BAD = "slo:slice:bad"
"""One sample for each slice of time when it ends: 1 where it was bad, 0 where it was good."""
MEASURED_RATIO = "slo:measured_error:ratio"
"""The error ratio over five minutes of an indicator without counts, from which its slices are judged."""
LOCAL_TIME = "slo:local_time:seconds"
"""What the clock shows in the zone of a calendar period, as seconds since 1970 of a clock that stood at UTC."""
CALENDAR_PERIOD = "slo:calendar:period"
"""1, with the date on which the current period began as its label `begins`."""
PERIOD_BAD = "slo:period_bad:rate5m"
PERIOD_TOTAL = "slo:period_total:rate5m"
"""The two rates with the beginning of their calendar period, for what lies within one."""
PERIOD_RATIO = "slo:period_error:ratio"
"""The same of what is averaged over time: slices, or error ratios over five minutes."""
MAINTENANCE = "slo:maintenance:active"
"""1 in maintenance, and for five minutes after it, until a rate over five minutes sees nothing of it; else 0."""
STEP_ERROR = "slo:step_error:ratio"
"""Share of a journey's attempts that one `step` ends, as estimated from what its legs need."""
NEED_ERROR = "slo:step_need_error:ratio"
"""Error ratio over five minutes of each `component` that the legs of a `step` need."""

SLO = "slo"
COMPONENT = "component"
JOURNEY = "journey"
TEAM = "team"
DOMAIN = "domain"
TIER = "tier"
MEASURES = "measures"
WINDOW = "window"
SEVERITY = "severity"
UPSTREAMS = "upstreams"
BEGINS = "begins"
ZONE = "zone"
STEP = "step"
ESTIMATE = "estimate"
"""`true` on everything of a journey's SLO that is worked out from those of its components."""
DASHBOARD_UID = "dashboard_uid"
"""Label of the info series by which tables in Grafana find the dashboard of an SLO."""

ALERTS = "ALERTS"
"""The series that Prometheus itself has for each alert, with these labels besides the alert's own."""
ALERT_NAME = "alertname"
ALERT_STATE = "alertstate"

DESCRIPTIVE_LABELS = (COMPONENT, DOMAIN, JOURNEY, MEASURES, TEAM, TIER)
"""Labels that say something of an SLO and may change while it stays the same SLO, in the alphabet's order."""

SERIES_LABELS = frozenset((*DESCRIPTIVE_LABELS, SLO, WINDOW, BEGINS))
"""Labels that rules set on series; a query may not group by one of them."""

RESERVED_ALERT_LABELS = frozenset((*DESCRIPTIVE_LABELS, SLO, WINDOW, UPSTREAMS, "alertname"))
"""Labels of alerts that an author's own labels may not replace: routes and inhibitions rest on them."""

ABSENT_ALERT = "SLOSeriesAbsent"
RULES_FOLDER = "rules"
TESTS_FOLDER = "tests"

LIST_DELIMITER = ","


def burn_alert(severity: str, long_window: str) -> str:
    """Name of the alert of one window pair, such as `ErrorBudgetBurnPage1h`."""
    return f"ErrorBudgetBurn{severity.capitalize()}{long_window}"


def label_of(ref: str) -> str:
    """A canonical reference as a label value: without its kind, `basket` or `shop/basket`."""
    return ref[ref.index(":") + 1 :]


def labels_of(refs: Iterable[str]) -> list[str]:
    """The same of many."""
    return [ref[ref.index(":") + 1 :] for ref in refs]


def list_label(values: Sequence[str]) -> str:
    """Several names in one label, `,a,b,`: the regex `.*,a,.*` finds one whole name. Empty for none."""
    return LIST_DELIMITER + LIST_DELIMITER.join(values) + LIST_DELIMITER if values else ""


@dataclass(frozen=True, slots=True)
class Names:
    """A scheme of names for what dashboards read: error ratios, burn rates, budgets and facts of an SLO.

    `compile.names` in the settings chooses it. In the templates `{of}` stands for matchers, `{window}` for a window
    such as `1h`, and `{budget}` for the error budget.
    """

    slo: str
    """Label by which these series of an SLO are told from those of all others."""
    window: str
    """Label of the window."""
    ratio_metric: str
    """Template of the metric that holds the error ratio over a window."""
    ratio: str
    """Template of the series of that window."""
    every_ratio: str
    """Template of the series of all windows."""
    burn: str
    """Template of an expression for the burn rate over a window; it can stand in any other expression."""
    burn_rates: tuple[tuple[str, Literal["every", "shortest", "period"]], ...]
    """Metrics of recorded burn rates, and of which windows each is."""
    remaining: str
    """Metric of what is left of the budget."""
    days: str
    """Metric of the length of the period."""
    info: str
    """Metric that is always 1 and carries facts as labels."""
    identity: tuple[str, ...] = ()
    """Labels that say it in words besides `slo`: the service, and the SLO's name there."""
    facts: tuple[tuple[str, str], ...] = ()
    """Labels of `info` with their values; `{objective}` and `{spec}` stand for those of the SLO."""
    severity: str = ""
    """Label of alerts that says `page` or `ticket`, whatever `severity` says; empty: the alert's name says it."""

    @property
    def is_ours(self) -> bool:
        """Whether these series have the same labels as those that they are made from."""
        return self.slo == SLO

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that such series and their alerts have only in this scheme."""
        facts = (name for name, _ in self.facts)
        return () if self.is_ours else (self.slo, *self.identity, self.window, self.severity, *facts)

    def burn_alerts(self, severity: str = "", long_window: str = "") -> str:
        """Matchers of alerts of one severity, or any, and of one window, or any."""
        if self.severity:
            window = f'{WINDOW}="{long_window}"' if long_window else f'{WINDOW}!=""'
            return f'{self.severity}="{severity}",{window}' if severity else window
        op = "=" if severity and long_window else "=~"
        return f'{ALERT_NAME}{op}"{burn_alert(severity, long_window or ".+")}"'


SERVICESCAPE = Names(
    slo=SLO,
    window=WINDOW,
    ratio_metric=ERROR_RATIO,
    ratio=f'{ERROR_RATIO}{{{{{{of}},{WINDOW}="{{window}}"}}}}',
    every_ratio=f"{ERROR_RATIO}{{{{{{of}}}}}}",
    burn=f'{BURN_RATE}{{{{{{of}},{WINDOW}="{{window}}"}}}}',
    burn_rates=((BURN_RATE, "every"),),
    remaining=BUDGET_REMAINING,
    days=PERIOD_DAYS,
    info=INFO,
)
"""Our own."""

SLOTH = Names(
    slo="sloth_id",
    window="sloth_window",
    ratio_metric="slo:sli_error:ratio_rate{window}",
    ratio="slo:sli_error:ratio_rate{window}{{{of}}}",
    every_ratio='{{__name__=~"slo:sli_error:ratio_rate.+",{of}}}',
    burn="(slo:sli_error:ratio_rate{window}{{{of}}} / {budget})",
    burn_rates=(("slo:current_burn_rate:ratio", "shortest"), ("slo:period_burn_rate:ratio", "period")),
    remaining="slo:period_error_budget_remaining:ratio",
    days="slo:time_period:days",
    info="sloth_slo_info",
    identity=("sloth_service", "sloth_slo"),
    # It is not a mode or a version of Sloth. Ours has no number, so that a new version changes no byte of the rules.
    facts=(
        ("sloth_mode", "servicescape"),
        ("sloth_objective", "{objective}"),
        ("sloth_spec", "{spec}"),
        ("sloth_version", "servicescape"),
    ),
    severity="sloth_severity",
)
"""Those of Sloth 0.11 and later (https://sloth.dev/)."""

SCHEMES = {"servicescape": SERVICESCAPE, "sloth": SLOTH}
