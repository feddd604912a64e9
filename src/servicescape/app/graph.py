"""Draws diagrams: one as asked for, or those of all views and journeys."""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Literal, get_args

from servicescape.analysis.selection import (
    dependencies_of,
    dependents_of,
    front_components,
    select,
)
from servicescape.app.graph_formats import OTHER_FORMATS, write_other, write_sequence
from servicescape.app.graph_selection import read_selectors, resolve, title_of, why_none, why_view_is_empty
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics.errors import ToolError
from servicescape.model.names import COMPONENT_KINDS, DEFAULT_NAMESPACE, name_of
from servicescape.model.settings import Settings
from servicescape.model.view import View
from servicescape.render.blueprint import Blueprint
from servicescape.render.boxes import GroupBy
from servicescape.render.colours import ColourBy
from servicescape.render.diagram import Diagram, Direction
from servicescape.render.engine import EngineName
from servicescape.render.journeys import journey_picture
from servicescape.render.sequence import Sequence, sequence_of
from servicescape.render.themes import LIGHT, Theme, theme_named
from servicescape.render.views import Look, landscape, look_of
from servicescape.source.cache import Cache

GraphFormat = Literal[
    "svg", "png", "pdf", "dot", "mermaid", "plantuml", "d2", "likec4", "structurizr", "drawio", "json"
]
FORMATS: tuple[str, ...] = get_args(GraphFormat)
Kind = Literal[
    "landscape", "overview", "journey", "blueprint", "sequence", "blast-radius", "reliability", "ownership", "slo"
]
KINDS: tuple[str, ...] = get_args(Kind)
_OF_A_JOURNEY = ("journey", "blueprint", "sequence")


class NothingSelectedError(ToolError):
    """The selection holds no component, so there is nothing to draw: exit code 3."""


@dataclass(frozen=True, slots=True)
class GraphRequest:
    """What to draw and how. Without a selection: all components by business area."""

    kind: Kind | None = None
    """What sort of picture; None: what the other options imply."""
    view: str | None = None
    journey: str | None = None
    dependencies_of: str | None = None
    dependents_of: str | None = None
    depth: int | None = None
    """How many steps dependencies and dependents are followed; all where it is None."""
    include: tuple[str, ...] = ()
    """Selectors such as `domain=commerce`; keys with commas between them are and-ed."""
    exclude: tuple[str, ...] = ()
    group_by: GroupBy | None = None
    colour_by: ColourBy | None = None
    direction: Direction | None = None
    scenario: str | None = None
    """Scenario whose states are shown, at the end of its outage."""
    fail: tuple[str, ...] = ()
    """What fails in a blast radius, instead of a scenario."""
    title: str | None = None
    """Heading instead of the picture's own."""
    stamp: str = ""
    """Small print at the end, such as the date and the revision of what is drawn. No clock is asked."""
    form: GraphFormat = "svg"
    theme: str = "light"
    """`light`, `dark`, `auto` or one of the settings' own."""
    engine: EngineName = "embedded"
    settings: Settings | None = None
    """Own themes, and what predictions take for granted; None: there is nothing of the kind."""


@dataclass(frozen=True, slots=True)
class DrawnViews:
    """Pictures by name, and the views for which there is nothing to draw."""

    pictures: Mapping[str, bytes | str]
    empty: tuple[str, ...]


PICTURES = "pictures"
"""Part of the cache that holds what engines have laid out."""
PICTURES_KEPT = 2000
"""Pictures in it, of a few to some hundred kilobytes each."""

Picture = Diagram | Blueprint | Sequence
"""What is to be drawn, before any format."""
Watcher = Callable[[int, int], None]
"""Told how many pictures of how many are finished."""


def draw(catalog: Catalog, request: GraphRequest, cache: Cache | None = None) -> bytes | str:
    """The picture asked for: bytes for SVG and PNG, text for the other formats.

    What the engine laid out before is taken from the `cache`. Raises NothingSelectedError where nothing is selected,
    and ToolError for unknown names and failing engines.
    """
    return write(picture_of(catalog, request), request, cache)


