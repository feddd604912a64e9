"""Pictures as files: DOT, SVG, PNG and Mermaid, drawn by real engines."""

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics.errors import ToolError
from servicescape.render import engine
from servicescape.render.diagram import Diagram, DiagramEdge, Group, Node, Row
from servicescape.render.dot import element_id, to_dot
from servicescape.render.engine import EngineName, draw, find_program
from servicescape.render.journeys import journey_picture
from servicescape.render.mermaid import to_mermaid
from servicescape.render.metrics import text_width
from servicescape.render.svg import finish
from servicescape.render.themes import DARK, LIGHT
from servicescape.render.views import Look, landscape
from tests.support.diagram_catalogs import shop_catalog
from tests.support.snapshots import assert_snapshot

GOLDEN = Path(__file__).parent / "golden"
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    '<script>alert("1")</script>',
    '"><TABLE HREF="javascript:alert(1)"',
    "]]> --> <!-- & &amp; &#60;",
    "back\\slash \\N \\G \\l",
    "two\nlines\r\nand\ttabs",
    "買い物かご 決済サービス",
    "🛒 basket 👩‍👩‍👧",
    "סל קניות",
    "\u202eevil\u202c",
    "nul\x00bell\x07",
    "end",
    "subgraph x; style a fill:red %%{init}%%",
    "#quot; #35; `code` **bold**",
    "word " * 40,
    "x" * 200,
    "{a|b} <b>bold</b>",
    ":::class click n1 call evil()",
]


def diagram_of(catalog: Catalog) -> Diagram:
    return landscape(catalog, tuple(catalog.components), "A shop", Look(), with_channels=True)


def hostile_diagram() -> Diagram:
    """Every place that can hold an author's words holds the worst of them."""
    nodes = [
        Node(f"service:n{number}", "service", text, text, words=text, url="javascript:alert(1)")
        for number, text in enumerate(HOSTILE)
    ]
    rows = tuple(Row(str(number), text, text) for number, text in enumerate(HOSTILE))
    nodes.append(Node("step:all", "step", HOSTILE[0], HOSTILE[1], rows=rows, words=HOSTILE[2]))
    edges = [
        DiagramEdge("service:n0", f"service:n{number}", "soft", text, words=text)
        for number, text in enumerate(HOSTILE)
        if number
    ]
    edges.append(DiagramEdge("step:all", "service:n0", "use", source_row="0"))
    group = Group("domain:x", HOSTILE[0], tuple(node.id for node in nodes[:9]))
    return Diagram(HOSTILE[0], "LR", tuple(nodes), tuple(edges), (group,), notes=tuple(HOSTILE))


def rendered(diagram: Diagram, engine: EngineName = "embedded") -> bytes:
    return finish(draw(to_dot(diagram), "svg", engine), diagram, LIGHT)


def told(svg: bytes) -> str:
    return "".join(text.text or "" for text in ET.fromstring(svg).iter(f"{SVG}text")).replace("\u00a0", " ")


@pytest.fixture(scope="module")
def shop() -> Catalog:
    return shop_catalog()


def test_golden_landscape(shop: Catalog) -> None:
    assert_snapshot(GOLDEN / "landscape.dot", to_dot(diagram_of(shop)))
    assert_snapshot(GOLDEN / "landscape.mmd", to_mermaid(diagram_of(shop)))


def test_golden_journey(shop: Catalog) -> None:
    diagram = journey_picture(shop, "journey:buy", tuple(shop.components))
    assert_snapshot(GOLDEN / "journey.dot", to_dot(diagram, DARK))
    assert_snapshot(GOLDEN / "journey.mmd", to_mermaid(diagram, DARK))


def test_golden_hostile_mermaid() -> None:
    assert_snapshot(GOLDEN / "hostile.mmd", to_mermaid(hostile_diagram()))


@pytest.mark.parametrize("name", ["embedded", "system"])
def test_both_engines_draw_everything(shop: Catalog, name: EngineName) -> None:
    diagram = diagram_of(shop)
    svg = rendered(diagram, name)
    text = told(svg)
    for node in diagram.nodes:
        assert node.title in text
    assert "How customers reach us" in text
    ids = {element.get("id") for element in ET.fromstring(svg).iter()}
    assert {element_id(node.id) for node in diagram.nodes} <= ids


