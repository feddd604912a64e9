"""The alerts that Alertmanager will get, told from the rules as they were compiled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from servicescape.catalog.catalog import Catalog
from servicescape.compile import names
from servicescape.compile.indicator import measure
from servicescape.compile.journey_estimates import is_derived
from servicescape.compile.rule import Alarm, Rule
from servicescape.compile.template import QueryError
from servicescape.model.units import Duration

PAGE, TICKET = "page", "ticket"


@dataclass(frozen=True, slots=True)
class Alert:
    """One alerting rule. Its texts are values of the labels that the alert will carry; empty where there is none."""

    slo: str
    component: str
    """Empty for the alert of a journey."""
    team: str
    severity: str
    measures: str
    window: Duration | None
    """Long window of a burn; None where the alert is about series that are gone."""
    is_page: bool
    """Whether it is from the part of the window table that wakes somebody, whatever its label says."""
    upstreams: frozenset[str]
    grouping: tuple[str, ...] | None
    """Labels by which the queries group, sorted; None where the queries do not tell."""


def alerts_of(
    catalog: Catalog, rules: Iterable[Rule | Alarm], known: Mapping[str, tuple[str, ...] | None] | None = None
) -> tuple[Alert, ...]:
    """Every alert among compiled rules, in their order; `known` are groupings by SLO, which need not be read again."""
    slos = {names.label_of(ref): slo for ref, slo in catalog.slos.items()}
    groupings = dict(known or {})
    found = []
    windows: dict[str, Duration] = {}
    for rule in rules:
        if rule.alert is None:
            continue
        labels = rule.labels
        slo = labels[names.SLO]
        if is_derived(slo):
            groupings[slo] = ()
        if slo not in groupings:
            try:
                by = measure(slos[slo]).labels
            except QueryError:
                by = None
            groupings[slo] = None if by is None else tuple(sorted(by))
        window = labels.get(names.WINDOW)
        if window and window not in windows:
            windows[window] = Duration.parse(window)
        found.append(_alert(rule, windows[window] if window else None, groupings[slo]))
    return tuple(found)


def _alert(rule: Rule | Alarm, window: Duration | None, grouping: tuple[str, ...] | None) -> Alert:
    labels = rule.labels
    severity = labels[names.SEVERITY]
    return Alert(
        slo=labels[names.SLO],
        component=labels.get(names.COMPONENT, ""),
        team=labels.get(names.TEAM, ""),
        severity=severity,
        measures=labels.get(names.MEASURES, ""),
        window=window,
        is_page=rule.burns == PAGE if window else severity != TICKET,
        upstreams=_listed(labels.get(names.UPSTREAMS, "")),
        grouping=grouping,
    )


@lru_cache(maxsize=64)
def _listed(label: str) -> frozenset[str]:
    # All alerts of an SLO have the same.
    return frozenset(filter(None, label.split(names.LIST_DELIMITER)))


@dataclass(frozen=True, slots=True)
class Severities:
    """Values of the label `severity` by what they are for; an SLO may give it other values than ours."""

    pages: tuple[str, ...]
    tickets: tuple[str, ...]
    both: tuple[str, ...] = ()
    """Values that pages and tickets share. They count as pages: it is better to be woken than not to be."""


def severities_of(alerts: Iterable[Alert]) -> Severities:
    """The values in use, each list sorted, `page` and `ticket` always among them."""
    pages, tickets = {PAGE}, {TICKET}
    for alert in alerts:
        if "{{" not in alert.severity and alert.window is not None:
            (pages if alert.is_page else tickets).add(alert.severity)
    return Severities(tuple(sorted(pages)), tuple(sorted(tickets - pages)), tuple(sorted(pages & tickets)))
