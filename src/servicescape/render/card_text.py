"""What a box says, as plain lines: for languages in which a box is a text and little else."""

from collections.abc import Iterator

from servicescape.render.diagram import Node
from servicescape.render.text import clean, shorten, wrap

SUBTITLE_COLUMNS = 40
ROW_COLUMNS = 80
LABEL_COLUMNS = 40
FRAME_COLUMNS = 60


def title_lines(node: Node) -> list[str]:
    """The title, wrapped, with the badge behind its first line."""
    lines = wrap(node.title)
    if node.badge:
        lines[0] = f"{lines[0]} · {clean(node.badge)}" if lines[0] else clean(node.badge)
    return lines


def other_lines(node: Node) -> list[str]:
    """Subtitle, then a line for each row."""
    lines = wrap(node.subtitle, SUBTITLE_COLUMNS, 2) if node.subtitle else []
    return lines + list(row_lines(node))


def row_lines(node: Node) -> Iterator[str]:
    """A line for each row of the box."""
    for row in node.rows:
        yield shorten(f"{row.title}: {row.note}" if row.note else row.title, ROW_COLUMNS)


def one_line(node: Node) -> str:
    """The title with its badge on one line."""
    title = clean(node.title)
    return f"{title} · {clean(node.badge)}" if node.badge else title
