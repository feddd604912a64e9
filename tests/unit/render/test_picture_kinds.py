"""Pictures that answer one question each, and arrows that are lifted to what is shown."""

from typing import Any

import pytest

from servicescape.analysis.prediction.availability import Availability
from servicescape.app.graph import diagram_of
from servicescape.app.graph_request import GraphRequest
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics.errors import ToolError
from servicescape.model.settings import ThemeSettings
from servicescape.render.diagram import Diagram
from servicescape.render.dot import element_id, to_dot
from servicescape.render.overview import overview_picture
from servicescape.render.ownership import ownership_picture
from servicescape.render.reliability import reliability_picture
from servicescape.render.slo_status import slo_picture
from servicescape.render.themes import DARK, LIGHT, contrast, theme_named, unreadable
from servicescape.render.views import Look, landscape
from tests.support.diagram_catalogs import catalog_of, component, document, service, shop_catalog


@pytest.fixture(scope="module")
def shop() -> Catalog:
    return shop_catalog()


def everything(catalog: Catalog) -> tuple[str, ...]:
    return tuple(catalog.components)


def available(ref: str, percent: float | None, own: float = 0.999) -> Availability:
    source = "assumed" if percent is None else "slo"
    return Availability(ref, own, source, None, percent, True, None, None)  # type: ignore[arg-type]


def test_reliability_marks_who_blocks_journeys_alone_and_frames_who_does_not(shop: Catalog) -> None:
    known = {ref: available(ref, None) for ref in shop.components} | {"service:shop": available("service:shop", 99.95)}
    diagram = reliability_picture(
        shop, everything(shop), "Shop", Look(), known, {"service:shop": ["journey:buy", "journey:pay"]}
    )
    cards = {node.id: node for node in diagram.nodes}
    assert (cards["service:shop"].badge, cards["service:shop"].tone) == ("99.95 %", "availability-3")
    assert cards["service:shop"].subtitle == "alone blocks 2 journeys"
    assert [node.id for node in diagram.nodes if node.is_focus] == ["service:shop"]
    assert cards["service:tax"].subtitle == "assumed"
    assert [(group.title, len(group.members)) for group in diagram.groups] == [("2 of 3 are enough", 3)]
    assert "blocks a journey by itself" in [entry.text for entry in diagram.legend]
    assert diagram.notes[-1].endswith("Web shop (2)")


def test_what_is_predicted_of_a_journey_is_what_is_marked(shop: Catalog) -> None:
    diagram = diagram_of(shop, GraphRequest(kind="reliability", journey="buy"))
    focused = {node.id for node in diagram.nodes if node.is_focus}
    # Each step has the web shop, or for `choose` nothing else; `pay` could still be done by telephone.
    assert "service:shop" in focused
    assert not focused & {"service:cache-a", "service:offers", "service:tax-tables"}


def test_ownership_counts_what_crosses_teams(shop: Catalog) -> None:
    diagram = ownership_picture(shop, everything(shop), "Shop", Look())
    faint = {(edge.source, edge.target): edge.is_faint for edge in diagram.edges}
    assert faint["service:shop", "service:basket"]
    assert not faint["service:basket", "service:tax"]
    assert [group.title for group in diagram.groups] == ["Shop crew", "Tills"]
    assert diagram.notes[:2] == ("2 of 10 dependencies cross teams", "Most: Shop crew on Tills 2")
    assert 'penwidth="0.6"' in to_dot(diagram) or "penwidth=0.6" in to_dot(diagram)


def test_slo_status_tells_promises_from_wishes() -> None:
    from decimal import Decimal

    def slo(objective: str, measures: str = "availability") -> dict[str, Any]:
        return {"objective": Decimal(objective), "measures": measures, "indicator": {"gauge": "up"}}

    catalog = catalog_of(
        document("Team", {"name": "crew"}),
        service("kept", slos=[slo("99.9")]),
        service("wished", slos=[slo("99.99")]),
        service("slow", slos=[slo("99", "latency")]),
        service("none"),
        component("External", "psp", sla=99),
    )
    diagram = slo_picture(catalog, everything(catalog), "SLOs", Look(), {"service:wished": 0.99899999})
    by_id = {node.id: (node.tone, node.badge) for node in diagram.nodes}
    assert by_id == {
        "service:kept": ("slo-availability", "99.9 %"),
        "service:wished": ("slo-wish", "99.99 %"),
        "service:slow": ("slo-other", "99 %"),
        "service:none": ("slo-none", ""),
        "external:psp": ("slo-contract", "99 %"),
    }
    # Rounded down: never better than it is.
    assert next(node.subtitle for node in diagram.nodes if node.id == "service:wished") == "at best 99.8999 %"
    assert diagram.notes[0] == "4 of 5 have an objective or a contract"


def test_an_overview_lifts_arrows_to_groups_and_counts_them(shop: Catalog) -> None:
    diagram = overview_picture(shop, everything(shop), "Shop", Look(), "domain")
    assert [(node.title, node.subtitle) for node in diagram.nodes] == [
        ("Money", "3 components"),
        ("Sales", "7 components · 3 of tier 1"),
    ]
    # The payment provider and tax with its fallback.
    assert [(edge.source, edge.target, edge.style, edge.label) for edge in diagram.edges] == [
        ("domain:sales", "domain:money", "hard", "3")
    ]


