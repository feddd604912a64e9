"""What a figure means, for a terminal."""

from servicescape.analysis.lenses.topics import explanation
from servicescape.render.impact.terminal import LEAST_WIDTH, paint, paragraph


def render_topic(topic: str, *, width: int, colour: bool) -> str:
    """The explanation of one topic in lines of at most `width` cells; ends without a line break."""
    width = max(width, LEAST_WIDTH)
    lines: list[str] = []
    for number, text in enumerate(explanation(topic)):
        is_item = text.startswith("- ")
        if number and not is_item:
            lines.append("")
        wrapped = paragraph(text, width, "  " if is_item else "", "  " if is_item else "")
        lines += [paint(line, "title", colour) for line in wrapped] if number == 0 else wrapped
    return "\n".join(lines)
