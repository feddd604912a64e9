"""Draws diagrams: one as asked for, or those of all views and journeys."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from servicescape.app.graph_formats import OTHER_FORMATS, losses, misfit, write_other, write_sequence
from servicescape.app.graph_plan import Plan, plan_of
from servicescape.app.graph_request import GraphRequest, Kind, NothingSelectedError
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics.errors import ToolError
from servicescape.model.settings import Settings
from servicescape.render.blueprint import Blueprint
from servicescape.render.diagram import Diagram
from servicescape.render.journeys import journey_picture
from servicescape.render.sequence import Sequence, sequence_of
from servicescape.render.themes import LIGHT, Theme, theme_named
from servicescape.render.views import landscape
from servicescape.source.cache import Cache

if TYPE_CHECKING:
    from servicescape.render.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Drawn:
    """Pictures by name, and what is to be said about them."""

    pictures: Mapping[str, bytes | str]
    told: Mapping[str, tuple[str, ...]]
    """What a picture's format left out of it, and which limits it is beyond."""
    empty: tuple[str, ...] = ()
    """Those for which there is nothing to draw."""
    unfit: Mapping[str, str] = field(default_factory=dict)
    """Those that the format has no place for, and why."""


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
) -> Drawn:
    """Pictures of all views, by name; of the request only format, theme, engine, stamp and settings count."""
    plain = _only_form(request)
    names = [ref.split(":", 1)[1] for ref in catalog.views]
    return _draw_all(catalog, {name: replace(plain, view=name) for name in names}, cache, watcher)


def draw_all_journeys(
    catalog: Catalog,
    request: GraphRequest | None = None,
    cache: Cache | None = None,
    watcher: Watcher | None = None,
    kind: Kind = "journey",
) -> Drawn:
    """Pictures of all journeys, by name; of the request only format, theme, engine, stamp and settings count."""
    plain = _only_form(request)
    names = [ref.split(":", 1)[1] for ref in catalog.journeys]
    return _draw_all(catalog, {name: replace(plain, journey=name, kind=kind) for name in names}, cache, watcher)


def told_of(picture: Picture, written: bytes | str, request: GraphRequest) -> tuple[str, ...]:
    """What is to be said of a written picture: what its format left out, and which limits it is beyond."""
    is_dark = request.theme == "dark"
    return tuple(losses(picture, written, request.form, is_dark=is_dark, engine=request.engine))


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
    plan = plan_of(catalog, request)
    picture = _prepared(catalog, plan, request.settings or Settings())
    notes = (*picture.notes, request.stamp) if request.stamp else picture.notes
    return replace(picture, title=request.title or plan.title or picture.title, notes=notes)


def _prepared(catalog: Catalog, plan: Plan, settings: Settings) -> Picture:
    """The picture that a plan speaks of. What a picture of one kind alone needs is imported with it."""
    if plan.kind in ("landscape", "context"):
        return landscape(catalog, plan.refs, plan.title, plan.look, focus=plan.focus, with_channels=plan.with_channels)
    if plan.kind == "journey":
        return journey_picture(catalog, str(plan.journey), plan.refs, plan.look)
    if plan.kind == "sequence":
        return sequence_of(catalog, str(plan.journey))
    from servicescape.app import picture_kinds

    return picture_kinds.PICTURES[plan.kind](catalog, plan, settings)


def write(picture: Picture, request: GraphRequest, cache: Cache | None = None) -> bytes | str:
    """The picture in the request's format."""
    theme = theme_named(request.theme, request.settings.graph.themes if request.settings else {})
    follows_reader = request.theme == "auto" and theme is LIGHT
    unfit = misfit(picture, request.form)
    if unfit is not None:
        raise ToolError(unfit, "--kind journey draws the same journey in every format")
    if isinstance(picture, Diagram):
        return _write_diagram(picture, request, theme, cache, follows_reader=follows_reader)
    if isinstance(picture, Sequence) and request.form in ("mermaid", "plantuml"):
        return write_sequence(picture, request.form, theme)
    return _write_sheet(_sheet(picture, theme), request, cache, follows_reader=follows_reader)


def _sheet(picture: Blueprint | Sequence, theme: Theme) -> "Sheet":
    """What is laid out here and not by an engine."""
    if isinstance(picture, Blueprint):
        from servicescape.render import blueprint_svg

        return blueprint_svg.lay_out(picture, theme)
    from servicescape.render import sequence_svg

    return sequence_svg.lay_out(picture, theme)


def _write_sheet(sheet: "Sheet", request: GraphRequest, cache: Cache | None, *, follows_reader: bool) -> bytes:
    if request.form == "svg":
        return sheet.to_svg(follows_reader=follows_reader)
    return _as_pixels_or_print(sheet.to_dot, request, cache)


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
    from servicescape.render.svg import finish

    svg = finish(_laid_out(dot, "svg", request, cache), diagram, theme, follows_reader=follows_reader)
    if request.form == "svg":
        return svg
    from servicescape.render.sheet import redraw

    # From the finished picture and not from the engine's own: only there the titles of frames are above all arrows.
    return _as_pixels_or_print(lambda font: redraw(svg, theme.paper, font), request, cache)


def _as_pixels_or_print(to_dot: Callable[[str], str], request: GraphRequest, cache: Cache | None) -> bytes:
    """A picture of which all places are known, as PNG or PDF. `to_dot` makes the graph of it in some fonts."""
    if request.form == "pdf":
        from servicescape.render.pdf import FONTS, to_pdf

        return to_pdf(to_dot(FONTS))
    from servicescape.render.dot import FONT

    return _laid_out(to_dot(FONT), "png", request, cache)


def _laid_out(dot: str, form: Literal["svg", "png"], request: GraphRequest, cache: Cache | None) -> bytes:
    """What the engine makes of a graph; the same graph is laid out once by the same engine."""
    from servicescape.render.engine import draw as lay_out
    from servicescape.render.engine import engine_mark

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


def _draw_all(
    catalog: Catalog, requests: Mapping[str, GraphRequest], cache: Cache | None, watcher: Watcher | None
) -> Drawn:
    """All pictures at once: each engine is a process of its own, so threads are enough to keep processors busy."""
    from concurrent.futures import ThreadPoolExecutor

    prepared: dict[str, Picture] = {}
    empty, unfit = [], {}
    for name, request in requests.items():
        try:
            picture = picture_of(catalog, request)
        except NothingSelectedError:
            empty.append(name)
            continue
        reason = misfit(picture, request.form)
        if reason is None:
            prepared[name] = picture
        else:
            unfit[name] = reason
    found: dict[str, bytes | str] = {}
    told: dict[str, tuple[str, ...]] = {}
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        written = pool.map(lambda name: write(prepared[name], requests[name], cache), prepared)
        for (name, picture), content in zip(prepared.items(), written, strict=True):
            request = requests[name]
            found[name] = content
            told[name] = told_of(picture, content, request)
            if watcher is not None:
                watcher(len(found), len(prepared))
    return Drawn(found, told, tuple(empty), unfit)
