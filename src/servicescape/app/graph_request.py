"""What is asked of `graph`: which picture, and how it is to look."""

from dataclasses import dataclass
from typing import Literal, get_args

from servicescape.diagnostics.errors import ToolError
from servicescape.model.settings import Settings
from servicescape.model.view import PICTURE_KINDS, PictureKind
from servicescape.render.boxes import GroupBy
from servicescape.render.colours import ColourBy
from servicescape.render.diagram import Direction
from servicescape.render.engine import EngineName

GraphFormat = Literal[
    "svg", "png", "pdf", "dot", "mermaid", "plantuml", "d2", "likec4", "structurizr", "drawio", "json"
]
FORMATS: tuple[str, ...] = get_args(GraphFormat)
Kind = PictureKind
KINDS: tuple[str, ...] = tuple(PICTURE_KINDS)


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
