"""Runs compiled rules at any date. Promtool begins in 1970; rules have their time from `time()`, and that is moved."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from servicescape.catalog.catalog import Catalog
from servicescape.compile.prometheus import compile_prometheus
from tests.promtool.harness import NOTHING, options, promtool, spoken, write

GOOD = 'http_requests_total{job="basket",code="200"}'
BAD = 'http_requests_total{job="basket",code="503"}'

Events = Callable[[datetime], tuple[float, float]]
"""A moment, in UTC → good and bad events in the step that ends then."""


class Simulation:
    """Traffic from a moment on, in even steps, and what is asked of the rules."""

    def __init__(self, start: datetime, step_minutes: int, events: Events) -> None:
        self.start = start
        self.step = step_minutes * 60
        self.events = events
        self.windows: tuple[str, ...] = ()
        """Windows that are looked at; empty: all. Days of promtool take minutes where every window is recorded."""
        self.checks: list[tuple[int, str, float | None]] = []

    def expect(self, moment: datetime, expr: str, value: float | None) -> None:
        """An expression gives one sample of this value at a moment, or none."""
        self.checks.append((int((moment - self.start).total_seconds()), expr, value))

    def truth(self, begin: datetime, end: datetime) -> Fraction:
        """The share of bad events after the one moment and up to the other, counted one step after another."""
        good = bad = Fraction(0)
        for second in range(self.step, int((end - self.start).total_seconds()) + 1, self.step):
            moment = datetime.fromtimestamp(self.start.timestamp() + second, self.start.tzinfo)
            if begin < moment <= end:
                counted = self.events(moment)
                good += Fraction(counted[0])
                bad += Fraction(counted[1])
        return bad / (good + bad)

    def run(self, folder: Path, catalog: Catalog, further: Sequence[tuple[str, str]] = ()) -> None:
        """Compiles the catalog, moves its clock, and has promtool hold it against what is expected."""
        compiled = compile_prometheus(catalog, options=options())
        assert not compiled.uncompiled
        moved = {
            path: _only(text, self.windows).replace("time()", f"(time() + {int(self.start.timestamp())})")
            for path, text in compiled.files.items()
        }
        write(folder, replace(compiled, files=moved, tests={}))
        good, bad = self._counters(max(second for second, _, _ in self.checks))
        lines = [
            "rule_files: [" + ", ".join(compiled.files) + "]",
            f"evaluation_interval: {self.step}s",
            "tests:",
            f"  - interval: {self.step}s",
            "    input_series:",
            f"      - {{series: '{GOOD}', values: '{good}'}}",
            f"      - {{series: '{BAD}', values: '{bad}'}}",
            *(f"      - {{series: '{name}', values: '{values}'}}" for name, values in further),
            "    promql_expr_test:",
        ]
        for second, expr, value in self.checks:
            samples = NOTHING if value is None else f"[{{labels: '{{}}', value: {value}}}]"
            lines += [
                f"      - expr: '{spoken(expr)}'",
                f"        eval_time: {second}s",
                f"        exp_samples: {samples}",
            ]
        file = folder / "moved.yaml"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        promtool("test", "rules", str(file))

    def _counters(self, until: int) -> tuple[str, str]:
        values: tuple[list[str], list[str]] = (["0"], ["0"])
        sums = [0.0, 0.0]
        for second in range(self.step, until + 1, self.step):
            moment = datetime.fromtimestamp(self.start.timestamp() + second, self.start.tzinfo)
            for index, count in enumerate(self.events(moment)):
                sums[index] += count
                values[index].append(
                    "_" if count < 0 else f"{sums[index]:g}" if sums[index] < 1e5 else str(sums[index])
                )
        return " ".join(values[0]), " ".join(values[1])


def _only(text: str, windows: tuple[str, ...]) -> str:
    """A rule file without the alerts and the ratios of windows that nobody looks at."""
    if not windows:
        return text
    head, *rules = re.split(r"^(?=      - (?:record|alert): )", text, flags=re.MULTILINE)
    kept = []
    for rule in rules:
        window = re.search(r"^          (?:sloth_)?window: (\S+)$", rule, re.MULTILINE)
        if rule.startswith("      - record") and (window is None or window[1] in windows):
            kept.append(rule)
    return head + "".join(kept)
