"""Draws diagrams: one as asked for, or those of all views and journeys."""

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from servicescape.analysis.selection import (
    dependencies_of,
    dependents_of,
    front_components,
    matching,
    select,
)
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics.errors import ToolError
from servicescape.model.names import COMPONENT_KINDS, DEFAULT_NAMESPACE, name_of
from servicescape.model.view import Selector, View
from servicescape.render.boxes import GroupBy
from servicescape.render.colours import ColourBy
from servicescape.render.diagram import Diagram, Direction
from servicescape.render.engine import EngineName
from servicescape.render.journeys import journey_picture
from servicescape.render.themes import THEMES, ThemeName
from servicescape.render.views import Look, landscape, look_of

GraphFormat = Literal["svg", "png", "dot", "mermaid", "json"]
FORMATS: tuple[str, ...] = get_args(GraphFormat)


class NothingSelectedError(ToolError):
    """The selection holds no component, so there is nothing to draw: exit code 3."""


@dataclass(frozen=True, slots=True)
class GraphRequest:
    """What to draw and how. Without a selection: all components by business area."""

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
    form: GraphFormat = "svg"
    theme: ThemeName = "light"
    engine: EngineName = "embedded"


@dataclass(frozen=True, slots=True)
class DrawnViews:
    """Pictures by name, and the views for which there is nothing to draw."""

    pictures: Mapping[str, bytes | str]
    empty: tuple[str, ...]


def draw(catalog: Catalog, request: GraphRequest) -> bytes | str:
    """The picture asked for: bytes for SVG and PNG, text for the other formats.

    Raises NothingSelectedError where nothing is selected, and ToolError for unknown names and failing engines.
    """
    return write(diagram_of(catalog, request), request)


def draw_all_views(catalog: Catalog, request: GraphRequest | None = None) -> DrawnViews:
    """Pictures of all views, by name; of the request only format, theme and engine count."""
    plain = _only_form(request)
    diagrams: dict[str, Diagram] = {}
    empty = []
    for ref in catalog.views:
        name = ref.split(":", 1)[1]
        try:
            diagrams[name] = diagram_of(catalog, replace(plain, view=name))
        except NothingSelectedError:
            empty.append(name)
    return DrawnViews(_write_all(diagrams, plain), tuple(empty))


def draw_all_journeys(catalog: Catalog, request: GraphRequest | None = None) -> dict[str, bytes | str]:
    """Pictures of all journeys, by name; of the request only format, theme and engine count."""
    plain = _only_form(request)
    names = [ref.split(":", 1)[1] for ref in catalog.journeys]
    return _write_all({name: diagram_of(catalog, replace(plain, journey=name)) for name in names}, plain)


def file_name(name: str) -> str:
    """A name with its namespace as one part of a path; no name has a dot."""
    return name.replace("/", ".")


def diagram_of(catalog: Catalog, request: GraphRequest) -> Diagram:
    """What is to be drawn, before any format. Raises like `draw`."""
    _check_combination(request)
    if request.view is not None:
        return _view(catalog, request)
    if request.journey is not None:
        return _journey(catalog, request)
    return _selection(catalog, request)


def write(diagram: Diagram, request: GraphRequest) -> bytes | str:
    """The diagram in the request's format."""
    theme = THEMES[request.theme]
    if request.form == "json":
        from servicescape.render.json_form import to_json

        return to_json(diagram)
    if request.form == "mermaid":
        from servicescape.render.mermaid import to_mermaid

        return to_mermaid(diagram, theme)
    from servicescape.render.dot import to_dot

    dot = to_dot(diagram, theme)
    if request.form == "dot":
        return dot
    from servicescape.render.engine import draw as lay_out

    image = lay_out(dot, request.form, request.engine)
    if request.form == "png":
        return image
    from servicescape.render.svg import finish

    return finish(image, diagram, theme, follows_reader=request.theme == "auto")


def _only_form(request: GraphRequest | None) -> GraphRequest:
    request = request or GraphRequest()
    return GraphRequest(form=request.form, theme=request.theme, engine=request.engine)


def _write_all(diagrams: Mapping[str, Diagram], request: GraphRequest) -> dict[str, bytes | str]:
    """All pictures at once: each engine is a process of its own, so threads are enough to keep processors busy."""
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        written = pool.map(lambda diagram: write(diagram, request), diagrams.values())
        return dict(zip(diagrams, written, strict=True))


def _check_combination(request: GraphRequest) -> None:
    around = request.dependencies_of is not None or request.dependents_of is not None
    picked = around or bool(request.include or request.exclude)
    if request.view is not None and (picked or request.journey is not None):
        raise ToolError("a view says itself what it shows", "leave the view's name or the selecting options out")
    if request.journey is not None and around:
        raise ToolError("--journey is a picture of its own", "for components alone use --include journey=NAME instead")
    if request.depth is not None and not around and request.journey is None:
        raise ToolError("a depth needs something to count from", "add --dependencies-of, --dependents-of or --journey")


def _view(catalog: Catalog, request: GraphRequest) -> Diagram:
    ref = _resolve(catalog, str(request.view), ("View",), "view")
    view: View = catalog.views[ref].entity
    spec, namespace = view.spec, view.metadata.namespace
    refs = select(catalog, spec.include, spec.exclude, namespace)
    if not refs:
        raise NothingSelectedError(f"view `{name_of(ref)}` shows nothing", _why_empty(catalog, view))
    scenario = request.scenario or spec.scenario
    space = DEFAULT_NAMESPACE if request.scenario else namespace
    look = _with_states(catalog, look_of(catalog, view), scenario, space)
    whole = not spec.include
    return landscape(catalog, refs, spec.title or view.title, _asked(look, request), with_channels=whole)


