"""Structurizr DSL by the rules of Structurizr's own parser, for every kind of picture."""

from pathlib import Path
from typing import Any

import pytest

from servicescape.app.graph import diagram_of
from servicescape.app.graph_request import GraphRequest
from servicescape.app.load import load
from servicescape.catalog.catalog import Catalog
from servicescape.render.diagram import Diagram, DiagramEdge, Node
from servicescape.render.identifiers import identifier
from servicescape.render.structurizr import to_structurizr
from servicescape.render.themes import DARK
from tests.formats.test_names_as_text import NASTY
from tests.formats.test_names_as_text import diagram_of as nasty_diagram
from tests.support.structurizr_grammar import read_workspace

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def example() -> Catalog:
    return load([str(ROOT / "catalog")]).catalog


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"kind": "overview", "group_by": "vendor"},
        {"kind": "overview", "group_by": "label.pci"},
        {"kind": "reliability"},
        {"kind": "ownership"},
        {"kind": "slo", "group_by": "owner"},
        {"journey": "buy-broadband"},
        {"fail": ("identity",)},
        {"view": "who-needs-the-inventory"},
        {"view": "card-data", "direction": "BT"},
        {"kind": "context", "dependents_of": "payment-hub"},
    ],
    ids=str,
)
def test_every_kind_is_a_workspace(example: Catalog, asked: dict[str, Any]) -> None:
    diagram = diagram_of(example, GraphRequest(**asked))
    found = read_workspace(to_structurizr(diagram))
    assert found.name == diagram.title
    assert found.elements.keys() == {identifier(node.id) for node in diagram.nodes}
    assert len(found.relations) == sum(edge.is_drawn for edge in diagram.edges)
    homes = {identifier(member): group.id for group in diagram.groups for member in group.members}
    assert found.home.keys() == homes.keys()
    assert found.tags <= found.styled
    assert read_workspace(to_structurizr(diagram, DARK)).styled == found.styled


def test_whatever_names_hold() -> None:
    diagram = nasty_diagram(NASTY)
    found = read_workspace(to_structurizr(diagram))
    assert len(found.elements) == len(diagram.nodes)
    assert len(set(found.home.values())) == len(diagram.groups)


def test_only_addresses_of_pages_are_links() -> None:
    nodes = [
        Node("service:a", "service", "A", url="mailto:crew@example.com"),
        Node("service:b", "service", "B", url="https://example.com/b"),
    ]
    text = to_structurizr(Diagram("Links", "LR", tuple(nodes), (DiagramEdge("service:a", "service:b", "hard"),)))
    assert len(read_workspace(text).elements) == 2
    assert text.count("url ") == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('a = softwareSystem "One" {', "already in use"),
        ('c = softwareSystem "A" {', "already exists"),
        ('a -> d "x"', "does not exist"),
        ('a -> b "needs"', "already exists"),
        ('a-b = softwareSystem "X" {', "identifiers can only contain"),
        ('c = container "X" {', "'container'"),
    ],
)
def test_the_reader_refuses_what_structurizr_refuses(line: str, message: str) -> None:
    good = 'workspace "W" {\n model {\n a = softwareSystem "A" {\n }\n b = softwareSystem "B" {\n }\n a -> b "needs"\n'
    end = ' }\n views {\n systemLandscape "v" {\n include *\n }\n }\n}\n'
    assert read_workspace(good + end).relations == [("a", "b", "needs")]
    with pytest.raises(AssertionError, match=message):
        read_workspace(good + line + ("\n }\n" if line.endswith("{") else "\n") + end)
