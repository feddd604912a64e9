"""Pictures that answer one question each, with the analyses that they show. What is imported here is heavy: NumPy."""

from servicescape.analysis.prediction.feasibility import MOST_COMPONENTS, infeasible
from servicescape.app.failing import resolve_targets
from servicescape.app.impact import Failure, blast, failure_of_scenario
from servicescape.app.predict import defaults_of
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics.errors import ToolError
from servicescape.model.settings import Settings
from servicescape.render.blueprint import Blueprint, blueprint_of
from servicescape.render.boxes import GroupBy
from servicescape.render.diagram import Diagram
from servicescape.render.overview import overview_picture
from servicescape.render.ownership import ownership_picture
from servicescape.render.reliability import reliability_picture
from servicescape.render.slo_status import slo_picture
from servicescape.render.views import Look


def blast_radius(catalog: Catalog, scenario: str | None, fail: tuple[str, ...]) -> Diagram:
    """What a failure reaches, when, and by which way. Raises ToolError for what is not there."""
    from servicescape.render.impact.picture import blast_picture

    failure = failure_of_scenario(catalog, scenario) if scenario else Failure(resolve_targets(catalog, fail))
    return blast_picture(blast(catalog, failure), catalog)


def blueprint(catalog: Catalog, ref: str, refs: tuple[str, ...], look: Look, scenario: str | None) -> Blueprint:
    """A journey as a service blueprint; with a scenario each step says what becomes of it."""
    states: dict[str, str] = {}
    if scenario is not None:
        result = blast(catalog, failure_of_scenario(catalog, scenario))
        hit = next(journey for journey in result.journeys if journey.journey == ref)
        states = {step.step: step.state for step in hit.steps}
    return blueprint_of(catalog, ref, refs, look, states)


def reliability(
    catalog: Catalog,
    refs: tuple[str, ...],
    title: str,
    look: Look,
    settings: Settings,
    group_by: GroupBy | None,
    journey: str | None = None,
) -> Diagram:
    """How available each component is, and which takes journeys down alone: all of them, or one."""
    from servicescape.analysis.prediction.prediction import predict

    journeys = None if journey is None else [journey]
    prediction = predict(catalog, journeys=journeys, order=1, defaults=defaults_of(settings))
    blocks: dict[str, list[str]] = {}
    for each in prediction.journeys:
        for ref in each.single_points:
            blocks.setdefault(ref, []).append(each.journey)
    known = {each.component: each for each in prediction.components}
    return reliability_picture(catalog, refs, title, look, known, blocks, group_by)


def ownership(catalog: Catalog, refs: tuple[str, ...], title: str, look: Look) -> Diagram:
    """Who has what."""
    return ownership_picture(catalog, refs, title, look)


def overview(catalog: Catalog, refs: tuple[str, ...], title: str, look: Look, group_by: GroupBy | None) -> Diagram:
    """Groups instead of components. Raises ToolError where there are to be none."""
    if group_by == "none":
        raise ToolError("an overview is one of groups", "add --group-by domain, owner, platform, vendor or zone")
    return overview_picture(catalog, refs, title, look, group_by or "domain")


def slo_status(catalog: Catalog, refs: tuple[str, ...], title: str, look: Look, group_by: GroupBy | None) -> Diagram:
    """What has an objective, and which cannot be kept. Raises ToolError where that would take too long."""
    if len(catalog.components) > MOST_COMPONENTS:
        raise ToolError(
            f"objectives of more than {MOST_COMPONENTS:,} components are not held against their dependencies",
            "--colour-by slo shows which have one",
        )
    at_best = {
        known.component: known.best_possible for _, known, _ in infeasible(catalog) if known.best_possible is not None
    }
    return slo_picture(catalog, refs, title, look, at_best, group_by)
