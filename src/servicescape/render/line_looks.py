"""How each kind of arrow looks, for formats that know solid, dashed and dotted lines."""

from typing import Literal

from servicescape.diagnostics.records import record
from servicescape.render.diagram import EdgeStyle
from servicescape.render.themes import Theme

Pattern = Literal["solid", "dashed", "dotted"]


@record()
class LineLook:
    """Pattern, width in points, and whether it steps back behind the others."""

    pattern: Pattern
    width: int = 1
    is_faint: bool = False

    def colour(self, theme: Theme) -> str:
        """Its colour in a theme."""
        return theme.faint if self.is_faint else theme.edge


LINE_LOOKS: dict[EdgeStyle, LineLook] = {
    "hard": LineLook("solid"),
    "soft": LineLook("dashed"),
    "fallback": LineLook("dotted", 2),
    "member": LineLook("solid"),
    "platform": LineLook("solid", is_faint=True),
    "flow": LineLook("solid", 2),
    "use": LineLook("solid"),
    "reserve": LineLook("dashed", is_faint=True),
    "chain": LineLook("solid", 3),
}
