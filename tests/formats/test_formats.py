"""What each format holds of a diagram, as the tool that opens it sees it."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from selenium import webdriver

from servicescape.catalog.catalog import Catalog
from servicescape.cli.main import cli
from servicescape.diagnostics.errors import ToolError
from servicescape.render.d2 import to_d2
from servicescape.render.diagram import Diagram, DiagramEdge, Node
from servicescape.render.dot import to_dot
from servicescape.render.drawio import to_drawio
from servicescape.render.engine import EngineName, draw
from servicescape.render.formats import FORMATS, lost
from servicescape.render.identifiers import identifier
from servicescape.render.journeys import journey_picture
from servicescape.render.json_form import to_json
from servicescape.render.likec4 import to_likec4
from servicescape.render.mermaid import beyond_forges, to_mermaid
from servicescape.render.pdf import to_pdf
from servicescape.render.placement import read_placement
from servicescape.render.plantuml import to_plantuml
from servicescape.render.sequence import sequence_of
from servicescape.render.sequence_mermaid import to_mermaid_sequence
from servicescape.render.sequence_plantuml import to_plantuml_sequence
from servicescape.render.structurizr import to_structurizr
from servicescape.render.themes import DARK, LIGHT
from servicescape.render.views import Look, landscape
from tests.formats.test_names_as_text import NASTY, diagram_of, flat
from tests.support import format_tools as tools
from tests.support.diagram_catalogs import catalog_of, document, service, shop_catalog
from tests.support.snapshots import assert_snapshot

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def shop() -> Catalog:
    return shop_catalog()


@pytest.fixture(scope="module")
def picture(shop: Catalog) -> Diagram:
    return landscape(shop, tuple(shop.components), "A shop", Look(), with_channels=True)


def drawn(diagram: Diagram) -> list[tuple[str, str]]:
    return sorted((identifier(edge.source), identifier(edge.target)) for edge in diagram.edges if edge.is_drawn)


@pytest.mark.parametrize(
    ("form", "ending"),
    [("mermaid", "mmd"), ("plantuml", "puml"), ("d2", "d2"), ("likec4", "c4"), ("structurizr", "dsl")],
)
def test_golden_of_nasty_names(form: str, ending: str) -> None:
    assert_snapshot(GOLDEN / f"nasty.{ending}", FORMATS[form].write(diagram_of(NASTY), LIGHT))


@pytest.mark.parametrize("form", ["mermaid", "plantuml", "d2", "structurizr", "likec4"])
def test_a_new_component_changes_only_its_own_lines(form: str) -> None:
    team = document("Team", {"name": "crew"})
    before = catalog_of(team, service("b", "d"), service("d"))
    after = catalog_of(team, service("a"), service("b", "d"), service("c"), service("d"))
    texts = [
        FORMATS[form].write(landscape(one, tuple(one.components), "All", Look(group_by="none")), LIGHT)
        for one in (before, after)
    ]
    gone = set(texts[0].splitlines()) - set(texts[1].splitlines())
    assert not [line for line in gone if "service_b" in line and "class " not in line and "include" not in line]


def test_identifiers_are_told_apart_and_valid() -> None:
    refs = [
        "service:a-b", "service:a--b", "service:a/b", "service:a/b-c", "service:a-b/c", "service:end", "platform:end",
        "customer:", "group:service:a:1", "group:service:a/b:1", "step:Ünï code", "step:A", "step:a", "service:a_b",
    ]  # fmt: skip
    names = [identifier(ref) for ref in refs]
    assert len({name.lower() for name in names}) == len(refs)
    assert all(name.isascii() and name.isidentifier() and name == name.lower() and "_" in name for name in names)
    assert identifier("service:web-shop") == "service_web_shop"


def test_plantuml_draws_boxes_frames_arrows_and_legend(picture: Diagram) -> None:
    svg = tools.plantuml_svg(to_plantuml(picture))
    words = " ".join(tools.words_of(svg)).replace("\u00a0", " ")
    for word in ("A shop", "Web shop", "How customers reach us", "2 of 3", "15m", "fallback", "degraded without it"):
        assert word in words
    assert LIGHT.tones["tier-1"].fill.upper() in svg.upper()
    assert svg.count("<polygon") >= len(drawn(picture))
    assert 'xlink:href="https://example.com/shop"' in svg
    assert "!include" not in to_plantuml(picture)


def test_d2_draws_boxes_frames_arrows_and_legend(picture: Diagram) -> None:
    svg = tools.d2_svg(to_d2(picture))
    words = " ".join(tools.words_of(svg)).replace("\u00a0", " ")
    for word in ("A shop", "Web shop", "How customers reach us", "2 of 3", "15m", "fallback", "degraded without it"):
        assert word in words
    assert LIGHT.tones["tier-1"].fill in svg
    assert 'href="https://example.com/shop"' in svg
    # Every sort of dash: soft, fallback, external.
    assert svg.count("stroke-dasharray") >= 3


def test_likec4_reads_components_relations_and_frames(picture: Diagram) -> None:
    model = tools.likec4_model(to_likec4(picture))
    assert set(model["elements"]) == {identifier(node.id) for node in picture.nodes}
    relations = [(one["source"]["model"], one["target"]["model"], one["kind"]) for one in model["relations"].values()]
    assert sorted((source, target) for source, target, _ in relations) == drawn(picture)
    assert ("service_basket", "service_tax_tables", "fallback") in relations
    view = model["views"]["index"]
    assert view["title"] == "A shop"
    frames = {node["title"]: len(node["children"]) for node in view["nodes"] if node["kind"] == "@group"}
    assert frames == {group.title: len(group.members) for group in picture.groups}
    assert "Tier 1, most critical" in {entry["title"] for entry in view["notation"]["nodes"]}


def test_structurizr_has_elements_relations_and_groups(picture: Diagram) -> None:
    lines = tools.structurizr_tokens(to_structurizr(picture))
    elements = {
        line[0] for line in lines if len(line) > 2 and line[1] == "=" and line[2] in ("softwareSystem", "person")
    }
    assert elements == {identifier(node.id) for node in picture.nodes}
    arrows = [line for line in lines if len(line) > 2 and line[1] == "->"]
    assert sorted((line[0], line[2]) for line in arrows) == drawn(picture)
    assert [line[1] for line in lines if line and line[0] == "group"] == [group.title for group in picture.groups]
    tags = {tag for line in lines if len(line) > 5 and line[2] == "softwareSystem" for tag in line[5].split(",")}
    styled = {line[1] for line in lines if line and line[0] == "element"}
    assert tags <= styled
    assert {line[5] for line in lines if len(line) > 5 and line[1] == "->"} <= {
        line[1] for line in lines if line and line[0] == "relationship"
    }
    assert sum(line[-1:] == ["{"] for line in lines) == sum(line == ["}"] for line in lines)


def test_structurizr_keeps_names_and_relations_apart() -> None:
    nodes = (
        Node("service:a", "service", "Shop"),
        Node("service:b", "service", "Shop"),
        Node("service:c", "service", ""),
    )
    edges = tuple(DiagramEdge("service:a", "service:b", style) for style in ("hard", "soft", "fallback"))
    lines = tools.structurizr_tokens(to_structurizr(Diagram("Two shops", "TB", nodes, edges)))
    assert [line[3] for line in lines if "softwareSystem" in line] == ["Shop (a)", "Shop (b)", "service:c"]
    assert len({line[3] for line in lines if "->" in line}) == 3


def test_drawio_puts_every_box_where_the_engine_put_it(
    picture: Diagram, browser: webdriver.Chrome, tmp_path: Path
) -> None:
    tools.open_mxgraph(browser, tmp_path)
    placement = read_placement(draw(to_dot(picture), "json0"), picture)
    cells = {cell["id"]: cell for cell in tools.mxgraph_cells(browser, to_drawio(picture, placement))}
    for node in picture.nodes:
        box, cell = placement.nodes[node.id], cells[identifier(node.id)]
        assert cell["drawn"]
        assert cell["place"] == pytest.approx([box.x, box.y, box.width, box.height], abs=0.5)
        assert node.title in cell["text"]
    ends = [(cell["source"], cell["target"]) for cell in cells.values() if not cell["box"] and cell.get("source")]
    assert sorted(ends) == drawn(picture)
    assert cells["service_shop"]["parent"] == "in_domain_sales"
    tops = [cell["place"][1] for cell in cells.values() if cell["id"].startswith(("legend", "title"))]
    assert max(tops) < min(box.y for box in placement.frames.values())


@pytest.mark.parametrize("engine", ["embedded", "system"])
def test_places_are_read_from_both_engines(shop: Catalog, engine: EngineName) -> None:
    for diagram in (journey_picture(shop, "journey:buy", tuple(shop.components)), diagram_of(NASTY)):
        placement = read_placement(draw(to_dot(diagram), "json0", engine), diagram)
        assert set(placement.nodes) == {node.id for node in diagram.nodes}
        assert set(placement.arrows) == {n for n, edge in enumerate(diagram.edges, 1) if edge.is_drawn}
        assert all(len(points) >= 2 for points in placement.arrows.values())


def test_a_layout_that_is_none_is_told(picture: Diagram) -> None:
    with pytest.raises(ToolError, match="cannot be read"):
        read_placement(b"{}", picture)


def test_pdf_is_a_pdf_and_the_same_every_time(picture: Diagram) -> None:
    drawn_once = to_pdf(to_dot(picture))
    assert drawn_once.startswith(b"%PDF-")
    assert drawn_once == to_pdf(to_dot(picture))
    assert b"https://example.com/shop" in drawn_once


def test_pdf_without_graphviz_says_what_else_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(ToolError, match="PDF is drawn by Graphviz") as told:
        to_pdf("digraph {}")
    assert "--format svg" in told.value.hint


def test_mermaid_draws_boxes_frames_and_labels(picture: Diagram, browser: webdriver.Chrome, tmp_path: Path) -> None:
    tools.open_mermaid(browser, tmp_path)
    words = tools.mermaid_words(browser, to_mermaid(picture))
    for word in ("A shop", "How customers reach us", "2 of 3", "15m", "fallback"):
        assert word in words
    assert any(flat(word).startswith("Webshop·T1") for word in words)


def test_limits_of_pages_that_embed_mermaid(browser: webdriver.Chrome, tmp_path: Path) -> None:
    nodes = tuple(Node(f"service:s{number}", "service", f"Service {number}") for number in range(40))
    pairs = [(a.id, b.id) for a in nodes for b in nodes if a is not b]
    fits, many = (
        to_mermaid(Diagram("Many", "LR", nodes, tuple(DiagramEdge(a, b, "hard") for a, b in pairs[:count])))
        for count in (500, 501)
    )
    assert beyond_forges(fits) == []
    assert beyond_forges(many) == ["501 arrows in Mermaid; pages refuse more than 500 (maxEdges)"]
    tools.open_mermaid(browser, tmp_path)
    assert tools.mermaid_words(browser, fits)
    with pytest.raises(AssertionError, match="Edge limit exceeded"):
        tools.mermaid_words(browser, many)
    assert "maxTextSize" in beyond_forges("x" * 50_001)[0]


def test_a_journey_as_a_sequence(shop: Catalog, browser: webdriver.Chrome, tmp_path: Path) -> None:
    sequence = sequence_of(shop, "journey:buy")
    assert [one.id for one in sequence.participants] == [
        "customer:", "channel:web", "channel:phone", "service:basket", "service:tax",
    ]  # fmt: skip
    assert_snapshot(GOLDEN / "buy-sequence.mmd", to_mermaid_sequence(sequence))
    assert_snapshot(GOLDEN / "buy-sequence.puml", to_plantuml_sequence(sequence, DARK))
    tools.open_mermaid(browser, tmp_path)
    seen = " ".join(tools.mermaid_words(browser, to_mermaid_sequence(sequence)))
    svg = tools.plantuml_svg(to_plantuml_sequence(sequence))
    told = " ".join(tools.words_of(svg)).replace("\u00a0", " ")
    for words in (seen, told):
        for part in ("New customer", "Choose: size", "carried along: card", "Says again: size", "Web does not work"):
            assert flat(part) in flat(words)


def test_names_in_a_sequence_are_text(browser: webdriver.Chrome, tmp_path: Path) -> None:
    steps = [
        {"name": f"s{number}", "title": text, "legs": [{"channel": "web", "uses": ["a"]}]}
        for number, text in enumerate(NASTY[:-2])
    ]
    catalog = catalog_of(
        document("Team", {"name": "crew"}),
        service("a", title=NASTY[9]),
        document("Channel", {"name": "web", "title": NASTY[0]}, {"mode": "self-service", "runsOn": []}),
        document("Journey", {"name": "all", "title": NASTY[8]}, {"owner": "crew", "persona": NASTY[2], "steps": steps}),
    )
    sequence = sequence_of(catalog, "journey:all")
    tools.open_mermaid(browser, tmp_path)
    seen = flat("".join(tools.mermaid_words(browser, to_mermaid_sequence(sequence))))
    told = flat("".join(tools.words_of(tools.plantuml_svg(to_plantuml_sequence(sequence)))))
    for text in NASTY[:-2]:
        assert flat(text) in seen
        assert flat(text) in told


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_what_a_format_drops_is_named(shop: Catalog, form: str) -> None:
    diagram = journey_picture(shop, "journey:buy", tuple(shop.components))
    told = lost(form, "", diagram)
    assert "not at one of its ways" in told[0]
    assert ("no legend" in told[0]) == (form == "mermaid")
    assert lost(form, "", Diagram("One", "LR", (Node("service:a", "service", "A"),), ())) == []


@pytest.mark.parametrize("look", [{}, {"group_by": "owner", "colour_by": "slo"}])
def test_json_keeps_to_its_schema(shop: Catalog, look: dict[str, str]) -> None:
    schema = json.loads((ROOT / "schemas" / "output" / "graph.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    everything = tuple(shop.components)
    for diagram in (
        landscape(shop, everything, "All", Look(**look)),  # type: ignore[arg-type]
        journey_picture(shop, "journey:buy", everything),
    ):
        jsonschema.Draft202012Validator(schema).validate(json.loads(to_json(diagram)))
    assert set(schema["required"]) == set(json.loads(to_json(diagram)))


@pytest.mark.parametrize(
    ("ending", "first"),
    [
        ("puml", "@startuml"),
        ("d2", "direction: right"),
        ("c4", "specification {"),
        ("dsl", "workspace "),
        ("drawio", "<?xml"),
        ("mmd", "---"),
        ("pdf", "%PDF"),
    ],
)
def test_the_command_takes_the_format_from_the_file(tmp_path: Path, ending: str, first: str) -> None:
    path = tmp_path / f"picture.{ending}"
    done = CliRunner().invoke(cli, ["graph", str(ROOT / "catalog"), "--include", "tier=1", "-o", str(path)])
    assert done.exit_code == 0, done.output
    assert path.read_bytes().startswith(first.encode())
    assert ("note: Mermaid cannot show everything: no legend" in done.stderr) == (ending == "mmd")


def test_a_sequence_in_a_format_without_sequences_is_told() -> None:
    arguments = ["graph", str(ROOT / "catalog"), "--journey", "buy-broadband", "--kind", "sequence"]
    done = CliRunner().invoke(cli, [*arguments, "--format", "d2"])
    assert isinstance(done.exception, ToolError)
    assert done.exception.message == "a sequence is drawn as SVG, PNG, PDF, Mermaid or PlantUML, not as D2"
    assert CliRunner().invoke(cli, [*arguments, "--format", "plantuml"]).stdout.startswith("@startuml")


def test_the_lock_names_no_registry() -> None:
    lock = (ROOT / "tests" / "node" / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in lock
    assert "registry" not in lock
