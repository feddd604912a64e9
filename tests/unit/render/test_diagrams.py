"""What stands in a picture, before anybody has drawn it."""

import json
from typing import Any

import pytest

from servicescape.catalog.catalog import Catalog
from servicescape.render.boxes import GroupBy
from servicescape.render.diagram import Diagram
from servicescape.render.journeys import journey_picture
from servicescape.render.json_form import to_json
from servicescape.render.views import Look, landscape
from tests.support.diagram_catalogs import catalog_of, component, document, service, shop_catalog


@pytest.fixture(scope="module")
def shop() -> Catalog:
    return shop_catalog()


def whole(catalog: Catalog, **look: Any) -> Diagram:
    return landscape(catalog, tuple(catalog.components), "Everything", Look(**look))


def arrows(diagram: Diagram) -> dict[tuple[str, str], tuple[str, str]]:
    return {(edge.source, edge.target): (edge.style, edge.label) for edge in diagram.edges}


def texts(diagram: Diagram, sign: str) -> list[str]:
    return [entry.text for entry in diagram.legend if entry.sign == sign]


def test_edges_are_drawn_by_what_they_do(shop: Catalog) -> None:
    found = arrows(whole(shop))
    assert found["service:shop", "service:basket"] == ("hard", "")
    assert found["service:shop", "service:offers"] == ("soft", "")
    assert found["service:shop", "platform:cluster"] == ("platform", "")
    assert found["service:basket", "external:psp"] == ("hard", "15m")
    assert found["service:basket", "service:tax-tables"] == ("fallback", "fallback")


def test_a_redundant_group_goes_through_a_junction(shop: Catalog) -> None:
    diagram = whole(shop)
    junction = next(node for node in diagram.nodes if node.kind == "junction")
    assert junction.title == "2 of 3"
    found = arrows(diagram)
    assert found["service:basket", junction.id] == ("hard", "")
    assert {target for source, target in found if source == junction.id} == {
        "service:cache-a",
        "service:cache-b",
        "service:cache-c",
    }
    assert any(junction.id in group.members for group in diagram.groups)


def test_a_group_of_which_one_member_is_shown_still_says_how_many_there_are(shop: Catalog) -> None:
    diagram = landscape(shop, ("service:basket", "service:cache-a"), "Some", Look())
    assert [node.title for node in diagram.nodes if node.kind == "junction"] == ["2 of 3"]


def test_cards_tell_type_owner_and_tier(shop: Catalog) -> None:
    cards = {node.id: node for node in whole(shop).nodes}
    assert cards["service:shop"].subtitle == "application · Shop crew"
    assert cards["service:shop"].badge == "T1"
    assert cards["external:psp"].subtitle == "external · Wharfside"
    assert cards["service:shop"].words == "Web shop, service (application), owned by Shop crew, tier 1"
    assert cards["service:shop"].url == "https://example.com/shop"


def test_dependencies_that_leave_the_picture_are_counted(shop: Catalog) -> None:
    assert landscape(shop, ("service:tax",), "Tax", Look()).notes == (
        "1 dependency leads to or from components outside this picture",
    )
    notes = landscape(shop, ("service:basket",), "Basket", Look()).notes
    # Platform, three caches, payment provider, tax and its fallback; and the shop that needs the basket.
    assert notes == ("8 dependencies lead to or from components outside this picture",)
    assert whole(shop).notes == ()


@pytest.mark.parametrize(
    ("group_by", "expected"),
    [
        ("domain", ["Money", "Sales"]),
        ("owner", ["Shop crew", "Tills"]),
        ("platform", ["Cluster"]),
        ("none", []),
    ],
)
def test_frames(shop: Catalog, group_by: GroupBy, expected: list[str]) -> None:
    assert [group.title for group in whole(shop, group_by=group_by).groups] == expected


def test_frames_of_platforms_replace_the_arrows_to_them(shop: Catalog) -> None:
    diagram = whole(shop, group_by="platform")
    junction = "group:service:basket:1"
    assert set(diagram.groups[0].members) == {"platform:cluster", "service:basket", "service:shop", junction}
    assert "platform" not in {edge.style for edge in diagram.edges}


