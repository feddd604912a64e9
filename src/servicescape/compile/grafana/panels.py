"""Panels as Grafana's JSON has them, and the grid in which they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

COLUMNS = 24
NO_DATA = "no data"
BAD, WARNING, GOOD, QUIET = "#D55E00", "#E69F00", "#0072B2", "#999999"
"""Of the palette of Okabe and Ito, which people with any colour vision can tell apart."""
LINES = ("#56B4E9", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#0072B2", "#F0E442", "#999999")
"""Colours of lines, of the same palette."""
DATASOURCE: Json = {"type": "prometheus", "uid": "${datasource}"}
CONTEXT = "${datasource:queryparam}&${__url_time_range}"
"""What a link takes along."""

Step = tuple[float | None, str]
BUDGET_STEPS: tuple[Step, ...] = ((None, BAD), (0, WARNING), (0.25, GOOD))
"""Red once the budget is spent, yellow while less than a quarter is left."""


@dataclass
class Grid:
    """Panels from top to bottom, each with an id and a place of its own."""

    panels: list[Json] = field(default_factory=list)
    y: int = 0

    def row(self, height: int, *placed: tuple[int, Json]) -> None:
        """Panels side by side, each with its width in columns, of which there are 24."""
        x = 0
        for width, panel in placed:
            self._add(panel, x, width, height)
            x += width
        self.y += height

    def heading(self, title: str) -> None:
        """A line above what follows."""
        self._add({"type": "row", "title": title, "collapsed": False, "panels": []}, 0, COLUMNS, 1)
        self.y += 1

    def _add(self, panel: Json, x: int, width: int, height: int) -> None:
        place = {"x": x, "y": self.y, "w": width, "h": height}
        self.panels.append({"id": len(self.panels) + 1, **panel, "gridPos": place})


def target(expr: str, legend: str = "", *, ref: str = "A", instant: bool = False, table: bool = False) -> Json:
    """A query of a panel; over the time shown, or `instant` at its end."""
    kind = {"instant": True, "range": False} if instant or table else {"range": True}
    return {
        "refId": ref,
        "expr": expr,
        **({"format": "table"} if table else {"legendFormat": legend or "__auto"}),
        **kind,
    }


def refs(count: int) -> list[str]:
    """Names of so many queries of one panel: A to Z, then AA and so on."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return [(letters[number // 26 - 1] if number >= 26 else "") + letters[number % 26] for number in range(count)]


def thresholds(steps: Iterable[Step]) -> Json:
    """Colours from these values on; the first has none."""
    return {"mode": "absolute", "steps": [{"color": color, "value": value} for value, color in steps]}


def values(texts: Mapping[int, tuple[str, str]]) -> list[Json]:
    """Words and colours for values."""
    options = {
        str(value): {"index": index, "text": text, "color": color}
        for index, (value, (text, color)) in enumerate(texts.items())
    }
    return [{"type": "value", "options": options}]


ALERT_STATES = values({0: ("quiet", QUIET), 1: ("ticket", WARNING), 2: ("page", BAD)})


def stat(
    title: str,
    description: str,
    targets: Sequence[Json],
    *,
    unit: str,
    steps: Iterable[Step],
    mappings: Sequence[Json] = (),
    decimals: int | None = None,
    background: bool = False,
    overrides: Sequence[Json] = (),
) -> Json:
    """Large figures."""
    return _panel(
        "stat",
        title,
        description,
        targets,
        {
            "color": {"mode": "thresholds"},
            "mappings": list(mappings),
            "noValue": NO_DATA,
            "thresholds": thresholds(steps),
            "unit": unit,
            **({} if decimals is None else {"decimals": decimals}),
        },
        {
            "colorMode": "background" if background else "value",
            "graphMode": "none",
            "justifyMode": "auto",
            "orientation": "auto",
            "percentChangeColorMode": "standard",
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
            "showPercentChange": False,
            "textMode": "auto",
            "wideLayout": True,
        },
        overrides,
    )


def timeseries(
    title: str,
    description: str,
    targets: Sequence[Json],
    *,
    unit: str,
    steps: Iterable[Step] = (),
    custom: Json | None = None,
    limits: Json | None = None,
    overrides: Sequence[Json] = (),
) -> Json:
    """Lines over time; each step but the first is drawn as a line across."""
    steps = tuple(steps)
    return _panel(
        "timeseries",
        title,
        description,
        targets,
        {
            "color": {"mode": "palette-classic-by-name"},
            "custom": {
                "drawStyle": "line",
                "lineWidth": 1,
                "fillOpacity": 0,
                "showPoints": "auto",
                "spanNulls": False,
                **({"thresholdsStyle": {"mode": "dashed"}} if steps else {}),
                **(custom or {}),
            },
            "noValue": NO_DATA,
            "unit": unit,
            **({"thresholds": thresholds(steps)} if steps else {}),
            **(limits or {}),
        },
        {
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
        overrides,
    )


def timeline(title: str, description: str, targets: Sequence[Json], mappings: Sequence[Json]) -> Json:
    """States over time, a lane each."""
    return _panel(
        "state-timeline",
        title,
        description,
        targets,
        {
            "color": {"mode": "thresholds"},
            "custom": {"fillOpacity": 80, "lineWidth": 0},
            "mappings": list(mappings),
            "noValue": NO_DATA,
            "thresholds": thresholds([(None, QUIET)]),
        },
        {
            "alignValue": "left",
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": False, "calcs": []},
            "mergeValues": True,
            "rowHeight": 0.8,
            "showValue": "auto",
            "tooltip": {"mode": "single", "sort": "none"},
        },
    )


def table(
    title: str,
    description: str,
    targets: Sequence[Json],
    *,
    overrides: Sequence[Json],
    transformations: Sequence[Json],
    sort_by: str,
) -> Json:
    """Rows of the last values."""
    panel = _panel(
        "table",
        title,
        description,
        targets,
        {
            "color": {"mode": "thresholds"},
            "custom": {"align": "auto", "cellOptions": {"type": "auto"}, "filterable": True, "inspect": False},
            "noValue": NO_DATA,
            "thresholds": thresholds([(None, QUIET)]),
        },
        {"cellHeight": "sm", "frameIndex": 0, "showHeader": True, "sortBy": [{"displayName": sort_by, "desc": False}]},
        overrides,
    )
    return {**panel, "transformations": list(transformations)}


def words(content: str) -> Json:
    """Text in Markdown, in which what authors wrote is escaped already."""
    return {
        "type": "text",
        "title": "",
        "transparent": True,
        "options": {"mode": "markdown", "content": content},
    }


def override(kind: str, options: str, **properties: Any) -> Json:
    """Properties of the fields that a matcher finds; `__` in a name stands for the dot of `custom.…`."""
    return {
        "matcher": {"id": kind, "options": options},
        "properties": [{"id": name.replace("__", "."), "value": value} for name, value in properties.items()],
    }


def data_link(title: str, url: str) -> list[Json]:
    """A link on values."""
    return [{"title": title, "url": url}]


def _panel(
    kind: str,
    title: str,
    description: str,
    targets: Sequence[Json],
    defaults: Json,
    options: Json,
    overrides: Sequence[Json] = (),
) -> Json:
    return {
        "type": kind,
        "title": title,
        "description": description,
        "datasource": DATASOURCE,
        "targets": list(targets),
        "fieldConfig": {"defaults": defaults, "overrides": list(overrides)},
        "options": options,
    }
