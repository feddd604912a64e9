"""The dashboard of one SLO."""

from servicescape.catalog.catalog import Catalog
from servicescape.compile import names
from servicescape.compile.grafana.dashboard import (
    TAG,
    alert_annotation,
    annotation,
    dashboard_text,
    dump,
    head,
    label_variable,
    link_to,
    links_out,
    tail,
)
from servicescape.compile.grafana.panels import QUIET, Json
from servicescape.compile.grafana.places import Places
from servicescape.compile.grafana.queries import equal, series
from servicescape.compile.grafana.slo_panels import CHOSEN, NAME, TEXT, UPSTREAMS, slo_panels
from servicescape.compile.grafana.slo_shape import SloShape, shape_of
from servicescape.compile.grafana.text import link, markdown
from servicescape.compile.plan import SloPlan

_MOST_JOURNEYS = 5


def slo_dashboard(plan: SloPlan, places: Places, title: str, tags: tuple[str, ...]) -> str:
    """The dashboard of an SLO as JSON."""
    shape = shape_of(plan)
    catalog, slo = places.catalog, plan.slo
    filled = {
        NAME: plan.name,
        # Within a JSON string already.
        TEXT: dump(_text(plan, places))[1:-1],
        UPSTREAMS: "|".join(_upstreams(plan)),
    }
    # One pass, so that nothing in an author's text is taken for a mark.
    panels = "".join(filled.get(piece, piece) for piece in slo_panels(shape))
    journeys = [slo.target] if slo.target in catalog.journeys else _journeys(plan, catalog)
    links = [
        link_to("All SLOs", places.overview),
        *(link_to(catalog.title(ref), places.uid_of[ref], "Journey") for ref in journeys[:_MOST_JOURNEYS]),
        *links_out("Runbook", _runbook(plan)),
        *links_out("The SLO's own dashboard", _dashboard(plan)),
    ]
    about = f"{plan.info['objective']} % {slo.measures} of {catalog.title(slo.target)} over {plan.period_name}."
    return dashboard_text(
        head(places.uid_of[slo.ref], title, about, (TAG, "slo", *tags)),
        panels,
        tail(links, _variables(plan, shape), _annotations(plan), "24h"),
    )


def _variables(plan: SloPlan, shape: SloShape) -> list[Json]:
    this = equal(names.SLO, plan.name)
    return [
        {**label_variable(CHOSEN + label, label, names.BUDGET_REMAINING, this), "label": label}
        for label in shape.grouping or ()
    ]


def _annotations(plan: SloPlan) -> list[Json]:
    this = equal(names.SLO, plan.name)
    found = [alert_annotation([this])]
    if plan.maintenance:
        found.append(annotation("Maintenance", f"{series(names.MAINTENANCE, this)} == 1", QUIET, "maintenance"))
    return found


def _upstreams(plan: SloPlan) -> list[str]:
    return [name for name in plan.upstreams.split(names.LIST_DELIMITER) if name]


def _journeys(plan: SloPlan, catalog: Catalog) -> list[str]:
    refs = (f"journey:{name}" for name in plan.info["journeys"].split(names.LIST_DELIMITER))
    return [ref for ref in refs if ref in catalog.journeys]


def _runbook(plan: SloPlan) -> str | None:
    return _own_link(plan, "runbook") or plan.runbook


def _dashboard(plan: SloPlan) -> str | None:
    return _own_link(plan, "dashboard") or plan.dashboard


def _own_link(plan: SloPlan, kind: str) -> str | None:
    located = plan.slo.entity
    if located.entity.kind != "SLO":
        return None
    return next((each.url for each in located.entity.metadata.links if each.type == kind), None)


def _text(plan: SloPlan, places: Places) -> str:
    """What is promised, of what, by whom, and what stands around it."""
    slo, catalog = plan.slo, places.catalog
    component = catalog.components.get(slo.target)
    subject = component or catalog.journeys.get(slo.target)
    over = f"a {plan.period_name} in {plan.calendar.zone.name}" if plan.calendar else plan.period_name
    lines = [f"**{plan.info['objective']} %** {slo.measures} over {markdown(over)}"]
    if subject is not None:
        whose = [places.link(slo.target) if slo.target in catalog.journeys else f"**{markdown(subject.title)}**"]
        whose += [markdown(catalog.title(subject.owner))] if subject.owner else ["no team"]
        whose += [markdown(catalog.title(subject.domain))] if subject.domain else []
        whose += [f"tier {component.tier}"] if component and component.tier else []
        lines.append(" · ".join(whose))
    if slo.description:
        lines.append(markdown(slo.description))
    runbook = _runbook(plan)
    lines.append(link("Runbook", runbook) if runbook else "There is no runbook.")
    others = [ref for ref in places.slos_of[slo.target] if ref != slo.ref]
    if others:
        lines.append(f"Other SLOs: {places.links(others)}")
    if component is not None:
        needs = dict.fromkeys(target for edge in component.edges for target in edge.targets)
        needed_by = dict.fromkeys(edge.source for edge in catalog.dependents.get(slo.target, ()))
        lines += [f"Needs: {places.links(needs)}"] if needs else []
        lines += [f"Needed by: {places.links(needed_by)}"] if needed_by else []
        journeys = _journeys(plan, catalog)
        lines += [f"Journeys: {places.links(journeys)}"] if journeys else ["No journey rests on it."]
    return "\n\n".join(lines)
