"""From what is asked for, or what a view says, to one plan of a picture: which kind, of what, and how it looks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from servicescape.analysis.failure_groups import members_of_targets
from servicescape.analysis.selection import (
    dependencies_of,
    dependents_of,
    front_components,
    select,
    shown_by,
)
from servicescape.app.graph_request import GraphRequest, Kind, NothingSelectedError
from servicescape.app.graph_selection import read_selectors, resolve, title_of, why_none, why_view_is_empty
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics.errors import ToolError
from servicescape.model.names import COMPONENT_KINDS, name_of
from servicescape.model.view import OF_A_JOURNEY, USED_KEYS, View
from servicescape.render.boxes import GroupBy
from servicescape.render.views import Look, look_of

_OPTIONS: Mapping[str, tuple[str, str]] = {
    "group_by": ("groupBy", "--group-by"),
    "colour_by": ("colourBy", "--colour-by"),
    "direction": ("direction", "--direction"),
    "scenario": ("scenario", "--scenario"),
}
"""Part of a request → key of a view, and option, that say the same."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All names resolved, all choices made."""

    kind: Kind
    title: str
    """Heading of what is a picture of components."""
    refs: tuple[str, ...] = ()
    """Components to show."""
    look: Look = Look()  # noqa: RUF009 - it is frozen
    group_by: GroupBy | None = None
    """What frames stand for, where that was said."""
    journey: str | None = None
    focus: tuple[str, ...] = ()
    with_channels: bool = False
    """Whether the channels stand before everything."""
    scenario: str | None = None
    fail: tuple[str, ...] = ()
    """Components that fail, where no scenario says so."""


def plan_of(catalog: Catalog, request: GraphRequest) -> Plan:
    """What the request comes to.

    Raises NothingSelectedError where nothing is selected, and ToolError for unknown names and for what does not go
    together.
    """
    if request.view is not None:
        return _plan_of_view(catalog, request)
    kind = request.kind or _implied(request)
    _check_combination(request, kind)
    if kind == "blast-radius":
        return _plan_of_failure(catalog, kind, request)
    if kind in OF_A_JOURNEY:
        return _plan_of_journey(catalog, request, kind)
    return _plan_of_selection(catalog, request, kind)


def _implied(request: GraphRequest) -> Kind:
    """The kind that the other options imply."""
    if request.journey is not None:
        return "journey"
    return "blast-radius" if request.fail else "landscape"


def _check_combination(request: GraphRequest, kind: Kind) -> None:
    around = request.dependencies_of is not None or request.dependents_of is not None
    picked = around or bool(request.include or request.exclude)
    if request.journey is not None and around:
        raise ToolError("--journey is a picture of its own", "for components alone use --include journey=NAME instead")
    if request.depth is not None and not around and request.journey is None:
        raise ToolError("a depth needs something to count from", "add --dependencies-of, --dependents-of or --journey")
    if kind in OF_A_JOURNEY and request.journey is None:
        raise ToolError(f"the kind `{kind}` shows one journey", "add --journey NAME")
    if kind == "context" and not around:
        raise ToolError("a context is one of a component", "add --dependencies-of REF, --dependents-of REF or both")
    if kind == "blast-radius":
        if not request.scenario and not request.fail:
            raise ToolError("a blast radius needs a failure", "add --scenario NAME or --fail REF")
        if picked or request.journey is not None:
            raise _blast_selects_nothing()
    _check_failure(request, kind)
    if request.journey is not None and kind in ("ownership", "slo", "overview", "context"):
        raise ToolError(f"the kind `{kind}` shows components", f"--include journey={request.journey} selects those")
    if kind == "sequence" and (request.include or request.exclude):
        raise ToolError("a sequence shows all of its journey", "leave --include and --exclude out")
    _check_use(request, kind)


def _check_failure(request: GraphRequest, kind: Kind) -> None:
    if request.fail and kind != "blast-radius":
        raise ToolError(f"--fail goes with --kind blast-radius, not with {kind}", "--scenario NAME colours any picture")
    if request.fail and request.scenario:
        raise ToolError("a scenario says itself what fails", "leave --scenario or --fail out")


def _check_use(request: GraphRequest, kind: Kind) -> None:
    """Nothing that is said is passed over in silence."""
    for part, (key, option) in _OPTIONS.items():
        if getattr(request, part) is not None and key not in USED_KEYS[kind]:
            fitting = [name for name in USED_KEYS if key in USED_KEYS[name]]
            raise ToolError(
                f"{option} has no effect on a picture of the kind `{kind}`",
                f"leave it out; it goes with {', '.join(fitting[:-1])} and {fitting[-1]}",
            )


def _blast_selects_nothing() -> ToolError:
    return ToolError(
        "a blast radius shows what the failure reaches, and nothing is selected",
        "leave the view's name and the selecting options out, or colour a view: --scenario NAME",
    )