def test_an_arrow_to_what_is_not_shown_leads_to_its_platform() -> None:
    catalog = catalog_of(
        document("Team", {"name": "crew"}),
        component("Platform", "cluster", title="Cluster"),
        component("Platform", "mainframe", title="Mainframe"),
        service("hidden", title="Ledger", platform="mainframe"),
        service("shown", "hidden", platform="cluster"),
    )

    def arrows(*refs: str) -> Diagram:
        return landscape(catalog, refs, "Some", Look())

    diagram = arrows("service:shown", "platform:cluster", "platform:mainframe")
    assert {(edge.source, edge.target, edge.label) for edge in diagram.edges} == {
        ("service:shown", "platform:cluster", ""),
        ("service:shown", "platform:mainframe", "by Ledger"),
    }
    assert "1 dependency leads" in diagram.notes[0]  # Ledger on the mainframe itself
    assert [entry for entry in diagram.legend if entry.sign == "label"] == []
    assert len(arrows("service:shown", "platform:cluster").edges) == 1


@pytest.mark.parametrize(
    ("group_by", "expected"),
    [("vendor", ["Nimbus Cloud", "Wharf & Side"]), ("zone", ["a", "b"]), ("label.pci", ["in-scope"])],
)
def test_frames_of_vendors_zones_and_labels(group_by: str, expected: list[str]) -> None:
    catalog = catalog_of(
        document("Team", {"name": "crew"}),
        component("External", "store", vendor="Nimbus Cloud"),
        component("External", "psp", vendor="Wharf & Side"),
        service("one", "store", labels={"zone": "a", "pci": "in-scope"}),
        service("two", "psp", labels={"topology.kubernetes.io/zone": "b"}),
    )
    diagram = landscape(catalog, everything(catalog), "All", Look(group_by=group_by))
    assert [group.title for group in diagram.groups] == expected
    ids = [element_id(group.id) for group in diagram.groups]
    assert len(set(ids)) == len(expected)
    assert not [one for one in ids if " " in one or "&" in one]


def test_boxes_lead_to_a_link_or_else_the_runbook() -> None:
    runbook = {"runbook": "https://example.com/runbook"}
    catalog = catalog_of(
        document("Team", {"name": "crew"}),
        service("one", recovery=runbook),
        service("two", recovery=runbook, links=({"url": "https://example.com/portal"},)),
    )
    diagram = landscape(catalog, everything(catalog), "All", Look())
    assert [node.url for node in diagram.nodes] == ["https://example.com/runbook", "https://example.com/portal"]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (GraphRequest(kind="blueprint"), "shows one journey"),
        (GraphRequest(kind="blueprint", journey="buy"), "no graph of boxes"),
        (GraphRequest(kind="blast-radius"), "needs a failure"),
        (GraphRequest(kind="blast-radius", fail=("tax",), include=("tier=1",)), "nothing is selected"),
        (GraphRequest(kind="slo", fail=("tax",)), "--fail goes with"),
        (GraphRequest(kind="ownership", journey="buy"), "shows components"),
        (GraphRequest(kind="overview", group_by="none"), "one of groups"),
    ],
)
def test_what_does_not_go_together_is_told(shop: Catalog, request_: GraphRequest, message: str) -> None:
    with pytest.raises(ToolError, match=message):
        diagram_of(shop, request_)


def test_heading_and_stamp_are_the_callers(shop: Catalog) -> None:
    diagram = diagram_of(shop, GraphRequest(title="Mine", stamp="22 November, a1b2c3"))
    assert diagram.title == "Mine"
    assert diagram.notes[-1] == "22 November, a1b2c3"


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert unreadable(LIGHT) == []
    assert unreadable(DARK) == []


def test_own_themes_change_what_they_name() -> None:
    own = ThemeSettings.model_validate(
        {"ink": "#000000", "tones": {"tier-1": {"fill": "#ffe9a8", "on-badge": "#ffffff"}}}
    )
    theme = theme_named("ours", {"ours": own})
    assert (theme.ink, theme.tones["tier-1"].fill, theme.paper) == ("#000000", "#ffe9a8", LIGHT.paper)
    assert theme.tones["tier-1"].line == LIGHT.tones["tier-1"].line


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"muted": "#777777"}, r"muted #777777 on tones.tier-1.fill #cfe1f4: 3.35 to 1, 4.5 needed"),
        (
            {"tones": {"tier-1": {"badge": "#aaaaaa"}}},
            r"tones.tier-1.on-badge #ffffff on tones.tier-1.badge #aaaaaa: 2.32",
        ),
        ({"edge": "#cccccc"}, "edge #cccccc on paper #ffffff: 1.60 to 1, 3 needed"),
        ({"tones": {"teir-1": {}}}, "there is no tone `teir-1`"),
    ],
)
def test_themes_that_cannot_be_read_are_refused_with_figures(table: dict[str, Any], message: str) -> None:
    with pytest.raises(ToolError, match=message):
        theme_named("ours", {"ours": ThemeSettings.model_validate(table)})


def test_a_misspelt_theme_is_told_with_what_was_meant() -> None:
    with pytest.raises(ToolError) as told:
        theme_named("ourz", {"ours": ThemeSettings()})
    assert told.value.hint == "did you mean `ours`?"
