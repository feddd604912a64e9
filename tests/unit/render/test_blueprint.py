"""Service blueprints: what stands in them, and that nothing in them is cut or covers something else."""

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from servicescape.catalog.catalog import Catalog
from servicescape.render.blueprint import Blueprint, blueprint_of
from servicescape.render.blueprint_svg import lay_out
from servicescape.render.canvas import LARGE, SMALL
from servicescape.render.metrics import fit, text_width
from servicescape.render.themes import DARK, LIGHT, Theme
from servicescape.render.views import Look
from tests.support.diagram_catalogs import catalog_of, component, document, service, shop_catalog
from tests.support.snapshots import assert_snapshot

GOLDEN = Path(__file__).parent / "golden"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def shop() -> Catalog:
    return shop_catalog()


def to_svg(found: Blueprint, theme: Theme = LIGHT, *, follows_reader: bool = False) -> bytes:
    return lay_out(found, theme).to_svg(follows_reader=follows_reader)


def blueprint(catalog: Catalog, ref: str = "journey:buy", **look: Any) -> Blueprint:
    return blueprint_of(catalog, ref, tuple(catalog.components), Look(**look))


def large_catalog(steps: int, services: int, title: str = "Step") -> Catalog:
    """A journey of so many steps with three ways each, on so many services."""
    names = [f"s{number}" for number in range(services)]
    needs = [service(name, *names[number + 1 : number + 3], title=title) for number, name in enumerate(names)]
    legs = [{"channel": channel, "carries": ["a"], "offered": "offered"} for channel in ("web", "bot", "phone")]
    return catalog_of(
        document("Team", {"name": "crew"}),
        *needs,
        *(document("Channel", {"name": name, "title": title}, {"mode": "live"}) for name in ("web", "bot", "phone")),
        document(
            "Journey",
            {"name": "long", "title": title},
            {
                "owner": "crew",
                "steps": [
                    {
                        "name": f"step-{number}",
                        "title": title,
                        "collects": [f"item-{number}", f"other-{number}"],
                        "legs": [{**leg, "uses": [names[(number * 3 + at) % services]]} for at, leg in enumerate(legs)],
                    }
                    for number in range(steps)
                ],
            },
        ),
    )


def test_lanes_are_told_by_the_distance_to_the_customer(shop: Catalog) -> None:
    lanes = {key: [bar.node.id for bar in bars] for key, bars in blueprint(shop).lanes.items()}
    assert lanes["front"] == ["service:shop"]
    assert lanes["back"] == ["service:basket", "service:tax"]
    assert "platform:cluster" in lanes["support"]
    assert lanes["external"] == ["external:psp"]


def test_each_component_says_which_ways_of_which_steps_need_it(shop: Catalog) -> None:
    uses = {bar.node.id: dict(bar.uses) for bars in blueprint(shop).lanes.values() for bar in bars}
    # The web shop carries the first way of both steps; it needs the basket, and that needs tax.
    assert uses["service:shop"] == {0: (1,), 1: (1,)}
    assert uses["service:tax"] == {0: (1,), 1: (1, 2)}


def test_customers_who_must_repeat_themselves_are_told(shop: Catalog) -> None:
    found = blueprint(shop)
    assert found.repeats == 1
    way = found.columns[1].ways[1]
    assert (way.how, way.carries, way.asks_again) == ("way 2 · is offered", "carries card", "asks again: size")
    assert b"customers repeat themselves at 1 hand-over<" in to_svg(found)


def test_a_scenario_tells_what_becomes_of_steps_and_components(shop: Catalog) -> None:
    look = Look(colour_by="state", states={"service:tax": "down"}, occasion="No tax")
    found = blueprint_of(shop, "journey:buy", tuple(shop.components), look, {"pay": "blocked"})
    assert [column.state for column in found.columns] == ["", "blocked"]
    assert LIGHT.tones["state-down"].fill in to_svg(found).decode()


def test_golden_blueprint(shop: Catalog) -> None:
    assert_snapshot(GOLDEN / "blueprint.svg", to_svg(blueprint(shop)).decode())
    assert to_svg(blueprint(shop), DARK) != to_svg(blueprint(shop))


