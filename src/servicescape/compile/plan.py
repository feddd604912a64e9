"""Everything that the rules of one SLO are made from, worked out once."""

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.objective import Slo
from servicescape.compile import names
from servicescape.compile.grafana.identity import uid
from servicescape.compile.indicator import Measurement, measure
from servicescape.compile.maintenance import RecurrenceError
from servicescape.compile.naming import Naming, naming_of
from servicescape.compile.neighbours import LIST_LIMIT, Neighbours
from servicescape.compile.options import CompileOptions, Note, Uncompiled
from servicescape.compile.periods import CalendarPeriod, MaintenanceTime, Slices
from servicescape.compile.reach import error_budget
from servicescape.compile.template import QueryError
from servicescape.compile.terms import (
    calendar_of,
    maintenance_of,
    period_of,
    slice_fault,
    slice_of,
    window_fault,
)
from servicescape.compile.window_tables import AlertPair, pairs_for
from servicescape.compile.zones import UnknownZoneError
from servicescape.model.slo import AlertDetails
from servicescape.model.units import Duration

if TYPE_CHECKING:
    from servicescape.compile.journey_estimates import Estimate


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
    """Length of the period by which burn rates are worked out."""
    calendar: CalendarPeriod | None
    """The calendar period that the budget begins anew with; None: it is a rolling one."""
    slices: Slices | None
    """The slices that the budget counts; None: it counts events."""
    maintenance: tuple[MaintenanceTime, ...]
    """Times that do not count."""
    interval: Duration
    """How often the rules are evaluated."""
    measurement: Measurement
    slice_measurement: Measurement | None
    """The queries over one slice, where windows of the recorded rates do not fill it."""
    grouping: tuple[str, ...] | None
    """Labels by which the queries group, sorted; None where the queries do not tell."""
    windows: tuple[Duration, ...]
    """All rolling windows for which a ratio is recorded, shortest first; a rolling period is among them."""
    pairs: tuple[AlertPair, ...]
    """Window pairs that alert."""
    labels: dict[str, str]
    """What the catalog says of it, as labels in the alphabet's order of their names."""
    naming: Naming
    """How it is called in the series that dashboards read."""
    info: dict[str, str]
    """Further labels of the info series."""
    upstreams: str
    """Label that names the components without which this one is down; empty where there are none."""
    runbook: str | None
    dashboard: str | None
    estimate: "Estimate | None" = None
    """What it is worked out from where it is a journey's `objective`; None where queries measure it."""

    @property
    def period_name(self) -> str:
        """Value of the label `window` for the whole period: `30d`, or `month`."""
        return self.calendar.unit if self.calendar else self.period.canonical()

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


