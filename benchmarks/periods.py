"""What evaluating an SLO over a period of the calendar costs Prometheus, beside one over a rolling window.

Run: python benchmarks/periods.py

A month of recorded series is written as blocks, and each rule's expression evaluated in a real Prometheus on the last
evening of the month, when there is most to sum up; see `evaluation.py`. Needs prometheus and promtool.
"""

import argparse
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

from evaluation import BLOCK, samples_of, seconds_of  # noqa: E402
from ruamel.yaml import YAML  # noqa: E402
from tests.prometheus.server import prometheus  # noqa: E402
from tests.support.slo_catalogs import catalog, slo  # noqa: E402

from servicescape.compile.prometheus import compile_prometheus  # noqa: E402

EVENING = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
BEGINS = "20261201"
PERIODS = {"rolling": "31d", "calendar": {"calendar": "month", "timeZone": "Europe/London"}}


def history(name: str, now: int) -> str:
    """OpenMetrics text: raw series, and what the windows of an SLO and its period read of its own recordings."""
    labels = f'slo="{name}",component="basket",domain="commerce",measures="availability",team="storefront",tier="1"'
    month = f'{labels},begins="{BEGINS}"'
    moments = range(now - int(timedelta(days=31).total_seconds()), now, 60)
    recorded = {
        f"slo:bad:rate5m{{{labels}}}": "0.01",
        f"slo:total:rate5m{{{labels}}}": "10",
        f"slo:period_bad:rate5m{{{month}}}": "0.01",
        f"slo:period_total:rate5m{{{month}}}": "10",
        f"slo:calendar:period{{{month}}}": "1",
    }
    lines = ["# TYPE http_requests counter"]
    for code in ("200", "503"):
        raw = f'http_requests_total{{job="basket",code="{code}"}}'
        lines += [f"{raw} {(moment - moments[0]) // 6} {moment}" for moment in moments]
    for series, value in recorded.items():
        lines.append(f"# TYPE {series.split('{')[0]} gauge")
        lines += [f"{series} {value} {moment}" for moment in moments]
    # In winter, London's time is that of the clock.
    lines += ["# TYPE slo:local_time:seconds gauge"]
    lines += [f"slo:local_time:seconds{{{labels}}} {moment} {moment}" for moment in moments]
    return "\n".join([*lines, "# EOF", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10, help="the least of so many counts")
    parser.add_argument("--times", type=int, default=10, help="how often to evaluate each rule in a round")
    arguments = parser.parse_args()
    now = int(EVENING.timestamp())
    print("| period | rules | samples of one evaluation | ms of processor time |\n|---|---:|---:|---:|")
    for name, window in PERIODS.items():
        (text,) = compile_prometheus(catalog(slo(name, window=window))).files.values()
        groups = YAML(typ="safe").load(text)["groups"]
        exprs = [rule["expr"] for group in groups for rule in group["rules"]]
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            file = folder / "history.txt"
            file.write_text(history(name, now), encoding="utf-8")
            command = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "--quiet"]
            command += [f"--max-block-duration={BLOCK}", str(file), str(folder / "data")]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            options = ("--storage.tsdb.retention.time=60d", "--query.max-samples=500000000")
            with prometheus(folder, {}, *options) as server:
                samples = sum(samples_of(server, expr, now) for expr in exprs)
                read, none = (
                    min(seconds_of(server, each, now, arguments.times) for _ in range(arguments.rounds))
                    for each in (exprs, ["vector(1)"] * len(exprs))
                )
                cost = read - none
        print(f"| {name} | {len(exprs)} | {samples:,} | {cost * 1000:.1f} |", flush=True)


if __name__ == "__main__":
    main()
