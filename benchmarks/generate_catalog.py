"""Writes a catalog of any size that looks like a real one: layers, domains, teams, journeys and SLOs.

    python benchmarks/generate_catalog.py --components 10000 --journeys 1000 --slos 5000 /tmp/large

Components stand in five layers, from front end to infrastructure. Each has four dependencies: mostly on its own
domain's next layers, some on shared platforms, of all kinds. The same seed gives the same bytes.
"""

import argparse
import random
from pathlib import Path

LAYERS = ("front", "api", "core", "data", "infra")
SHARES = (0.15, 0.30, 0.35, 0.15, 0.05)
TYPES = {"front": "application", "api": "api", "core": "api", "data": "datastore", "infra": "infrastructure"}
SPARES = 20
"""Externals that stand in for something else: what takes over must not depend on what it replaces."""
CHANNELS = (("web", "self-service"), ("app", "self-service"), ("chat", "assisted"), ("phone", "live"))


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a large catalog.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--components", type=int, default=1000)
    parser.add_argument("--journeys", type=int, default=100)
    parser.add_argument("--slos", type=int, default=500)
    parser.add_argument("--per-file", type=int, default=25, help="entities in a file")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    generate(
        arguments.folder, arguments.components, arguments.journeys, arguments.slos, arguments.seed, arguments.per_file
    )


