"""Edits of a text, applied so that every character outside of them stays as it is."""

from collections.abc import Iterable, Sequence

from servicescape.diagnostics import Edit
from servicescape.source.text import SourceFile


def apply_edits(source: SourceFile, edits: Iterable[Edit]) -> str:
    """The text of a file after edits that do not overlap. Two equal ones are one."""
    text, lines = source.text, source.lines
    pieces: list[str] = []
    done = 0
    for edit in sorted(set(edits), key=lambda edit: (edit.span, edit.text)):
        start, end = lines.offset(edit.span.start), lines.offset(edit.span.end)
        assert start >= done, "edits overlap"
        pieces += (text[done:start], edit.text)
        done = end
    return "".join((*pieces, text[done:]))


def are_compatible(edits: Sequence[Edit], taken: Iterable[Edit]) -> bool:
    """Whether edits can be made together with those that are taken already.

    Edits are in each other's way where they touch the same text, or insert at the same place; equal ones are not.
    """
    return all(_are_compatible(edit, other) for other in taken for edit in edits)


def _are_compatible(one: Edit, other: Edit) -> bool:
    if one == other or one.file != other.file:
        return True
    if one.span == other.span:
        return False
    return one.span.end <= other.span.start or other.span.end <= one.span.start
