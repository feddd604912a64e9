"""Diagrams in the formats of other tools, and what is to be said about a picture that a format cannot hold."""

from typing import Literal, get_args

from servicescape.render.blueprint import Blueprint
from servicescape.render.diagram import Diagram
from servicescape.render.engine import EngineName
from servicescape.render.sequence import Sequence
from servicescape.render.themes import Theme

OtherFormat = Literal["mermaid", "plantuml", "d2", "likec4", "structurizr", "drawio"]
OTHER_FORMATS: tuple[str, ...] = get_args(OtherFormat)
BLUEPRINT_FORMATS = ("svg", "png", "pdf")
SEQUENCE_FORMATS = ("svg", "png", "pdf", "mermaid", "plantuml")
_NAMES = {
    "svg": "SVG",
    "png": "PNG",
    "pdf": "PDF",
    "dot": "DOT",
    "json": "JSON",
    "mermaid": "Mermaid",
    "plantuml": "PlantUML",
    "d2": "D2",
    "likec4": "LikeC4",
    "structurizr": "Structurizr",
    "drawio": "draw.io",
}
ENDINGS = {"mermaid": "mmd", "plantuml": "puml", "likec4": "c4", "structurizr": "dsl"}
"""Format → ending of its files, where that is not its name."""


def write_other(diagram: Diagram, form: str, theme: Theme, engine: EngineName) -> bytes | str:
    """The diagram in one of the other formats. Raises ToolError where an engine fails or is missing."""
    if form == "drawio":
        from servicescape.render.dot import to_dot
        from servicescape.render.drawio import to_drawio
        from servicescape.render.engine import draw
        from servicescape.render.placement import read_placement

        return to_drawio(diagram, read_placement(draw(to_dot(diagram, theme), "json0", engine), diagram), theme)
    from servicescape.render.formats import FORMATS

    return FORMATS[form].write(diagram, theme)


def write_sequence(sequence: Sequence, form: str, theme: Theme) -> str:
    """A journey's messages in a language that has sequences."""
    if form == "mermaid":
        from servicescape.render.sequence_mermaid import to_mermaid_sequence

        return to_mermaid_sequence(sequence)
    from servicescape.render.sequence_plantuml import to_plantuml_sequence

    return to_plantuml_sequence(sequence, theme)


def misfit(picture: object, form: str) -> str | None:
    """Why a format has no place for a picture; None where it has."""
    fitting = {Blueprint: ("a blueprint", BLUEPRINT_FORMATS), Sequence: ("a sequence", SEQUENCE_FORMATS)}
    what, forms = fitting.get(type(picture), ("", ()))
    if not what or form in forms:
        return None
    names = [_NAMES[each] for each in forms]
    return f"{what} is drawn as {', '.join(names[:-1])} or {names[-1]}, not as {_NAMES.get(form, form)}"


def losses(
    picture: Diagram | Blueprint | Sequence,
    written: bytes | str,
    form: str,
    *,
    is_dark: bool,
    engine: EngineName = "embedded",
) -> list[str]:
    """What the format left out of the picture, and which limits of its readers it is beyond."""
    if form == "png" and engine == "embedded":
        from servicescape.render.letters import without_letters

        return without_letters(picture)
    if isinstance(picture, Diagram) and isinstance(written, str) and form in OTHER_FORMATS:
        from servicescape.render.formats import lost

        return lost(form, written, picture, is_dark=is_dark)
    return limits(written, form)


def limits(written: bytes | str, form: str) -> list[str]:
    """Which limits of its usual readers a written picture is beyond."""
    if form != "mermaid" or not isinstance(written, str):
        return []
    from servicescape.render.mermaid import beyond_forges

    return beyond_forges(written)
