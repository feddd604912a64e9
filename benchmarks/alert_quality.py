"""How soon alerts fire, how soon they end, and how many are worth it: three tools' rules over the same traffic.

Run: python benchmarks/alert_quality.py

Each figure comes from `promtool test rules`: the rules of each tool are evaluated once a minute over traffic that is
made up, and a helper rule notes the first and the last minute in which an alert fired. Needs promtool (Prometheus).
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from functools import partial
from math import lcm
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from other_rules import HOUR_RATIO, PERIOD_RATIO, TOOLS, sloth

JOB = "checkout"
GOOD_SERIES = f'http_requests_total{{job="{JOB}",code="200"}}'
BAD_SERIES = f'http_requests_total{{job="{JOB}",code="503"}}'
EVENTS = 6000
"""A minute."""
BURNS = {
    "page": {"1": 900, "2": 900, "6": 900, "14.4": 300, "100": 60},
    "ticket": {"1": 4500, "2": 2880, "6": 900, "14.4": 300, "100": 60},
}
"""Burn rate → minutes for which it lasts."""
HISTORY = {
    "page": {"servicescape": 400, "Sloth": 400, "Pyrra": 400},
    "ticket": {"servicescape": 4330, "Sloth": 4330, "Pyrra": 6180},
}
"""Minutes without errors before: longer than the longest window of each tool."""
AFTERWARDS = 480
PERIOD_MINUTES = 30 * 1440
SIGNIFICANT = Fraction(2, 100)
"""Share of the period's budget that an event must spend to be worth a page."""
SHORT_HISTORY = 400
EVENT_MINUTES = (1, 5, 10, 30, 60, 180)
EVENT_BURNS = ("2", "6", "10", "14.4", "30", "100", "1000")
_RESULT = re.compile(r"got:\s*(nil|\{[^}]*\} (\S+))")

Stretches = list[tuple[int, Fraction, Fraction]]
"""Minutes, events a minute, bad events a minute."""


Span = tuple[int, int] | None
"""First and last minute with an alert; None: none."""


def counter(parts: list[tuple[int, Fraction]], step: int = 1) -> str:
    """Samples of a counter."""
    pieces, value = [], Fraction(0)
    for index, (minutes, rate) in enumerate(parts):
        start = value if index == 0 else value + rate * step
        pieces.append(f"{float(start)!r}+{float(rate * step)!r}x{minutes // step - (index > 0)}")
        value += rate * minutes
    return " ".join(pieces)


def traffic(stretches: Stretches, step: int = 1) -> dict[str, str]:
    """Both series, of so many times as many events that each sample is a whole number.

    A sum of fractions that comes out smaller than the one before by its last digit would be a counter that was reset.
    """
    times = lcm(*(rate.denominator for _, events, bad in stretches for rate in (events, bad)))
    return {
        GOOD_SERIES: counter([(minutes, (events - bad) * times) for minutes, events, bad in stretches], step),
        BAD_SERIES: counter([(minutes, bad * times) for minutes, _, bad in stretches], step),
    }


def values(
    tool: str,
    objective: str,
    cases: list[tuple[dict[str, str], list[tuple[int, str]]]],
    step: int = 1,
    severity: str | None = None,
) -> list[list[float | None]]:
    """What expressions give at a minute, for each of several cases of series."""
    groups = [
        {"name": "a", "rules": rules_of(tool, objective, severity=severity)},
        {"name": "b", "rules": _notes()},
    ]
    tests = [
        {
            "interval": f"{step}m",
            "input_series": [{"series": name, "values": samples} for name, samples in series.items()],
            # No expression gives this, so that promtool says what it gives instead.
            "promql_expr_test": [
                {"expr": expr, "eval_time": f"{minute}m", "exp_samples": [{"labels": "{}", "value": -4711}]}
                for minute, expr in asked
            ],
        }
        for series, asked in cases
    ]
    with tempfile.TemporaryDirectory() as folder:
        rules, test = Path(folder) / "rules.json", Path(folder) / "test.json"
        rules.write_text(json.dumps({"groups": groups}), encoding="utf-8")
        document = {
            "rule_files": ["rules.json"],
            "evaluation_interval": f"{step}m",
            "group_eval_order": ["a", "b"],
            "tests": tests,
        }
        test.write_text(json.dumps(document), encoding="utf-8")
        done = subprocess.run(["promtool", "test", "rules", str(test)], capture_output=True, text=True, check=False)
    found = [None if match[1] == "nil" else float(match[2]) for match in _RESULT.finditer(done.stdout + done.stderr)]
    if len(found) != sum(len(asked) for _, asked in cases):
        raise SystemExit(f"promtool has not answered everything:\n{done.stdout}{done.stderr}")
    answers = iter(found)
    return [[next(answers) for _ in asked] for _, asked in cases]


