"""Markdown for people at a terminal; the Markdown itself in a pipe."""

from typing import TextIO

from servicescape.cli.output import colour_allowed, terminal_width


def print_markdown(text: str, stream: TextIO) -> None:
    """Prints Markdown: laid out on a terminal, as it is elsewhere."""
    if not stream.isatty():
        stream.write(text.rstrip() + "\n")
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(
        file=stream, width=min(terminal_width(stream), 100), no_color=not colour_allowed(stream), highlight=False
    )
    console.print(Markdown(text))
