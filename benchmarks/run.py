"""Runs every benchmark of the command line and prints one table.

    python benchmarks/run.py                 all of it, medians of five runs
    python benchmarks/run.py --times 1       a quick look
    python benchmarks/run.py --only validate what has this word in its name

The catalogs are generated into a temporary folder. Each sample is a fresh process, as a user's command is; its time is
processor time (user and system), its memory the peak of the process. Uses the `servicescape` that belongs to the Python
it is run with.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from generate_catalog import generate

HERE = Path(__file__).parent
PYTHON = sys.executable


@dataclass(frozen=True)
class Case:
    """One line of the table."""

    name: str
    command: list[str]
    target: str = ""


@dataclass(frozen=True)
class Sample:
    """What one process took."""

    seconds: float
    megabytes: float


def servicescape() -> list[str]:
    """The command line of this Python's servicescape."""
    script = Path(PYTHON).with_name("servicescape")
    return [str(script)] if script.exists() else [PYTHON, "-m", "servicescape"]


def cases(folder: Path) -> list[Case]:
    """Everything that is measured; the catalogs are written first."""
    sizes = {
        "small": (100, 0, 0),
        "thousand": (1_000, 100, 500),
        "plain": (10_000, 0, 0),
        "large": (10_000, 1_000, 5_000),
    }
    for name, (components, journeys, slos) in sizes.items():
        generate(folder / name, components, journeys, slos)
    tool = servicescape()

    def at(name: str) -> str:
        return str(folder / name)

    return [
        Case("python -c pass", [PYTHON, "-c", "pass"]),
        Case("servicescape --help", [*tool, "--help"], "≤ 3 × python"),
        Case("validate, 1,000 components, 100 journeys, 500 SLOs", [*tool, "validate", "--no-cache", at("thousand")]),
        Case("validate, 10,000 components", [*tool, "validate", "--no-cache", at("plain")], "≤ 3 s, ≤ 600 MB"),
        Case("validate, 10,000 components, 1,000 journeys, 5,000 SLOs", [*tool, "validate", "--no-cache", at("large")]),
        Case("fmt --check, 10,000 components", [*tool, "fmt", "--check", at("plain")]),
        Case("rename, 10,000 components", [*tool, "rename", "--dry-run", "infra-1", "infra-one", at("plain")]),
        Case("impact of one failure, 10,000 × 1,000", [*tool, "impact", at("large"), "--fail", "infra-1"]),
        Case("impact matrix, 10,000 × 1,000, as CSV", [*tool, "impact", at("large"), "-o", str(folder / "matrix.csv")]),
        Case("compile, 5,000 SLOs with tests", [*tool, "compile", at("large"), "-o", str(folder / "rules")]),
        Case("graph, 100 components", [*tool, "graph", at("small"), "-o", str(folder / "small.svg")]),
        Case("graph, 1,000 components", [*tool, "graph", at("thousand"), "-o", str(folder / "thousand.svg")]),
        Case("impact_matrix.py (analysis alone is printed below)", [PYTHON, str(HERE / "impact_matrix.py")]),
        Case("compile_rules.py (compiler alone is printed below)", [PYTHON, str(HERE / "compile_rules.py")]),
    ]


def sample(command: list[str], folder: Path) -> tuple[Sample, str]:
    """Runs a command in a process of its own, with nothing kept from an earlier one; exits where it fails."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "SERVICESCAPE_CACHE_DIR": cache}
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode not in (0, 1):  # 1: files that would be laid out anew.
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{text[-2000:]}")
    return Sample(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024), text


def main() -> None:
    """Generates, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5, help="runs of each; the median counts")
    parser.add_argument("--only", default="", metavar="WORD", help="only what has this word in its name")
    arguments = parser.parse_args()
    print("| what | CPU seconds | peak memory | target |\n|---|---:|---:|---|", flush=True)
    printed = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured = cases(folder)
        # A new process begins with the peak of the one that started it: less than this cannot be told.
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        for case in measured:
            if arguments.only not in case.name:
                continue
            samples = []
            for _ in range(arguments.times):
                taken, text = sample(case.command, folder)
                samples.append(taken)
            seconds = statistics.median(each.seconds for each in samples)
            memory = statistics.median(each.megabytes for each in samples)
            shown = f"{memory:.0f} MB" if memory > own * 1.05 else f"< {own:.0f} MB"
            print(f"| {case.name} | {seconds:.{2 if seconds >= 0.1 else 3}f} | {shown} | {case.target} |", flush=True)
            if case.command[-1].endswith(".py"):
                printed[case.command[-1]] = text
    for script, text in printed.items():
        print(f"\n{Path(script).name}\n{text.rstrip()}")


if __name__ == "__main__":
    main()
