"""Everything that the rules of one SLO are made from, worked out once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import TYPE_CHECKING

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.objective import Slo
from servicescape.compile import names
from servicescape.compile.grafana.identity import uid
from servicescape.compile.indicator import Measurement, measure
from servicescape.compile.maintenance import RecurrenceError
from servicescape.compile.naming import Naming, info_labels_of, naming_of
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
class Terms:
    """What is promised over which time, and when that is told. Most SLOs of a catalog have one of a few."""

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
    windows: tuple[Duration, ...]
    """All rolling windows for which a ratio is recorded, shortest first; a rolling period is among them."""
    pairs: tuple[AlertPair, ...]
    """Window pairs that alert."""
    left_out: tuple[tuple[str, str], ...]
    """Alerts that cannot be had over this time, and why."""

    @property
    def period_name(self) -> str:
        """Value of the label `window` for the whole period: `30d`, or `month`."""
        return self.calendar.unit if self.calendar else self.period.canonical()


@dataclass(frozen=True, slots=True)
class SloPlan(Terms):
    """One SLO, ready to be written as rules."""

    terms: Terms
    """The same as those above, by which SLOs with the same terms are told."""
    slo: Slo
    name: str
    """Value of the label `slo`."""
    measurement: Measurement
    slice_measurement: Measurement | None
    """The queries over one slice, where windows of the recorded rates do not fill it."""
    grouping: tuple[str, ...] | None
    """Labels by which the queries group, sorted; None where the queries do not tell."""
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
    own_info: Mapping[str, str] = field(default_factory=dict)
    """Labels of the author's own that only the info series has."""
    estimate: "Estimate | None" = None
    """What it is worked out from where it is a journey's `objective`; None where queries measure it."""

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
    try:
        terms = _terms(slo, options)
        measurement = measurement or measure(slo)
        _require_own_labels(measurement, options)
        slices = terms.slices
        slice_measurement = measure(slo, slices.length) if slices and not slices.is_tiled else None
    except (QueryError, _TermsError) as error:
        return Planned(None, (Uncompiled(slo.ref, "", str(error)),))
    except RecurrenceError as error:
        return Planned(None, (Uncompiled(slo.ref, "", f"its maintenance cannot be compiled: {error}"),))
    except UnknownZoneError as error:
        return Planned(None, (Uncompiled(slo.ref, "", f"there is no time zone `{error}`"),))
    left_out = []
    if slo.alerting.minimum_events and (measurement.total is None or measurement.counts_time):
        left_out.append(Uncompiled(slo.ref, "minimumEvents", "the indicator counts no events"))
    left_out += [Uncompiled(slo.ref, part, reason) for part, reason in terms.left_out]
    notes = []
    if measurement.error_ratio is not None:
        text = "the indicator gives no counts, so windows longer than 5m are means over time, not weighted by traffic"
        notes.append(Note(slo.ref, text))
    plan = _plan(slo, catalog, neighbours, terms, measurement, slice_measurement, options)
    return Planned(plan, tuple(left_out), tuple(notes))


class _TermsError(Exception):
    """What an SLO promises cannot be compiled."""


def _terms(slo: Slo, options: CompileOptions) -> Terms:
    """What an SLO says of its objective and of time; raises _TermsError, RecurrenceError and UnknownZoneError."""
    # As it was written: thousands of SLOs say the same.
    key = (slo.objective_percent, slo.window, slo.budgeting, slo.maintenance, slo.alerting.policy)
    found = options.known_terms.get(key)
    if not isinstance(found, Terms):
        found = options.known_terms[key] = _new_terms(slo, options)
    return found


def _new_terms(slo: Slo, options: CompileOptions) -> Terms:
    fault = window_fault(slo) or slice_fault(slo, options.interval)
    if fault is not None:
        raise _TermsError(fault)
    period, slices, calendar, policy = period_of(slo), slice_of(slo), calendar_of(slo), slo.alerting.policy
    maintenance = maintenance_of(slo)
    table = options.table(policy)
    pairs: tuple[AlertPair, ...] = ()
    if table is None:
        left_out = [("alerts", f"no table of alerting windows is called `{policy}`")]
    else:
        pairs, refused = pairs_for(table, period, slices.length if slices else None)
        left_out = [(f"alert {each.pair.severity} {each.pair.long}/{each.pair.short}", each.reason) for each in refused]
    windows = {slices.length if slices else names.RATE_WINDOW}
    windows.update(window for pair in pairs for window in (pair.long, pair.short))
    if calendar is None:
        windows.add(period)
    budget = error_budget(slo.objective_percent)
    return Terms(
        objective=1 - budget,
        budget=budget,
        period=period,
        calendar=calendar,
        slices=slices,
        maintenance=maintenance,
        interval=options.interval,
        windows=tuple(sorted(windows)),
        pairs=pairs,
        left_out=tuple(left_out),
    )


def _require_own_labels(measurement: Measurement, options: CompileOptions) -> None:
    """Raises QueryError where a query groups by a label that the scheme of names sets itself."""
    taken = sorted(set(options.names.labels) & (measurement.labels or frozenset()))
    if taken:
        raise QueryError(
            f"the query groups by `{'`, `'.join(taken)}`, which rules set themselves where `compile.names` is "
            f"`{options.settings.names}`: rename the label with label_replace"
        )


def _plan(
    slo: Slo,
    catalog: Catalog,
    neighbours: Neighbours,
    terms: Terms,
    measurement: Measurement,
    slice_measurement: Measurement | None,
    options: CompileOptions,
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
    info = {
        "journeys": names.list_label(_listed(journeys)),
        "objective": format(slo.objective_percent.normalize(), "f"),
        "period": terms.period_name,
    }
    if options.settings.dashboards is True:
        info[names.DASHBOARD_UID] = uid(options.settings.grafana.uid_prefix, slo.ref)
    links = subject.entity.entity.metadata.links if subject else ()
    return SloPlan(
        **{name: getattr(terms, name) for name in _OF_TERMS},
        terms=terms,
        slo=slo,
        name=values[names.SLO],
        measurement=measurement,
        slice_measurement=slice_measurement,
        grouping=None if measurement.labels is None else tuple(sorted(measurement.labels)),
        labels={name: values[name] for name in sorted(values) if values[name]},
        naming=naming_of(slo, options.names, measurement.labels or ()),
        info=info,
        own_info=info_labels_of(slo, options.names, (*info, names.DASHBOARD_UID)),
        upstreams=names.list_label(neighbours.labels_of(upstreams)),
        runbook=component.runbook if component else None,
        dashboard=next((link.url for link in links if link.type == "dashboard"), None),
    )


_OF_TERMS = tuple(each.name for each in fields(Terms))


def _listed(refs: tuple[str, ...]) -> tuple[str, ...]:
    """References as label values; an ellipsis stands last where there are more than a label takes."""
    listed = tuple(names.labels_of(refs[:LIST_LIMIT]))
    return (*listed, "…") if len(refs) > LIST_LIMIT else listed
