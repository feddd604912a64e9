"""By what Grafana knows a dashboard: its `uid`, its file and its title."""

import hashlib
from collections import Counter
from collections.abc import Mapping

from servicescape.compile.grafana.text import plain
from servicescape.compile.names import label_of

FOLDER = "grafana"
OVERVIEW = "overview"
UID_LENGTH = 40
"""Longest `uid` that Grafana takes."""
TITLE_LENGTH = 150
"""Grafana keeps 189 characters, and what tells equal titles apart must fit as well."""
_HASH_LENGTH = 12


def uid(prefix: str, ref: str = OVERVIEW) -> str:
    """`ssc-slo-basket-availability` for `slo:basket-availability`: it stays when titles change.

    Names have no `_` and do not end with `-`, so that `_` stands for the `/` of a namespace, `-_` for the `:` of an SLO
    that is called as its journey is, and `__` before the hash by which long ones end: no two references have the same.
    """
    text = prefix + ref.replace(":", "-", 1).replace(":", "-_").replace("/", "_")
    if len(text) <= UID_LENGTH:
        return text
    digest = hashlib.sha256(ref.encode()).hexdigest()[:_HASH_LENGTH]
    return f"{text[: UID_LENGTH - _HASH_LENGTH - 2]}__{digest}"


def file_path(folder: str, ref: str) -> str:
    """`grafana/slos/basket-availability.json`; `.` and `_` cannot stand in names and take the place of `/` and `:`."""
    return f"{FOLDER}/{folder}/{label_of(ref).replace('/', '.').replace(':', '_')}.json"


def unique_titles(kind: str, titles: Mapping[str, str]) -> dict[str, str]:
    """Reference → title with its kind before it. Grafana refuses two dashboards of one title in a folder."""
    shown = {ref: plain(f"{kind}: {title}", TITLE_LENGTH) for ref, title in titles.items()}
    # Some of Grafana's databases compare without regard to case.
    counts = Counter(title.casefold() for title in shown.values())
    return {
        ref: title if counts[title.casefold()] == 1 else f"{plain(title, 90)} ({label_of(ref)[:90]})"
        for ref, title in shown.items()
    }
