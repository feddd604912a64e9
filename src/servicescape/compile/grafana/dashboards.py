"""All dashboards of a catalog."""

from collections.abc import Mapping, Sequence

from servicescape.catalog.catalog import Catalog
from servicescape.compile.grafana.identity import FOLDER, OVERVIEW, file_path, unique_titles
from servicescape.compile.grafana.journey_dashboard import journey_dashboard
from servicescape.compile.grafana.overview import overview
from servicescape.compile.grafana.places import Places
from servicescape.compile.grafana.slo_dashboard import slo_dashboard
from servicescape.compile.neighbours import Neighbours
from servicescape.compile.plan import SloPlan
from servicescape.model.settings import GrafanaSettings


def compile_dashboards(
    catalog: Catalog, plans: Sequence[SloPlan], neighbours: Neighbours, settings: GrafanaSettings | None = None
) -> Mapping[str, str]:
    """Path → JSON of the dashboards for compiled SLOs; none where there are no SLOs."""
    if not plans:
        return {}
    settings = settings or GrafanaSettings()
    places = Places(catalog, plans, settings.uid_prefix)
    tags = tuple(settings.tags)
    slo_titles = unique_titles("SLO", {plan.slo.ref: _title(plan, catalog) for plan in plans})
    journey_titles = unique_titles("Journey", {ref: journey.title for ref, journey in catalog.journeys.items()})
    files = {f"{FOLDER}/{OVERVIEW}.json": overview(places, "Service level objectives", tags)}
    for ref, journey in catalog.journeys.items():
        files[file_path("journeys", ref)] = journey_dashboard(journey, places, neighbours, journey_titles[ref], tags)
    for plan in plans:
        files[file_path("slos", plan.slo.ref)] = slo_dashboard(plan, places, slo_titles[plan.slo.ref], tags)
    return {path: files[path] for path in sorted(files)}


def _title(plan: SloPlan, catalog: Catalog) -> str:
    """Title of an SLO; what it measures of what, where it only has the name that every SLO has."""
    slo = plan.slo
    if slo.title == slo.name:
        return f"{catalog.title(slo.target)} {slo.measures}" if slo.name.endswith(slo.measures) else slo.name
    return slo.title
