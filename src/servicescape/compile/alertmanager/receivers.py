"""Receivers that a team's alerts go to.

Rules ask this of every catalog, so it loads nothing of what writes a configuration.
"""

from dataclasses import dataclass

from servicescape.catalog.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Reached:
    """Receivers of one team; None where neither it nor a team above it names one."""

    page: str | None
    ticket: str | None


def receivers_of(catalog: Catalog, team: str) -> Reached:
    """Receivers of a team, by its reference; what it leaves out it has from the team that it is part of."""
    found: dict[str, str] = {}
    seen: set[str] = set()
    current: str | None = team
    while current is not None and current in catalog.teams and current not in seen:
        seen.add(current)
        entity = catalog.teams[current].entity
        spec = entity.spec
        for severity, name in (("page", spec.receivers.page), ("ticket", spec.receivers.ticket)):
            if name:
                found.setdefault(severity, name)
        current = catalog.find(spec.parent, ("Team",), entity.metadata.namespace) if spec.parent else None
    return Reached(found.get("page"), found.get("ticket"))
