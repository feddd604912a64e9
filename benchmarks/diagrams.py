"""How long diagrams take, and how far the boxes of one move when the catalog gains a component.

    python benchmarks/diagrams.py
    python benchmarks/diagrams.py --catalog FOLDER --likec4 node_modules/.bin/likec4

With ``--likec4`` that tool exports the same model, written by ``graph --format likec4``, in the same run; it needs its
own Chromium (``npx playwright install chromium``). Seconds are processor time, user and system, of the whole process
and the programs that it starts: least of the runs.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NEWCOMER = """\
apiVersion: servicescape/v1
kind: Service
metadata: {{name: {name}, title: Newcomer}}
spec: {{owner: {owner}, domain: {domain}, dependsOn: [{needs}]}}
"""
EDITS = (
    ("basket-b", "storefront", "commerce", "pricing, identity"),
    ("line-x", "network-services", "network", "network-inventory"),
    ("care-notes", "care", "care", "crm"),
)
"""Name, team, area and needs of a component that is added; the first in the middle of all."""
COMPONENTS = frozenset({"service", "platform", "external"})
Place = tuple[float, float]


def spent(command: Sequence[str | Path], **environment: str) -> float:
    """Processor seconds of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [str(part) for part in command],
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )
    assert done.returncode in (0, 1), f"exit code {done.returncode} of {command}"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def clocked(command: Sequence[str | Path], **environment: str) -> tuple[float, float]:
    """Processor seconds of a command and its children, and seconds on the clock."""
    start = time.perf_counter()
    return spent(command, **environment), time.perf_counter() - start


def servicescape(*arguments: str | Path) -> list[str | Path]:
    return [sys.executable, "-m", "servicescape", *arguments]


def generate(components: int, folder: Path) -> Path:
    """A catalog without journeys, so that every component is in one picture."""
    program = [sys.executable, HERE / "generate_catalog.py", "--components", str(components)]
    subprocess.run([*map(str, program), "--journeys", "0", "--slos", "0", str(folder)], check=True, capture_output=True)
    return folder


def generate_landscape(components: int, folder: Path) -> Path:
    """A catalog shaped like those that people keep, without journeys; made in whole areas of forty components."""
    program = [sys.executable, HERE / "generate_landscape.py", "--components", str(components), "--journeys", "0"]
    subprocess.run([*map(str, program), str(folder)], check=True, capture_output=True)
    return folder


def drawn_in(catalog: Path) -> dict[str, Any]:
    """What is in the picture of a catalog. Another exit code than 0 says no more than that the catalog has errors."""
    command = [str(part) for part in servicescape("graph", catalog, "--format", "json")]
    picture: dict[str, Any] = json.loads(subprocess.run(command, check=False, capture_output=True).stdout)
    return picture


def measure_time(folder: Path, catalogs: Mapping[str, Path], times: int) -> None:
    """Seconds of processor, and on the clock, which is what a user waits for."""
    print("| graph as SVG | components | arrows | nothing kept | on the clock | catalog and picture kept |")
    print("|---|---:|---:|---:|---:|---:|")
    for number, (name, catalog) in enumerate(catalogs.items()):
        picture = drawn_in(catalog)
        components = sum(one["kind"] in COMPONENTS for one in picture["nodes"])
        command = servicescape("graph", catalog, "-o", folder / "out.svg")
        colds = [clocked(command, SERVICESCAPE_CACHE_DIR=os.devnull) for _ in range(times)]
        cold, clock = (min(each) for each in zip(*colds, strict=True))
        kept = str(folder / f"kept-{number}")
        for _ in range(3):  # Files are believed to be at rest only after two seconds.
            spent(command, SERVICESCAPE_CACHE_DIR=kept)
            time.sleep(2.1)
        warm = min(spent(command, SERVICESCAPE_CACHE_DIR=kept) for _ in range(times))
        print(f"| {name} | {components:,} | {len(picture['edges']):,} | {cold:.2f} | {clock:.2f} | {warm:.2f} |")


def places(catalog: Path, view: str = "") -> dict[str, Place]:
    """Where the engine puts each component, in points from the top left."""
    from servicescape.render.engine import find_program

    dot = subprocess.run(
        [str(part) for part in servicescape("graph", *([view] if view else []), catalog, "--format", "dot")],
        check=True,
        capture_output=True,
    ).stdout
    drawn = subprocess.run([find_program("embedded"), "-q", "-Tjson0"], input=dot, check=True, capture_output=True)
    graph = json.loads(drawn.stdout)
    height = float(graph["bb"].split(",")[3])
    found: dict[str, Place] = {}
    for one in graph["objects"]:
        if one["name"].startswith(("service/", "platform/", "external/")) and "pos" in one:
            x, y = map(float, one["pos"].split(","))
            found[one["name"]] = (x, height - y)
    return found


def compare(before: dict[str, Place], after: dict[str, Place]) -> str:
    """How far what is in both has moved, but for the whole picture's shift; and how many pairs have changed order."""
    common = sorted(before.keys() & after.keys())
    shift = [statistics.median(after[name][axis] - before[name][axis] for name in common) for axis in (0, 1)]
    size = max(max(place[axis] for place in before.values()) for axis in (0, 1))
    moves = [
        ((after[name][0] - before[name][0] - shift[0]) ** 2 + (after[name][1] - before[name][1] - shift[1]) ** 2) ** 0.5
        for name in common
    ]
    turned = pairs = 0
    for number, one in enumerate(common):
        for other in common[number + 1 :]:
            for axis in (0, 1):
                was = before[one][axis] - before[other][axis]
                now = after[one][axis] - after[other][axis]
                if abs(was) > 1:
                    pairs += 1
                    turned += was * now < 0
    near = sum(move <= 70 for move in moves)
    return (
        f"{near / len(moves):.0%} within one box's height | median {statistics.median(moves):.0f} of {size:.0f} pt "
        f"| {turned / max(pairs, 1):.1%} of pairs in another order"
    )