@pytest.mark.parametrize("name", ["embedded", "system"])
def test_png(shop: Catalog, name: EngineName) -> None:
    assert draw(to_dot(diagram_of(shop)), "png", name).startswith(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize("direction", ["LR", "TB", "RL", "BT"])
def test_every_direction_can_be_drawn(shop: Catalog, direction: str) -> None:
    look = Look(direction=direction)  # type: ignore[arg-type]
    for diagram in (
        landscape(shop, tuple(shop.components), "A shop", look, with_channels=True),
        journey_picture(shop, "journey:buy", tuple(shop.components), look),
    ):
        assert rendered(diagram)


@pytest.mark.parametrize("name", ["embedded", "system"])
def test_names_are_text_whatever_they_hold(name: EngineName) -> None:
    text = told(rendered(hostile_diagram(), name))
    for expected in ('<script>alert("1")</script>', "]]> --> <!-- & &amp; &#60;", "back\\slash \\N \\G \\l", "{a|b}"):
        assert expected in text
    for expected in ("買い物かご", "🛒", "סל קניות", "two lines and tabs", "nul bell", "evil"):
        assert expected in text
    assert "\u202e" not in text


def test_svg_holds_nothing_that_runs_or_leads_astray() -> None:
    svg = rendered(hostile_diagram())
    tags, keys = set(), set()
    for element in ET.fromstring(svg).iter():
        tags.add(element.tag.removeprefix(SVG))
        keys.update(element.attrib)
        assert not any(key.startswith("on") for key in element.attrib)
    assert tags <= {"svg", "title", "desc", "style", "g", "a", "path", "polygon", "polyline", "ellipse", "rect", "text"}
    assert not any("href" in key for key in keys)
    assert b"javascript:" not in re.sub(rb">[^<]*<|aria-label=\"[^\"]*\"", b"", svg)


def test_harmless_links_stay_and_open_elsewhere(shop: Catalog) -> None:
    links = list(ET.fromstring(rendered(diagram_of(shop))).iter(f"{SVG}a"))
    assert {link.get("{http://www.w3.org/1999/xlink}href") for link in links} == {"https://example.com/shop"}
    assert {link.get("rel") for link in links} == {"noopener"}


def test_elements_that_an_engine_should_not_write_do_not_come_through(shop: Catalog) -> None:
    forged = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><script>1</script><g onload="x" style="y">'
        b'<foreignObject><p/></foreignObject><image href="https://x"/><text x="1" onclick="z">ok</text></g></svg>'
    )
    svg = finish(forged, diagram_of(shop), LIGHT)
    assert b"ok</text>" in svg
    for word in (b"script", b"onload", b"onclick", b"foreignObject", b"image", b"https://x"):
        assert word not in svg


def test_svg_is_named_and_described(shop: Catalog) -> None:
    root = ET.fromstring(rendered(diagram_of(shop)))
    assert root.get("role") == "img"
    assert root.get("aria-label") == "A shop"
    assert root.findtext(f"{SVG}title") == "A shop"
    assert re.fullmatch(r"\d+ boxes, \d+ arrows.*", root.findtext(f"{SVG}desc") or "")
    titles = {title.text for title in root.iter(f"{SVG}title")}
    assert "Web shop, service (application), owned by Shop crew, tier 1" in titles
    assert "basket needs Payment provider, tolerates 15m" in titles
    assert "font-family" in root.attrib
    assert not [text for text in root.iter(f"{SVG}text") if "font-family" in text.attrib]


def test_colours_can_be_changed_from_outside(shop: Catalog) -> None:
    style = ET.fromstring(rendered(diagram_of(shop))).findtext(f"{SVG}style") or ""
    assert f"var(--servicescape-ink,{LIGHT.ink})" in style
    assert f"var(--servicescape-tier-1-fill,{LIGHT.tones['tier-1'].fill})" in style
    assert "state-down" not in style
    assert "prefers-color-scheme" not in style