def _journey(catalog: Catalog, request: GraphRequest) -> Diagram:
    ref = _resolve(catalog, str(request.journey), ("Journey",), "journey")
    refs = dependencies_of(catalog, front_components(catalog, ref), request.depth)
    refs &= set(select(catalog, _selectors(catalog, request.include), _selectors(catalog, request.exclude)))
    look = _with_states(catalog, Look(group_by="none"), request.scenario)
    return journey_picture(catalog, ref, tuple(refs), _asked(look, request))


def _selection(catalog: Catalog, request: GraphRequest) -> Diagram:
    needed, needing = (
        None if text is None else _resolve(catalog, text, COMPONENT_KINDS, "service, platform or external")
        for text in (request.dependencies_of, request.dependents_of)
    )
    chosen: set[str] = set()
    if needed is not None:
        chosen |= dependencies_of(catalog, [needed], request.depth)
    if needing is not None:
        chosen |= dependents_of(catalog, [needing], request.depth)
    include = _selectors(catalog, request.include)
    if include or not chosen:
        chosen |= set(select(catalog, include))
    chosen &= set(select(catalog, (), _selectors(catalog, request.exclude)))
    if not chosen:
        raise NothingSelectedError("no component is selected", _why_none(catalog, request))
    focus = [ref for ref in dict.fromkeys([needed, needing]) if ref is not None]
    look = _with_states(catalog, Look(group_by="none" if focus else "domain"), request.scenario)
    whole = not (focus or request.include or request.exclude)
    title = _title(catalog, needed, needing, request)
    return landscape(catalog, tuple(chosen), title, _asked(look, request), focus=focus, with_channels=whole)


def _title(catalog: Catalog, needed: str | None, needing: str | None, request: GraphRequest) -> str:
    if needed is not None and needed == needing:
        return f"What {catalog.title(needed)} needs, and what needs it"
    parts = [f"what {catalog.title(needed)} needs"] if needed is not None else []
    parts += [f"what needs {catalog.title(needing)}"] if needing is not None else []
    parts += [text.replace("=", ": ") for text in request.include]
    title = ", ".join(parts) or "All components"
    without = f", without {', '.join(request.exclude).replace('=', ' ')}" if request.exclude else ""
    return title[0].upper() + title[1:] + without


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


_PLAIN_KEYS: dict[str, tuple[tuple[str, ...], str]] = {
    "domain": (("Domain",), "domain"),
    "owner": (("Team",), "team"),
    "journey": (("Journey",), "journey"),
    "name": (COMPONENT_KINDS, "service, platform or external"),
}


def _selectors(catalog: Catalog, texts: Iterable[str]) -> list[Selector]:
    return [_selector(catalog, text) for text in texts]


def _selector(catalog: Catalog, text: str) -> Selector:
    """Reads `key=value`, with commas between keys that must hold together. Raises ToolError with what is allowed."""
    keys: dict[str, Any] = {}
    for part in text.split(","):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not value:
            raise ToolError(f"`{part}` is not a selector", "write for example domain=commerce or tier=1")
        reader = _READERS.get(key)
        if key.startswith("label."):
            keys.setdefault("label", {})[key.removeprefix("label.")] = value
        elif key in _PLAIN_KEYS:
            kinds, what = _PLAIN_KEYS[key]
            keys[key] = _resolve(catalog, value, kinds, what)
        elif reader is not None:
            keys[key] = reader(value)
        else:
            known = ", ".join([*_PLAIN_KEYS, *_READERS, "label.KEY"])
            raise ToolError(f"there is no selector `{key}`", f"the selectors are {known}")
    return Selector.model_validate(keys)


def _kind(value: str) -> str:
    kind = value.capitalize()
    if kind not in COMPONENT_KINDS:
        raise ToolError(f"`{value}` is not a kind of component", f"the kinds are {', '.join(COMPONENT_KINDS)}")
    return kind


def _tier(value: str) -> int:
    if value not in ("1", "2", "3", "4"):
        raise ToolError(f"`{value}` is not a tier", "tiers are 1 (most critical) to 4")
    return int(value)


_READERS: dict[str, Callable[[str], Any]] = {"kind": _kind, "tier": _tier}


def _resolve(catalog: Catalog, text: str, kinds: tuple[str, ...], what: str) -> str:
    ref = catalog.find(text, kinds)
    if ref is not None:
        return ref
    close = catalog.names.suggest(text, kinds, DEFAULT_NAMESPACE)
    if close is not None:
        hint = f"did you mean `{close.split(':', 1)[1]}`?"
    else:
        known = sorted(one.split(":", 1)[1] for one in catalog.entities if one.split(":", 1)[0].capitalize() in kinds)
        more = " …" if len(known) > 12 else ""
        hint = f"there is: {', '.join(known[:12])}{more}" if known else "there is none at all"
    raise ToolError(f"there is no {what} `{text}`", hint)


def _why_empty(catalog: Catalog, view: View) -> str:
    """Which of a view's selectors picks nothing."""
    namespace = view.metadata.namespace
    for number, selector in enumerate(view.spec.include, 1):
        if not matching(catalog, selector, namespace):
            said = ", ".join(f"{key}: {value}" for key, value in selector.model_dump(by_alias=True).items() if value)
            return f"no component fits the selector {{{said}}}, number {number} under `include`"
    return "what `include` picks, `exclude` takes away again" if view.spec.exclude else "the catalog has no components"


def _why_none(catalog: Catalog, request: GraphRequest) -> str:
    for text in request.include:
        if not matching(catalog, _selector(catalog, text)):
            return f"no component fits --include {text}"
    if request.exclude:
        return "--exclude takes everything away again"
    return "the catalog has no components"
