"""Names are drawn as text in every format, whatever they hold: each format is read by its own tool."""

import html
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from selenium import webdriver

from servicescape.render.card_text import one_line
from servicescape.render.d2 import to_d2
from servicescape.render.diagram import Diagram, DiagramEdge, Group, LegendEntry, Node, Row
from servicescape.render.dot import to_dot
from servicescape.render.drawio import to_drawio
from servicescape.render.engine import draw
from servicescape.render.likec4 import to_likec4
from servicescape.render.mermaid import to_mermaid
from servicescape.render.placement import read_placement
from servicescape.render.plantuml import to_plantuml
from servicescape.render.structurizr import to_structurizr
from servicescape.render.text import clean
from tests.support import format_tools as tools

NASTY = [
    '<script>alert("1")</script>',
    "]]> --> <!-- & &amp; &#60;",
    "back\\slash \\N \\G \\l \\",
    "two\nlines\r\nand\ttabs",
    "買い物かご 決済サービス",
    "סל קניות",
    "end",
    "class",
    "subgraph x; style a fill:red %%{init}%%",
    "#quot; #35; `code` **bold** __x__ //x// --x-- ~~x~~",
    "@startuml",
    "@enduml",
    "!define x y",
    "$x ${HOME} ${x} %date() <U+0041> <&heart>",
    "'); }; a = b -> c",
    "{a|b} <b>bold</b> [[https://x]] ]",
    ":::class click n1 call evil()",
    "* = - + | .. == bullets",
    "' a comment // or # one",
    '"quoted" "twice"',
    "model { } views { }",
    "100 %",
    "word " * 40,
    "x" * 200,
]
ALPHABET = st.sampled_from(
    [*"aZ0 <>\"'\\`~*_-/#$%&{}[]()|@!;:=+^.,?\n\t", "é", "ß", "買", "ל", "end", "${a}", "\\n", "&#65;", "$$"]
)
TEXTS = st.lists(st.lists(ALPHABET, min_size=1, max_size=24).map("".join), min_size=12, max_size=12)
SMALL = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    # Shrinking would ask the tools hundreds of times; the texts are short enough to be read as they are.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def diagram_of(texts: list[str]) -> Diagram:
    """A diagram in which every place that can hold an author's words holds some of these."""
    nodes = [
        Node(f"service:s-{number}", "external" if number % 5 == 4 else "service", text, text, words=text)
        for number, text in enumerate(texts)
    ]
    rows = tuple(Row(str(number), text, text) for number, text in enumerate(texts[:6]))
    nodes.append(Node("step:all", "step", texts[0], "", rows=rows))
    nodes.append(Node("customer:", "customer", texts[-1]))
    edges = [
        DiagramEdge(f"service:s-{number}", f"service:s-{number + 1}", "soft", text)
        for number, text in enumerate(texts[:-1])
    ]
    group = Group("domain:d", texts[1], tuple(node.id for node in nodes[:4]))
    legend = (LegendEntry("tone", "plain", texts[2]), LegendEntry("edge", "soft", texts[3]))
    return Diagram(texts[0], "LR", tuple(nodes), tuple(edges), (group,), legend, notes=tuple(texts[:5]))


def flat(text: str) -> str:
    """The text without any space: tools break lines where they like."""
    return re.sub(r"[\s\u00a0\u200b\u2060]+", "", text)


def expected(diagram: Diagram) -> list[str]:
    """The titles of the boxes, as far as they are not cut."""
    return [flat(clean(node.title)) for node in diagram.nodes if len(clean(node.title)) < 70 and clean(node.title)]


def check_plantuml(texts: list[str]) -> None:
    diagram = diagram_of(texts)
    words = flat("".join(tools.words_of(tools.plantuml_svg(to_plantuml(diagram)))))
    for title in expected(diagram):
        assert title in words


def check_d2(texts: list[str]) -> None:
    diagram = diagram_of(texts)
    svg = tools.d2_svg(to_d2(diagram))
    words = flat("".join(tools.words_of(svg)))
    for title in expected(diagram):
        assert title in words


