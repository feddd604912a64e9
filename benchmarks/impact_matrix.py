"""Measure the impact matrix on a large catalog that is made up in memory.

The catalog has layers, as grown landscapes have: each component needs a few others of the layers below, popular ones
more often; nine in a hundred dependencies tolerate a while, some are soft, some have a fallback, a few are redundant
groups, and now and then one points back up, so that there are circles. Journeys use components near the top and fall
back from web over chat to people. Run it in a process of its own: the memory it prints is the process's peak.

    python benchmarks/impact_matrix.py --components 10000 --journeys 1000
    python benchmarks/impact_matrix.py --components 10000 --journeys 1000 --radii 60
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import time
from typing import Any, cast

from servicescape.analysis.blast_radius import blast_radius
from servicescape.analysis.impact_matrix import impact_matrix
from servicescape.bind.located import Located
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.dependents import dependents
from servicescape.catalog.graph import Channel, Component, Edge, Effect, Journey, Leg, Step
from servicescape.catalog.names import NameIndex

LAYERS = 8
TOLERANCES = (60.0, 300.0, 900.0, 3600.0, 14400.0)
NOWHERE = cast("Located[Any]", None)


def edge(source: str, targets: tuple[str, ...], dice: random.Random, spare: str) -> Edge:
    """A dependency of a random kind."""
    kind = dice.random()
    fallback = spare if 0.90 <= kind < 0.96 and len(targets) == 1 else None
    soft = kind >= 0.75 and fallback is None and len(targets) == 1
    return Edge(
        source=source,
        targets=targets,
        need=max(1, len(targets) - 1),
        when_down=Effect.DEGRADED if soft or fallback else Effect.DOWN,
        when_degraded=Effect.OK if soft else Effect.DEGRADED,
        fallback=fallback,
        tolerates_seconds=dice.choice(TOLERANCES) if dice.random() < 0.09 else 0.0,
        role="dependency",
        soft=soft,
        degrades=None,
        because=None,
        common_cause=None,
        switch_failure=None,
        path=("spec", "dependsOn", 0),
    )


def components(count: int, dependencies: int, circles: float, dice: random.Random) -> dict[str, Component]:
    """Components from the ground up; those further down come first and are needed more often."""
    refs = [f"service:part-{index:05d}" for index in range(count)]
    # Few at the bottom, many at the top: each layer is about twice as large as the one below it.
    bounds = [round(count * (2**layer - 1) / (2**LAYERS - 1)) for layer in range(LAYERS + 1)]
    found: dict[str, Component] = {}
    for layer in range(LAYERS):
        for index in range(bounds[layer], bounds[layer + 1]):
            edges = []
            below = bounds[layer]
            for _ in range(dependencies if below else 0):
                if dice.random() < circles:
                    targets = (refs[dice.randrange(count)],)
                else:
                    # The square favours what lies deeper.
                    wanted = 3 if dice.random() < 0.03 else 1
                    targets = tuple(refs[int(below * dice.random() ** 2)] for _ in range(wanted))
                edges.append(edge(refs[index], targets, dice, refs[dice.randrange(below)]))
            found[refs[index]] = Component(
                ref=refs[index],
                kind="Service",
                name=refs[index].removeprefix("service:"),
                title=refs[index],
                owner=None,
                domain=None,
                platform=None,
                vendor=None,
                tier=None,
                lifecycle="production",
                type=None,
                runbook=None,
                mttr_seconds=None,
                edges=tuple(edges),
                entity=NOWHERE,
            )
    return found


def channels(parts: list[str]) -> dict[str, Channel]:
    """The web, a bot and people, all of them on parts in the middle of the landscape."""
    middle = len(parts) // 10
    rows = (("web", "self-service", 2, None), ("chat", "assisted", 2, 40_000.0), ("people", "live", 3, 9_000.0))
    return {
        f"channel:{name}": Channel(
            ref=f"channel:{name}",
            name=name,
            title=name,
            mode=mode,
            owner=None,
            runs_on=tuple(parts[middle + 7 * index + number] for number in range(needs)),
            capacity_per_hour=capacity,
            hours=None,
            cost_per_contact=4.0,
            entity=NOWHERE,
        )
        for index, (name, mode, needs, capacity) in enumerate(rows)
    }


def journeys(count: int, parts: list[str], dice: random.Random) -> dict[str, Journey]:
    """Journeys of three to seven steps with one to three legs."""
    top = len(parts) // 3

    def leg(channel: str) -> Leg:
        uses = tuple(parts[dice.randrange(top, len(parts))] for _ in range(dice.randint(1, 3)))
        return Leg(f"channel:{channel}", uses, (), None, None, None, None, ())

    def step(index: int) -> Step:
        legs = tuple(leg(channel) for channel in ("web", "chat", "people")[: dice.randint(1, 3)])
        share = dice.choice((1.0, 1.0, 1.0, 0.6, 0.25))
        return Step(f"step-{index}", f"Step {index}", dice.random() < 0.15, share, (), legs, None, None, ())

    found = {}
    for number in range(count):
        average = float(dice.randint(10, 2000))
        ref = f"journey:way-{number:04d}"
        found[ref] = Journey(
            ref=ref,
            name=ref,
            title=ref,
            owner=None,
            domain=None,
            persona=None,
            lifecycle="production",
            average_per_hour=average,
            peak_per_hour=average * dice.randint(2, 6),
            value_per_completion=10.0,
            currency="GBP",
            objective_percent=None,
            steps=tuple(step(index) for index in range(dice.randint(3, 7))),
            entity=NOWHERE,
        )
    return found


def landscape(arguments: argparse.Namespace) -> Catalog:
    """The whole catalog."""
    dice = random.Random(arguments.seed)
    parts = components(arguments.components, arguments.dependencies, arguments.circles, dice)
    refs = list(parts)
    return Catalog(
        entities={},
        components=parts,
        channels=channels(refs),
        journeys=journeys(arguments.journeys, refs, dice),
        slos={},
        teams={},
        domains={},
        indicators={},
        scenarios={},
        views={},
        dependents=dependents(parts),
        names=NameIndex((), {}),
    )


def blast_radii(catalog: Catalog, count: int) -> None:
    """Times the blast radius of so many components, from the one that most need to one that nobody needs."""
    gc.collect()
    gc.disable()  # as the command line does
    refs = list(catalog.components)
    taken = []
    for number in range(count):
        # Those at the bottom come first, and the square takes more of them.
        ref = refs[int(len(refs) * (number / count) ** 2)]
        begin = time.process_time()
        result = blast_radius(catalog, fail=(ref,), lasts_seconds=14400.0, at="peak")
        taken.append((time.process_time() - begin, len(result.components), result.totals.journeys_hit))
    taken.sort()
    for word, (seconds, reached, hit) in (("median", taken[len(taken) // 2]), ("slowest", taken[-1])):
        print(f"{word}: {seconds * 1000:.0f} ms of processor time, {reached} components reached, {hit} journeys hit")


def main() -> None:
    """Builds the catalog, then the matrix, and prints what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--components", type=int, default=10_000)
    parser.add_argument("--dependencies", type=int, default=4, help="per component")
    parser.add_argument("--circles", type=float, default=0.0005, help="share of dependencies that point anywhere")
    parser.add_argument("--journeys", type=int, default=1_000)
    parser.add_argument("--lasts", type=float, default=None, help="seconds; by default until all has followed")
    parser.add_argument("--steps", action="store_true", help="one column a step")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--radii", type=int, default=0, help="time so many blast radii instead of the matrix")
    arguments = parser.parse_args()
    catalog = landscape(arguments)
    if arguments.radii:
        blast_radii(catalog, arguments.radii)
        return
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.process_time()
    matrix = impact_matrix(catalog, steps=arguments.steps, lasts_seconds=arguments.lasts)
    seconds = time.process_time() - begin
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    hit = (matrix.state > 0).mean()
    print(f"{len(matrix.rows)} rows, {len(matrix.columns)} columns, {hit:.1%} of cells not ok")
    print(f"{seconds:.2f} s of processor time; peak memory {after / 1024:.0f} MB, {before / 1024:.0f} MB before")


if __name__ == "__main__":
    main()
