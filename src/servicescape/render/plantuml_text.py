"""Text that PlantUML draws as it is, whatever its markup and its preprocessor would make of it."""

from servicescape.render.text import clean

_HARMLESS = frozenset(" ,()?")
_BETWEEN = frozenset("-/.'")
"""Harmless behind a letter and before a letter or a space; doubled or at the start of a line they are markup."""


def told(text: str) -> str:
    """The cleaned text with everything that could be markup as `<U+0000>`, which no version takes for anything else."""
    written = clean(text)
    return "".join(
        char if _stays(written, place, char) else f"<U+{ord(char):04X}>" for place, char in enumerate(written)
    )


def _stays(text: str, place: int, char: str) -> bool:
    if char.isalnum() or ord(char) > 127 or char in _HARMLESS:
        return True
    before = text[place - 1 : place]
    after = text[place + 1 : place + 2]
    return char in _BETWEEN and before.isalnum() and (not after or after == " " or after.isalnum())