def rules_of(tool: str, objective: str, *, severity: str | None) -> list[dict[str, Any]]:
    """A tool's rules: all of them, or the alerts of a severity and what those are made from."""
    rules = TOOLS[tool](JOB, objective)
    if severity is None:
        return rules
    needed = [rule for rule in rules if "alert" in rule and rule["labels"]["severity"] == severity]
    windows = set(re.findall(r'window="(\w+)"', "".join(rule["expr"] for rule in needed)))
    while True:
        text = "\n".join(rule["expr"] for rule in needed)
        more = [
            rule
            for rule in rules
            if rule not in needed
            and re.search(rf"{rule.get('record', 'ALERTS')}\b", text)
            and rule["labels"].get("window") in (None, *windows)
        ]
        if not more:
            return [rule for rule in rules if rule in needed]
        needed += more


def _notes() -> list[dict[str, Any]]:
    """Rules that keep the first and the last time at which an alert of a severity fired."""
    notes = []
    for severity in ("page", "ticket"):
        times = f'timestamp(ALERTS{{alertstate="firing",severity="{severity}"}})'
        notes.append({"record": f"first:{severity}", "expr": f"first:{severity} or min({times})"})
        notes.append({"record": f"last:{severity}", "expr": f"max({times}) or last:{severity}"})
    return notes


