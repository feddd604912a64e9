"""Views of every kind, drawn as a user draws them."""

import json
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli.test_graph_command import CATALOG, components, run

VIEWS = """\
---
apiVersion: servicescape/v1
kind: View
metadata: {name: print, title: Buying step by step}
spec: {kind: blueprint, journey: buy, depth: 0}
---
apiVersion: servicescape/v1
kind: View
metadata: {name: messages}
spec: {kind: sequence, journey: buy}
---
apiVersion: servicescape/v1
kind: View
metadata: {name: steps}
spec: {journey: buy, exclude: [{name: store}], scenario: no-store}
---
apiVersion: servicescape/v1
kind: View
metadata: {name: lost, title: Without a store}
spec: {fail: [store]}
---
apiVersion: servicescape/v1
kind: View
metadata: {name: outage}
spec: {kind: blast-radius, scenario: no-store}
---
apiVersion: servicescape/v1
kind: View
metadata: {name: around}
spec: {kind: context, include: [{dependenciesOf: basket, depth: 1}, {dependentsOf: basket}]}
---
apiVersion: servicescape/v1
kind: View
metadata: {name: nines}
spec: {kind: reliability, journey: buy, groupBy: owner}
---
apiVersion: servicescape/v1
kind: View
metadata: {name: teams}
spec: {kind: ownership, include: [{tier: 1}, {tier: 2}]}
---
apiVersion: servicescape/v1
kind: View
metadata: {name: objectives}
spec: {kind: slo, groupBy: none}
---
apiVersion: servicescape/v1
kind: View
metadata: {name: groups}
spec: {kind: overview, groupBy: owner}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "all.yaml").write_text(CATALOG + VIEWS, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["steps"], ["basket", "shop"]),
        (["steps", "--depth", "0"], ["basket", "shop"]),
        (["lost"], ["basket", "shop", "store"]),
        (["outage"], ["basket", "shop", "store"]),
        (["around"], ["basket", "shop", "store"]),
        (["nines"], ["basket", "shop", "store"]),
        (["teams"], ["basket", "shop"]),
        (["objectives"], ["basket", "shop", "store"]),
        (["teams", "--kind", "landscape"], ["basket", "shop"]),
        (["print", "--kind", "journey"], ["basket", "shop"]),
    ],
)
def test_a_view_says_its_kind(folder: Path, arguments: list[str], expected: list[str]) -> None:
    assert components(folder, *arguments) == expected


def document(folder: Path, *arguments: str) -> dict[str, object]:
    done = run(folder, "--format", "json", *arguments)
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_a_view_of_a_kind_is_the_picture_of_the_command_line(folder: Path) -> None:
    for view, options in (
        ("lost", ["--fail", "store", "--title", "Without a store"]),
        ("outage", ["--kind", "blast-radius", "--scenario", "no-store", "--title", "outage"]),
        ("nines", ["--kind", "reliability", "--journey", "buy", "--group-by", "owner", "--title", "nines"]),
        ("objectives", ["--kind", "slo", "--group-by", "none", "--title", "objectives"]),
        ("groups", ["--kind", "overview", "--group-by", "owner", "--title", "groups"]),
    ):
        assert document(folder, view) == document(folder, *options), view


def test_a_journey_with_a_scenario_shows_states(folder: Path) -> None:
    found = document(folder, "steps")
    nodes = found["nodes"]
    assert isinstance(nodes, list)
    assert {node["tone"] for node in nodes if node["kind"] == "service"} == {"state-down"}


def test_the_component_of_a_context_stands_out(folder: Path) -> None:
    done = run(folder, "around", "--format", "dot")
    cards = [line for line in done.stdout.decode().splitlines() if 'BORDER="3"' in line]
    assert [re.findall("<B>(.*?)</B>", card) for card in cards] == [["basket"]]


def test_blueprints_as_pictures(folder: Path) -> None:
    for form, start in (("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        done = run(folder, "print", "-o", f"print.{form}")
        assert done.returncode == 0, done.stderr.decode()
        assert (folder / f"print.{form}").read_bytes().startswith(start)
    svg = (folder / "print.svg").read_text(encoding="utf-8")
    assert "Buying step by step" in svg
    wide, high = map(float, re.findall(r' (?:width|height)="([\d.]+)"', svg)[:2])
    png = struct.unpack(">II", (folder / "print.png").read_bytes()[16:24])
    assert png == pytest.approx((2 * wide, 2 * high), abs=2)


@pytest.mark.parametrize(
    ("view", "message"),
    [
        ("kind: sequence", "shows one journey, and `journey` is missing"),
        ("kind: blueprnt, journey: buy", "did you mean `blueprint`?"),
        ("kind: overview, groupBy: vendr", "did you mean `vendor`?"),
        ("kind: context, include: [{tier: 1}]", "no selector says which"),
        ("kind: blast-radius", "a blast radius needs a failure"),
        ("fail: [store], scenario: no-store", "a scenario says itself what fails"),
        ("depth: 1", "`depth` counts from what a journey uses"),
        ("kind: ownership, colourBy: tier", "`colourBy` has no effect on a picture of the kind `ownership`"),
    ],
)
def test_what_does_not_go_together_is_told(tmp_path: Path, view: str, message: str) -> None:
    (tmp_path / "catalog").mkdir()
    more = f"---\napiVersion: servicescape/v1\nkind: View\nmetadata: {{name: faulty}}\nspec: {{{view}}}\n"
    (tmp_path / "catalog" / "all.yaml").write_text(CATALOG + more, encoding="utf-8")
    command = [sys.executable, "-m", "servicescape", "validate", "--format", "concise", "--fail-on", "warning"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    told = done.stdout.decode()
    assert done.returncode == 1, done.stderr.decode()
    assert message in told


def test_all_draws_each_view_as_its_kind_and_tells_what_a_format_lacks(folder: Path) -> None:
    done = run(folder, "--all", "--format", "mermaid", "-o", "pictures")
    told = done.stderr.decode()
    assert done.returncode == 0, told
    assert (folder / "pictures" / "views" / "messages.mmd").read_text(encoding="utf-8").count("sequenceDiagram") == 1
    assert "view `print` was not drawn: a blueprint is drawn as SVG, PNG or PDF, not as Mermaid" in told
    notes = [line for line in told.splitlines() if line.startswith("note: ")]
    assert any("no legend" in note and "views/lost.mmd" in note and "journeys/buy.mmd" not in note for note in notes)
    assert any("not at one of its ways" in note and "journeys/buy.mmd" in note for note in notes)
    alone = run(folder, "lost", "--format", "mermaid").stderr.decode().strip()
    assert any(note.startswith(f"{alone}: ") for note in notes)


def large(views: str) -> str:
    parts = [
        f"---\napiVersion: servicescape/v1\nkind: Service\nmetadata: {{name: s{number}}}\n"
        f"spec: {{owner: {('crew', 'tills')[number % 2]}, dependsOn: [s{number - 1}]}}\n"
        for number in range(1, 131)
    ]
    first = "---\napiVersion: servicescape/v1\nkind: Service\nmetadata: {name: s0}\nspec: {owner: crew}\n"
    tills = "---\napiVersion: servicescape/v1\nkind: Team\nmetadata: {name: tills}\n"
    return CATALOG.split("---\n")[0] + tills + first + "".join(parts) + views


def test_a_view_that_is_too_large_comes_with_one_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "catalog").mkdir()
    views = "---\napiVersion: servicescape/v1\nkind: View\nmetadata: {name: wall}\nspec: {exclude: [{name: s0}]}\n"
    (tmp_path / "catalog" / "all.yaml").write_text(large(views), encoding="utf-8")
    told = run(tmp_path, "wall", "-o", "wall.svg").stderr.decode()
    assert "130 components make a poster" in told
    assert "servicescape graph wall --kind overview -o wall-overview.svg" in told
    assert "overview" in run(tmp_path, "--exclude", "name=s0", "-o", "most.svg").stderr.decode()
    assert "hint" not in run(tmp_path, "wall", "--kind", "overview", "-o", "small.svg").stderr.decode()
    # No component has an area, so the groups are teams.
    nodes = document(tmp_path, "wall", "--kind", "overview")["nodes"]
    assert isinstance(nodes, list)
    assert [node["title"] for node in nodes] == ["Shop crew", "tills"]
