"""What evaluating the rules of an SLO once costs Prometheus, by tool: samples read and processor time.

Run: python benchmarks/evaluation.py

Thirty days of raw and recorded series are written as blocks of six days, as a server has them that keeps its data for
60; a real Prometheus then evaluates each rule's expression through its API, which tells how many samples it read. The
seconds are processor time of the server, without that of as many requests that read nothing. SLOs share nothing, so
that 1,000 of them cost a thousand times as much. Needs prometheus and promtool.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

from other_rules import TOOLS  # noqa: E402
from tests.prometheus.server import Prometheus, prometheus  # noqa: E402

JOB = "checkout"
DAYS = 30
BLOCK = "144h"
"""Longest block: a tenth of the time for which data are kept."""
SLOS = 1000


def history(series: int, now: int) -> str:
    """OpenMetrics text: as many raw series, and what each tool's longest window reads of its own recordings."""
    half = series // 2
    raw = [
        f'http_requests_total{{job="{JOB}",code="{200 if n < half else 503}",instance="{n}"}}' for n in range(series)
    ]
    labels = f'slo="{JOB}",component="basket",domain="commerce",measures="availability",team="storefront",tier="1"'
    sloth = f'sloth_id="shop-{JOB}",sloth_service="shop",sloth_slo="{JOB}",sloth_window="5m"'
    recorded = {
        f"slo:bad:rate5m{{{labels}}}": 0.01,
        f"slo:total:rate5m{{{labels}}}": 10.0,
        f"slo:sli_error:ratio_rate5m{{{sloth}}}": 0.001,
    }
    first = now - DAYS * 86_400
    moments = range(first, now, 60)
    lines = ["# TYPE http_requests counter"]
    lines += [f"{name} {(moment - first) // 6} {moment}" for name in raw for moment in moments]
    for name, value in recorded.items():
        lines.append(f"# TYPE {name.split('{')[0]} gauge")
        lines += [f"{name} {value} {moment}" for moment in moments]
    return "\n".join([*lines, "# EOF", ""])


def samples_of(server: Prometheus, expr: str, now: int) -> int:
    found: int = server.get("query", query=expr, time=str(now - 60), stats="all")["stats"]["samples"][
        "totalQueryableSamples"
    ]
    return found


def seconds_of(server: Prometheus, exprs: list[str], now: int, times: int) -> float:
    """Processor time of evaluating each expression once."""
    before = server.processor_time()
    for _ in range(times):
        for expr in exprs:
            server.get("query", query=expr, time=str(now - 60))
    return (server.processor_time() - before) / times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--series", type=int, default=4, help="raw series of one SLO, half of them errors")
    parser.add_argument("--times", type=int, default=25, help="how often to evaluate each rule")
    arguments = parser.parse_args()
    now = int(time.time()) // 60 * 60
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = folder / "history.txt"
        text.write_text(history(arguments.series, now), encoding="utf-8")
        command = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "--quiet"]
        command += [f"--max-block-duration={BLOCK}", str(text), str(folder / "data")]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        options = ("--storage.tsdb.retention.time=60d", "--query.max-samples=500000000")
        with prometheus(folder, {}, *options) as server:
            print(f"One SLO, {arguments.series} raw series, a sample a minute; times {SLOS:,} for {SLOS:,} SLOs\n")
            print(f"| tool | rules | samples of one SLO | samples of {SLOS:,} SLOs | seconds for {SLOS:,} SLOs |")
            print("|---|---:|---:|---:|---:|")
            for tool, make in TOOLS.items():
                rules = make(JOB, "99.9")
                samples = sum(samples_of(server, rule["expr"], now) for rule in rules)
                read = seconds_of(server, [rule["expr"] for rule in rules], now, arguments.times)
                seconds = read - seconds_of(server, ["vector(1)"] * len(rules), now, arguments.times)
                row = (tool, len(rules), f"{samples:,}", f"{samples * SLOS:,}", f"{seconds * SLOS:.1f}")
                print("| " + " | ".join(map(str, row)) + " |", flush=True)


if __name__ == "__main__":
    main()
