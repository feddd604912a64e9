"""The words and figures that every form of the impact report uses.

Whatever comes from the author's YAML goes through `plain` first, so that no title can move a terminal's cursor, turn
the direction of writing or break a table's line.
"""

import math
import unicodedata
from collections.abc import Iterable, Sequence

from servicescape.catalog.catalog import Catalog
from servicescape.model.names import name_of

GLYPHS = ("·", "▫", "◧", "■")
LETTERS = ("", "D", "F", "B")
STATES = ("ok", "degraded", "fallback", "blocked")
"""By code, from best to worst, as the matrix holds them."""
STATE_WORDS = ("not hit", "degraded", "falls back", "blocked")
STATE_MEANINGS = (
    "works as ever",
    "works, but worse",
    "another way or channel takes over",
    "cannot be completed",
)

NEVER = math.inf
NONE = "–"
UNKNOWN = "?"
"""Stands for a figure that cannot be known because the catalog does not give what it needs."""
_SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$", "JPY": "¥"}
_WEEKDAYS = {
    "Mo": "Monday",
    "Tu": "Tuesday",
    "We": "Wednesday",
    "Th": "Thursday",
    "Fr": "Friday",
    "Sa": "Saturday",
    "Su": "Sunday",
}
_BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str) -> str:
    """The author's text on one line, without characters that steer a terminal or turn the direction of writing."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if char.isspace() or category in ("Zl", "Zp"):
            kept.append(" ")
        elif char in _BIDI:
            continue
        elif category in ("Cc", "Cs"):
            kept.append("\ufffd")
        else:
            kept.append(char)
    return " ".join("".join(kept).split())


def duration(seconds: float) -> str:
    """A length of time in its two largest units: `15 min`, `1 h 30 min`; `never` for infinity."""
    return _duration(seconds, {"d": " d", "h": " h", "m": " min", "s": " s"}, " ")


def short_duration(seconds: float) -> str:
    """The same for narrow columns: `15m`, `1h30m`."""
    return _duration(seconds, {"d": "d", "h": "h", "m": "m", "s": "s"}, "")


def _duration(seconds: float, units: dict[str, str], between: str) -> str:
    if math.isinf(seconds):
        return "never"
    whole = round(seconds)
    if seconds < 10 and abs(seconds - whole) > 0.01:
        return f"{seconds:.1f}{units['s']}"
    parts = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, whole = divmod(whole, size)
        if count:
            parts.append(f"{count}{units[unit]}")
    return between.join(parts[:2]) or f"0{units['s']}"


def moment(seconds: float) -> str:
    """When something happens: `at once`, `after 15 min`, `never`."""
    if seconds <= 0:
        return "at once"
    return "never" if math.isinf(seconds) else f"after {duration(seconds)}"


def figure(value: float | None) -> str:
    """A count or rate for people: thousands apart, decimals only where they matter, a ? where it is unknown."""
    if value is None or math.isnan(value):
        return UNKNOWN
    if value == 0:
        return "0"
    if value >= 9.95 or abs(value - round(value)) < 0.05:
        rounded = round(value)
        return f"{rounded:,}" if rounded else "< 0.1"
    return f"{value:.1f}" if value >= 0.05 else "< 0.1"


def rate(value: float | None) -> str:
    """Like `figure`, with a dash for nothing, so that a column of zeros does not shout, and a ? for the unknown."""
    if value is None or math.isnan(value):
        return UNKNOWN
    return NONE if value == 0 else figure(value)


def money(value: float, currency: str | None) -> str:
    """An amount with its currency, not to be parted at a line's end: `£ 161,000`."""
    if currency is None:
        return figure(value)
    return f"{_SYMBOLS.get(currency, currency)}\u00a0{figure(value)}"


def demand(at: str) -> str:
    """The time of a failure as it stands in a sentence: `at peak`, `on Saturday at 20:30`."""
    if at == "average":
        return "at average demand"
    if at == "peak":
        return "at peak"
    day, _, time = at.rpartition(" ")
    return f"on {_WEEKDAYS[day]} at {time}" if day in _WEEKDAYS else f"at {at}"


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 journey`, `3 journeys`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listing(names: Iterable[str], most: int = 3) -> str:
    """`A, B and C`; from the fourth on `A, B, C and 5 more`."""
    given = list(names)
    if len(given) > most:
        return f"{', '.join(given[:most])} and {len(given) - most:,} more"
    if len(given) < 2:
        return "".join(given)
    return f"{', '.join(given[:-1])} and {given[-1]}"


def title(catalog: Catalog, ref: str | None) -> str:
    """Title of whatever a reference names; the bare name where the catalog does not know it, nothing for None."""
    if ref is None:
        return ""
    found = catalog.title(ref)
    return plain(name_of(ref) if found == ref else found)


def short_name(ref: str) -> str:
    """How a component is called within a chain: its bare name."""
    return plain(name_of(ref))


def chain(refs: Sequence[str]) -> str:
    """Dependent first, as an arrow of names: `offers → cdn → object-storage`."""
    return " → ".join(short_name(ref) for ref in refs)


def whose(catalog: Catalog, ref: str, owner: str | None) -> tuple[str, str]:
    """Key and name of who answers for something: its owner, else its vendor, else nobody."""
    if owner is not None:
        return owner, title(catalog, owner)
    component = catalog.components.get(ref)
    if component is not None and component.vendor:
        return f"vendor:{component.vendor}", plain(component.vendor)
    return "", ""
