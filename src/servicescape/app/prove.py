"""Proves compiled rules with Prometheus's own tool: that it takes them, and that every SLO's test holds."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from servicescape.app.cores import cores
from servicescape.compile.prometheus import CompiledRules
from servicescape.compile.targets.plain import write_prometheus
from servicescape.diagnostics.errors import ToolError
from servicescape.model.settings import CompileSettings

PROGRAM = "promtool"
_FILES_A_CHECK = 100
_SECONDS = 600
"""Longest that one call may take; a test file takes about half a second."""
_TEST = re.compile(r"^  - name: ", re.MULTILINE)
_MISMATCH = re.compile(
    r'^ +expr: (?P<expr>"(?:\\.|[^"\\])*"), time: (?P<time>\S+),\s+exp: ?(?P<expected>.*)\n\s+got: ?(?P<found>.*)$',
    re.MULTILINE,
)

Progress = Callable[[int, int], None]
"""Told how many of how many steps are done."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that promtool does not accept."""

    slo: str
    """Reference of the SLO; empty where a rule file itself is at fault."""
    file: str
    """Rule or test file, relative to the output folder."""
    promised: str
    """What should have been: the name of the test, or that the file is sound."""
    lines: tuple[str, ...]
    """What was instead, in promtool's words or ours; never empty."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of it."""

    promtool: str
    """Version of the program."""
    proven: int
    """SLOs of which every test holds."""
    untested: int
    """SLOs whose rules were checked, and for which no test can be made."""
    failures: tuple[Failure, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing failed."""
        return not self.failures


def find_promtool() -> str:
    """Path of promtool. Raises ToolError where it is not installed."""
    program = shutil.which(PROGRAM)
    if program is None:
        raise ToolError(
            f"cannot prove the rules: `{PROGRAM}` is not installed",
            "it comes with Prometheus: `apt install prometheus`, `brew install prometheus`, or the archive from "
            "https://prometheus.io/download/ with promtool in a folder of PATH",
        )
    return program


def prove(rules: CompiledRules, *, jobs: int | None = None, progress: Progress | None = None) -> Proof:
    """Runs `promtool check rules` on the rules and `promtool test rules` on their tests.

    Whatever the target, what is proven are the rules as Prometheus takes them. Raises ToolError where promtool cannot
    be run.
    """
    program = find_promtool()
    version = _version(program)
    rule_texts = write_prometheus(rules.rule_files, CompileSettings()).files
    with tempfile.TemporaryDirectory(prefix="servicescape-") as name:
        folder = Path(name)
        _write(folder, {**rule_texts, **rules.tests})
        chunks = [sorted(rule_texts)[at : at + _FILES_A_CHECK] for at in range(0, len(rule_texts), _FILES_A_CHECK)]
        steps: list[Callable[[], list[Failure]]] = [
            *(_step(_check, program, folder, chunk) for chunk in chunks),
            *(_step(_test, program, folder, path, rules.slo_of_test[path]) for path in sorted(rules.tests)),
        ]
        failures = _run(steps, jobs, progress)
    failed = {failure.slo for failure in failures}
    proven = sum(slo not in failed for slo in rules.slo_of_test.values())
    return Proof(version, proven, len(rules.untested), tuple(failures))


def _step(function: Callable[..., list[Failure]], *arguments: object) -> Callable[[], list[Failure]]:
    return lambda: function(*arguments)


def _run(steps: Sequence[Callable[[], list[Failure]]], jobs: int | None, progress: Progress | None) -> list[Failure]:
    """All steps beside each other; the failures in the order of the steps."""
    found: list[list[Failure]] = [[] for _ in steps]
    with ThreadPoolExecutor(max_workers=jobs or cores()) as pool:
        numbers = {pool.submit(step): number for number, step in enumerate(steps)}
        try:
            for done, future in enumerate(as_completed(numbers), 1):
                found[numbers[future]] = future.result()
                if progress is not None:
                    progress(done, len(steps))
        finally:
            # An interrupted run does not wait for thousands of tests.
            pool.shutdown(wait=False, cancel_futures=True)
    return [failure for failures in found for failure in failures]


def _check(program: str, folder: Path, paths: Sequence[str]) -> list[Failure]:
    done = _promtool(program, folder, ["check", "rules", *paths])
    if done.returncode == 0:
        return []
    failures: list[Failure] = []
    for path in paths:
        one = _promtool(program, folder, ["check", "rules", path])
        if one.returncode != 0:
            failures.append(Failure("", path, "promtool takes the rule file", _words(one.stdout)))
    # Files that are sound one by one and not together would be our fault, and must not pass.
    return failures or [Failure("", paths[0], "promtool takes the rule files", _words(done.stdout))]


def _test(program: str, folder: Path, path: str, slo: str) -> list[Failure]:
    done = _promtool(program, folder, ["test", "rules", path])
    if done.returncode == 0:
        return []
    failures: list[Failure] = []
    for name, text in _single_tests((folder / path).read_text(encoding="utf-8")):
        # promtool does not say which of the tests in a file it speaks of, so each is run alone.
        alone = Path(path).with_name(f".{Path(path).name}.{len(failures)}.yaml")
        (folder / alone).write_text(text, encoding="utf-8")
        one = _promtool(program, folder, ["test", "rules", str(alone)])
        if one.returncode != 0:
            failures.append(Failure(slo, path, name, _differences(one.stdout) or _words(one.stdout)))
    return failures or [Failure(slo, path, "promtool runs the test", _words(done.stdout))]


def _single_tests(text: str) -> list[tuple[str, str]]:
    """Each test of a file, by name, as a file of its own."""
    starts = [match.start() for match in _TEST.finditer(text)]
    head = text[: starts[0]] if starts else text
    found = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        one = text[start:end]
        name = one.split("\n", 1)[0].removeprefix("  - name: ").strip("\"'")
        found.append((name, head + one))
    return found


def _differences(said: str) -> tuple[str, ...]:
    """What was measured instead, a line for each expectation that does not hold."""
    return tuple(
        f"at {match['time']}: {_unquoted(match['expr'])} is {_value(match['found'])}, not {_value(match['expected'])}"
        for match in _MISMATCH.finditer(said)
    )


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def _value(text: str) -> str:
    """`{} 1E+00` as `1`, `nil` as `nothing`."""
    text = text.strip()
    if text in ("nil", ""):
        return "nothing"
    labels, _, number = text.rpartition(" ")
    try:
        plain = format(float(number), "g")
    except ValueError:
        return text
    return plain if labels in ("", "{}") else f"{labels} {plain}"


def _words(said: str) -> tuple[str, ...]:
    """promtool's own words, without its headings."""
    lines = [line.strip() for line in said.splitlines()]
    kept = [
        line for line in lines if line and not line.startswith(("Checking ", "Unit Testing:", "FAILED:", "SUCCESS"))
    ]
    return tuple(kept) or ("promtool failed and said nothing",)


def _promtool(program: str, folder: Path, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 - our own arguments, no shell
            [program, *arguments],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=_SECONDS,
        )
    except OSError as error:
        raise ToolError(f"cannot run {program}: {error.strerror}", "install Prometheus anew") from error
    except subprocess.TimeoutExpired as error:
        raise ToolError(
            f"`{PROGRAM} {' '.join(arguments[:3])}` has not ended in {_SECONDS // 60} minutes",
            "run it by hand on the files that `servicescape compile` writes",
        ) from error


def _version(program: str) -> str:
    """Such as `2.42.0`; empty where it does not say."""
    said = _promtool(program, Path.cwd(), ["--version"]).stdout
    match = re.search(r"version (\d+\.\d+\.\d+)", said)
    return match[1] if match else ""


def _write(folder: Path, files: Mapping[str, str]) -> None:
    made: set[Path] = set()
    for path, text in _sorted(files):
        place = folder / path
        if place.parent not in made:
            place.parent.mkdir(parents=True, exist_ok=True)
            made.add(place.parent)
        place.write_text(text, encoding="utf-8")


def _sorted(files: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    return sorted(files.items())
