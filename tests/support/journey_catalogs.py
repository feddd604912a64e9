"""Catalogs of journeys whose components are measured, as text."""

from collections.abc import Iterable, Sequence
from typing import Any

import yaml

Legs = Sequence[Sequence[str]]
"""For each leg what it uses."""

_VERSION = "servicescape/v1"


def journey(name: str, steps: Iterable[dict[str, Any]], **spec: Any) -> dict[str, Any]:
    """A journey with an objective of 99 percent."""
    body = {"owner": "crew", "objective": 99, "steps": list(steps), **spec}
    return {"apiVersion": _VERSION, "kind": "Journey", "metadata": {"name": name, "title": name.title()}, "spec": body}


def step(name: str, legs: Legs, **spec: Any) -> dict[str, Any]:
    """A step of a journey; its legs are all on the web, which runs on nothing."""
    return {"name": name, "legs": [{"channel": "web", "uses": list(leg)} for leg in legs], **spec}


def service(name: str, *, slos: Sequence[dict[str, Any]] | None = None, **spec: Any) -> dict[str, Any]:
    """A service with an SLO for its availability, measured by counters named after it."""
    if slos is None:
        slos = [{"objective": 99, "indicator": ratio(name)}]
    return {
        "apiVersion": _VERSION,
        "kind": "Service",
        "metadata": {"name": name},
        "spec": {"owner": "crew", "slos": list(slos), **spec},
    }


def ratio(name: str, by: str = "") -> dict[str, Any]:
    """An indicator that counts the events of a job."""
    return {
        "ratio": {
            "bad": f'sum {by}(rate(bad{{job="{name}"}}[{{{{window}}}}]))',
            "total": f'sum {by}(rate(all{{job="{name}"}}[{{{{window}}}}]))',
        }
    }


def slo(name: str, target: str, **spec: Any) -> dict[str, Any]:
    """An SLO of its own."""
    body = {"for": target, "objective": 99, "indicator": ratio(name), **spec}
    return {"apiVersion": _VERSION, "kind": "SLO", "metadata": {"name": name}, "spec": body}


CREW = {
    "apiVersion": _VERSION,
    "kind": "Team",
    "metadata": {"name": "crew", "title": "The crew"},
    "spec": {
        "contacts": [{"type": "slack", "value": "#crew"}],
        "receivers": {"page": "pager", "ticket": "tracker"},
    },
}
WEB = {"apiVersion": _VERSION, "kind": "Channel", "metadata": {"name": "web"}, "spec": {"mode": "self-service"}}


def text(*documents: dict[str, Any]) -> str:
    """A catalog of these entities, a team and a channel."""
    return yaml.safe_dump_all([CREW, WEB, *documents], sort_keys=False)
