"""Routes of the organisation's own that take alerts of SLOs before ours are asked."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from servicescape.compile import names
from servicescape.compile.alertmanager.alerts import Alert, Severities
from servicescape.compile.alertmanager.base import MARKER, Base

_MATCHER = re.compile(r"\s*(\w+)\s*(=~|!~|!=|=)\s*(\"(?:[^\"\\]|\\.)*\"|[^,}]*?)\s*(?:,|$)", re.DOTALL)


def shadowing(base: Base, alerts: Iterable[Alert], severities: Severities) -> Iterator[str]:
    """A sentence for each such route, and what it takes.

    Only what is certain is told: a route that asks for a label of which the catalog knows nothing may take none.
    """
    left = {
        (alert.team, "tickets" if alert.severity in severities.tickets else "pages", alert.severity) for alert in alerts
    }
    for number, route in base.own_routes():
        if route.get("continue") is True:
            continue
        wanted = list(_matchers(route))
        taken = {
            each
            for each in left
            if all(_certainly(matcher, {names.TEAM: each[0], names.SEVERITY: each[2]}) for matcher in wanted)
        }
        if not taken:
            continue
        left -= taken
        yield (
            f"the route at {base.place(('route', 'routes', number))} comes first and takes {_what(taken)}; if it shall "
            f"not, put the line `{MARKER}` before it"
        )


def _what(taken: set[tuple[str, str, str]]) -> str:
    kinds = " and ".join(sorted({kind for _, kind, _ in taken}))
    teams = sorted({team for team, _, _ in taken if team})
    if not teams:
        return f"{kinds} of SLOs that no team owns"
    return f"{kinds} of the SLOs of " + (f"team `{teams[0]}`" if len(teams) == 1 else f"{len(teams)} teams")


def _matchers(route: Mapping[str, Any]) -> Iterator[tuple[str, str, str] | None]:
    """Label, operator and value; None for what cannot be read."""
    for key, operator in (("match", "="), ("match_re", "=~")):
        pairs = route.get(key)
        if isinstance(pairs, dict):
            yield from ((label, operator, str(value)) for label, value in pairs.items())
    listed = route.get("matchers") or ()
    for item in (listed,) if isinstance(listed, str) else listed:
        text = str(item).strip().removeprefix("{").removesuffix("}")
        done = 0
        while done < len(text):
            found = _MATCHER.match(text, done)
            if found is None or found.end() == done:
                yield None
                break
            value = found[3]
            if value.startswith('"'):
                value = re.sub(r"\\(.)", lambda escape: {"n": "\n"}.get(escape[1], escape[1]), value[1:-1])
            yield found[1], found[2], value
            done = found.end()


def _certainly(matcher: tuple[str, str, str] | None, labels: Mapping[str, str]) -> bool:
    if matcher is None or matcher[0] not in labels:
        return matcher is not None and (matcher[0], matcher[1:]) in _ALWAYS
    label, operator, value = matcher
    actual = labels[label]
    if operator in ("=", "!="):
        return (actual == value) is (operator == "=")
    try:
        return (re.fullmatch(value, actual) is not None) is (operator == "=~")
    except re.error:
        return False


_ALWAYS = {(label, test) for label in (names.SLO, names.MEASURES) for test in (("!=", ""), ("=~", ".+"), ("=~", ".*"))}
"""What holds for every alert of an SLO."""
