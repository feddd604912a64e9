"""The dashboard of the whole catalog: which SLOs are in trouble, whose they are, and which journeys rest on them."""

from collections.abc import Iterable, Sequence

from servicescape.catalog.graph import Journey
from servicescape.compile import names
from servicescape.compile.grafana.dashboard import (
    TAG,
    alert_annotation,
    dashboard_text,
    head,
    label_variable,
    panels_text,
    place_of,
    tail,
)
from servicescape.compile.grafana.journey_dashboard import used_by
from servicescape.compile.grafana.panels import (
    ALERT_STATES,
    BAD,
    GOOD,
    QUIET,
    WARNING,
    Grid,
    Json,
    data_link,
    override,
    refs,
    stat,
    target,
    timeseries,
    words,
)
from servicescape.compile.grafana.places import Places
from servicescape.compile.grafana.queries import equal, firing, one_of, series, worst
from servicescape.compile.grafana.slo_table import slo_table
from servicescape.compile.grafana.text import plain
from servicescape.compile.names import label_of

MOST_JOURNEYS = 40
"""At most so many journeys are shown at once, those that most customers set out on."""

_CHOICES = {names.TEAM: "Team", names.TIER: "Tier", names.DOMAIN: "Business area"}
_CHOSEN = tuple(f'{label}=~"${label}"' for label in _CHOICES)
_EVERY = (*_CHOSEN, f'{names.MEASURES}!=""')
"""Alerts of other makers may have the label `slo` as well, but not both."""


