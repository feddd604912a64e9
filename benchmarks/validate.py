"""Times `servicescape validate`: cold, warm, after an edit, and while watching; and other tools on the same catalog.

    python benchmarks/validate.py
    python benchmarks/validate.py --check-jsonschema VENV/bin/check-jsonschema --likec4 node_modules/.bin/likec4

Times of our own are wall clock of whole processes, medians of `--times` runs; findings are counted and not drawn.

Each other tool is held against the command of ours that does as much, on catalogs of `--sizes`: `check-jsonschema`
against the checks by schema alone (`--select YML,SCH`), on the same files of one document each and the same schema;
`likec4 validate` against all our rules, on the same components and relations written in its language. All of them
start anew and find nothing kept (`--no-cache`): neither of the two keeps anything between runs, so that a comparison
with our warm run would compare two different things. The unit is processor time, user and system. A tool that takes
longer than `--longest` seconds of it is stopped, and is not tried with a larger catalog.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from generate_catalog import generate

from servicescape.app.load import load

SCHEMA = Path(__file__).parent.parent / "schemas" / "servicescape.json"
SIZES = {
    "10,000 components": (10_000, 0, 0, 25),
    "10,000 components, 1,000 journeys, 5,000 SLOs": (10_000, 1_000, 5_000, 25),
    "10,000 components, a file for each": (10_000, 0, 0, 1),
}


def servicescape() -> list[str]:
    """The command line of this Python's servicescape."""
    script = Path(sys.executable).with_name("servicescape")
    return [str(script)] if script.exists() else [sys.executable, "-m", "servicescape"]


@dataclass(frozen=True)
class Taken:
    """What a process took, in seconds."""

    wall: float
    cpu: float