def seen(tool: str, objective: str, cases: list[Stretches], severity: str) -> list[Span]:
    """The first and the last minute with an alert in each of several cases."""
    asked = []
    for stretches in cases:
        end = sum(minutes for minutes, *_ in stretches)
        asked.append((traffic(stretches), [(end, f"{which}:{severity}") for which in ("first", "last")]))
    answers = values(tool, objective, asked, severity=severity)
    return [None if first is None or last is None else (int(first) // 60, int(last) // 60) for first, last in answers]


def burn(objective: str, rate: str, minutes: int, before: int, after: int) -> Stretches:
    """A burn after some time without errors, and some more without them."""
    bad = EVENTS * (1 - Fraction(objective) / 100) * Fraction(rate)
    every = Fraction(EVENTS)
    return [(before, every, Fraction(0)), (minutes, every, bad), (after, every, Fraction(0))]


def detection(objectives: list[str], severity: str, jobs: int) -> Iterator[str]:
    """Table of detection and reset times."""
    cells = " | ".join(f"{tool}: after | ends after" for tool in TOOLS)
    yield f"| objective | burn rate | {cells} |"
    yield "|---|---|" + "---:|---:|" * len(TOOLS)
    todo = [(objective, rate) for objective in objectives for rate in reversed(BURNS[severity])]

    def row(case: tuple[str, str]) -> str:
        objective, rate = case
        lasts = BURNS[severity][rate]
        found = []
        for tool in TOOLS:
            begin = HISTORY[severity][tool]
            [span] = seen(tool, objective, [burn(objective, rate, lasts, begin, AFTERWARDS)], severity)
            end = begin + lasts
            if span is None:
                found += ["–", "–"]
                continue
            found.append(_time(span[0] - begin))
            ended = span[1] + 1 - end
            found.append("> 8h" if span[1] >= end + AFTERWARDS else _time(ended) if ended > 0 else "before")
        return f"| {objective} % | {rate}, {_time(lasts)} | " + " | ".join(found) + " |"

    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(row, todo)


def precision(objectives: list[str], jobs: int) -> str:
    """Table of precision and recall of pages."""
    lines = [
        "| objective | tool | events | paged | significant ones (precision) | all significant | paged (recall) |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for objective in objectives:
        kinds = [
            (minutes, rate)
            for rate in EVENT_BURNS
            for minutes in EVENT_MINUTES
            if Fraction(rate) * (1 - Fraction(objective) / 100) <= 1
        ]
        spent = [Fraction(rate) * minutes / PERIOD_MINUTES for minutes, rate in kinds]
        cases = [burn(objective, rate, minutes, SHORT_HISTORY, 60) for minutes, rate in kinds]
        runs = partial(seen, objective=objective, cases=cases, severity="page")
        with ThreadPoolExecutor(jobs) as pool:
            for tool, results in zip(TOOLS, pool.map(runs, TOOLS), strict=True):
                paged = [share for share, result in zip(spent, results, strict=True) if result]
                right = sum(share >= SIGNIFICANT for share in paged)
                significant = sum(share >= SIGNIFICANT for share in spent)
                lines.append(
                    f"| {objective} % | {tool} | {len(kinds)} | {len(paged)} "
                    f"| {right} ({right / max(len(paged), 1):.0%}) "
                    f"| {significant} | {right} ({right / significant:.0%}) |"
                )
    return "\n".join(lines)


def faults(jobs: int) -> str:
    """Table of what goes wrong in the figures."""
    day = [(1200, Fraction(1), Fraction("0.298")), (240, Fraction(4000), Fraction("18.33475"))]
    uneven = day * 30
    truth = sum(m * b for m, _, b in uneven) / sum(m * t for m, t, _ in uneven)
    usual, few = Fraction(600), Fraction(3)
    idle = [(60, usual, few), (20, Fraction(0), Fraction(0)), (60, usual, few)]
    late = traffic([(360, usual, Fraction(0))])
    late[BAD_SERIES] = "_x99 0+10x60 600+0x199"
    late_truth = Fraction(600, 360 * 600 + 600)
    outage = burn("90", "10", 180, 420, 60)

    def column(tool: str) -> list[str]:
        ratio = PERIOD_RATIO[tool]
        [[uneven_ratio]] = values(tool, "99.9", [(traffic(uneven, 5), [(30 * 1440, ratio)])], step=5)
        [[idle_ratio]] = values(tool, "99.9", [(traffic(idle), [(140, ratio)])])
        [[late_ratio, before]] = values(tool, "99.9", [(late, [(360, ratio), (90, HOUR_RATIO[tool])])])
        [at_ninety] = seen(tool, "90", [outage], "page")
        paged = "never" if at_ninety is None else f"after {_time(at_ninety[0] - 420)}"
        return [*(_percent(value) for value in (uneven_ratio, idle_ratio, late_ratio, before)), paged]

    with ThreadPoolExecutor(jobs) as pool:
        columns = list(pool.map(column, TOOLS))
    rows = [
        ("30d error ratio, uneven traffic", _percent(float(truth))),
        ("30d error ratio after 20 idle minutes", _percent(0.005)),
        ("30d error ratio, error series appears late", _percent(float(late_truth))),
        ("one-hour error ratio before the first error", _percent(0.0)),
        ("page for a total outage at an objective of 90 %", "soon"),
    ]
    lines = [f"| | truth | {' | '.join(TOOLS)} |", "|---|---:|" + "---:|" * len(TOOLS)]
    lines += [
        f"| {name} | {true} | {' | '.join(column[index] for column in columns)} |"
        for index, (name, true) in enumerate(rows)
    ]
    return "\n".join(lines)


def check_sloth(path: Path) -> None:
    """Holds the rebuilt shape of Sloth's rules against a file that Sloth wrote for the objective 99.9 over 30 days."""
    import yaml

    theirs = [rule for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]
    rebuilt = sloth(JOB, "99.9")

    def shape(rule: dict[str, str]) -> str:
        text = re.sub(r'"[^"]*"', '""', " ".join(rule["expr"].split()))
        text = re.sub(r"http_\w+\{[^}]*\}", "METRIC", text)
        return (
            rule.get("record", "alert")
            + " = "
            + re.sub(r"\d\.\d{6,}", lambda match: f"{float(match[0]):.6f}".rstrip("0"), text)
        )

    differing = sorted({shape(rule) for rule in theirs} ^ {shape(rule) for rule in rebuilt})
    if differing:
        raise SystemExit("Sloth's rules have another shape:\n" + "\n".join(differing))
    print(f"Sloth's rules have the shape of {path.name}: {len(theirs)} rules\n")


def _percent(value: float | None) -> str:
    return "–" if value is None else "NaN" if value != value else f"{value * 100:.3g} %"


def _time(minutes: int) -> str:
    days, rest = divmod(minutes, 1440)
    hours, rest = divmod(rest, 60)
    return " ".join(f"{number}{unit}" for number, unit in ((days, "d"), (hours, "h"), (rest, "m")) if number) or "0m"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--objective", action="append", help="in percent; by default 99.9 and 99")
    parser.add_argument("--only", choices=("pages", "tickets", "precision", "faults"), help="one of the tables")
    parser.add_argument("--jobs", type=int, default=2, help="runs of promtool at the same time")
    parser.add_argument("--sloth", type=Path, help="rules that Sloth wrote, to check their shape against")
    arguments = parser.parse_args()
    objectives = arguments.objective or ["99.9", "99"]
    if arguments.sloth:
        check_sloth(arguments.sloth)
    for severity in ("page", "ticket"):
        if arguments.only in (None, f"{severity}s"):
            for line in detection(objectives, severity, arguments.jobs):
                print(line, flush=True)
            print()
    if arguments.only in (None, "precision"):
        print(precision(objectives, arguments.jobs) + "\n", flush=True)
    if arguments.only in (None, "faults"):
        print(faults(arguments.jobs), flush=True)


if __name__ == "__main__":
    main()