def test_following_the_reader_brings_dark_colours(shop: Catalog) -> None:
    diagram = diagram_of(shop)
    svg = finish(draw(to_dot(diagram), "svg"), diagram, LIGHT, follows_reader=True).decode()
    assert "@media (prefers-color-scheme:dark)" in svg
    assert DARK.paper in svg


def test_the_same_catalog_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    program = (
        "import sys; from tests.unit.render.test_pictures import *; c = shop_catalog(); "
        "sys.stdout.buffer.write(rendered(diagram_of(c)) + to_mermaid(diagram_of(c)).encode())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[3]), "PATH": "/usr/bin"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "77")
    }
    assert len(seen) == 1


def test_the_embedded_engine_is_the_installed_wheels() -> None:
    assert Path(find_program("embedded")).name.startswith("graphviz-pure")


def test_a_missing_engine_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_find_embedded", lambda: None)
    with pytest.raises(ToolError, match="graphviz-pure is not installed") as told_of:
        draw("digraph {}", "svg")
    assert "--engine system" in told_of.value.hint
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(ToolError, match="`dot` is not on the path"):
        draw("digraph {}", "svg", "system")


@pytest.mark.parametrize(
    ("dot", "message"),
    [("digraph {", "syntax error"), ("digraph { a [label=<<TABLE><TR>>] }", "failed"), ("", "no picture")],
)
def test_what_an_engine_refuses_is_told(dot: str, message: str) -> None:
    with pytest.raises(ToolError, match=message):
        draw(dot, "svg")


def test_an_engine_that_does_not_come_back_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setattr(engine, "find_program", lambda _: str(slow))
    monkeypatch.setattr(engine, "TIMEOUT_SECONDS", 0.2)
    with pytest.raises(ToolError, match="longer than"):
        draw("digraph {}", "svg")


def test_an_engine_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("")
    monkeypatch.setattr(engine, "find_program", lambda _: str(broken))
    with pytest.raises(ToolError, match="cannot be started"):
        draw("digraph {}", "svg")


def test_mermaid_quotes_every_name() -> None:
    text = to_mermaid(hostile_diagram())
    assert "<script" not in text
    assert not [line for line in text.splitlines() if line.lstrip().startswith("click")]
    body = [line for line in text.splitlines()[3:] if not line.lstrip().startswith(("%%", "classDef", "class ", "end"))]
    # Outside quotes only what Mermaid's grammar needs: no name can end its quotes.
    for line in body[1:]:
        assert re.fullmatch(r"[\w\s\[\](){}|<>.=-]*", re.sub(r'"[^"]*"', "", line)), line


def test_no_edges_and_many_boxes_make_a_block_and_not_a_line() -> None:
    nodes = tuple(Node(f"service:s{number}", "service", f"Service {number}") for number in range(40))
    for direction in ("LR", "TB"):
        root = ET.fromstring(rendered(Diagram("Block", direction, nodes, ())))
        width, height = (float((root.get(key) or "").removesuffix("pt")) for key in ("width", "height"))
        assert 0.6 < width / height < 3.5, (direction, width, height)


def test_titles_of_frames_stand_on_a_ground_above_all_arrows(shop: Catalog) -> None:
    root = ET.fromstring(rendered(diagram_of(shop)))
    graph = root.find(f"{SVG}g")
    assert graph is not None
    assert graph[-1].get("class") == "titles"
    grounds = list(graph[-1].iter(f"{SVG}rect"))
    titles = list(graph[-1].iter(f"{SVG}text"))
    assert [title.text for title in titles] == [group.title for group in diagram_of(shop).groups]
    for ground, title in zip(grounds, titles, strict=True):
        left, wide = float(ground.get("x", 0)), float(ground.get("width", 0))
        assert left < float(title.get("x", 0)) < left + wide
        assert wide > text_width(title.text or "", float(title.get("font-size", 0)), bold=True)
        assert ground.get("fill") == LIGHT.group_fill
    inside = [group for group in graph.iter(f"{SVG}g") if (group.get("class") or "").startswith("cluster")]
    assert not any(group.findall(f"{SVG}text") for group in inside)