def run(
    command: list[str], environment: dict[str, str], *, longest: int = 600, allowed: tuple[int, ...] = (0, 1)
) -> Taken | None:
    """Times a command; None where it was stopped. Findings are no failure, unless only 0 is `allowed`."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (longest, longest + 5))

    with tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=errors, preexec_fn=limit, text=True
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            return None
        if process.returncode not in allowed:
            errors.seek(0)
            raise SystemExit(f"{' '.join(command[:5])} … ended with {process.returncode}:\n{errors.read()[-2000:]}")
    return Taken(wall, usage.ru_utime + usage.ru_stime)


def wall(command: list[str], environment: dict[str, str]) -> float:
    """Seconds by the clock on the wall that a command of ours takes."""
    taken = run(command, environment)
    if taken is None:
        raise SystemExit(f"{' '.join(command)} took too long")
    return taken.wall


def median(times: int, sample: Callable[[], float]) -> float:
    """Median of some samples."""
    return statistics.median(sample() for _ in range(times))


TWO_DEPENDENCIES = re.compile(r"^(    - .*\n)(    - .*\n)", re.MULTILINE)


def edit(folder: Path) -> None:
    """Swaps the first two dependencies in a file: another graph to us, which must be worked through anew, and the same
    findings."""
    for file in sorted(folder.glob("domain-*/*.yaml")):
        text = file.read_text(encoding="utf-8")
        edited = TWO_DEPENDENCIES.sub(r"\2\1", text, count=1)
        if edited != text:
            file.write_text(edited, encoding="utf-8")
            return
    raise SystemExit(f"nothing to edit in {folder}")


def own_times(folder: Path, times: int, environment: dict[str, str]) -> list[float]:
    """Cold without and with writing the cache, warm, and after an edit."""
    command = [*servicescape(), "validate", "--statistics", str(folder)]

    def first() -> float:
        with tempfile.TemporaryDirectory() as fresh:
            return wall(command, {**environment, "SERVICESCAPE_CACHE_DIR": fresh})

    def edited() -> float:
        edit(folder)
        return wall(command, environment)

    cold = median(times, lambda: wall([*command, "--no-cache"], environment))
    writing = median(times, first)
    wall(command, environment)
    # A file that was written a moment ago is not believed to be at rest.
    time.sleep(2.1)
    wall(command, environment)
    return [cold, writing, median(times, lambda: wall(command, environment)), median(times, edited)]


def watch_time(folder: Path, times: int, environment: dict[str, str]) -> float:
    """From the end of an edit to the end of its result."""
    command = [*servicescape(), "validate", "--watch", "--format", "json", str(folder)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None

        def result() -> float:
            while process.stdout.readline() not in ("}\n", ""):
                pass
            return time.perf_counter()

        def sample() -> float:
            time.sleep(1)
            edit(folder)
            start = time.perf_counter()
            return result() - start

        result()
        seconds = median(times, sample)
        process.terminate()
    return seconds


def write_likec4(catalog: Path, folder: Path) -> None:
    """The components of a catalog and who needs whom, in the language of LikeC4."""
    folder.mkdir()
    (folder / "likec4.config.json").write_text('{"name": "benchmark"}', encoding="utf-8")
    (folder / "specification.c4").write_text("specification { element component }\n", encoding="utf-8")
    lines: dict[str, list[str]] = {}
    for component in load([catalog]).catalog.components.values():
        file = Path(component.entity.file).relative_to(catalog)
        title = component.title.replace("'", "")
        own = lines.setdefault(str(file.with_suffix("")).replace("/", "-"), [])
        own.append(f"  {component.name} = component '{title}'")
        own += [f"  {component.name} -> {target.split(':')[1]}" for edge in component.edges for target in edge.targets]
    for name, each in lines.items():
        (folder / f"{name}.c4").write_text("model {\n" + "\n".join(each) + "\n}\n", encoding="utf-8")


def own_table(folder: Path, times: int, environment: dict[str, str]) -> None:
    """Prints the times of our own."""
    print("| catalog | cold | cold, cache written | warm | one file edited | watching |")
    print("|---|---:|---:|---:|---:|---:|")
    for number, (title, size) in enumerate(SIZES.items()):
        catalog = folder / str(number)
        generate(catalog, *size[:3], per_file=size[3])
        taken = own_times(catalog, times, environment)
        taken.append(watch_time(catalog, times, environment))
        print(f"| {title} | " + " | ".join(f"{seconds:.2f} s" for seconds in taken) + " |", flush=True)


def others_table(folder: Path, arguments: argparse.Namespace, environment: dict[str, str]) -> None:
    """Prints what other tools take beside ours."""
    stopped: set[str] = set()

    def their_cpu(name: str, command: list[str]) -> float | None:
        """Runs another tool once (it takes long enough); it must find nothing wrong, or it has not done the work."""
        if not command[0] or name in stopped:
            return None
        taken = run(command, environment, longest=arguments.longest, allowed=(0,))
        if taken is None:
            stopped.add(name)
        return taken.cpu if taken else None

    def our_cpu(*options: str) -> float:
        command = [*servicescape(), "validate", "--no-cache", "--statistics", *options]
        return statistics.median(taken.cpu for _ in range(3) if (taken := run(command, environment)) is not None)

    def shown(name: str, theirs: float | None, ours: float) -> str:
        if theirs is None:
            return f"more than {arguments.longest} s | |" if name in stopped else "not run | |"
        return f"{theirs:.1f} s | {theirs / ours:.0f} × |"

    print("| components | ours, schema alone | check-jsonschema | ratio | ours, all rules | likec4 validate | ratio |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for size in arguments.sizes:
        catalog, model = folder / f"components-{size}", folder / f"likec4-{size}"
        generate(catalog, size, 0, 0, per_file=1)
        write_likec4(catalog, model)
        # `check-jsonschema` takes one document a file.
        files = [str(path) for path in sorted(catalog.glob("domain-*/*.yaml"))]
        by_schema, by_rules = our_cpu("--select", "YML,SCH", str(catalog)), our_cpu(str(catalog))
        schema = their_cpu("schema", [arguments.check_jsonschema, "--schemafile", str(SCHEMA), *files])
        rules = their_cpu("likec4", [arguments.likec4, "validate", str(model)])
        print(
            f"| {size:,} | {by_schema:.2f} s | {shown('schema', schema, by_schema)} "
            f"{by_rules:.2f} s | {shown('likec4', rules, by_rules)}",
            flush=True,
        )


def main() -> None:
    """Generates, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5, help="runs of each; the median counts")
    parser.add_argument("--check-jsonschema", metavar="PROGRAM", default="", help="compare with this program")
    parser.add_argument("--likec4", metavar="PROGRAM", default="", help="compare with this program")
    parser.add_argument("--sizes", type=int, nargs="+", default=[250, 500, 1000, 10_000], help="of the comparison")
    parser.add_argument("--longest", type=int, default=300, help="processor seconds after which a tool is stopped")
    parser.add_argument("--only-others", action="store_true", help="leave out the times of our own")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {**os.environ, "SERVICESCAPE_CACHE_DIR": str(folder / "cache")}
        if not arguments.only_others:
            own_table(folder, arguments.times, environment)
        if arguments.check_jsonschema or arguments.likec4:
            others_table(folder, arguments, environment)


if __name__ == "__main__":
    main()
