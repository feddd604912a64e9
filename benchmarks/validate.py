"""Times `servicescape validate`: cold, warm, after an edit, and while watching; and other tools on the same catalog.

    python benchmarks/validate.py
    python benchmarks/validate.py --check-jsonschema VENV/bin/check-jsonschema --likec4 node_modules/.bin/likec4

Times are wall clock of whole processes, medians of `--times` runs; findings are counted and not drawn. Each other tool
is compared with the command of ours that does as much: `check-jsonschema` with the checks by schema alone (`--select
YML,SCH`), on files of one document each; `likec4 validate` with everything, on the same components and relations
written in its language. What takes longer than ten minutes is stopped.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from generate_catalog import generate

from servicescape.app.load import load

SCHEMA = Path(__file__).parent.parent / "schemas" / "servicescape.json"
_LONGEST_SECONDS = 600
SIZES = {
    "10,000 components": (10_000, 0, 0, 25),
    "10,000 components, 1,000 journeys, 5,000 SLOs": (10_000, 1_000, 5_000, 25),
    "10,000 components, a file for each": (10_000, 0, 0, 1),
}


def servicescape() -> list[str]:
    """The command line of this Python's servicescape."""
    script = Path(sys.executable).with_name("servicescape")
    return [str(script)] if script.exists() else [sys.executable, "-m", "servicescape"]


def run(command: list[str], environment: dict[str, str]) -> float:
    """Seconds that a command takes; findings are no failure."""
    start = time.perf_counter()
    done = subprocess.run(
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=_LONGEST_SECONDS,
    )
    seconds = time.perf_counter() - start
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return seconds


def median(times: int, sample: Callable[[], float]) -> float:
    """Median of some samples."""
    return statistics.median(sample() for _ in range(times))


def edit(folder: Path) -> None:
    """Changes one file in a way that changes no finding."""
    file = min(folder.glob("domain-*/*.yaml"))
    with file.open("a", encoding="utf-8") as opened:
        opened.write("# edited\n")


def own_times(folder: Path, times: int, environment: dict[str, str]) -> list[float]:
    """Cold without and with writing the cache, warm, and after an edit."""
    command = [*servicescape(), "validate", "--statistics", str(folder)]

    def first() -> float:
        with tempfile.TemporaryDirectory() as fresh:
            return run(command, {**environment, "SERVICESCAPE_CACHE_DIR": fresh})

    def edited() -> float:
        edit(folder)
        return run(command, environment)

    cold = median(times, lambda: run([*command, "--no-cache"], environment))
    writing = median(times, first)
    run(command, environment)
    # A file that was written a moment ago is not believed to be at rest.
    time.sleep(2.1)
    run(command, environment)
    return [cold, writing, median(times, lambda: run(command, environment)), median(times, edited)]


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


def main() -> None:
    """Generates, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5, help="runs of each; the median counts")
    parser.add_argument("--check-jsonschema", metavar="PROGRAM", help="compare with this program")
    parser.add_argument("--likec4", metavar="PROGRAM", help="compare with this program")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {**os.environ, "SERVICESCAPE_CACHE_DIR": str(folder / "cache")}
        print("| catalog | cold | cold, cache written | warm | one file edited | watching |")
        print("|---|---:|---:|---:|---:|---:|")
        for number, (title, size) in enumerate(SIZES.items()):
            catalog = folder / str(number)
            generate(catalog, *size[:3], per_file=size[3])
            taken = own_times(catalog, arguments.times, environment)
            taken.append(watch_time(catalog, arguments.times, environment))
            print(f"| {title} | " + " | ".join(f"{seconds:.2f} s" for seconds in taken) + " |", flush=True)
        catalog = folder / "0"
        tool = [*servicescape(), "validate", str(catalog), "--no-cache", "--statistics"]
        if arguments.check_jsonschema:
            # It takes one document a file.
            files = [str(path) for path in sorted((folder / "2").glob("domain-*/*.yaml"))]
            theirs = [arguments.check_jsonschema, "--schemafile", str(SCHEMA), *files]
            ours = [*servicescape(), "validate", "--no-cache", "--statistics", "--select", "YML,SCH", str(folder / "2")]
            compare("check-jsonschema", theirs, ours, environment)
        if arguments.likec4:
            write_likec4(catalog, folder / "likec4")
            compare("likec4 validate", [arguments.likec4, "validate", str(folder / "likec4")], tool, environment)


def compare(name: str, theirs: list[str], ours: list[str], environment: dict[str, str]) -> None:
    """Prints one comparison. The other tool runs once: it takes long enough."""
    own = median(3, lambda: run(ours, environment))
    try:
        other = run(theirs, environment)
    except subprocess.TimeoutExpired:
        print(f"{name}: stopped after {_LONGEST_SECONDS} s, ours {own:.1f} s", flush=True)
        return
    print(f"{name}: {other:.1f} s, ours {own:.1f} s: {other / own:.1f} times as long", flush=True)


if __name__ == "__main__":
    main()