def test_hints_of_order_come_first(shop: Catalog) -> None:
    order = ("service:tax", "service:shop")
    diagram = whole(shop, order=order)
    assert [node.id for node in diagram.nodes[:2]] == list(order)
    assert [group.title for group in diagram.groups] == ["Money", "Sales"]
    assert [group.title for group in whole(shop, order=("service:shop",)).groups] == ["Sales", "Money"]


def test_the_legend_holds_only_what_occurs(shop: Catalog) -> None:
    assert texts(whole(shop), "tone") == ["Tier 1, most critical", "Tier 2", "Tier 3", "no tier"]
    alone = landscape(shop, ("service:tax",), "Tax", Look())
    assert [entry.text for entry in alone.legend] == ["Tier 2"]


def test_colour_by_lifecycle_and_owner(shop: Catalog) -> None:
    assert texts(whole(shop, colour_by="lifecycle"), "tone") == ["experimental", "production", "deprecated"]
    assert texts(whole(shop, colour_by="owner"), "tone") == ["Shop crew", "Tills", "no team"]


def test_colour_by_availability_takes_the_contract_of_an_external() -> None:
    catalog = catalog_of(
        document("Team", {"name": "crew"}),
        service("good", slos=[_slo("99.995")]),
        service("bad", slos=[_slo("95")]),
        service("slow", slos=[{**_slo("99"), "measures": "latency"}]),
        component("External", "psp", sla=99),
    )
    by_id = {node.id: node for node in whole(catalog, colour_by="availability").nodes}
    assert {ref: (node.tone, node.badge) for ref, node in by_id.items()} == {
        "service:good": ("availability-4", "99.995 %"),
        "service:bad": ("availability-1", "95 %"),
        "service:slow": ("availability-none", ""),
        "external:psp": ("availability-2", "99 %"),
    }
    tones = {node.id: node.tone for node in whole(catalog, colour_by="slo").nodes}
    assert tones["service:slow"] == "slo-other"
    assert tones["external:psp"] == "slo-none"


def _slo(objective: str) -> dict[str, Any]:
    from decimal import Decimal

    return {"objective": Decimal(objective), "indicator": {"gauge": "up"}}


def test_states_are_coloured_only_where_they_are_known(shop: Catalog) -> None:
    unknown = whole(shop, colour_by="state")
    assert texts(unknown, "tone") == []
    assert unknown.notes == ("No states are known here, so no colour tells them",)
    states = dict.fromkeys(shop.components, "ok") | {"external:psp": "down", "service:basket": "degraded"}
    known = whole(shop, colour_by="state", states=states, occasion="The provider is gone")
    assert texts(known, "tone") == ["ok", "degraded", "down"]
    assert {node.id: node.badge for node in known.nodes}["external:psp"] == "down"
    assert known.notes == ("What becomes of each: The provider is gone",)


def test_a_platform_that_carries_a_crowd_says_so_instead_of_drawing_it() -> None:
    services = [service(f"s{number}", platform="cluster") for number in range(9)]
    catalog = catalog_of(document("Team", {"name": "crew"}), component("Platform", "cluster"), *services)
    diagram = whole(catalog)
    assert {edge.is_drawn for edge in diagram.edges} == {False}
    assert next(node for node in diagram.nodes if node.kind == "platform").subtitle == "carries 9 of these"
    assert texts(diagram, "edge") == []
    about_it = landscape(catalog, tuple(catalog.components), "It", Look(), focus=["platform:cluster"])
    assert {edge.is_drawn for edge in about_it.edges} == {True}


def test_channels_stand_before_everything(shop: Catalog) -> None:
    diagram = landscape(shop, tuple(shop.components), "All", Look(), with_channels=True)
    assert diagram.groups[0].title == "How customers reach us"
    assert arrows(diagram)["channel:web", "service:shop"] == ("hard", "")
    assert not [node for node in diagram.nodes if node.id == "channel:phone"]


def test_a_journey_reads_from_the_customer_to_what_carries_it(shop: Catalog) -> None:
    diagram = journey_picture(shop, "journey:buy", tuple(shop.components))
    assert diagram.columns == (("customer:", "step:choose", "step:pay", "channel:web"), ("service:shop",))
    steps = [node for node in diagram.nodes if node.kind == "step"]
    assert [step.title for step in steps] == ["1 Choose", "2 Pay"]
    assert [(row.title, row.note) for row in steps[1].rows] == [
        ("Web", ""),
        ("Telephone", "is offered · carries card · asks again: size"),
    ]
    found = {(edge.source, edge.source_row, edge.target): edge.style for edge in diagram.edges}
    assert found["step:pay", "0", "service:basket"] == "use"
    assert found["step:pay", "1", "service:tax"] == "reserve"
    assert found["customer:", None, "step:choose"] == "flow"
    assert found["channel:web", None, "service:shop"] == "hard"