def draw_all_views(
    catalog: Catalog, request: GraphRequest | None = None, cache: Cache | None = None, watcher: Watcher | None = None
) -> DrawnViews:
    """Pictures of all views, by name; of the request only format, theme, engine, stamp and settings count."""
    plain = _only_form(request)
    pictures: dict[str, Picture] = {}
    empty = []
    for ref in catalog.views:
        name = ref.split(":", 1)[1]
        try:
            pictures[name] = picture_of(catalog, replace(plain, view=name))
        except NothingSelectedError:
            empty.append(name)
    return DrawnViews(_write_all(pictures, plain, cache, watcher), tuple(empty))


def draw_all_journeys(
    catalog: Catalog,
    request: GraphRequest | None = None,
    cache: Cache | None = None,
    watcher: Watcher | None = None,
    kind: Kind = "journey",
) -> dict[str, bytes | str]:
    """Pictures of all journeys, by name; of the request only format, theme, engine, stamp and settings count."""
    plain = _only_form(request)
    names = [ref.split(":", 1)[1] for ref in catalog.journeys]
    pictures = {name: picture_of(catalog, replace(plain, journey=name, kind=kind)) for name in names}
    return _write_all(pictures, plain, cache, watcher)


def file_name(name: str) -> str:
    """A name with its namespace as one part of a path; no name has a dot."""
    return name.replace("/", ".")


def diagram_of(catalog: Catalog, request: GraphRequest) -> Diagram:
    """What is to be drawn as boxes and arrows, before any format. Raises like `draw`, and where it is a blueprint."""
    picture = picture_of(catalog, request)
    if isinstance(picture, Blueprint):
        raise ToolError("a blueprint is no graph of boxes and arrows", "--kind journey is one of the same journey")
    if isinstance(picture, Sequence):
        raise ToolError("a sequence is no graph of boxes and arrows", "--kind journey is one of the same journey")
    return picture


def picture_of(catalog: Catalog, request: GraphRequest) -> Picture:
    """What is to be drawn, before any format. Raises like `draw`."""
    kind = _kind(catalog, request)
    _check_combination(request, kind)
    if kind == "blast-radius":
        from servicescape.app.picture_kinds import blast_radius

        picture: Picture = blast_radius(catalog, request.scenario, request.fail)
    elif kind in _OF_A_JOURNEY:
        picture = _journey(catalog, request, kind)
    elif request.view is not None:
        picture = _view(catalog, request, kind)
    else:
        picture = _selection(catalog, request, kind)
    notes = (*picture.notes, request.stamp) if request.stamp else picture.notes
    return replace(picture, title=request.title or picture.title, notes=notes)


def write(picture: Picture, request: GraphRequest, cache: Cache | None = None) -> bytes | str:
    """The picture in the request's format."""
    theme = theme_named(request.theme, request.settings.graph.themes if request.settings else {})
    follows_reader = request.theme == "auto" and theme is LIGHT
    if isinstance(picture, Blueprint):
        if request.form != "svg":
            raise ToolError(
                f"a blueprint is drawn as SVG, not as {request.form}",
                "-o NAME.svg; --kind journey draws the same journey in every format",
            )
        from servicescape.render.blueprint_svg import to_svg

        return to_svg(picture, theme, follows_reader=follows_reader)
    if isinstance(picture, Sequence):
        return write_sequence(picture, request.form, theme)
    return _write_diagram(picture, request, theme, cache, follows_reader=follows_reader)


