"""Runs Prometheus's own tool on compiled rules. Without it these tests fail: nothing else proves a rule."""

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicescape.catalog.catalog import Catalog
from servicescape.compile.names import SLOTH
from servicescape.compile.options import CompileOptions
from servicescape.compile.prometheus import CompiledRules, compile_prometheus
from servicescape.model.settings import CompileSettings, NamesName

NOTHING = "[]"

names: NamesName = "servicescape"
"""How the rules of a test call what they record; the fixture `naming` sets it."""


def options(**settings: Any) -> CompileOptions:
    """Options of a compilation under the names of the test."""
    return CompileOptions(settings=CompileSettings(names=names, **settings))


_SERIES = re.compile(r"\b((?:slo|sloth)[a-z_]*:[a-z_]+:?\w*|sloth_slo_info)(\{[^}]*\})?")
_OTHERS = {
    "slo:burn_rate:ratio": "slo:current_burn_rate:ratio",
    "slo:error_budget_remaining:ratio": SLOTH.remaining,
    "slo:period:days": SLOTH.days,
}
_ALIKE = ("slo:sli_error:", "slo:current_", "slo:period_burn", "slo:objective:", "slo:error_budget:", "sloth_slo_info")


def spoken(expr: str) -> str:
    """An expression in our own names in those of the test. Its SLOs are all for `basket`."""
    return expr if names == "servicescape" else _SERIES.sub(_sloths, expr)


def _sloths(match: re.Match[str]) -> str:
    metric, of = match[1], match[2] or ""
    window = re.search(r',?\bwindow="(\w+)"', of)
    if metric == "slo:error:ratio":
        metric = SLOTH.ratio_metric.format(window=window[1]) if window else ""
        if not window:
            of = '{__name__=~"slo:sli_error:ratio_rate.+",' + of[1:-1] + "}"
        of = of.replace(window[0], "").replace("{,", "{") if window else of
    elif metric in _OTHERS:
        metric = _OTHERS[metric]
    elif not metric.startswith(_ALIKE):
        return match[0]  # What it is made from keeps our names.
    return metric + re.sub(r'\bslo="(?:basket-)?([^"]*)"', r'sloth_id="basket-\1"', of)


@dataclass(frozen=True)
class Expect:
    """An expression that gives one sample without labels at a minute, or nothing."""

    minute: int
    expr: str
    value: float | None


def promtool(*arguments: str) -> str:
    """Runs promtool and gives what it said; a failure of it is a failure of the test."""
    program = shutil.which("promtool")
    assert program, "promtool is needed for these tests: install Prometheus"
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def write(folder: Path, compiled: CompiledRules) -> None:
    """Writes rules and tests to a folder, and has promtool look at the rules."""
    for path, text in {**compiled.files, **compiled.tests}.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    promtool("check", "rules", *(str(folder / path) for path in compiled.files))


def measure(
    folder: Path,
    catalog: Catalog,
    series: dict[str, str],
    expected: Sequence[Expect],
    *,
    interval: str = "1m",
    alerts: str = "",
    settings: Mapping[str, Any] | None = None,
) -> None:
    """Compiles a catalog, feeds it series (samples every `interval`) and holds the outcome against what is expected."""
    compiled = compile_prometheus(
        catalog, options=options(**(settings or {})), impact_of=lambda ref: "Buy broadband is blocked"
    )
    assert not compiled.uncompiled
    write(folder, compiled)
    lines = [
        "rule_files: [" + ", ".join(compiled.files) + "]",
        f"evaluation_interval: {interval}",
        "tests:",
        f"  - interval: {interval}",
        "    input_series:",
        *(f"      - {{series: '{name}', values: '{values}'}}" for name, values in series.items()),
        "    promql_expr_test:",
    ]
    for check in expected:
        samples = NOTHING if check.value is None else f"[{{labels: '{{}}', value: {check.value}}}]"
        lines += [
            f"      - expr: '{spoken(check.expr)}'",
            f"        eval_time: {check.minute}m",
            f"        exp_samples: {samples}",
        ]
    if alerts and names == "servicescape":  # Labels and names of alerts in the other scheme have tests of their own.
        lines.append("    alert_rule_test:\n" + alerts)
    file = folder / "measure.yaml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    promtool("test", "rules", str(file))


def counter(*stretches: tuple[int, float], step: int = 1) -> str:
    """Samples every `step` minutes of a counter that grows so much a minute for so many minutes."""
    pieces = []
    value = 0.0
    for index, (minutes, per_minute) in enumerate(stretches):
        grow = per_minute * step
        count = minutes // step
        pieces.append(f"{value if index == 0 else value + grow:.9f}+{grow:.9f}x{count if index == 0 else count - 1}")
        value += grow * count
    return " ".join(pieces)


def near(expr: str, truth: float, *, relative: float = 0.0005) -> str:
    """An expression that is 1 where another is as near to the truth as that; three digits by default."""
    return f"abs({expr} - {truth!r}) < bool {abs(truth) * relative!r}"
