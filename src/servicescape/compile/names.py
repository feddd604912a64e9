"""Every metric, label and alert name that compiled rules use, in one place."""

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


def list_label(values: tuple[str, ...]) -> str:
    """Several names in one label, `,a,b,`: the regex `.*,a,.*` finds one whole name. Empty for none."""
    return LIST_DELIMITER + LIST_DELIMITER.join(values) + LIST_DELIMITER if values else ""