def test_json_says_everything_in_version_1(shop: Catalog) -> None:
    document = json.loads(to_json(whole(shop)))
    assert document["version"] == 1
    assert {"title", "direction", "nodes", "edges", "groups", "legend", "notes"} < set(document)
    card = next(node for node in document["nodes"] if node["id"] == "service:shop")
    assert card["group"] == "domain:sales"
    ends = {node["id"] for node in document["nodes"]}
    assert all(edge["source"] in ends and edge["target"] in ends for edge in document["edges"])


def test_frames_in_a_journey_hold_the_junctions_of_their_components(shop: Catalog) -> None:
    diagram = journey_picture(shop, "journey:buy", tuple(shop.components), Look(group_by="domain"))
    assert any("group:service:basket:1" in group.members for group in diagram.groups)
    assert diagram.columns[1] == ()


def large_catalog(services: int) -> Catalog:
    """Two areas of services in a chain, all of which need one hub, and some a neighbour of the other area."""
    domains = [document("Domain", {"name": name}) for name in ("east", "west")]
    names = [f"s{number:03}" for number in range(services)]
    parts = [
        service(name, "hub", *names[number + 2 : number + 3], *names[number + 1 : number + 2][: number % 50 == 0],
                domain=("east", "west")[number % 2])
        for number, name in enumerate(names)
    ]  # fmt: skip
    return catalog_of(document("Team", {"name": "crew"}), *domains, service("hub", domain="east"), *parts)


def test_in_a_large_picture_arrows_from_other_frames_to_a_hub_become_words() -> None:
    catalog = large_catalog(130)
    diagram = landscape(catalog, tuple(catalog.components), "Large", Look(group_by="domain"))
    homes = {member: group.id for group in diagram.groups for member in group.members}
    to_hub = [edge for edge in diagram.edges if edge.target == "service:hub"]
    assert len(to_hub) == 130
    assert all(edge.is_drawn == (homes[edge.source] == "domain:east") for edge in to_hub)
    hub = next(node for node in diagram.nodes if node.id == "service:hub")
    assert hub.subtitle == "65 others need it"
    assert diagram.notes == (
        "1 component that very many need: its box says how many, in place of arrows from other frames",
    )


def test_in_a_large_picture_arrows_between_frames_are_pale() -> None:
    catalog = large_catalog(130)
    diagram = landscape(catalog, tuple(catalog.components), "Large", Look(group_by="domain"))
    homes = {member: group.id for group in diagram.groups for member in group.members}
    drawn = [edge for edge in diagram.edges if edge.is_drawn]
    assert any(edge.is_faint for edge in drawn)
    assert all(edge.is_faint == (homes[edge.source] != homes[edge.target]) for edge in drawn)
    assert "between frames" in [entry.text for entry in diagram.legend]


def test_a_picture_that_can_be_read_keeps_all_its_arrows() -> None:
    catalog = large_catalog(60)
    diagram = landscape(catalog, tuple(catalog.components), "Small", Look(group_by="domain"))
    assert all(edge.is_drawn and not edge.is_faint for edge in diagram.edges)
    assert diagram.notes == ()
    about = landscape(
        large_catalog(130),
        tuple(large_catalog(130).components),
        "About",
        Look(group_by="domain"),
        focus=["service:hub"],
    )
    assert all(edge.is_drawn for edge in about.edges)


def test_of_several_components_with_one_title_each_says_its_name() -> None:
    catalog = catalog_of(
        document("Team", {"name": "crew", "title": "Crew"}),
        service("metrics", title="Monitoring"),
        service("probes", title="Monitoring"),
        service("logs", title="Logs"),
    )
    diagram = landscape(catalog, tuple(catalog.components), "All", Look(group_by="none"))
    told = {node.id: node.subtitle for node in diagram.nodes}
    assert told == {
        "service:logs": "service · Crew",
        "service:metrics": "metrics · service · Crew",
        "service:probes": "probes · service · Crew",
    }
