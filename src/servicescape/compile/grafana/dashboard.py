"""What all dashboards have in common, and their text."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache

from servicescape.compile import names
from servicescape.compile.grafana.panels import BAD, CONTEXT, DATASOURCE, Json
from servicescape.compile.grafana.queries import firing, series
from servicescape.compile.grafana.text import address, plain

SCHEMA_VERSION = 42
"""That of Grafana 12 and 13. Older ones take what is in here without converting it."""
TAG = "servicescape"
_DUMP = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dump(value: object) -> str:
    """JSON on one line."""
    return _DUMP(value)


def panels_text(panels: Iterable[Json]) -> str:
    """Panels as JSON, a line each."""
    return ",\n".join(map(dump, panels))


def dashboard_text(head: Json, panels: str, tail: Json) -> str:
    """A dashboard of which each part and each panel has a line of its own, so that changes are easy to read.

    `panels` are their text, as `panels_text` gives it.
    """
    before = "".join(f"{dump(key)}: {dump(value)},\n" for key, value in head.items())
    after = "".join(f",\n{dump(key)}: {dump(value)}" for key, value in tail.items())
    return f'{{\n{before}"panels": [\n{panels}\n]{after}\n}}\n'


def head(uid: str, title: str, description: str, tags: Sequence[str]) -> Json:
    """By what a dashboard is known. There is no `version`: Grafana counts by itself."""
    return {
        "id": None,
        "uid": uid,
        "title": title,
        "description": plain(description),
        "tags": list(tags),
        "schemaVersion": SCHEMA_VERSION,
        "editable": True,
        "graphTooltip": 1,
    }


def tail(links: Sequence[Json], variables: Sequence[Json], annotations: Sequence[Json], since: str) -> Json:
    """Links, variables, annotations, and the time shown at first."""
    return {
        "annotations": {"list": list(annotations)},
        "links": list(links),
        "templating": {"list": [_DATASOURCE_VARIABLE, *variables]},
        "time": {"from": f"now-{since}", "to": "now"},
        "refresh": "1m",
        "timezone": "browser",
    }


_DATASOURCE_VARIABLE: Json = {
    "type": "datasource",
    "name": "datasource",
    "label": "Data source",
    "query": "prometheus",
    "regex": "",
    "current": {"selected": False, "text": "default", "value": "default"},
    "options": [],
    "refresh": 1,
    "hide": 0,
    "includeAll": False,
    "multi": False,
}


def label_variable(name: str, label: str, metric: str, *matchers: str) -> Json:
    """A choice among the values of a label; all of them, and series without it, at first."""
    values = f"label_values({series(metric, *matchers) if any(matchers) else metric}, {label})"
    return {
        "type": "query",
        "name": name,
        "label": label,
        "datasource": DATASOURCE,
        "query": {"query": values, "refId": "PrometheusVariableQueryEditor-VariableQuery"},
        "refresh": 2,
        "regex": "",
        "sort": 1,
        "hide": 0,
        "includeAll": True,
        "multi": True,
        "allValue": ".*",
        "current": {"selected": True, "text": ["All"], "value": ["$__all"]},
        "options": [],
    }


@lru_cache(maxsize=4096)
def place_of(uid: str) -> str:
    """Address of another of our dashboards, with the same data source and time."""
    return f"/d/{uid}?{CONTEXT}"


def link_to(title: str, uid: str, tooltip: str = "") -> Json:
    """A link above the panels, to another of our dashboards."""
    return {**_link(title, f"/d/{uid}?${{datasource:queryparam}}", tooltip), "keepTime": True, "icon": "dashboard"}


def links_out(title: str, url: str | None) -> list[Json]:
    """A link above the panels to somewhere else, if there is an address."""
    place = address(url) if url else None
    return [{**_link(title, place, ""), "targetBlank": True, "icon": "external link"}] if place else []


def _link(title: str, url: str, tooltip: str) -> Json:
    return {
        "type": "link",
        "title": plain(title, 60),
        "url": url,
        "tooltip": plain(tooltip),
        "icon": "",
        "tags": [],
        "asDropdown": False,
        "includeVars": False,
        "keepTime": False,
        "targetBlank": False,
    }


def alert_annotation(matchers: Iterable[str]) -> Json:
    """Marks where alerts fire."""
    return annotation("Alerts", firing(*matchers), BAD, f"{{{{{names.SEVERITY}}}}} {{{{{names.SLO}}}}}")


def annotation(name: str, expr: str, color: str, title: str) -> Json:
    """Marks where an expression gives something."""
    return {
        "name": name,
        "datasource": DATASOURCE,
        "enable": True,
        "hide": False,
        "iconColor": color,
        "target": {"refId": "Anno", "expr": expr, "interval": "60s"},
        "expr": expr,
        "step": "60s",
        "titleFormat": title,
        "textFormat": "{{alertname}}",
        "tagKeys": names.SEVERITY,
    }
