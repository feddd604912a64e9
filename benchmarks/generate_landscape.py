"""Writes a catalog shaped like those that people keep, for what hangs on the shape and not on the number of parts.

    python benchmarks/generate_landscape.py --components 10000 --journeys 1000 /tmp/landscape

The shape follows the example catalog and GitLab's published one of 2022: business areas of some forty components in
four layers, which need 2.6 others on average, of their own area or else mostly platforms; a few platforms and vendors
at the bottom on which very many stand (half of all dependencies lead to a platform); five dependencies of six hard and
one soft (16 %), one of six tolerated for a while (16 %), one of a hundred with a fallback and two with redundancy,
whose members fail together now and then; journeys of two to seven steps with one to four ways each, which stay in their
own area but for a step now and then. Shares are those of 10,000 components as made. The same seed gives the same bytes.
"""

import argparse
import random
from pathlib import Path

from generate_catalog import entity

AREA = (("front", 5), ("api", 11), ("core", 15), ("data", 9))
TYPES = {"front": "application", "api": "api", "core": "api", "data": "datastore"}
NEEDS = {"front": (1, 2, 3, 4, 5), "api": (1, 2, 2, 3, 3, 4), "core": (0, 1, 1, 2, 2, 3), "data": (0, 0, 1)}
PLATFORMS = 24
VENDORS = 16
CHANNELS = (
    ("web", "self-service", 0.03),
    ("app", "self-service", 0.02),
    ("chatbot", "assisted", 0.35),
    ("chat", "live", 3.10),
    ("phone", "live", 5.40),
    ("shop", "live", 7.80),
)
_Areas = list[dict[str, list[str]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--components", type=int, default=10_000)
    parser.add_argument("--journeys", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    generate_landscape(arguments.folder, arguments.components, arguments.journeys, arguments.seed)


def generate_landscape(folder: Path, components: int, journeys: int, seed: int = 1) -> None:
    """Writes the catalog into `folder`, which need not exist."""
    rng = random.Random(seed)
    shared = PLATFORMS + VENDORS + len(CHANNELS)
    size = sum(count for _, count in AREA)
    count = max(1, (components - shared) // size)
    areas = [
        {layer: [f"a{area}-{layer}-{number}" for number in range(many)] for layer, many in AREA}
        for area in range(count)
    ]
    common = [
        entity("Team", f"team-{area}", f'  contacts: [{{type: slack, value: "#team-{area}"}}]\n')
        for area in range(count)
    ]
    common += (entity("Domain", f"area-{area}", f"  owner: team-{area}\n") for area in range(count))
    for channel, mode, cost in CHANNELS:
        runs = f"  runsOn: [{channel}-door]\n  capacity: {{perHour: 5000}}\n  costPerContact: {cost}\n"
        common.append(entity("Channel", channel, f"  mode: {mode}\n{runs}"))
        needs = "".join(f"    - {each}\n" for each in _platforms(rng, 2))
        common.append(entity("Service", f"{channel}-door", _component(0, "application", 2) + f"  dependsOn:\n{needs}"))
    for number in range(PLATFORMS):
        # The lower half carries the upper one; what is lowest needs nobody.
        below = rng.sample(range(PLATFORMS // 2, PLATFORMS), 2) if number < PLATFORMS // 2 else []
        needs = "".join(f"    - platform-{each}\n" for each in below)
        text = f"  owner: team-{number % count}\n  tier: 1\n  recovery: {{mttr: 20m}}\n"
        common.append(entity("Platform", f"platform-{number}", text + (f"  dependsOn:\n{needs}" if needs else "")))
    for number in range(VENDORS):
        common.append(entity("External", f"vendor-{number}", f"  vendor: Vendor {number}\n  sla: 99.9\n"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "common.yaml").write_text("---\n".join(common), encoding="utf-8")
    for area in range(count):
        documents = [
            entity(
                "Service",
                name,
                _component(area, TYPES[layer], rng.choice((1, 1, 2, 3))) + _needs(rng, areas, area, layer, at),
            )
            for layer, _ in AREA
            for at, name in enumerate(areas[area][layer])
        ]
        documents += (
            entity("Journey", f"journey-{number}", _journey(rng, areas, area))
            for number in range(area, journeys, count)
        )
        (folder / f"area-{area}.yaml").write_text("---\n".join(documents), encoding="utf-8")


def _platforms(rng: random.Random, many: int) -> list[str]:
    """Some platforms, the first ones far more often than the last."""
    return list(
        dict.fromkeys(f"platform-{min(rng.randrange(PLATFORMS), rng.randrange(PLATFORMS))}" for _ in range(many))
    )


def _component(area: int, kind: str, tier: int) -> str:
    return f"  owner: team-{area}\n  domain: area-{area}\n  type: {kind}\n  tier: {tier}\n  recovery: {{mttr: 30m}}\n"


def _needs(rng: random.Random, areas: _Areas, area: int, layer: str, at: int) -> str:
    order = [name for name, _ in AREA]
    own = areas[area]
    # The rest of its own layer and the next layers: nothing stands on what stands on it.
    later = own[layer][at + 1 :] + [name for below in order[order.index(layer) + 1 :] for name in own[below]]
    found: dict[str, None] = {}
    for _ in range(rng.choice(NEEDS[layer])):
        roll = rng.random()
        if roll < 0.62 and later:
            found[rng.choice(later[:16])] = None
        elif roll < 0.74 and layer in ("front", "api"):
            found[rng.choice(rng.choice(areas)["api" if layer == "front" else "core"])] = None
        elif roll < 0.80:
            found[f"vendor-{rng.randrange(VENDORS)}"] = None
        else:
            found.update(dict.fromkeys(_platforms(rng, 1)))
    lines = [_dependency(rng, target, layer, own["data"]) for target in found]
    lines += (f"    - {each}\n" for each in _platforms(rng, 1) if each not in found)
    return "  dependsOn:\n" + "".join(lines)


def _dependency(rng: random.Random, target: str, layer: str, data: list[str]) -> str:
    roll = rng.random()
    if roll < 0.035 and layer != "data":
        members = rng.sample(data, rng.choice((2, 3)))
        need = len(members) - 1
        return f"    - {{anyOf: [{', '.join(members)}], need: {need}, commonCause: 0.05, because: copies}}\n"
    keys = [f"on: {target}"]
    if roll > 0.985:
        spare = rng.choice([each for each in range(VENDORS) if target != f"vendor-{each}"])
        keys += [f"fallback: vendor-{spare}", "degrades: estimated values"]
    elif roll > 0.73:
        keys += ["kind: soft", "degrades: less to choose from"]
    if rng.random() < 0.27:
        keys += [f"tolerates: {rng.choice((5, 15, 30, 60))}m", "because: answers are cached"]
    return f"    - {{{', '.join(keys)}}}\n" if len(keys) > 1 else f"    - {target}\n"


def _journey(rng: random.Random, areas: _Areas, area: int) -> str:
    lines = [
        f"  owner: team-{area}\n  domain: area-{area}\n",
        f"  demand: {{perHour: {rng.randrange(10, 900)}, peakPerHour: {rng.randrange(900, 3000)}}}\n",
        "  value: {perCompletion: 12.50, currency: EUR}\n  objective: 99.5\n  steps:\n",
    ]
    share = 1.0
    for step in range(rng.choice((2, 3, 3, 3, 4, 4, 5, 5, 7))):
        home = areas[area] if rng.random() < 0.8 else rng.choice(areas)
        optional = step > 0 and rng.random() < 0.17
        lines.append(f"    - name: step-{step}\n      collects: [item-{step}]\n      share: {share:.2f}\n")
        lines.append("      optional: true\n      legs:\n" if optional else "      legs:\n")
        share *= rng.choice((1.0, 0.9, 0.6))
        channels = rng.sample([channel for channel, _, _ in CHANNELS[2:]], rng.choice((0, 1, 2, 2, 2, 3)))
        used = rng.sample(home["front"] + home["api"], rng.choice((1, 2, 2, 3)))
        for leg, channel in enumerate([rng.choice(("web", "app")), *channels]):
            # The other ways lead to the same systems, or to the screens of those who work there.
            uses = used[:1] if leg and rng.random() < 0.6 else rng.sample(home["front"] + home["api"], len(used))
            more = f", carries: [item-{step}], offered: offered, tested: 2026-10-01" if leg else ""
            lines.append(f"        - {{channel: {channel}, uses: [{', '.join(uses)}]{more}}}\n")
    return "".join(lines)


if __name__ == "__main__":
    main()