def overview(places: Places, title: str, tags: tuple[str, ...]) -> str:
    """The overview as JSON."""
    grid = Grid()
    grid.row(5, *((4, panel) for panel in _counts()))
    journeys, left_out = _shown(places)
    if journeys:
        grid.row(3 + 3 * -(-len(journeys) // 8), (24, _journeys(journeys, places)))
    if left_out:
        more = places.links(journey.ref for journey in left_out)
        grid.row(3, (24, words(f"Journeys that fewer customers set out on: {more}")))
    if places.plans:
        told = "Least budget first. Choose an SLO to see it alone. Without data nothing can alert."
        grid.row(16, (24, slo_table("SLOs", told, _CHOSEN, places.plans)))
    grid.row(9, (12, _by_team()), (12, _spent()))
    variables = [label_variable(label, label, names.INFO) | {"label": shown} for label, shown in _CHOICES.items()]
    return dashboard_text(
        head(places.overview, title, "All SLOs of the service catalog.", (TAG, "overview", *tags)),
        panels_text(grid.panels),
        tail(_links(), variables, [alert_annotation(_EVERY)], "24h"),
    )


def _links() -> list[Json]:
    return [
        {
            "type": "dashboards",
            "title": shown,
            "tags": [TAG, tag],
            "asDropdown": True,
            "icon": "dashboard",
            "includeVars": False,
            "keepTime": True,
            "targetBlank": False,
            "tooltip": "",
            "url": "",
        }
        for shown, tag in (("Journeys", "journey"), ("SLOs", "slo"))
    ]


def _counted(expr: str) -> str:
    """How many SLOs an expression finds: 0 while there are SLOs, nothing where nothing is recorded at all."""
    return f"count(count by ({names.SLO}) ({expr}))\nor\ncount({series(names.INFO, *_CHOSEN)}) * 0"


def _counts() -> Iterable[Json]:
    left = series(names.BUDGET_REMAINING, *_CHOSEN)
    page, other = equal(names.SEVERITY, "page"), f'{names.SEVERITY}!="page"'
    every = series(names.INFO, *_CHOSEN)
    counts = (
        ("SLOs", "SLOs that are evaluated.", every, QUIET),
        ("Pages", "SLOs of which a page fires.", firing(*_EVERY, page), BAD),
        ("Tickets", "SLOs of which another alert fires.", firing(*_EVERY, other), WARNING),
        ("Budget spent", "SLOs that have no budget left.", f"{left} <= 0", BAD),
        ("Below a quarter", "SLOs that have less than a quarter of their budget left.", f"{left} < 0.25 > 0", WARNING),
        ("Without data", "SLOs of which nothing is known.", f"{every} unless on ({names.SLO}) {left}", WARNING),
    )
    for title, description, expr, color in counts:
        yield stat(
            title,
            description,
            [target(_counted(expr), "SLOs", instant=True)],
            unit="short",
            steps=((None, QUIET if color == QUIET else GOOD), *(() if color == QUIET else ((1, color),))),
            decimals=0,
        )


def _shown(places: Places) -> tuple[list[Journey], list[Journey]]:
    """Journeys with something to show of them, as many as there is room for, and the others."""
    journeys = [
        journey
        for journey in places.catalog.journeys.values()
        if journey.ref in places.slos_of or places.measured(used_by(journey, places))
    ]
    journeys.sort(key=lambda journey: (-(journey.average_per_hour or 0), journey.ref))
    return journeys[:MOST_JOURNEYS], journeys[MOST_JOURNEYS:]


def _journeys(journeys: Sequence[Journey], places: Places) -> Json:
    names_of = refs(len(journeys))
    return stat(
        "Journeys",
        "Worst alert of what each journey uses, and of its own SLOs. An alert of a component is no failure of the "
        "journey where a step has another way.",
        [
            target(_state(journey, places), plain(journey.title, 60), ref=ref)
            for ref, journey in zip(names_of, journeys, strict=True)
        ],
        unit="short",
        steps=((None, QUIET),),
        mappings=ALERT_STATES,
        background=True,
        overrides=[
            override("byFrameRefID", ref, links=data_link("Open the journey", place_of(places.uid_of[journey.ref])))
            for ref, journey in zip(names_of, journeys, strict=True)
        ],
    )


def _state(journey: Journey, places: Places) -> str:
    used = places.measured(used_by(journey, places))
    own = [label_of(ref) for ref in places.slos_of.get(journey.ref, ())]
    slos = [label_of(slo) for ref in used_by(journey, places) for slo in places.slos_of.get(ref, ())]
    if own:
        of = one_of(names.SLO, dict.fromkeys((*own, *slos)))
        return worst([of], series(names.INFO, of))
    of = one_of(names.COMPONENT, used)
    return worst([of], series(names.INFO, of))


def _by_team() -> Json:
    """How many SLOs of each team alert."""
    page, other = equal(names.SEVERITY, "page"), f'{names.SEVERITY}!="page"'
    team = f"by ({names.TEAM})"
    none = f"count {team} ({series(names.INFO, *_CHOSEN)}) * 0"
    alerting = "count by (team, slo)"
    return timeseries(
        "SLOs that alert, by team",
        "How many SLOs of each team have an alert that fires; pages and others.",
        [
            target(f"count {team} ({alerting} ({firing(*_EVERY, severity)}))\nor\n{none}", legend, ref=ref)
            for ref, severity, legend in (
                ("A", page, f"{{{{{names.TEAM}}}}}: pages"),
                ("B", other, f"{{{{{names.TEAM}}}}}: tickets"),
            )
        ],
        unit="short",
        custom={"drawStyle": "line", "lineInterpolation": "stepAfter", "axisSoftMin": 0},
        limits={"decimals": 0, "min": 0},
    )


def _spent() -> Json:
    """The SLOs that are worst off, over time."""
    left = f"min by ({names.SLO}) ({series(names.BUDGET_REMAINING, *_CHOSEN)})"
    return timeseries(
        "Budget left, the ten worst",
        "Share of the budget that is left, of the ten SLOs that have least.",
        [target(f"bottomk(10, {left})", f"{{{{{names.SLO}}}}}")],
        unit="percentunit",
        steps=((None, "transparent"), (0, BAD)),
        limits={"max": 1},
    )
