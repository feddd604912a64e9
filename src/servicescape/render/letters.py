"""Which letters the embedded engine can draw as pixels: it has fonts of its own, and takes none of the machine's."""

import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from servicescape.render.text import clean, width

_DRAWN = ((0x0000, 0x052F), (0x0590, 0x05FF), (0x1E00, 0x1FFF))
"""Latin, Greek, Cyrillic, Hebrew."""
_PICTOGRAPHS = 0x2600
_MOST_NAMED = 6


def without_letters(picture: object) -> list[str]:
    """A sentence with the characters of a picture that become empty boxes, or nothing."""
    found = dict.fromkeys(char for text in _texts(picture) for char in text if not _is_drawn(char))
    if not found:
        return []
    named = " ".join(list(found)[:_MOST_NAMED])
    more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    return [f"empty boxes stand for {named}{more}: the fonts that PNG is drawn with lack them; SVG has them, and PDF"]


def _is_drawn(char: str) -> bool:
    if char.isascii():
        return True
    if width(char) == 2:
        return False
    code, category = ord(char), unicodedata.category(char)
    if category[0] in "LM":
        return any(first <= code <= last for first, last in _DRAWN)
    return category != "So" or code < _PICTOGRAPHS


def _texts(value: object) -> Iterator[str]:
    """All words of a picture that are drawn."""
    if isinstance(value, str):
        yield clean(value)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _texts(each)
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in ("words", "url"):
                yield from _texts(getattr(value, field.name))
