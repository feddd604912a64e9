"""Comments, blank lines and continued lines, as layout writes them."""

import re

from servicescape.syntax.layout_tree import LeftAlone

Lines = list[tuple[int, str]]
"""Comments and blank lines as column and text."""

TO_DASH = re.compile(r"(?:[ \t\n]+|#[^\n]*)*-(?=\s|$)")
_TO_COLON = re.compile(r"[ \t]*:")
_BLOCK_HEADER = re.compile(r"[ \t]+#")


def behind_colon(text: str, offset: int) -> int:
    """The offset behind the colon of a key that ends at this offset."""
    match = _TO_COLON.match(text, offset)
    if match is None:
        raise LeftAlone("a key has no colon")
    return match.end()


def block_header(line: str) -> str:
    """First line of a text block, with its comment as comments should be."""
    match = _BLOCK_HEADER.search(line)
    if match is None:
        return line.rstrip()
    return f"{line[: match.start()]}  {tidy_comment(line[match.end() - 1 :].rstrip())}"


def shifted(line: str, shift: int) -> str:
    """A line of a text block moved by so many columns."""
    if not line.strip():
        # Blanks that are deeper than the text belong to it.
        return " " * shift + line if shift >= 0 and line else line[min(-shift, len(line)) :]
    return " " * shift + line if shift >= 0 else line[min(-shift, len(line) - len(line.lstrip(" "))) :]


def continued(line: str, shift: int, least: int) -> str:
    """A further line of a text, moved by so many columns, but not before column `least`."""
    if not line.strip():
        return ""
    column = len(line) - len(line.lstrip())
    return " " * max(least, column + shift) + line.strip(" \t")


def tidy_comment(text: str) -> str:
    """A comment with a blank behind its sign, unless what follows belongs to the sign (`#!`, `##`, `#---`)."""
    text = text.rstrip()
    return f"# {text[1:]}" if text[1:2].isalnum() or text[1:2] in ("`", '"', "'", "(", "<", "@") else text


def shown_lines(lines: Lines, indent: int) -> list[str]:
    """Comments and blank lines as they are written with this indentation; never two blank lines in a row."""
    out: list[str] = []
    for _, text in lines:
        if text:
            out.append(" " * indent + tidy_comment(text))
        elif not out or out[-1]:
            out.append("")
    return out


def comments_only(lines: Lines) -> Lines:
    """The comments among these lines."""
    return [line for line in lines if line[1]]


def without_trailing_blanks(lines: Lines) -> Lines:
    """The lines up to the last comment."""
    while lines and not lines[-1][1]:
        lines = lines[:-1]
    return lines


def without_leading_blanks(lines: Lines) -> Lines:
    """The lines from the first comment on."""
    while lines and not lines[0][1]:
        lines = lines[1:]
    return lines


def without_blank_edges(lines: list[str]) -> list[str]:
    """The lines from the first to the last one that is not blank."""
    while lines and not lines[0]:
        lines = lines[1:]
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines
