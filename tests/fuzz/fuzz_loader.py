"""Feeds mutated catalogs and random bytes to everything behind `validate`, and stops at the first fault of ours.

    python -m tests.fuzz.fuzz_loader --inputs 1000000 --jobs 2

A fault is an exception, a finding without a rule, a place outside of its file, a report that cannot be written, an
input that takes longer than a second, or a process that grows beyond 500 MB. The same seed gives the same inputs.
"""

import argparse
import datetime
import multiprocessing
import random
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from servicescape.app.check import check
from servicescape.app.load import Loaded
from servicescape.app.parts import part_of
from servicescape.bind.entities import Bound
from servicescape.bind.foreign import bind_foreign
from servicescape.catalog.build import build_catalog
from servicescape.diagnostics import Diagnostic
from servicescape.model.settings import Settings
from servicescape.report.base import ReportContext
from servicescape.report.registry import load_reporter
from servicescape.report.summary import Summary
from servicescape.rules.registry import all_rules
from servicescape.source.text import SourceFile, as_far_as_readable, decode
from servicescape.syntax.document import read_documents
from tests.unit.dialects.test_openslo import POLICY
from tests.unit.dialects.test_whole_runs import OPENSLO, PYRRA, SLI, SLOTH

ROOT = Path(__file__).resolve().parents[2]
FOREIGN = [SLOTH, PYRRA, OPENSLO, SLI, POLICY, f"{SLOTH}---\n{PYRRA}---\n{OPENSLO}---\n{SLI}"] * 10
"""Several times, so that one input in ten is theirs."""
MOST_SECONDS = 1.0
MOST_MEGABYTES = 500
TOKENS = [
    *"[]{}:,-?|>&*!%@`\"'#~\t\n\r ",
    "\r\n", "---\n", "...\n", "- ", ": ", "<<: *a", "&a ", "*a", "!!str ", "!!binary ", "!x ", "%YAML 1.1\n", "# c\n",
    "\ufeff", "\u2028", "\x85", "\xa0", "😀", "世界", "e\u0301", "\x00", "\x1b[31m", "null", "true", "010", "1e999",
    ".inf", "-0", "99.99", "1_000", "0x1f", "30d", "1h30m", "2026-02-30", "{{window}}", "{{x}}", "${x}", "=cmd()",
    "<script>",
    "prometheus/v1", "sloth.slok.dev/v1", "pyrra.dev/v1alpha1", "openslo/v1", "{{.window}}",
    "servicescape/v1", "apiVersion: ", "kind: Journey\n", "metadata: {name: x}\n", "spec:\n", "  dependsOn: [x, y]\n",
    "x-own: 1\n", "# servicescape: ignore[REF201] why\n", "# servicescape: ignore\n", "a" * 300,
]  # fmt: skip


def corpus() -> list[str]:
    """Texts to start from: the example catalog, the catalogs in the cases of the rules, and files of other tools."""
    texts = [
        piece
        for file in sorted((ROOT / "catalog").rglob("*.yaml"))
        for piece in file.read_text(encoding="utf-8").split("\n---\n")
    ]
    for file in sorted((ROOT / "tests" / "rules").glob("*.yaml")):
        documents, _, _ = read_documents(SourceFile(file, file.name, file.read_text(encoding="utf-8")))
        for document in documents:
            for cases in document.value.values():
                for case in cases:
                    parts = [case.get("catalog"), *case.get("files", {}).values()]
                    texts.extend(part for part in parts if isinstance(part, str))
    texts.extend(FOREIGN)
    return [text for text in texts if len(text) < 6000]


def inputs(seed: int, count: int) -> Iterator[bytes]:
    """So many inputs; one in twenty is made of random bytes, the rest are mutated texts."""
    rng = random.Random(seed)
    texts = corpus()
    for _ in range(count):
        if rng.random() < 0.05:
            yield rng.randbytes(rng.randrange(0, 200))
            continue
        text = rng.choice(texts)
        for _ in range(rng.choice((1, 1, 1, 2, 3, 5, 12))):
            text = mutate(rng, text, texts)
        data = text.encode("utf-8", "surrogatepass")
        if rng.random() < 0.05:
            data = flip(rng, data)
        yield data


def mutate(rng: random.Random, text: str, texts: list[str]) -> str:
    """One change that an editor, a merge or a malicious author might make."""
    at = rng.randrange(len(text) + 1)
    end = min(len(text), at + rng.choice((1, 2, 5, 20, 100)))
    choice = rng.randrange(9)
    if choice == 0:
        return text[:at] + rng.choice(TOKENS) + text[at:]
    if choice == 1:
        return text[:at] + rng.choice(TOKENS) + text[end:]
    if choice == 2:
        return text[:at] + text[end:]
    if choice == 3:
        return text[:at]
    if choice == 4:
        other = rng.choice(texts)
        cut = rng.randrange(len(other) + 1)
        return text[:at] + other[cut : cut + 200] + text[at:]
    lines = text.split("\n")
    line = rng.randrange(len(lines))
    if choice == 5:
        lines.insert(rng.randrange(len(lines) + 1), lines[line])
    elif choice == 6:
        del lines[line]
    elif choice == 7:
        lines[line] = " " * rng.randrange(12) + lines[line].lstrip()
    else:
        words = lines[line].split(" ")
        words[rng.randrange(len(words))] = rng.choice(TOKENS)
        lines[line] = " ".join(words)
    return "\n".join(lines)


def flip(rng: random.Random, data: bytes) -> bytes:
    """The data with a few bytes changed."""
    changed = bytearray(data)
    for _ in range(rng.randrange(1, 4)):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def judge(data: bytes) -> list[Diagnostic]:
    """All findings of one input. Raises whatever our code raises, and AssertionError for a finding that is none."""
    source = decode(Path("in.yaml"), "in.yaml", data)
    if isinstance(source, Diagnostic):
        shown = as_far_as_readable(Path("in.yaml"), "in.yaml", data)
        check_places([source], data.decode("utf-8", "replace") if shown is None else shown.text)
        if shown is not None:
            report([source], shown)
        return [source]
    part = part_of(source)
    bound = Bound()
    part.add_to(bound)
    bind_foreign(bound)
    catalog, unresolved = build_catalog(bound.entities, bound.broken)
    loaded = Loaded(
        settings=Settings(),
        folder=ROOT,
        catalog=catalog,
        diagnostics=(*bound.diagnostics, *unresolved),
        files=1,
        entities=part.documents,
        sources={source.name: source},
        cwd=ROOT,
    )
    found = check(loaded, today=datetime.date(2026, 1, 1))
    check_places(found, source.text)
    report(found, source)
    return found


def check_places(found: list[Diagnostic], text: str) -> None:
    """Every finding has a rule, and every place lies inside the file."""
    lines = SourceFile(Path("in.yaml"), "in.yaml", text).lines
    for finding in found:
        assert finding.code in all_rules(), f"no rule for {finding.code}"
        for span in [finding.span, *(label.span for label in finding.related)]:
            if span is None:
                continue
            assert span.start <= span.end, f"{finding.code}: {span} ends before it begins"
            for position in (span.start, span.end):
                assert 1 <= position.line <= len(lines), f"{finding.code}: line {position.line} of {len(lines)}"
                width = len(lines.line(position.line))
                assert 1 <= position.column <= width + 2, f"{finding.code}: column {position.column} of {width}"


def report(found: list[Diagnostic], source: SourceFile) -> None:
    """The text report of the findings can be written."""
    context = ReportContext(width=80, colour=False, source_of=lambda _: source.text)
    load_reporter("text")(found[:20], Summary.of(found, files=1, entities=1), context)


def run(seed: int, count: int) -> tuple[int, int, float]:
    """Judges so many inputs. Gives their number, the number of findings, and the longest time of one in seconds."""
    findings, longest = 0, 0.0
    for number, data in enumerate(inputs(seed, count)):
        begin = time.process_time()
        try:
            findings += len(judge(data))
        except BaseException as error:
            file = Path(f"fuzz-{seed}-{number}.bin")
            file.write_bytes(data)
            print(f"input {number} of seed {seed}: {type(error).__name__}: {error}; kept in {file}", file=sys.stderr)
            raise
        longest = max(longest, time.process_time() - begin)
        assert longest < MOST_SECONDS, f"input {number} of seed {seed} took {longest:.1f} s"
        if number % 10_000 == 0:
            megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            assert megabytes < MOST_MEGABYTES, f"{megabytes:.0f} MB after input {number} of seed {seed}"
    return count, findings, longest


def main() -> None:
    """Reads the command line, runs and prints what was done."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    begin = time.monotonic()
    share = -(-arguments.inputs // arguments.jobs)
    with multiprocessing.Pool(arguments.jobs) as pool:
        results = pool.starmap(run, [(arguments.seed + job, share) for job in range(arguments.jobs)])
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"{sum(result[0] for result in results):,} inputs, {sum(result[1] for result in results):,} findings, "
        f"{time.monotonic() - begin:.0f} s; the longest took {max(result[2] for result in results) * 1000:.0f} ms; "
        f"at most {megabytes:.0f} MB a process"
    )


if __name__ == "__main__":
    main()
