"""A diagram as PDF, drawn by the system's Graphviz: the embedded engine has no PDF."""

import re

from servicescape.diagnostics.errors import ToolError
from servicescape.render.engine import draw, find_program

FONTS = "Helvetica,Arial,Liberation Sans,Arimo"
"""Equally wide faces. One name alone would be PostScript's to Graphviz, for which it may choose another face."""
_DATE = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}")


def to_pdf(dot: str) -> bytes:
    """A picture laid out and drawn as PDF, with real text and links.

    Raises ToolError where there is no Graphviz, or one without PDF.
    """
    try:
        find_program("system")
    except ToolError as error:
        raise ToolError(
            "PDF is drawn by Graphviz, and `dot` is not on the path",
            "install Graphviz, or use --format svg and print it to PDF from a browser",
        ) from error
    try:
        drawn = draw(dot, "pdf", "system")
    except ToolError as error:
        if "not recognized" not in error.message:
            raise
        raise ToolError(
            "this Graphviz cannot draw PDF: it lacks the plugin for Cairo",
            "install Graphviz with Pango and Cairo, or use --format svg and print it to PDF from a browser",
        ) from error
    # The same catalog gives the same bytes: the time of drawing goes. All dates are equally long, so nothing moves.
    return _DATE.sub(rb"\g<1>19700101000000", drawn)