def _plan_of_view(catalog: Catalog, request: GraphRequest) -> Plan:
    ref = resolve(catalog, str(request.view), ("View",), "view")
    view: View = catalog.views[ref].entity
    spec, space = view.spec, view.metadata.namespace
    kind = request.kind or spec.picture
    if request.dependencies_of or request.dependents_of or request.include or request.exclude or request.journey:
        raise ToolError("a view says itself what it shows", "leave the view's name or the selecting options out")
    if request.depth is not None and spec.journey is None:
        raise ToolError("a depth needs something to count from", "the view says itself how far its selectors reach")
    if kind in OF_A_JOURNEY and spec.journey is None:
        raise ToolError(
            f"the kind `{kind}` shows one journey, and the view `{name_of(ref)}` names none",
            "leave the view's name out and add --journey NAME, or write `journey` in the view",
        )
    if kind == "context" and not spec.around:
        raise ToolError(
            f"a context is one of a component, and the view `{name_of(ref)}` names none", "leave --kind out"
        )
    if kind == "blast-radius" and spec.picture != kind:
        raise _blast_selects_nothing()
    _check_failure(request, kind)
    _check_use(request, kind)
    title = spec.title or view.title
    scenario = request.scenario
    if scenario is None and spec.scenario is not None and not request.fail:
        scenario = catalog.find(spec.scenario, ("Scenario",), space) or spec.scenario
    if kind == "blast-radius":
        if request.fail or request.scenario:
            return _plan_of_failure(catalog, kind, request)
        fail = tuple(dict.fromkeys(members_of_targets(catalog, spec.fail, space)))
        if spec.fail and not fail:
            raise NothingSelectedError(f"nothing fails in the view `{name_of(ref)}`", why_view_is_empty(catalog, view))
        return Plan(kind, title, scenario=scenario, fail=fail)
    depth = spec.depth if request.depth is None else request.depth
    refs = shown_by(catalog, view, kind, depth)
    if not refs and kind not in OF_A_JOURNEY:
        raise NothingSelectedError(f"view `{name_of(ref)}` shows nothing", why_view_is_empty(catalog, view))
    # What a view says of frames was said for its own kind of picture; another one has frames of its own.
    said = kind == spec.picture and "group_by" in spec.model_fields_set
    by = request.group_by or (spec.group_by if said else None)
    look = look_of(catalog, view)
    if not said and (kind == "context" or kind in OF_A_JOURNEY):
        look = replace(look, group_by="none")
    focus = [catalog.find(text, COMPONENT_KINDS, space) for text in spec.around] if kind == "context" else []
    return Plan(
        kind,
        title,
        refs,
        _asked(_with_states(catalog, look, scenario if "scenario" in USED_KEYS[kind] else None), request),
        by,
        catalog.find(spec.journey, ("Journey",), space) if spec.journey is not None else None,
        tuple(each for each in focus if each is not None),
        with_channels=not spec.include,
        scenario=scenario,
    )


def _plan_of_failure(catalog: Catalog, kind: Kind, request: GraphRequest) -> Plan:
    from servicescape.app.failing import resolve_targets

    return Plan(kind, "", scenario=request.scenario, fail=resolve_targets(catalog, request.fail))


def _plan_of_journey(catalog: Catalog, request: GraphRequest, kind: Kind) -> Plan:
    ref = resolve(catalog, str(request.journey), ("Journey",), "journey")
    refs = dependencies_of(catalog, front_components(catalog, ref), request.depth)
    refs &= set(select(catalog, read_selectors(catalog, request.include), read_selectors(catalog, request.exclude)))
    look = _asked(_with_states(catalog, Look(group_by="none"), request.scenario), request)
    return Plan(kind, catalog.title(ref), tuple(refs), look, journey=ref, scenario=request.scenario)


def _plan_of_selection(catalog: Catalog, request: GraphRequest, kind: Kind) -> Plan:
    needed, needing = (
        None if text is None else resolve(catalog, text, COMPONENT_KINDS, "service, platform or external")
        for text in (request.dependencies_of, request.dependents_of)
    )
    chosen: set[str] = set()
    if needed is not None:
        chosen |= dependencies_of(catalog, [needed], request.depth)
    if needing is not None:
        chosen |= dependents_of(catalog, [needing], request.depth)
    journey = None
    if request.journey is not None:
        journey = resolve(catalog, request.journey, ("Journey",), "journey")
        chosen |= dependencies_of(catalog, front_components(catalog, journey), request.depth)
    include = read_selectors(catalog, request.include)
    if include or not chosen:
        chosen |= set(select(catalog, include))
    chosen &= set(select(catalog, (), read_selectors(catalog, request.exclude)))
    if not chosen:
        raise NothingSelectedError("no component is selected", why_none(catalog, request.include, request.exclude))
    focus = tuple(ref for ref in dict.fromkeys([needed, needing]) if ref is not None)
    title = title_of(catalog, needed, needing, request.include, request.exclude)
    look = Look(group_by="none" if focus and kind in ("landscape", "context") else "domain")
    return Plan(
        kind,
        catalog.title(journey) if journey is not None else title,
        tuple(chosen),
        _asked(_with_states(catalog, look, request.scenario), request),
        request.group_by,
        journey,
        focus,
        with_channels=not (focus or request.include or request.exclude),
    )


def _asked(look: Look, request: GraphRequest) -> Look:
    """The look with what was asked for on top. Who names a scenario wants to see states."""
    colour_by = request.colour_by or ("state" if request.scenario else look.colour_by)
    return replace(
        look,
        group_by=request.group_by or look.group_by,
        colour_by=colour_by,
        direction=request.direction or look.direction,
    )


def _with_states(catalog: Catalog, look: Look, scenario: str | None) -> Look:
    """The look with the worst state of every component in a scenario."""
    if scenario is None:
        return look
    # Imported here: it brings NumPy, which takes longer to start than a diagram to draw.
    from servicescape.app.impact import blast, failure_of_scenario

    result = blast(catalog, failure_of_scenario(catalog, scenario))
    states = dict.fromkeys(catalog.components, "ok") | {one.component: one.state for one in result.components}
    ref = catalog.find(scenario, ("Scenario",))
    return replace(look, states=states, occasion=catalog.title(ref or scenario))
