"""Runs Prometheus's own tool on compiled rules. Without it these tests fail: nothing else proves a rule."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from servicescape.catalog.catalog import Catalog
from servicescape.compile.prometheus import CompiledRules, compile_prometheus

NOTHING = "[]"


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
) -> None:
    """Compiles a catalog, feeds it series (samples every `interval`) and holds the outcome against what is expected."""
    compiled = compile_prometheus(catalog, impact_of=lambda ref: "Buy broadband is blocked")
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
            f"      - expr: '{check.expr}'",
            f"        eval_time: {check.minute}m",
            f"        exp_samples: {samples}",
        ]
    if alerts:
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