@pytest.mark.parametrize(("steps", "services"), [(1, 2), (3, 12), (12, 40)])
@pytest.mark.parametrize(
    "title", ["Pay", "A title that goes on and on for longer than anybody would like it to", "W" * 80]
)
def test_all_text_stays_in_its_box_and_the_picture(steps: int, services: int, title: str) -> None:
    root = ET.fromstring(to_svg(blueprint(large_catalog(steps, services, title), "journey:long")))
    wide, high = float(root.get("width") or 0), float(root.get("height") or 0)
    for text in root.iter(f"{SVG}text"):
        x, y, size = (float(text.get(key) or 0) for key in ("x", "y", "font-size"))
        length = text_width(text.text or "", size, bold=text.get("font-weight") == "bold")
        start = x - {"end": length, "middle": length / 2}.get(text.get("text-anchor") or "", 0)
        assert start >= 0, text.text
        assert start + length <= wide, text.text
        assert size <= y <= high, text.text
    for group in root.iter(f"{SVG}g"):
        if group.get("class") not in ("step", "way"):
            continue
        box = group.find(f"{SVG}rect")
        assert box is not None
        left, top, width, height = (float(box.get(key) or 0) for key in ("x", "y", "width", "height"))
        for text in group.findall(f"{SVG}text"):
            x, y = float(text.get("x") or 0), float(text.get("y") or 0)
            length = text_width(text.text or "", float(text.get("font-size") or 0))
            assert left <= x <= left + width - length, text.text
            assert top < y < top + height, text.text


def test_cards_of_components_do_not_cover_each_other() -> None:
    root = ET.fromstring(to_svg(blueprint(large_catalog(12, 40), "journey:long")))
    boxes = []
    for group in root.iter(f"{SVG}g"):
        if (group.get("class") or "").startswith(("service ", "platform ", "external ")):
            box = group.find(f"{SVG}rect")
            assert box is not None
            boxes.append(tuple(float(box.get(key) or 0) for key in ("x", "y", "width", "height")))
    assert len(boxes) >= 40
    for number, (x, y, wide, high) in enumerate(boxes):
        for other_x, other_y, other_wide, other_high in boxes[number + 1 :]:
            apart = x + wide <= other_x or other_x + other_wide <= x or y + high <= other_y or other_y + other_high <= y
            assert apart


def test_names_are_text_and_links_are_harmless() -> None:
    catalog = catalog_of(
        document("Team", {"name": "crew"}),
        service("a", title='<script>alert("1")</script> & co', links=({"url": "https://example.com/a"},)),
        component("External", "b", title="買い物かご \u202eevil"),
        document("Channel", {"name": "web"}, {"mode": "live"}),
        document(
            "Journey",
            {"name": "x", "title": "]]> <b>"},
            {"owner": "crew", "steps": [{"name": "s", "legs": [{"channel": "web", "uses": ["a", "b"]}]}]},
        ),
    )
    svg = to_svg(blueprint(catalog, "journey:x")).decode()
    assert "<script" not in svg
    assert "\u202e" not in svg
    links = [link.attrib for link in ET.fromstring(svg).iter(f"{SVG}a")]
    assert [link["rel"] for link in links] == ["noopener"]


def test_it_is_named_described_and_follows_the_reader(shop: Catalog) -> None:
    svg = to_svg(blueprint(shop), follows_reader=True)
    root = ET.fromstring(svg)
    assert root.findtext(f"{SVG}title") == "Buy something"
    assert (root.findtext(f"{SVG}desc") or "").startswith("1 Choose → 2 Pay. Carried by ")
    assert root.get("role") == "img"
    assert b"@media (prefers-color-scheme:dark)" in svg


def test_text_is_measured_as_helvetica_has_it() -> None:
    assert text_width("Hello", 1000) == 722 + 556 + 222 + 222 + 556
    assert text_width("決", 10) == 10
    assert fit("one two three", text_width("one two", SMALL) + 1, SMALL, 2) == ["one two", "three"]
    assert all(text_width(line, LARGE) <= 60 for line in fit("W" * 60, 60, LARGE, 3))
    assert fit("word " * 30, 80, SMALL, 2)[-1].endswith("…")
