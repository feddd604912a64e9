"""`servicescape graph` as a user runs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CATALOG = """\
apiVersion: servicescape/v1
kind: Team
metadata: {name: crew, title: Shop crew}
---
apiVersion: servicescape/v1
kind: Domain
metadata: {name: sales}
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: shop, labels: {pci: in-scope}}
spec: {owner: crew, domain: sales, tier: 1, dependsOn: [basket]}
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: basket}
spec: {owner: crew, tier: 2, dependsOn: [store]}
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: store}
spec: {owner: crew}
---
apiVersion: servicescape/v1
kind: Channel
metadata: {name: web}
spec: {mode: self-service, runsOn: [shop]}
---
apiVersion: servicescape/v1
kind: Journey
metadata: {name: buy, title: Buy it}
spec: {owner: crew, steps: [{name: pay, legs: [{channel: web, uses: [basket]}]}]}
---
apiVersion: servicescape/v1
kind: Scenario
metadata: {name: no-store, title: The store is gone}
spec: {fail: [store]}
---
apiVersion: servicescape/v1
kind: View
metadata: {name: top, title: Tier one}
spec: {include: [{tier: 1}]}
---
apiVersion: servicescape/v1
kind: View
metadata: {name: void}
spec: {include: [{tier: 1}, {tier: 4}], exclude: [{tier: 1}]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "all.yaml").write_text(CATALOG, encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "servicescape", "graph", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False)


def components(folder: Path, *arguments: str) -> list[str]:
    done = run(folder, "--format", "json", *arguments)
    assert done.returncode == 0, done.stderr.decode()
    nodes = json.loads(done.stdout)["nodes"]
    return [node["title"] for node in nodes if node["kind"] in ("service", "platform", "external")]


def test_everything_by_default_as_svg_on_a_pipe(folder: Path) -> None:
    done = run(folder)
    assert done.returncode == 0
    assert done.stdout.startswith(b"<?xml")
    assert b"How customers reach us" in done.stdout


@pytest.mark.parametrize(
    ("name", "start"),
    [("a.svg", b"<?xml"), ("a.png", b"\x89PNG"), ("a.dot", b"digraph"), ("a.mmd", b"---"), ("a.json", b"{")],
)
def test_the_format_is_what_the_file_ends_in(folder: Path, name: str, start: bytes) -> None:
    done = run(folder, "-o", f"out/{name}")
    assert done.returncode == 0, done.stderr.decode()
    assert (folder / "out" / name).read_bytes().startswith(start)
    assert done.stdout == b""


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["top"], ["shop"]),
        (["--dependencies-of", "shop"], ["basket", "shop", "store"]),
        (["--dependencies-of", "shop", "--depth", "1"], ["basket", "shop"]),
        (["--dependents-of", "store", "--exclude", "name=basket"], ["shop", "store"]),
        (["--include", "tier=1", "--include", "tier=2"], ["basket", "shop"]),
        (["--include", "tier=1,domain=sales"], ["shop"]),
        (["--include", "label.pci=in-scope"], ["shop"]),
        (["--include", "owner=crew", "--exclude", "kind=service,tier=1"], ["basket", "store"]),
        (["--include", "between=shop..store"], ["basket", "shop", "store"]),
        (["--include", "between=store..shop,name=shop", "--include", "name=shop"], ["shop"]),
        (["--kind", "reliability"], ["basket", "shop", "store"]),
        (["--kind", "ownership", "--include", "tier=1"], ["shop"]),
        (["top", "--kind", "slo"], ["shop"]),
        (["--kind", "blast-radius", "--scenario", "no-store"], ["basket", "shop", "store"]),
        (["--journey", "buy"], ["basket", "shop", "store"]),
        (["--journey", "buy", "--depth", "0"], ["basket", "shop"]),
        (["catalog"], ["basket", "shop", "store"]),
    ],
)
def test_what_is_selected(folder: Path, arguments: list[str], expected: list[str]) -> None:
    assert components(folder, *arguments) == expected


def test_a_scenario_colours_by_state(folder: Path) -> None:
    done = run(folder, "--scenario", "no-store", "--format", "json")
    document = json.loads(done.stdout)
    assert {node["tone"] for node in document["nodes"] if node["kind"] == "service"} == {"state-down"}
    assert document["notes"] == ["What becomes of each: The store is gone"]


