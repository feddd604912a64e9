"""DOT is written so that Graphviz reads back the names that were meant."""

import json
import subprocess

import pytest

from servicescape.render.dot_text import DotText, Markup
from servicescape.render.engine import find_program

AWKWARD = [
    "plain",
    "3.5",
    "-.5",
    "3a",
    "node",
    "Digraph",
    "",
    " ",
    'a "quoted" word',
    "ends with \\",
    '\\"',
    "\\N \\G \\n",
    "<b>no markup</b>",
    "a -> b; {c}",
    "# no comment // nor this",
    "zwei\nZeilen",
    "日本語",
]


@pytest.mark.parametrize("name", AWKWARD)
def test_names_and_values_come_back_as_they_were(name: str) -> None:
    graph = DotText("g")
    graph.node("first", label="x", comment=name)
    graph.node(name or "empty", label="y")
    graph.edge("first", name or "empty", comment=name)

    drawn = _read(graph)

    # Graphviz keeps backslashes as they are written, because pairs of them stand for one where text is drawn.
    written = name.replace("\\", "\\\\")
    assert [each["name"] for each in drawn["objects"]] == ["first", written or "empty"]
    assert drawn["objects"][0].get("comment", "") == written
    assert drawn["edges"][0]["tail"] == 0
    assert drawn["edges"][0]["head"] == 1


def test_markup_is_markup_and_text_is_text() -> None:
    graph = DotText("g")
    graph.node("a", label=Markup("<<B>x</B>>"))
    graph.node("b", label="<<B>x</B>>")

    assert graph.text() == 'digraph g {\n\ta [label=<<B>x</B>>]\n\tb [label="<<B>x</B>>"]\n}\n'


def test_attributes_stand_in_one_order_whoever_gives_them() -> None:
    one, other = DotText("g"), DotText("g")
    one.edge("a", "b", style="solid", color="#000000")
    other.edge("a", "b", color="#000000", style="solid")

    assert one.text() == other.text()


def test_parts_hold_what_is_written_meanwhile() -> None:
    graph = DotText("g")
    with graph.part("cluster_a/b"):
        graph.attributes({"margin": "12"})
        graph.node("in")
    graph.node("out")

    assert graph.text() == 'digraph g {\n\tsubgraph "cluster_a/b" {\n\t\tmargin=12\n\t\tin\n\t}\n\tout\n}\n'


def _read(graph: DotText) -> dict[str, list[dict[str, object]]]:
    done = subprocess.run(
        [find_program("embedded"), "-q", "-Tjson0"], input=graph.text().encode(), capture_output=True, check=True
    )
    read: dict[str, list[dict[str, object]]] = json.loads(done.stdout)
    return read