def check_mermaid(browser: webdriver.Chrome, folder: Path, texts: list[str]) -> None:
    diagram = diagram_of(texts)
    tools.open_mermaid(browser, folder)
    words = flat("".join(tools.mermaid_words(browser, to_mermaid(diagram))))
    for title in expected(diagram):
        assert title in words


def check_drawio(browser: webdriver.Chrome, folder: Path, texts: list[str]) -> None:
    diagram = diagram_of(texts)
    tools.open_mxgraph(browser, folder)
    placement = read_placement(draw(to_dot(diagram), "json0"), diagram)
    cells = tools.mxgraph_cells(browser, to_drawio(diagram, placement))
    assert not any(cell["foreign"] for cell in cells)
    words = flat("".join(cell["text"] for cell in cells))
    for title in expected(diagram):
        assert title in words


def check_likec4(texts: list[str]) -> None:
    diagram = diagram_of(texts)
    model = tools.likec4_model(to_likec4(diagram))
    titles = {element["title"] for element in model["elements"].values()}
    assert titles == {one_line(node) for node in diagram.nodes}
    assert len(model["elements"]) == len(diagram.nodes)
    assert len(model["relations"]) == len(diagram.edges)


def check_structurizr(texts: list[str]) -> None:
    diagram = diagram_of(texts)
    lines = tools.structurizr_tokens(to_structurizr(diagram))
    named = [line[3] for line in lines if len(line) > 2 and line[2] in ("softwareSystem", "person")]
    assert len(named) == len(set(named)) == len(diagram.nodes)
    told = [flat(name).replace("\u29f5", "\\") for name in named]
    for title in expected(diagram):
        assert any(name.startswith(title) for name in told)


def test_plantuml() -> None:
    check_plantuml(NASTY)


def test_d2() -> None:
    check_d2(NASTY)


def test_mermaid(browser: webdriver.Chrome, tmp_path: Path) -> None:
    check_mermaid(browser, tmp_path, NASTY)


def test_drawio(browser: webdriver.Chrome, tmp_path: Path) -> None:
    check_drawio(browser, tmp_path, NASTY)


def test_likec4() -> None:
    check_likec4(NASTY)


def test_structurizr() -> None:
    check_structurizr(NASTY)


@settings(parent=SMALL, max_examples=3)
@given(TEXTS)
def test_plantuml_draws_any_text(texts: list[str]) -> None:
    check_plantuml(texts)


@SMALL
@given(TEXTS)
def test_d2_draws_any_text(texts: list[str]) -> None:
    check_d2(texts)


@SMALL
@given(TEXTS)
def test_mermaid_draws_any_text(browser: webdriver.Chrome, tmp_path: Path, texts: list[str]) -> None:
    check_mermaid(browser, tmp_path, texts)


@SMALL
@given(TEXTS)
def test_drawio_draws_any_text(browser: webdriver.Chrome, tmp_path: Path, texts: list[str]) -> None:
    check_drawio(browser, tmp_path, texts)


@settings(parent=SMALL, max_examples=2)
@given(TEXTS)
def test_likec4_reads_any_text(texts: list[str]) -> None:
    check_likec4(texts)


@settings(parent=SMALL, max_examples=100)
@given(TEXTS)
def test_structurizr_reads_any_text(texts: list[str]) -> None:
    check_structurizr(texts)


@pytest.mark.parametrize("text", NASTY)
def test_drawio_keeps_words_out_of_its_markup(text: str) -> None:
    diagram = Diagram(text, "LR", (Node("service:a", "service", text, url="https://x.example/?a=1&b=2"),), ())
    file = ET.fromstring(to_drawio(diagram, read_placement(draw(to_dot(diagram), "json0"), diagram)))
    box = next(file.iter("UserObject"))
    assert box.get("link") == "https://x.example/?a=1&b=2"
    shown = html.unescape(re.sub(r"<(?:br|/?b)>", " ", box.get("label") or ""))
    assert flat(clean(text))[:20] in flat(shown)