def measure_moves(folder: Path) -> None:
    """Single edits of the example catalog, each alone, drawn as it comes and with the components in `layout.order`."""
    print("\n| one component more | boxes that stay | move | order |\n|---|---|---|---|")
    catalog = folder / "example"
    shutil.copytree(HERE.parent / "catalog", catalog)
    listed = servicescape("graph", catalog, "--format", "json")
    nodes = json.loads(subprocess.run([str(part) for part in listed], check=True, capture_output=True).stdout)["nodes"]
    order = [one["id"] for one in nodes if one["kind"] in COMPONENTS]
    view = f"apiVersion: servicescape/v1\nkind: View\nmetadata: {{name: held}}\nspec: {{layout: {{order: {order}}}}}\n"
    (catalog / "held.yaml").write_text(view.replace("'", '"'), encoding="utf-8")
    before = {"": places(catalog), "held": places(catalog, view="held")}
    for name, owner, domain, needs in EDITS:
        text = NEWCOMER.format(name=name, owner=owner, domain=domain, needs=needs)
        (catalog / "newcomer.yaml").write_text(text, encoding="utf-8")
        for held, was in before.items():
            print(f"| in {domain}{', in a given order' if held else ''} | {compare(was, places(catalog, view=held))} |")


def measure_rounds(folder: Path, catalogs: Mapping[str, Path], chosen: Sequence[str]) -> None:
    """What more or fewer rounds of changing places (`mclimit`) do to the small pictures without hints."""
    from servicescape.render.engine import find_program

    engine, dots = find_program("embedded"), []
    for number, catalog in enumerate(catalogs.values()):
        out = folder / f"rounds-{number}"
        all_at_once = ("--all", "--format", "dot", "-o", out)
        for asked in (all_at_once, ("-o", out / "all.dot"), ("--kind", "ownership", "-o", out / "ownership.dot")):
            subprocess.run([*map(str, servicescape("graph")), str(catalog), *map(str, asked)], capture_output=True)
        assert (out / "all.dot").is_file(), f"{catalog} was not drawn"
        dots += [dot for dot in sorted(out.rglob("*.dot")) if "mclimit=8 " in dot.read_text(encoding="utf-8")]
    print("\n| rounds | pictures | crossings | most of one, of before | CPU seconds |\n|---|---:|---:|---:|---:|")
    first: list[int] = []
    for rounds in chosen:
        found, start = [], resource.getrusage(resource.RUSAGE_CHILDREN)
        for dot in dots:
            text = dot.read_text(encoding="utf-8").replace("mclimit=8 ", f"mclimit={rounds} ", 1)
            done = subprocess.run([engine, "-v", "-Tsvg"], input=text.encode(), check=True, capture_output=True)
            found.append(int(re.findall(rb"mincross servicescape: (\d+) crossings", done.stderr)[-1]))
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime
        first = first or found
        worst = max(now / was for was, now in zip(first, found, strict=True) if was >= 20)
        print(f"| {rounds} | {len(found)} | {sum(found):,} | {worst:.0%} | {cpu:.2f} |")


def measure_likec4(folder: Path, program: Path) -> None:
    """The example catalog, drawn by both; of LikeC4 what its own process and those that it waits for take."""
    catalog, model, out = HERE.parent / "catalog", folder / "model", folder / "png"
    model.mkdir()
    written = servicescape("graph", catalog, "--format", "likec4", "-o", model / "model.c4")
    subprocess.run([str(part) for part in written], check=True, capture_output=True)
    ours = spent(servicescape("graph", catalog, "-o", folder / "o.svg"), SERVICESCAPE_CACHE_DIR=os.devnull)
    theirs = spent([program, "export", "png", "--chromium-sandbox=false", "-o", out, model])
    assert list(out.rglob("*.png")), "likec4 exported nothing"
    print("\n| the example catalog to a picture | Servicescape, SVG | LikeC4, PNG |\n|---|---:|---:|")
    print(f"| 49 components | {ours:.2f} | {theirs:.2f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 300, 1000])
    parser.add_argument("--landscapes", type=int, nargs="+", default=[100, 140], help="sizes of realistic shape")
    parser.add_argument("--catalog", type=Path, action="append", default=[], help="a catalog to be measured as well")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--rounds", nargs="+", help="only: crossings with these values of mclimit, such as 8 1 0.1")
    parser.add_argument("--likec4", type=Path, help="LikeC4's program, to be measured beside")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        catalogs = {"the example": HERE.parent / "catalog", **{each.name: each for each in chosen.catalog}}
        for size in chosen.landscapes:
            catalogs[f"realistic, {size}"] = generate_landscape(size, folder / f"landscape-{size}")
        for size in chosen.sizes:
            catalogs[f"random, {size:,}"] = generate(size, folder / f"catalog-{size}")
        if chosen.rounds:
            measure_rounds(folder, catalogs, chosen.rounds)
            return
        measure_time(folder, catalogs, chosen.times)
        measure_moves(folder)
        if chosen.likec4:
            measure_likec4(folder, chosen.likec4)


if __name__ == "__main__":
    main()