def _write_diagram(
    diagram: Diagram, request: GraphRequest, theme: Theme, cache: Cache | None, *, follows_reader: bool
) -> bytes | str:
    if request.form == "json":
        from servicescape.render.json_form import to_json

        return to_json(diagram)
    if request.form in OTHER_FORMATS:
        return write_other(diagram, request.form, theme, request.engine)
    from servicescape.render.dot import to_dot

    dot = to_dot(diagram, theme)
    if request.form == "dot":
        return dot
    image = _laid_out(dot, request, cache)
    if request.form == "png":
        return image
    from servicescape.render.svg import finish

    return finish(image, diagram, theme, follows_reader=follows_reader)


def _laid_out(dot: str, request: GraphRequest, cache: Cache | None) -> bytes:
    """What the engine makes of a graph; the same graph is laid out once by the same engine."""
    from servicescape.render.engine import draw as lay_out
    from servicescape.render.engine import engine_mark

    form: Literal["svg", "png"] = "png" if request.form == "png" else "svg"
    if cache is None:
        return lay_out(dot, form, request.engine)
    key = ("picture", form, engine_mark(request.engine), dot)
    known = cache.read(*key)
    if isinstance(known, bytes) and known:
        return known
    image = lay_out(dot, form, request.engine)
    cache.write(image, *key)
    return image


def _only_form(request: GraphRequest | None) -> GraphRequest:
    request = request or GraphRequest()
    return GraphRequest(
        form=request.form, theme=request.theme, engine=request.engine, stamp=request.stamp, settings=request.settings
    )


def _write_all(
    pictures: Mapping[str, Picture], request: GraphRequest, cache: Cache | None, watcher: Watcher | None
) -> dict[str, bytes | str]:
    """All pictures at once: each engine is a process of its own, so threads are enough to keep processors busy."""
    found: dict[str, bytes | str] = {}
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        written = pool.map(lambda picture: write(picture, request, cache), pictures.values())
        for name, picture in zip(pictures, written, strict=True):
            found[name] = picture
            if watcher is not None:
                watcher(len(found), len(pictures))
    return found


def _kind(catalog: Catalog, request: GraphRequest) -> Kind:
    """The kind that is asked for, or else what the other options imply."""
    if request.kind is not None:
        return request.kind
    if request.journey is not None:
        return "journey"
    return "blast-radius" if request.fail else "landscape"


def _check_combination(request: GraphRequest, kind: Kind) -> None:
    around = request.dependencies_of is not None or request.dependents_of is not None
    picked = around or bool(request.include or request.exclude)
    if request.view is not None and (picked or request.journey is not None):
        raise ToolError("a view says itself what it shows", "leave the view's name or the selecting options out")
    if request.journey is not None and around:
        raise ToolError("--journey is a picture of its own", "for components alone use --include journey=NAME instead")
    if request.depth is not None and not around and request.journey is None:
        raise ToolError("a depth needs something to count from", "add --dependencies-of, --dependents-of or --journey")
    if kind in _OF_A_JOURNEY and request.journey is None:
        raise ToolError(f"the kind `{kind}` shows one journey", "add --journey NAME")
    if kind == "blast-radius":
        if not request.scenario and not request.fail:
            raise ToolError("a blast radius needs a failure", "add --scenario NAME or --fail REF")
        if request.view is not None or picked or request.journey is not None:
            raise ToolError(
                "a blast radius shows what the failure reaches, and nothing is selected",
                "leave the view's name and the selecting options out, or colour a view: --scenario NAME",
            )
    elif request.fail:
        raise ToolError(f"--fail goes with --kind blast-radius, not with {kind}", "--scenario NAME colours any picture")
    if request.fail and request.scenario:
        raise ToolError("a scenario says itself what fails", "leave --scenario or --fail out")
    if request.journey is not None and kind in ("ownership", "slo", "overview"):
        raise ToolError(f"the kind `{kind}` shows components", f"--include journey={request.journey} selects those")


