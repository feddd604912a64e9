"""The languages of other tools in which a diagram can be written, and what each of them cannot say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from servicescape.render.d2 import to_d2
from servicescape.render.diagram import Diagram
from servicescape.render.likec4 import to_likec4
from servicescape.render.mermaid import beyond_forges, to_mermaid
from servicescape.render.plantuml import to_plantuml
from servicescape.render.structurizr import to_structurizr
from servicescape.render.themes import Theme

Feature = Literal["legend", "notes", "rows", "dark", "backwards", "columns", "shades", "dashes"]
_WORDS: dict[Feature, str] = {
    "legend": "no legend",
    "notes": "no small print",
    "rows": "arrows start at a step, not at one of its ways",
    "dark": "no dark paper",
    "backwards": "no direction {direction}; it runs {other}",
    "columns": "boxes do not stand in columns",
    "shades": "shades of one colour look alike; the badges tell them apart",
    "dashes": "externals have the border of other boxes",
}

_SHADES = ("tier-", "availability-")
"""Tones that are shades of one colour."""


@dataclass(frozen=True, slots=True)
class TextFormat:
    """One language: how to write it, and what gets lost."""

    name: str
    """As people call it."""
    write: Callable[[Diagram, Theme], str]
    cannot: frozenset[Feature]
    limits: Callable[[str], list[str]] | None = None
    """Says which limits of its usual readers a text is beyond."""


FORMATS: Mapping[str, TextFormat] = {
    "mermaid": TextFormat("Mermaid", to_mermaid, frozenset({"legend", "notes", "rows", "columns"}), beyond_forges),
    "plantuml": TextFormat("PlantUML", to_plantuml, frozenset({"rows", "backwards", "columns"})),
    "d2": TextFormat("D2", to_d2, frozenset({"rows", "columns"})),
    "likec4": TextFormat("LikeC4", to_likec4, frozenset({"rows", "columns", "dark", "shades", "dashes"})),
    "structurizr": TextFormat("Structurizr", to_structurizr, frozenset({"rows", "columns", "dark"})),
}


def lost(form: str, text: str, diagram: Diagram, *, is_dark: bool = False) -> list[str]:
    """What the format leaves out of this diagram, and which limits of its usual readers it goes beyond."""
    language = FORMATS.get(form)
    if language is None:
        return []
    occurs = _occurring(diagram, is_dark=is_dark)
    other = {"RL": "from left to right", "BT": "from top to bottom"}.get(diagram.direction, "")
    missing = [
        _WORDS[feature].format(direction=diagram.direction, other=other)
        for feature in _WORDS
        if feature in occurs and feature in language.cannot
    ]
    told = [f"{language.name} cannot show everything: {'; '.join(missing)}"] if missing else []
    return told + (language.limits(text) if language.limits else [])


def _occurring(diagram: Diagram, *, is_dark: bool) -> set[Feature]:
    tones = {node.tone for node in diagram.nodes}
    found: dict[Feature, bool] = {
        "legend": bool(diagram.legend),
        "notes": bool(diagram.notes),
        "rows": any(edge.source_row is not None for edge in diagram.edges if edge.is_drawn),
        "dark": is_dark,
        "backwards": diagram.direction in ("RL", "BT"),
        "columns": bool(diagram.ranks) or any(len(column) > 1 for column in diagram.columns),
        "shades": len({tone for tone in tones if tone.startswith(_SHADES)}) > 1,
        "dashes": any(node.kind == "external" for node in diagram.nodes),
    }
    return {feature for feature, occurs in found.items() if occurs}