def generate(folder: Path, components: int, journeys: int, slos: int, seed: int = 1, per_file: int = 25) -> None:
    """Writes the catalog into `folder`, which need not exist."""
    rng = random.Random(seed)
    domains = max(2, components // 200)
    teams = max(2, components // 50)
    names = _names(components, domains)
    files: dict[str, list[str]] = {}

    def add(file: str, text: str) -> None:
        files.setdefault(file, []).append(text)

    for team in range(teams):
        add("teams.yaml", entity("Team", f"team-{team}", f'  contacts: [{{type: slack, value: "#team-{team}"}}]\n'))
    for domain in range(domains):
        add("domains.yaml", entity("Domain", f"domain-{domain}", f"  owner: team-{domain % teams}\n"))
    for channel, mode in CHANNELS:
        add("channels.yaml", entity("Channel", channel, f"  mode: {mode}\n  capacity: {{perHour: 5000}}\n"))
    add(
        "indicators.yaml",
        entity(
            "Indicator",
            "http-availability",
            "  params:\n    job: {description: Prometheus job}\n  ratio:\n"
            '    bad: sum(rate(http_requests_total{job="{{job}}",code=~"5.."}[{{window}}]))\n'
            '    total: sum(rate(http_requests_total{job="{{job}}"}[{{window}}]))\n',
        ),
    )
    in_domain = [0] * domains
    for number, (name, domain, layer) in enumerate(names):
        file = f"domain-{domain}/components-{in_domain[domain] // per_file}.yaml"
        in_domain[domain] += 1
        add(file, _component(rng, number, name, domain, layer, names, teams))
    for number in range(SPARES):
        add(
            "spares.yaml",
            entity("External", f"spare-{number}", "  vendor: Somebody Else\n  sla: 99.5\n  domain: domain-0\n"),
        )
    fronts = [name for name, _, layer in names if layer in ("front", "api")]
    for number in range(journeys):
        add(f"journeys/journeys-{number // per_file}.yaml", _journey(rng, number, fronts, domains, teams))
    for number in range(slos):
        name = names[number % len(names)][0]
        add(f"slos/slos-{number // per_file}.yaml", _slo(rng, number, name))
    for file, documents in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("---\n".join(documents), encoding="utf-8")


def _names(components: int, domains: int) -> list[tuple[str, int, str]]:
    """`(name, domain, layer)`, infrastructure last, so that every dependency is on a later one."""
    found = []
    for layer, share in zip(LAYERS, SHARES, strict=True):
        count = max(4, round(components * share)) if layer != LAYERS[-1] else components - len(found)
        found.extend((f"{layer}-{number}", number % domains, layer) for number in range(count))
    return found


def entity(kind: str, name: str, spec: str) -> str:
    """One entity of a catalog as YAML."""
    return (
        f"apiVersion: servicescape/v1\nkind: {kind}\n"
        f"metadata: {{name: {name}, title: {name.replace('-', ' ').title()}}}\nspec:\n{spec}"
    )


def _component(
    rng: random.Random, number: int, name: str, domain: int, layer: str, names: list[tuple[str, int, str]], teams: int
) -> str:
    tier = min(2, LAYERS.index(layer) + 1) if layer in ("front",) else 1
    lines = [
        f"  owner: team-{number % teams}\n",
        f"  domain: domain-{domain}\n",
        f"  type: {TYPES[layer]}\n",
        f"  tier: {tier}\n",
        "  lifecycle: production\n",
        "  recovery:\n",
        "    mttr: 30m\n",
        f"    runbook: https://runbooks.example.com/{name}\n",
    ]
    later = _later(rng, number, domain, names)
    if later:
        lines.append("  dependsOn:\n")
        lines.extend(_dependency(rng, target) for target in later[:4])
    return entity("Service", name, "".join(lines))


def _later(rng: random.Random, number: int, domain: int, names: list[tuple[str, int, str]]) -> list[str]:
    """Some later components, most of them of the same domain and not far off."""
    total = len(names)
    chosen: dict[str, None] = {}
    for _ in range(40):
        if number + 1 >= total or len(chosen) == 5:
            break
        candidate = rng.randrange(number + 1, total)
        name, other, layer = names[candidate]
        if other == domain or layer == "infra" or rng.random() < 0.03:
            chosen[name] = None
    while len(chosen) < 5 and number + 6 < total:
        chosen[names[rng.randrange(number + 1, total)][0]] = None
    return list(chosen)


def _dependency(rng: random.Random, target: str) -> str:
    roll = rng.random()
    if roll < 0.55:
        return f"    - {target}\n"
    if roll < 0.75:
        return f'    - {{on: {target}, kind: soft, degrades: "Less to choose from"}}\n'
    if roll < 0.88:
        return f'    - {{on: {target}, tolerates: {rng.choice((5, 15, 30, 60))}m, because: "answers are cached"}}\n'
    return f'    - {{on: {target}, fallback: spare-{rng.randrange(SPARES)}, degrades: "Estimated values"}}\n'


def _journey(rng: random.Random, number: int, fronts: list[str], domains: int, teams: int) -> str:
    lines = [
        f"  owner: team-{number % teams}\n",
        f"  domain: domain-{number % domains}\n",
        f"  demand: {{perHour: {rng.randrange(10, 900)}, peakPerHour: {rng.randrange(900, 3000)}}}\n",
        "  value: {perCompletion: 12.50, currency: EUR}\n",
        "  objective: 99.5\n",
        "  steps:\n",
    ]
    for step in range(rng.randrange(3, 7)):
        first, second = rng.sample(fronts, 2)
        lines.append(
            f"    - name: step-{step}\n      collects: [item-{step}]\n      legs:\n"
            f"        - {{channel: {rng.choice(('web', 'app'))}, uses: [{first}, {second}]}}\n"
            f"        - {{channel: {rng.choice(('chat', 'phone'))}, uses: [{rng.choice(fronts)}], "
            f"carries: [item-{step}], offered: offered, tested: 2026-10-01}}\n"
        )
    return entity("Journey", f"journey-{number}", "".join(lines))


def _slo(rng: random.Random, number: int, component: str) -> str:
    return entity(
        "SLO",
        f"slo-{number}",
        f"  for: {component}\n  objective: {rng.choice(('99', '99.5', '99.9', '99.95'))}\n  window: 30d\n"
        f'  indicator:\n    use: http-availability\n    with: {{job: "{component}"}}\n',
    )


if __name__ == "__main__":
    main()
