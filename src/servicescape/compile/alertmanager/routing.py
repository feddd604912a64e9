"""Routes: alerts of each team to the team's receivers, pages apart from tickets."""

from collections.abc import Iterable
from dataclasses import dataclass

from servicescape.catalog.catalog import Catalog
from servicescape.compile import names
from servicescape.compile.alertmanager.alerts import PAGE, TICKET, Alert, Severities
from servicescape.compile.alertmanager.receivers import Reached, receivers_of
from servicescape.compile.alertmanager.tree import OURS, Route, Timing, equals, one_of
from servicescape.model.settings import AlertmanagerSettings


@dataclass(frozen=True, slots=True)
class Routing:
    """One route that holds all others, and what it comes to."""

    route: Route
    receivers: tuple[str, ...]
    """Every receiver that the routes name, sorted."""
    without: tuple[tuple[str, tuple[str, ...]], ...]
    """Teams, by label value, whose alerts of these severities go to the default; the empty name: nobody's."""


def routing(
    catalog: Catalog,
    alerts: Iterable[Alert],
    severities: Severities,
    settings: AlertmanagerSettings,
    default: str,
) -> Routing:
    """Routes for these alerts. `default` takes those for which no team names a receiver.

    What is no ticket is a page: an alert whose severity nobody foresaw wakes somebody rather than nobody.
    """
    teams: dict[str, set[str]] = {}
    for alert in alerts:
        kind = TICKET if alert.severity in severities.tickets else PAGE
        teams.setdefault(alert.team, set()).add(kind)
    refs = {names.label_of(ref): ref for ref in catalog.teams}
    is_ticket = one_of(names.SEVERITY, severities.tickets)
    later = Timing(repeat=settings.ticket_repeat_interval)
    routes, without, used = [], [], {default}
    for team, kinds in sorted(teams.items()):
        reached = receivers_of(catalog, refs[team]) if team in refs else Reached(None, None)
        lacking = tuple(kind for kind in (PAGE, TICKET) if kind in kinds and getattr(reached, kind) is None)
        if lacking:
            without.append((team, lacking))
        if not team or reached == Reached(None, None):
            continue
        used |= {name for name in (reached.page, reached.ticket) if name}
        tickets = Route((is_ticket,), reached.ticket or default, timing=later)
        routes.append(Route((equals(names.TEAM, team),), reached.page or default, routes=(tickets,)))
    routes.append(Route((is_ticket,), timing=later))
    return Routing(
        Route(
            OURS,
            default,
            group_by=tuple(dict.fromkeys((*settings.group_by, *settings.equal))),
            timing=Timing(settings.group_wait, settings.group_interval, settings.repeat_interval),
            routes=tuple(routes),
        ),
        tuple(sorted(used)),
        tuple(without),
    )
