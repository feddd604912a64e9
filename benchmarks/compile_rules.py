"""CPU time and peak memory of compiling many SLOs to Prometheus rules.

Run: python benchmarks/compile_rules.py --slos 5000
"""

import argparse
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slos", type=int, default=5000, help="how many SLOs")
    parser.add_argument("--no-tests", action="store_true", help="do not make promtool test files")
    arguments = parser.parse_args()

    from tests.support.slo_catalogs import catalog, component, indicator, journey, slo

    from servicescape.compile.options import CompileOptions
    from servicescape.compile.prometheus import compile_prometheus

    def queries(name: str, *, by: str = "") -> dict[str, object]:
        labels = f'job="{name}"'
        return {
            "ratio": {
                "bad": f'sum{by}(rate(http_requests_total{{{labels},code=~"5.."}}[{{{{window}}}}]))',
                "total": f"sum{by}(rate(http_requests_total{{{labels}}}[{{{{window}}}}]))",
            }
        }

    shared = indicator(
        "http",
        params={"job": {}, "errors": {"default": "5.."}},
        ratio={
            "bad": 'sum(rate(http_requests_total{job="{{job}}",code=~"{{errors}}"}[{{window}}]))',
            "total": 'sum(rate(http_requests_total{job="{{job}}"}[{{window}}]))',
        },
    )
    count = max(arguments.slos // 3, 1)
    components = [
        component(
            f"service-{number}",
            owner=f"team-{number % 120}",
            needs=[f"service-{needed}" for needed in (number // 2, number // 3) if needed != number],
        )
        for number in range(count)
    ]
    slos = []
    for number in range(arguments.slos):
        name = f"service-{number % count}"
        form: dict[str, object] = (
            {"use": "http", "with": {"job": name}},
            queries(name),
            queries(name, by=" by (cluster) "),
        )[number % 3]
        slos.append(
            slo(
                f"slo-{number}",
                target=f"service:{name}",
                objective=(99, 99.9, 99.95, 99.99)[number % 4],
                shared=shared if number % 3 == 0 else None,
                indicator=form,
                alerting={"absent": "10m", "minimumEvents": 50},
            )
        )
    journeys = [journey(f"journey-{number}", [f"service-{number * 7 % count}"]) for number in range(count // 10)]
    whole = catalog(*slos, components=components, journeys=journeys)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.process_time()
    compiled = compile_prometheus(whole, options=CompileOptions(tests=not arguments.no_tests))
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(map(len, compiled.files.values())) / 2**20
    print(f"SLOs            {arguments.slos:>10,}")
    print(f"rule files      {len(compiled.files):>10,}   {size:.1f} MiB")
    print(f"test files      {len(compiled.tests):>10,}   {sum(map(len, compiled.tests.values())) / 2**20:.1f} MiB")
    print(f"uncompiled      {len(compiled.uncompiled):>10,}")
    print(f"CPU seconds     {seconds:>10.2f}")
    print(f"peak memory MiB {peak:>10.0f}   ({before:.0f} before, the catalog included)")


if __name__ == "__main__":
    main()
