"""Names, labels and durations of other formats as those of the catalog language."""

import re
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from servicescape.dialects.draft import Path
from servicescape.dialects.shapes import Reader
from servicescape.model.names import NAME_MAX_LENGTH

_HASH_LENGTH = 8
RESERVED_LABELS = frozenset(
    {"alertname", "component", "domain", "journey", "measures", "slo", "team", "tier", "upstreams", "window"}
)
"""Labels that the catalog's own rules set; a test holds them against the compiler's."""
FROM_SERIES = frozenset({"domain", "tier"})
"""Those of them on which nothing rests: where recorded series carry an author's own, alerts do too."""
INFO_LABELS = RESERVED_LABELS - {"alertname", "upstreams"} | frozenset(
    {"begins", "dashboard_uid", "estimate", "journeys", "objective", "period", "zone"}
)
"""Labels of the info series that the catalog's own rules set; a test holds them against the compiler's."""
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_PIECE = re.compile(r"([0-9]+)(ms|[smhdwy])")
_MILLISECONDS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_MILLISECONDS["y"] = 365 * _MILLISECONDS["d"]


def as_name(text: str) -> str:
    """A text as a name of the language; empty where nothing of it can be. One that is too long ends in a hash."""
    kept = "".join(char if char.isascii() and char.isalnum() else "-" for char in text.lower())
    name = "-".join(piece for piece in kept.split("-") if piece)
    if len(name) <= NAME_MAX_LENGTH:
        return name
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_HASH_LENGTH // 2).hexdigest()
    return f"{name[: NAME_MAX_LENGTH - _HASH_LENGTH - 1].rstrip('-')}-{digest}"


def milliseconds_of(text: str) -> int | None:
    """A duration as Prometheus writes it (`1h30m`, `2w`, `1y`); None where it is none."""
    pieces = _PIECE.findall(text)
    if not pieces or "".join(f"{number}{unit}" for number, unit in pieces) != text or len(text) > 40:
        return None
    return sum(int(number) * _MILLISECONDS[unit] for number, unit in pieces)


def percent_of(text: str) -> Decimal | None:
    """A number written as text; None where it is none."""
    return Decimal(text) if re.fullmatch(r"[0-9]{1,10}(?:\.[0-9]{1,20})?", text) else None


def alert_labels(
    reader: Reader, labels: dict[str, str], path: Path, *, prefix: str = "", on_series: bool = False
) -> dict[str, str]:
    """Labels that can stand on the catalog's alerts; the others are named.

    With a `prefix`, only those that have it are meant, and it is taken off. Where they stand `on_series` as well, some
    of them come to the alerts from there.
    """
    found: dict[str, str] = {}
    for written, value in labels.items():
        if not written.startswith(prefix):
            continue
        name = written.removeprefix(prefix)
        if on_series and name in FROM_SERIES:
            continue
        if name in RESERVED_LABELS:
            why = "the catalog's rules set this label themselves; describe it in the catalog, or rename the label"
            if on_series:
                why = "recorded series have it, and alerts the catalog's own; routes and inhibit rules rest on that one"
            reader.not_carried((*path, written), why)
        elif not _LABEL.fullmatch(name):
            reader.wrong(
                (*path, written),
                f"Prometheus takes no label named `{name}`",
                label="for this label",
                advice="use letters, digits and underscores",
            )
        else:
            found[name] = value
    return found


def info_labels(reader: Reader, labels: dict[str, str], path: Path, *, beside: dict[str, str]) -> dict[str, str]:
    """Labels that can stand on the info series alone, `beside` other labels of the same SLO; the others are named."""
    found: dict[str, str] = {}
    for name, value in labels.items():
        if not _LABEL.fullmatch(name) or name.startswith("__"):
            reader.wrong(
                (*path, name),
                f"Prometheus takes no label named `{name}`",
                label="for this label",
                advice="use letters, digits and underscores",
            )
        elif name in INFO_LABELS or name.startswith("sloth_"):
            why = "the info series has a label of this name; describe it in the catalog, or rename the label"
            reader.not_carried((*path, name), why)
        elif beside.get(name, value) != value:
            why = "`labels` give it another value; rename one of the two"
            reader.not_carried((*path, name), why)
        else:
            found[name] = value
    return found


def entity(kind: str, name: str, spec: dict[str, Any], *, title: str | None = None, **metadata: Any) -> dict[str, Any]:
    """An entity in the form in which it would be written; what is empty is left out."""
    given = {"name": name, "title": title if title != name else None, **metadata}
    return {
        "apiVersion": "servicescape/v1",
        "kind": kind,
        "metadata": {key: value for key, value in given.items() if value},
        "spec": {key: value for key, value in spec.items() if value not in (None, {}, ())},
    }
