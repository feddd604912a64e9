"""Tables of SLOs: what is left of their budgets, how fast it goes, whether they alert."""

from collections.abc import Iterable, Sequence

from servicescape.compile import names
from servicescape.compile.grafana.panels import (
    ALERT_STATES,
    BAD,
    BUDGET_STEPS,
    CONTEXT,
    GOOD,
    QUIET,
    WARNING,
    Json,
    data_link,
    override,
    table,
    target,
    thresholds,
)
from servicescape.compile.grafana.queries import series, with_facts, worst
from servicescape.compile.grafana.slo_shape import pace_of
from servicescape.compile.plan import SloPlan

_LEFT, _BURN, _ALERTS = "Budget left", "Burn rate", "Alerts"
_FACTS = (names.DASHBOARD_UID, "objective", "period")
_COLORED = {"type": "color-text"}


def slo_table(
    title: str, description: str, matchers: Sequence[str], plans: Iterable[SloPlan], *, hidden: Sequence[str] = ()
) -> Json:
    """A row for each SLO that the matchers find, or for each group of its series; least budget first.

    `hidden` are labels that are the same in all rows.
    """
    listed = list(plans)
    grouping = sorted({label for plan in listed for label in plan.grouping or ()})
    # A label by which some SLO groups is its own; copied over, two of its series would be one.
    facts = [label for label in _FACTS if label not in grouping]
    left = series(names.BUDGET_REMAINING, *matchers)
    windows = "|".join(sorted({pace_of(plan) for plan in listed}))
    burn = series(names.BURN_RATE, *matchers, f'{names.WINDOW}=~"{windows}"')
    alerts = f"{left} * 0\n+ on ({names.SLO}) group_left ()\n({worst(matchers, left, (names.SLO,))})"
    unmeasured = f"{series(names.INFO, *matchers)} unless on ({names.SLO}) {left}"
    columns = {
        names.SLO: "SLO",
        names.COMPONENT: "Component",
        names.JOURNEY: "Journey",
        **{label: label for label in grouping},
        "Value #A": _LEFT,
        "Value #B": _BURN,
        "Value #C": _ALERTS,
        "objective": "Objective %",
        "period": "Period",
        names.MEASURES: "Measures",
        names.TEAM: "Team",
        names.TIER: "Tier",
        names.DOMAIN: "Domain",
        names.DASHBOARD_UID: names.DASHBOARD_UID,
    }
    return table(
        title,
        description,
        [
            target(with_facts(left, facts), ref="A", table=True),
            target(with_facts(f"max without ({names.WINDOW}) ({burn})", facts), ref="B", table=True),
            target(with_facts(f"({alerts})", facts), ref="C", table=True),
            # SLOs that nothing is known of are rows too, with "no data" where figures would be.
            target(f"max without (journeys) ({unmeasured})", ref="D", table=True),
        ],
        transformations=[
            {"id": "merge", "options": {}},
            {
                "id": "organize",
                "options": {
                    "excludeByName": dict.fromkeys(("Time", "Value #D", *hidden), True),
                    "indexByName": {name: index for index, name in enumerate(columns)},
                    "renameByName": {name: shown for name, shown in columns.items() if name != shown},
                },
            },
            {"id": "sortBy", "options": {"fields": {}, "sort": [{"field": _LEFT, "desc": False}]}},
        ],
        overrides=[
            override(
                "byName",
                "SLO",
                links=data_link("Open the SLO", f"/d/${{__data.fields.{names.DASHBOARD_UID}}}?{CONTEXT}"),
                custom__minWidth=180,
            ),
            # The first is how Grafana 13 hides a column, the second how those before it did.
            override(
                "byName",
                names.DASHBOARD_UID,
                custom__hideFrom={"viz": True, "legend": True, "tooltip": True},
                custom__hidden=True,
            ),
            override(
                "byName",
                _LEFT,
                unit="percentunit",
                decimals=1,
                thresholds=thresholds(BUDGET_STEPS),
                custom__cellOptions=_COLORED,
            ),
            override(
                "byName",
                _BURN,
                unit="suffix: ×",
                decimals=1,
                thresholds=thresholds([(None, GOOD), (1, WARNING), (10, BAD)]),
                custom__cellOptions=_COLORED,
            ),
            override(
                "byName",
                _ALERTS,
                mappings=ALERT_STATES,
                thresholds=thresholds([(None, QUIET)]),
                custom__cellOptions=_COLORED,
            ),
        ],
        sort_by=_LEFT,
    )
