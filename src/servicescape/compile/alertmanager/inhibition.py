"""Inhibit rules: which alert says why others fire, so that those need not be told.

An alert is silenced only where what silences it says at least as much, and somebody is told of that:

- Within an SLO the faster window silences the slower, and pages silence tickets.
- A page of a component silences what cannot work without it. Tickets of it silence nothing: a slow burn upstream is no
  reason to sleep through an outage. A page of a slower window does not silence a faster one either: it goes on for
  half an hour after the cause is gone, and less of it is enough. Series that are gone are no proof of a failure, and
  silence nothing.
- An upstream that is slow, stale or wrong explains only that others are slow, stale or wrong alike.

Alertmanager takes a label that neither alert has for equal. An alert of one SLO over many clusters therefore silences
that of an SLO which groups by cluster only in the same cluster, and that of an SLO of all clusters never: the labels
that must be equal are those of the source.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from servicescape.compile import names
from servicescape.compile.alertmanager.alerts import Alert, Severities
from servicescape.compile.alertmanager.tree import OURS, Inhibition, equals, lists, none_of, one_of
from servicescape.model.units import Duration

EXPLAINS_EVERYTHING = "availability"
"""What is not there makes others fail in every way."""


def within_slos(
    alerts: Sequence[Alert], severities: Severities, equal: Iterable[str], *, unheard: Collection[str] = ()
) -> Iterator[Inhibition]:
    """Rules between the alerts of one SLO, whichever it is.

    Pages of the teams `unheard` reach nobody in particular, and do not silence the tickets of the same team.
    Alerts of one SLO have the same labels, so that all the labels by which any SLO groups may be asked for at once. An
    SLO whose labels nobody knows is left out: one of its series must not silence another.
    """
    unknown = sorted({alert.slo for alert in alerts if alert.grouping is None})
    known = [alert for alert in alerts if alert.grouping is not None]
    same = tuple(dict.fromkeys((names.SLO, *equal, *sorted({label for a in known for label in a.grouping or ()}))))
    ours = (*OURS, *((none_of(names.SLO, unknown),) if unknown else ()))
    quiet = sorted({alert.team for alert in known if alert.team in unheard})
    heard = (none_of(names.TEAM, quiet),) if quiet else ()
    pages, tickets = (
        sorted({alert.window for alert in known if alert.window is not None and alert.is_page is is_page})
        for is_page in (True, False)
    )
    note = "Within one SLO: pages silence tickets, and the faster window silences the slower."
    if any(alert.is_page for alert in known) and any(not alert.is_page for alert in known) and severities.tickets:
        yield Inhibition(
            (one_of(names.SEVERITY, severities.pages), *ours, *heard),
            (one_of(names.SEVERITY, severities.tickets), *ours),
            same,
            note,
        )
        note = ""
    for values, windows in ((severities.pages, pages), (severities.tickets, tickets)):
        if not values:
            continue
        severity = one_of(names.SEVERITY, values)
        for number, window in enumerate(windows[:-1], 1):
            slower = [each.canonical() for each in windows[number:]]
            yield Inhibition(
                (equals(names.WINDOW, window.canonical()), severity, *ours),
                (one_of(names.WINDOW, slower), severity, *ours),
                same,
                note,
            )
            note = ""


def between_components(
    alerts: Sequence[Alert], severities: Severities, equal: Iterable[str], *, unheard: Collection[str] = ()
) -> Iterator[Inhibition]:
    """Rules by which the pages of a component silence the alerts of what cannot work without it.

    Only components are sources that page somebody (not one of the teams `unheard`), and that an alert of something
    else names among its upstreams.
    """
    always = tuple(equal)
    # All alerts of an SLO have the same, which is looked through once.
    needed: frozenset[str] = frozenset().union(*{alert.upstreams for alert in alerts})
    downstream_windows = sorted({alert.window for alert in alerts if alert.upstreams and alert.window is not None})
    sources: dict[str, dict[tuple[str, ...], list[Alert]]] = {}
    for alert in alerts:
        if not alert.is_page or alert.window is None or alert.grouping is None or alert.component not in needed:
            continue
        if alert.severity not in severities.pages or alert.team in unheard:
            continue
        kind = () if alert.measures == EXPLAINS_EVERYTHING else (names.MEASURES,)
        same = tuple(dict.fromkeys((*kind, *always, *alert.grouping)))
        sources.setdefault(alert.component, {}).setdefault(same, []).append(alert)
    pages = one_of(names.SEVERITY, severities.pages)
    note = "Between components: the page of what others cannot work without silences their alerts."
    for component, by_labels in sorted(sources.items()):
        listed = lists(names.UPSTREAMS, component)
        every_slo = {alert.slo for each in by_labels.values() for alert in each}
        for same, group in sorted(by_labels.items()):
            slos = sorted({alert.slo for alert in group})
            # What no other SLO of the component is told apart from needs no name here.
            which = OURS[:1] if len(slos) == len(every_slo) else (one_of(names.SLO, slos),)
            for windows, faster in _by_what_is_faster({a.window for a in group if a.window}, downstream_windows):
                source = (equals(names.COMPONENT, component), pages, one_of(names.WINDOW, windows), *which)
                # The cheap matcher first: Alertmanager asks every rule about every alert.
                target = (none_of(names.WINDOW, faster), listed) if faster else (listed,)
                yield Inhibition(source, target, same, note)
                note = ""


def _by_what_is_faster(
    windows: Iterable[Duration], others: Sequence[Duration]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Windows, fastest first, together where the same of the others are faster; and those others."""
    found: dict[tuple[str, ...], list[str]] = {}
    for window in sorted(windows):
        faster = tuple(other.canonical() for other in others if other < window)
        found.setdefault(faster, []).append(window.canonical())
    for faster, together in found.items():
        yield tuple(together), faster
