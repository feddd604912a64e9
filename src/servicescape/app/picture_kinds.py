"""Pictures that answer one question each, with the analyses that they show. What is imported here is heavy: NumPy."""

from collections.abc import Callable, Mapping

from servicescape.analysis.prediction.feasibility import MOST_COMPONENTS, infeasible
from servicescape.app.graph_plan import Plan
from servicescape.app.impact import Failure, blast, failure_of_scenario
from servicescape.app.predict import defaults_of
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics.errors import ToolError
from servicescape.model.settings import Settings
from servicescape.render.blueprint import Blueprint, blueprint_of
from servicescape.render.boxes import telling_grouping
from servicescape.render.diagram import Diagram
from servicescape.render.overview import overview_picture
from servicescape.render.ownership import ownership_picture
from servicescape.render.reliability import reliability_picture
from servicescape.render.slo_status import slo_picture


def _blast_radius(catalog: Catalog, plan: Plan, settings: Settings) -> Diagram:
    """What a failure reaches, when, and by which way. Raises ToolError for what is not there."""
    from servicescape.render.impact.picture import blast_picture

    failure = failure_of_scenario(catalog, plan.scenario) if plan.scenario else Failure(plan.fail)
    return blast_picture(blast(catalog, failure), catalog)


def _blueprint(catalog: Catalog, plan: Plan, settings: Settings) -> Blueprint:
    """A journey as a service blueprint; with a scenario each step says what becomes of it."""
    states: dict[str, str] = {}
    if plan.scenario is not None:
        result = blast(catalog, failure_of_scenario(catalog, plan.scenario))
        hit = next(journey for journey in result.journeys if journey.journey == plan.journey)
        states = {step.step: step.state for step in hit.steps}
    return blueprint_of(catalog, str(plan.journey), plan.refs, plan.look, states)


def _reliability(catalog: Catalog, plan: Plan, settings: Settings) -> Diagram:
    """How available each component is, and which takes journeys down alone: all of them, or one."""
    from servicescape.analysis.prediction.prediction import predict

    journeys = None if plan.journey is None else [plan.journey]
    prediction = predict(catalog, journeys=journeys, order=1, defaults=defaults_of(settings), details=False)
    blocks: dict[str, list[str]] = {}
    for each in prediction.journeys:
        for ref in each.single_points:
            blocks.setdefault(ref, []).append(each.journey)
    known = {each.component: each for each in prediction.components}
    return reliability_picture(catalog, plan.refs, plan.title, plan.look, known, blocks, plan.group_by)


def _ownership(catalog: Catalog, plan: Plan, settings: Settings) -> Diagram:
    """Who has what."""
    return ownership_picture(catalog, plan.refs, plan.title, plan.look)


def _overview(catalog: Catalog, plan: Plan, settings: Settings) -> Diagram:
    """Groups instead of components. Raises ToolError where there are to be none."""
    if plan.group_by == "none":
        raise ToolError("an overview is one of groups", "add --group-by domain, owner, platform, vendor or zone")
    group_by = plan.group_by or telling_grouping(catalog, plan.refs)
    return overview_picture(catalog, plan.refs, plan.title, plan.look, group_by)


def _slo_status(catalog: Catalog, plan: Plan, settings: Settings) -> Diagram:
    """What has an objective, and which cannot be kept. Raises ToolError where that would take too long."""
    if len(catalog.components) > MOST_COMPONENTS:
        raise ToolError(
            f"objectives of more than {MOST_COMPONENTS:,} components are not held against their dependencies",
            "--colour-by slo shows which have one",
        )
    at_best = {
        known.component: known.best_possible for _, known, _ in infeasible(catalog) if known.best_possible is not None
    }
    return slo_picture(catalog, plan.refs, plan.title, plan.look, at_best, plan.group_by)


PICTURES: Mapping[str, Callable[[Catalog, Plan, Settings], Diagram | Blueprint]] = {
    "blast-radius": _blast_radius,
    "blueprint": _blueprint,
    "reliability": _reliability,
    "ownership": _ownership,
    "overview": _overview,
    "slo": _slo_status,
}
"""Kind → what makes its pictures."""