def plan_slo(
    slo: Slo,
    catalog: Catalog,
    neighbours: Neighbours,
    options: CompileOptions,
    measurement: Measurement | None = None,
) -> Planned:
    """Works out what the rules of an SLO need; a `measurement` stands in for its queries."""
    fault = window_fault(slo) or slice_fault(slo, options.interval)
    if fault is not None:
        return _none(slo, fault)
    period, slice_ = period_of(slo), slice_of(slo)
    try:
        calendar, maintenance = calendar_of(slo), maintenance_of(slo)
        measurement = measurement or measure(slo)
        _require_own_labels(measurement, options)
        slice_measurement = measure(slo, slice_.length) if slice_ and not slice_.is_tiled else None
    except QueryError as error:
        return _none(slo, str(error))
    except RecurrenceError as error:
        return _none(slo, f"its maintenance cannot be compiled: {error}")
    except UnknownZoneError as error:
        return _none(slo, f"there is no time zone `{error}`")
    left_out = []
    alerting = slo.alerting
    if alerting.minimum_events and (measurement.total is None or measurement.counts_time):
        left_out.append(Uncompiled(slo.ref, "minimumEvents", "the indicator counts no events"))
    table = options.table(alerting.policy)
    pairs: tuple[AlertPair, ...] = ()
    if table is None:
        left_out.append(Uncompiled(slo.ref, "alerts", f"no table of alerting windows is called `{alerting.policy}`"))
    else:
        pairs, refused = pairs_for(table, period, slice_.length if slice_ else None)
        for item in refused:
            part = f"alert {item.pair.severity} {item.pair.long}/{item.pair.short}"
            left_out.append(Uncompiled(slo.ref, part, item.reason))
    notes = []
    if measurement.error_ratio is not None:
        text = "the indicator gives no counts, so windows longer than 5m are means over time, not weighted by traffic"
        notes.append(Note(slo.ref, text))
    shortest = slice_.length if slice_ else names.RATE_WINDOW
    windows = {shortest, *(window for pair in pairs for window in (pair.long, pair.short))}
    if calendar is None:
        windows.add(period)
    naming = naming_of(slo, options.names, measurement.labels or ())
    terms = _Terms(period, calendar, slice_, maintenance, options.interval, measurement, slice_measurement, naming)
    plan = _plan(slo, catalog, neighbours, terms, tuple(sorted(windows)), pairs)
    if options.settings.dashboards is True:
        plan.info[names.DASHBOARD_UID] = uid(options.settings.grafana.uid_prefix, slo.ref)
    return Planned(plan, tuple(left_out), tuple(notes))


@dataclass(frozen=True, slots=True)
class _Terms:
    """What an SLO's time and measurement come to."""

    period: Duration
    calendar: CalendarPeriod | None
    slices: Slices | None
    maintenance: tuple[MaintenanceTime, ...]
    interval: Duration
    measurement: Measurement
    slice_measurement: Measurement | None
    naming: Naming


def _require_own_labels(measurement: Measurement, options: CompileOptions) -> None:
    """Raises QueryError where a query groups by a label that the scheme of names sets itself."""
    taken = sorted(set(options.names.labels) & (measurement.labels or frozenset()))
    if taken:
        raise QueryError(
            f"the query groups by `{'`, `'.join(taken)}`, which rules set themselves where `compile.names` is "
            f"`{options.settings.names}`: rename the label with label_replace"
        )


def _none(slo: Slo, reason: str) -> Planned:
    return Planned(None, (Uncompiled(slo.ref, "", reason),))


def _plan(
    slo: Slo,
    catalog: Catalog,
    neighbours: Neighbours,
    terms: _Terms,
    windows: tuple[Duration, ...],
    pairs: tuple[AlertPair, ...],
) -> SloPlan:
    component = catalog.components.get(slo.target)
    journey = catalog.journeys.get(slo.target)
    subject = component or journey
    upstreams = neighbours.upstreams(slo.target)
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
        period=terms.period,
        calendar=terms.calendar,
        slices=terms.slices,
        maintenance=terms.maintenance,
        interval=terms.interval,
        measurement=terms.measurement,
        slice_measurement=terms.slice_measurement,
        grouping=None if terms.measurement.labels is None else tuple(sorted(terms.measurement.labels)),
        windows=windows,
        pairs=pairs,
        labels={name: values[name] for name in sorted(values) if values[name]},
        naming=terms.naming,
        info={
            "journeys": names.list_label(_listed(journeys)),
            "objective": format(slo.objective_percent.normalize(), "f"),
            "period": terms.calendar.unit if terms.calendar else terms.period.canonical(),
        },
        upstreams=names.list_label(tuple(names.labels_of(upstreams))),
        runbook=component.runbook if component else None,
        dashboard=next((link.url for link in links if link.type == "dashboard"), None),
    )


def _listed(refs: tuple[str, ...]) -> tuple[str, ...]:
    """References as label values; an ellipsis stands last where there are more than a label takes."""
    listed = tuple(names.labels_of(refs[:LIST_LIMIT]))
    return (*listed, "…") if len(refs) > LIST_LIMIT else listed
