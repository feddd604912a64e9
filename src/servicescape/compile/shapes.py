"""Queries that differ in nothing but the values of their matchers, so that one of them is parsed for all.

An organisation has thousands of SLOs and a few dozen forms of queries. What may stand in for another is narrow: values
of label matchers in quotes, without escapes. Anything else is parsed as it stands.
"""

import re
from functools import lru_cache

_MATCHER = re.compile(r"""(?P<op>=~|!~|!=|=)\s*(?:"(?P<double>[^"\\\n]*)"|'(?P<single>[^'"\\\n]*)')""")
_QUOTE = re.compile(r"""["'`#]""")
_MARK = "\x00"


class Shape:
    """A query with numbered marks where the values of its matchers stood."""

    __slots__ = ("regexes", "text", "values")

    def __init__(self, text: str, values: tuple[str, ...], regexes: tuple[str, ...]) -> None:
        self.text = text
        """The query, each value replaced by a mark."""
        self.values = values
        """The values in their order."""
        self.regexes = regexes
        """Those of them that are regular expressions."""


def shape_of(text: str) -> Shape | None:
    """The shape of a query; None where it holds other strings, or escapes in them, or an empty value.

    A string that no operator precedes keeps its first quote, since all before it were taken whole: that shows it.
    """
    values: list[str] = []
    regexes: list[str] = []

    def mark(match: re.Match[str]) -> str:
        value = match["double"] if match["double"] is not None else match["single"]
        values.append(value)
        if match["op"] in ("=~", "!~"):
            regexes.append(value)
        return f"{match['op']}{_MARK}"

    if _MARK in text:
        return None
    marked = _MATCHER.sub(mark, text)
    # Whether a selection may be empty depends on empty values.
    if _QUOTE.search(marked) or not all(values):
        return None
    return Shape(marked, tuple(values), tuple(regexes))


@lru_cache(maxsize=4096)
def example_of(shape: str) -> str:
    """A query of this shape, its values `v0`, `v1` and so on."""
    pieces = shape.split(_MARK)
    return "".join(f'{piece}"{value_mark(number)}"' for number, piece in enumerate(pieces[:-1])) + pieces[-1]


def value_mark(number: int) -> str:
    """The value that stands for the one of this number."""
    return f"v{number}"
