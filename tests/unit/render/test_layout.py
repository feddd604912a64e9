"""Where boxes stand: in line and in order where a view says so, and apart from each other where there are many."""

import json
import re
import shutil
from pathlib import Path

import pytest

from servicescape.app.graph import diagram_of, draw
from servicescape.app.graph_request import GraphRequest
from servicescape.app.load import load
from servicescape.render.diagram import Diagram, DiagramEdge, Direction, Group, Node
from servicescape.render.dot import to_dot
from servicescape.render.engine import draw as lay_out
from servicescape.render.formats import lost
from servicescape.render.placement import Placement, read_placement
from tests.support.loading import read_text

EXAMPLE = Path(__file__).parents[3] / "catalog"
HEAD = {"apiVersion": "servicescape/v1"}
CATALOG = """\
apiVersion: servicescape/v1
kind: Team
metadata: {name: crew}
---
apiVersion: servicescape/v1
kind: Domain
metadata: {name: front}
---
apiVersion: servicescape/v1
kind: Domain
metadata: {name: back}
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: shop}
spec: {owner: crew, domain: front, dependsOn: [basket]}
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: basket, aliases: [cart]}
spec: {owner: crew, domain: front}
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: stock}
spec: {owner: crew, domain: back}
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: ledger}
spec: {owner: crew, domain: back}
---
apiVersion: servicescape/v1
kind: View
metadata: {name: lined}
spec: {layout: {rank: [[shop, stock], [ledger, basket]]}}
---
apiVersion: servicescape/v1
kind: View
metadata: {name: part}
spec: {include: [{domain: back}], layout: {rank: [[shop], [ledger, cart, stock], [basket]]}}
"""


def placed(diagram: Diagram) -> Placement:
    return read_placement(lay_out(to_dot(diagram), "json0"), diagram)


def centres(placement: Placement) -> dict[str, tuple[float, float]]:
    return {
        ref.partition(":")[2]: (box.x + box.width / 2, box.y + box.height / 2) for ref, box in placement.nodes.items()
    }


@pytest.mark.parametrize(("direction", "axis", "sign"), [("LR", 0, 1), ("RL", 0, -1), ("TB", 1, 1), ("BT", 1, -1)])
def test_lines_of_a_view_stand_behind_each_other_across_frames(direction: Direction, axis: int, sign: int) -> None:
    catalog = read_text(CATALOG).catalog
    at = centres(placed(diagram_of(catalog, GraphRequest(view="lined", direction=direction))))

    assert at["shop"][axis] == pytest.approx(at["stock"][axis], abs=1)
    assert at["basket"][axis] == pytest.approx(at["ledger"][axis], abs=1)
    assert sign * (at["ledger"][axis] - at["stock"][axis]) > 50


def test_lines_hold_what_is_shown_each_once() -> None:
    diagram = diagram_of(read_text(CATALOG).catalog, GraphRequest(view="part"))

    assert diagram.ranks == (("service:ledger", "service:stock"),)


def test_formats_that_place_boxes_themselves_say_that_lines_are_lost() -> None:
    diagram = diagram_of(read_text(CATALOG).catalog, GraphRequest(view="lined"))

    for form in ("mermaid", "plantuml", "d2", "likec4", "structurizr"):
        assert any("columns" in told for told in lost(form, "", diagram)), form


def test_a_component_more_leaves_the_rest_of_an_ordered_view_in_reading_order(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "catalog")
    names = [ref.partition(":")[2] for ref in load([EXAMPLE]).catalog.components]
    view = {"metadata": {"name": "held"}, "spec": {"layout": {"order": names}}}
    (tmp_path / "catalog/held.yaml").write_text(json.dumps({**HEAD, "kind": "View", **view}), encoding="utf-8")

    def picture() -> dict[str, tuple[float, float]]:
        return centres(placed(diagram_of(load([tmp_path / "catalog"]).catalog, GraphRequest(view="held"))))

    before = picture()
    spec = {"owner": "storefront", "domain": "commerce", "dependsOn": ["pricing", "identity"]}
    more = {**HEAD, "kind": "Service", "metadata": {"name": "basket-b"}, "spec": spec}
    (tmp_path / "catalog/more.yaml").write_text(json.dumps(more), encoding="utf-8")
    after = picture()

    assert "basket-b" in after
    pairs = [(one, other, axis) for one in names for other in names for axis in (0, 1)]
    apart = [(a, b, axis) for a, b, axis in pairs if before[a][axis] - before[b][axis] > 1]
    turned = [(a, b, axis) for a, b, axis in apart if after[a][axis] - after[b][axis] < -1]
    assert len(turned) < 0.02 * len(apart)


def test_arrows_of_many_boxes_do_not_meet_in_one_point() -> None:
    few, many = _hub(40), _hub(120)

    assert len(_heads(few)) == 1
    assert len(_heads(many)) > 20


def _hub(count: int) -> Diagram:
    nodes = [Node(f"service:n{number}", "service", f"N {number}") for number in range(count)]
    edges = [DiagramEdge(node.id, nodes[0].id, "hard") for node in nodes[1:]]
    return Diagram("Hub", "LR", tuple(nodes), tuple(edges), (Group("domain:all", "All", tuple(n.id for n in nodes)),))


def _heads(diagram: Diagram) -> set[str]:
    drawn = json.loads(lay_out(to_dot(diagram), "json0"))
    return {match[1] for edge in drawn["edges"] if (match := re.match(r"e,(\S+)", edge["pos"]))}


def test_pictures_with_lines_are_the_same_bytes_each_time() -> None:
    catalog = read_text(CATALOG).catalog
    assert draw(catalog, GraphRequest(view="lined")) == draw(catalog, GraphRequest(view="lined"))


@pytest.mark.parametrize("rank", ["[[basket], [shop]]", "[[basket], [shop], [stock], [ledger]]"])
def test_a_line_is_stronger_than_an_arrow_to_the_contrary(rank: str) -> None:
    text = CATALOG.replace("[[shop, stock], [ledger, basket]]", rank)
    at = centres(placed(diagram_of(read_text(text).catalog, GraphRequest(view="lined"))))

    assert at["shop"][0] - at["basket"][0] > 50