def _view(catalog: Catalog, request: GraphRequest, kind: Kind) -> Diagram:
    ref = resolve(catalog, str(request.view), ("View",), "view")
    view: View = catalog.views[ref].entity
    spec, namespace = view.spec, view.metadata.namespace
    refs = select(catalog, spec.include, spec.exclude, namespace)
    if not refs:
        raise NothingSelectedError(f"view `{name_of(ref)}` shows nothing", why_view_is_empty(catalog, view))
    scenario = request.scenario or spec.scenario
    space = DEFAULT_NAMESPACE if request.scenario else namespace
    look = _with_states(catalog, look_of(catalog, view), scenario, space)
    if kind != "landscape":
        return _of_components(catalog, request, kind, refs, spec.title or view.title, look)
    whole = not spec.include
    return landscape(catalog, refs, spec.title or view.title, _asked(look, request), with_channels=whole)


def _journey(catalog: Catalog, request: GraphRequest, kind: Kind) -> Picture:
    ref = resolve(catalog, str(request.journey), ("Journey",), "journey")
    if kind == "sequence":
        return sequence_of(catalog, ref)
    refs = dependencies_of(catalog, front_components(catalog, ref), request.depth)
    refs &= set(select(catalog, read_selectors(catalog, request.include), read_selectors(catalog, request.exclude)))
    look = _asked(_with_states(catalog, Look(group_by="none"), request.scenario), request)
    if kind == "blueprint":
        from servicescape.app.picture_kinds import blueprint

        return blueprint(catalog, ref, tuple(refs), look, request.scenario)
    return journey_picture(catalog, ref, tuple(refs), look)


def _selection(catalog: Catalog, request: GraphRequest, kind: Kind) -> Diagram:
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
    focus = [ref for ref in dict.fromkeys([needed, needing]) if ref is not None]
    title = title_of(catalog, needed, needing, request.include, request.exclude)
    if kind != "landscape":
        title = catalog.title(journey) if journey is not None else title
        look = _with_states(catalog, Look(), request.scenario)
        return _of_components(catalog, request, kind, tuple(chosen), title, look, journey)
    look = _with_states(catalog, Look(group_by="none" if focus else "domain"), request.scenario)
    whole = not (focus or request.include or request.exclude)
    return landscape(catalog, tuple(chosen), title, _asked(look, request), focus=focus, with_channels=whole)


def _of_components(
    catalog: Catalog,
    request: GraphRequest,
    kind: Kind,
    refs: tuple[str, ...],
    title: str,
    look: Look,
    journey: str | None = None,
) -> Diagram:
    """A picture of some components that answers one question, whatever a view would like to see."""
    from servicescape.app import picture_kinds

    look, by = replace(look, direction=request.direction or look.direction), request.group_by
    if kind == "reliability":
        return picture_kinds.reliability(catalog, refs, title, look, request.settings or Settings(), by, journey)
    if kind == "ownership":
        return picture_kinds.ownership(catalog, refs, title, look)
    if kind == "overview":
        return picture_kinds.overview(catalog, refs, title, look, by)
    return picture_kinds.slo_status(catalog, refs, title, look, by)


def _asked(look: Look, request: GraphRequest) -> Look:
    """The look with what was asked for on top. Who names a scenario wants to see states."""
    colour_by = request.colour_by or ("state" if request.scenario else look.colour_by)
    return replace(
        look,
        group_by=request.group_by or look.group_by,
        colour_by=colour_by,
        direction=request.direction or look.direction,
    )


def _with_states(catalog: Catalog, look: Look, scenario: str | None, namespace: str = DEFAULT_NAMESPACE) -> Look:
    """The look with the worst state of every component in a scenario."""
    if scenario is None:
        return look
    # Imported here: it brings NumPy, which takes longer to start than a diagram to draw.
    from servicescape.app.impact import blast, failure_of_scenario

    ref = catalog.find(scenario, ("Scenario",), namespace) or scenario
    result = blast(catalog, failure_of_scenario(catalog, ref))
    states = dict.fromkeys(catalog.components, "ok") | {one.component: one.state for one in result.components}
    return replace(look, states=states, occasion=catalog.title(ref))
