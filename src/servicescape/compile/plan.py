"""Everything that the rules of one SLO are made from, worked out once."""

from dataclasses import dataclass
from fractions import Fraction

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.objective import Slo
from servicescape.compile import names
from servicescape.compile.indicator import Measurement, measure
from servicescape.compile.neighbours import LIST_LIMIT, Neighbours
from servicescape.compile.options import CompileOptions, Note, Uncompiled
from servicescape.compile.reach import error_budget
from servicescape.compile.template import QueryError
from servicescape.compile.window_tables import AlertPair, pairs_for
from servicescape.model.slo import AlertDetails
from servicescape.model.units import Duration

SHORTEST_PERIOD = Duration.parse("1h")
LONGEST_PERIOD = Duration.parse("90d")


@dataclass(frozen=True, slots=True)
class SloPlan:
    """One SLO, ready to be written as rules."""

    slo: Slo
    name: str
    """Value of the label `slo`."""
    objective: Fraction
    """Share of events that must be good, 0 to 1."""
    budget: Fraction
    """Share of events that may be bad, 0 to 1."""
    period: Duration
    measurement: Measurement
    grouping: tuple[str, ...] | None
    """Labels by which the queries group, sorted; None where the queries do not tell."""
    windows: tuple[Duration, ...]
    """All windows for which a ratio is recorded, shortest first; the period is among them."""
    pairs: tuple[AlertPair, ...]
    """Window pairs that alert."""
    labels: dict[str, str]
    """Labels on everything, in the alphabet's order of their names."""
    info: dict[str, str]
    """Further labels of the info series."""
    upstreams: str
    """Label that names the components without which this one is down; empty where there are none."""
    runbook: str | None
    dashboard: str | None

    def details(self, severity: str) -> AlertDetails | None:
        """What the author adds to the alerts of a severity; None where they are off."""
        switch = self.slo.alerting.page if severity == "page" else self.slo.alerting.ticket
        return None if isinstance(switch, str) else switch


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan of an SLO, None where nothing of it can be compiled, with what is left out."""

    plan: SloPlan | None
    uncompiled: tuple[Uncompiled, ...] = ()
    notes: tuple[Note, ...] = ()


def plan_slo(slo: Slo, catalog: Catalog, neighbours: Neighbours, options: CompileOptions) -> Planned:
    """Works out what the rules of an SLO need."""
    period = slo.window
    if not isinstance(period, Duration):
        return _none(slo, f"calendar windows (`{period.calendar}`) are not compiled yet")
    if not isinstance(slo.budgeting, str):
        return _none(slo, "budgeting by timeslices is not compiled yet")
    if not SHORTEST_PERIOD <= period <= LONGEST_PERIOD or period.milliseconds % 60_000:
        limits = f"{SHORTEST_PERIOD} to {LONGEST_PERIOD} in whole minutes"
        return _none(slo, f"a rolling window must be {limits}, not {period}")
    try:
        measurement = measure(slo)
    except QueryError as error:
        return _none(slo, str(error))
    left_out = []
    if slo.maintenance:
        left_out.append(
            Uncompiled(
                slo.ref, "maintenance", "maintenance windows are not compiled yet: that time counts like any other"
            )
        )
    alerting = slo.alerting
    if alerting.minimum_events and (measurement.total is None or measurement.counts_time):
        left_out.append(Uncompiled(slo.ref, "minimumEvents", "the indicator counts no events"))
    table = options.table(alerting.policy)
    pairs: tuple[AlertPair, ...] = ()
    if table is None:
        left_out.append(Uncompiled(slo.ref, "alerts", f"no table of alerting windows is called `{alerting.policy}`"))
    else:
        pairs, refused = pairs_for(table, period)
        for item in refused:
            part = f"alert {item.pair.severity} {item.pair.long}/{item.pair.short}"
            left_out.append(Uncompiled(slo.ref, part, item.reason))
    notes = []
    if measurement.error_ratio is not None:
        text = "its indicator gives no counts, so windows longer than 5m are means over time, not weighted by traffic"
        notes.append(Note(slo.ref, text))
    windows = {names.RATE_WINDOW, period, *(window for pair in pairs for window in (pair.long, pair.short))}
    return Planned(
        _plan(slo, catalog, neighbours, period, measurement, tuple(sorted(windows)), pairs),
        tuple(left_out),
        tuple(notes),
    )


def _none(slo: Slo, reason: str) -> Planned:
    return Planned(None, (Uncompiled(slo.ref, "", reason),))


def _plan(
    slo: Slo,
    catalog: Catalog,
    neighbours: Neighbours,
    period: Duration,
    measurement: Measurement,
    windows: tuple[Duration, ...],
    pairs: tuple[AlertPair, ...],
) -> SloPlan:
    component = catalog.components.get(slo.target)
    journey = catalog.journeys.get(slo.target)
    subject = component or journey
    upstreams = neighbours.upstreams(slo.target) if component else ()
    journeys = neighbours.journeys(slo.target) if component else (slo.target,)
    values = {
        names.SLO: names.label_of(slo.ref),
        names.JOURNEY if journey else names.COMPONENT: names.label_of(slo.target),
        names.TEAM: names.label_of(subject.owner) if subject and subject.owner else "",
        names.DOMAIN: names.label_of(subject.domain) if subject and subject.domain else "",
        names.TIER: str(component.tier) if component and component.tier else "",
        names.MEASURES: slo.measures,
    }
    links = subject.entity.entity.metadata.links if subject else ()
    budget = error_budget(slo.objective_percent)
    return SloPlan(
        slo=slo,
        name=values[names.SLO],
        objective=1 - budget,
        budget=budget,
        period=period,
        measurement=measurement,
        grouping=None if measurement.labels is None else tuple(sorted(measurement.labels)),
        windows=windows,
        pairs=pairs,
        labels={name: values[name] for name in sorted(values) if values[name]},
        info={
            "journeys": names.list_label(_listed(journeys)),
            "objective": format(slo.objective_percent.normalize(), "f"),
            "period": period.canonical(),
        },
        upstreams=names.list_label(_listed(upstreams)),
        runbook=component.runbook if component else None,
        dashboard=next((link.url for link in links if link.type == "dashboard"), None),
    )


def _listed(refs: tuple[str, ...]) -> tuple[str, ...]:
    """References as label values; an ellipsis stands last where there are more than a label takes."""
    listed = tuple(names.label_of(ref) for ref in refs[:LIST_LIMIT])
    return (*listed, "…") if len(refs) > LIST_LIMIT else listed
