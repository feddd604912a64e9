"""Diagrams in the formats of other tools, and what is to be said about a picture that a format cannot hold."""

from typing import Literal, get_args

from servicescape.diagnostics.errors import ToolError
from servicescape.render.diagram import Diagram
from servicescape.render.engine import EngineName
from servicescape.render.sequence import Sequence
from servicescape.render.themes import Theme

OtherFormat = Literal["pdf", "mermaid", "plantuml", "d2", "likec4", "structurizr", "drawio"]
OTHER_FORMATS: tuple[str, ...] = get_args(OtherFormat)
ENDINGS = {"mermaid": "mmd", "plantuml": "puml", "likec4": "c4", "structurizr": "dsl"}
"""Format → ending of its files, where that is not its name."""


def write_other(diagram: Diagram, form: str, theme: Theme, engine: EngineName) -> bytes | str:
    """The diagram in one of the other formats. Raises ToolError where an engine fails or is missing."""
    if form in ("pdf", "drawio"):
        from servicescape.render.dot import to_dot

        dot = to_dot(diagram, theme)
        if form == "pdf":
            from servicescape.render.pdf import to_pdf

            return to_pdf(dot)
        from servicescape.render.drawio import to_drawio
        from servicescape.render.engine import draw
        from servicescape.render.placement import read_placement

        return to_drawio(diagram, read_placement(draw(dot, "json0", engine), diagram), theme)
    from servicescape.render.formats import FORMATS

    return FORMATS[form].write(diagram, theme)


def write_sequence(sequence: Sequence, form: str, theme: Theme) -> str:
    """A journey's messages. Raises ToolError for formats that have no sequences."""
    if form == "mermaid":
        from servicescape.render.sequence_mermaid import to_mermaid_sequence

        return to_mermaid_sequence(sequence)
    if form == "plantuml":
        from servicescape.render.sequence_plantuml import to_plantuml_sequence

        return to_plantuml_sequence(sequence, theme)
    raise ToolError(
        f"a sequence is written as Mermaid or PlantUML, not as {form}",
        "add --format mermaid or --format plantuml; --kind journey draws the same journey in every format",
    )


def losses(picture: object, written: bytes | str, form: str, *, is_dark: bool) -> list[str]:
    """What the format left out of the picture, and which limits of its readers it is beyond."""
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