def test_all_views_and_journeys(folder: Path) -> None:
    done = run(folder, "--all", "--format", "mermaid", "-o", "pictures")
    assert done.returncode == 0
    assert sorted(path.relative_to(folder / "pictures").as_posix() for path in folder.rglob("*.mmd")) == [
        "journeys/buy.mmd",
        "views/top.mmd",
    ]
    assert b"view `void` shows nothing" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["void"], 3, "no component fits the selector {tier: 4}, number 2 under `include`"),
        (["--include", "tier=4"], 3, "no component fits --include tier=4"),
        (["--include", "tier=1", "--exclude", "tier=1"], 3, "--exclude takes everything away again"),
        (["topp"], 2, "did you mean `top`?"),
        (["--journey", "bye"], 2, "there is no journey `bye`"),
        (["--dependencies-of", "baskt"], 2, "did you mean `basket`?"),
        (["--include", "tier"], 2, "`tier` is not a selector"),
        (["--include", "tier=9"], 2, "tiers are 1"),
        (["--include", "colour=red"], 2, "the selectors are domain"),
        (["--depth", "2"], 2, "a depth needs something to count from"),
        (["top", "--include", "tier=1"], 2, "a view says itself what it shows"),
        (["--journey", "buy", "--dependents-of", "shop"], 2, "a picture of its own"),
        (["--all", "--depth", "1"], 2, "--all draws every view"),
        (["-o", "a.gif"], 2, "cannot tell the format"),
        (["--kind", "blueprint"], 2, "add --journey NAME"),
        (["--kind", "blueprint", "--journey", "buy", "--format", "d2"], 2, "is drawn as SVG, PNG or PDF, not as D2"),
        (["--kind", "context"], 2, "add --dependencies-of REF"),
        (["--kind", "ownership", "--colour-by", "tier"], 2, "--colour-by has no effect on a picture of the kind"),
        (["--kind", "sequence", "--journey", "buy", "--include", "tier=1"], 2, "a sequence shows all of its journey"),
        (["top", "--kind", "blueprint"], 2, "the view `top` names none"),
        (["top", "--depth", "1"], 2, "a depth needs something to count from"),
        (["--fail", "stor"], 2, "did you mean `store`?"),
        (["--theme", "drak"], 2, "did you mean `dark`?"),
        (["--group-by", "colour"], 2, "domain, owner, platform, vendor, zone, none and label.KEY"),
        (["--include", "between=shop"], 2, "between=web-shop..database"),
    ],
)
def test_what_cannot_be_drawn_is_told(folder: Path, arguments: list[str], code: int, message: str) -> None:
    done = run(folder, *arguments)
    assert done.returncode == code
    assert message in done.stderr.decode()
    assert done.stdout == b""


def test_an_empty_folder_has_nothing_to_draw(tmp_path: Path) -> None:
    (tmp_path / "catalog").mkdir()
    assert run(tmp_path).returncode == 3


def test_all_draws_blueprints_as_svg_and_again_from_the_cache(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICESCAPE_CACHE_DIR", str(folder / "kept"))
    first = run(folder, "--all", "-o", "one")
    kept = sorted((folder / "kept" / "pictures").glob("*.entry"))
    assert first.returncode == 0, first.stderr.decode()
    assert (folder / "one" / "blueprints" / "buy.svg").read_bytes().startswith(b"<?xml")
    assert len(kept) == 2
    # What is kept is used: without an engine nothing else could be drawn.
    monkeypatch.setenv("PATH", str(folder))
    again = run(folder, "--all", "-o", "two")
    assert again.returncode == 0, again.stderr.decode()
    assert (folder / "two" / "views" / "top.svg").read_bytes() == (folder / "one" / "views" / "top.svg").read_bytes()
    assert sorted((folder / "kept" / "pictures").glob("*.entry")) == kept


def test_what_is_kept_is_not_used_for_another_picture(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICESCAPE_CACHE_DIR", str(folder / "kept"))
    light, dark = run(folder).stdout, run(folder, "--theme", "dark").stdout
    assert light != dark
    assert run(folder).stdout == light
    for entry in (folder / "kept" / "pictures").glob("*.entry"):
        entry.write_bytes(entry.read_bytes()[:-9] + b"tampered!")
    assert run(folder).stdout == light


def test_settings_bring_themes_and_turn_the_cache_off(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICESCAPE_CACHE_DIR", str(folder / "kept"))
    settings = 'cache = false\n[graph]\ntheme = "ours"\n[graph.themes.ours]\nink = "#102030"\n'
    (folder / "servicescape.toml").write_text(settings, encoding="utf-8")
    done = run(folder)
    assert done.returncode == 0, done.stderr.decode()
    assert b"#102030" in done.stdout
    assert not (folder / "kept" / "pictures").exists()
    (folder / "servicescape.toml").write_text(settings.replace("#102030", "#fafafa"), encoding="utf-8")
    pale = run(folder)
    assert pale.returncode == 2
    assert "ink #fafafa on paper #ffffff: 1.04 to 1, 4.5 needed" in pale.stderr.decode()
