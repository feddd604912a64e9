"""The picture of a blast radius: which journeys and components it shows, what is bold, what the arrows say."""

import xml.etree.ElementTree as ET

from servicescape.analysis.blast_radius import blast_radius
from servicescape.app.graph import write
from servicescape.app.graph_request import GraphRequest
from servicescape.catalog.catalog import Catalog
from servicescape.render.impact.picture import MOST_COMPONENTS, MOST_JOURNEYS, blast_picture
from tests.support.impact_catalogs import catalog, channel, external, journey, leg, service, step


def shop() -> Catalog:
    return catalog(
        external("store"),
        service("cache", {"on": "store", "tolerates": "15m"}),
        service("offers", "cache"),
        service("mirror", {"anyOf": ["cache", "offers"], "need": 2}),
        service("report", {"on": "store", "kind": "soft"}),
        channel("phone"),
        journey("buy", step("choose", leg("web", "offers"), leg("phone"))),
        journey("copy", step("read", leg("web", "mirror"))),
        journey("rest", step("sleep", leg("web"))),
    )


def test_chains_are_bold_and_say_when() -> None:
    made = shop()
    diagram = blast_picture(blast_radius(made, fail=["external:store"]), made)
    assert [node.id for node in diagram.nodes if node.kind == "customer"] == ["journey:copy", "journey:buy"]
    assert {node.title: node.badge for node in diagram.nodes if node.kind == "customer"} == {
        "copy": "blocked",
        "buy": "falls back",
    }
    bold = {(edge.source, edge.target): edge.label for edge in diagram.edges if edge.style == "chain"}
    assert bold["journey:buy", "service:offers"] == ""  # the box says when
    assert bold["service:offers", "service:cache"] == "after 15 min"
    assert bold["service:cache", "external:store"] == "after 15 min"
    # over the junction of a group
    (junction,) = [node.id for node in diagram.nodes if node.kind == "junction"]
    assert bold["service:mirror", junction] == "after 15 min"
    assert (junction, "service:cache") in bold
    thin = {(edge.source, edge.target): edge.style for edge in diagram.edges if edge.style != "chain"}
    assert thin["service:report", "external:store"] == "soft"
    assert "journey:rest" not in {node.id for node in diagram.nodes}
    assert diagram.notes[-1] == "1 journey is not hit"
    assert [node.id for node in diagram.nodes if node.is_focus] == ["external:store"]


def test_every_format_is_written_and_equal_twice() -> None:
    made = shop()
    diagram = blast_picture(blast_radius(made, fail=["external:store"], lasts_seconds=3600, at="peak"), made)
    svg = write(diagram, GraphRequest(form="svg"))
    assert isinstance(svg, bytes)
    assert svg == write(diagram, GraphRequest(form="svg"))
    texts = [element.text for element in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
    assert "after 15 min" in texts
    assert "penwidth=3" in str(write(diagram, GraphRequest(form="dot")))
    assert "==>" in str(write(diagram, GraphRequest(form="mermaid")))


def test_a_large_failure_shows_its_chains_alone_and_says_what_is_left_out() -> None:
    many = MOST_COMPONENTS + 10
    made = catalog(
        external("base"),
        *(service(f"part-{number:02}", "base") for number in range(many)),
        *(journey(f"way-{number:02}", step("do", leg("web", "part-00"))) for number in range(MOST_JOURNEYS + 2)),
    )
    diagram = blast_picture(blast_radius(made, fail=["external:base"]), made)
    kinds = [node.kind for node in diagram.nodes]
    assert kinds.count("customer") == MOST_JOURNEYS
    assert [node.id for node in diagram.nodes if node.kind in ("service", "external")] == [
        "external:base",
        "service:part-00",
    ]
    assert "2 journeys more that are hit, left out" in diagram.notes
    assert f"{many - 1} components more that fall off these chains, left out" in diagram.notes


def test_a_failure_that_no_customer_notices_shows_what_falls() -> None:
    made = catalog(external("base"), service("a", "base"), journey("way", step("do", leg("web"))))
    diagram = blast_picture(blast_radius(made, fail=["external:base"]), made)
    assert [(edge.source, edge.target, edge.style) for edge in diagram.edges] == [
        ("service:a", "external:base", "chain")
    ]
    assert diagram.notes[0] == "No customer notices: none of 1 journey is hit."
