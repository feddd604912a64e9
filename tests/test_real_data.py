"""Catalogs and other YAML that nobody here wrote, read where it lies beside the repository.

Skipped where it does not lie there: none of it may be copied into the repository.
"""

import re
import time
from collections import Counter
from pathlib import Path

import pytest

from servicescape.app.check import check
from servicescape.app.load import load
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.registry import all_rules

DATA = Path(__file__).parents[2] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the data of others is not at {DATA}")

CATALOG = DATA / "gitlab-2022" / "catalog"


def _place(finding: Diagnostic) -> tuple[str, str, int]:
    assert finding.span is not None
    return finding.code, Path(finding.file).name, finding.span.start.line


def _expected() -> Counter[tuple[str, str, int]]:
    """What is wrong in the converted catalog, found line by line in its text."""
    texts = {path: path.read_text(encoding="utf-8").splitlines() for path in sorted(CATALOG.rglob("*.yaml"))}
    names: dict[str, set[str]] = {"Team": set(), "Service": set()}
    for lines in texts.values():
        kind = ""
        for line in lines:
            if found := re.match(r"kind: (\w+)", line):
                kind = found[1]
            elif (found := re.match(r"(?:metadata: \{|  )name: ([\w-]+)", line)) and kind in names:
                names[kind].add(found[1])
    expected: Counter[tuple[str, str, int]] = Counter()
    for path, lines in texts.items():
        own, within = "", False
        for number, line in enumerate(lines, 1):
            if found := re.match(r"(?:metadata: \{|  )name: ([\w-]+)", line):
                own = found[1]
            if found := re.match(r"  owner: (\S+)", line):
                if found[1] not in names["Team"]:
                    expected["REF201", path.name, number] += 1
            elif line.startswith("  dependsOn:"):
                within = True
            elif within and (found := re.match(r"\s+-\s*(?:\{?on: )?([^\s,}]*)", line)):
                code = "REF202" if found[1] in ("", "null", "~") else "REF203" if found[1] == own else "REF201"
                if code != "REF201" or found[1] not in names["Service"]:
                    expected[code, path.name, number] += 1
            elif within and not line.startswith("    "):
                within = False
    return expected


def test_a_converted_catalog_has_the_faults_that_it_has_and_no_other() -> None:
    started = time.monotonic()
    loaded = load([CATALOG])
    errors = [finding for finding in check(loaded) if finding.severity is Severity.ERROR]
    assert time.monotonic() - started < 3, "it takes a tenth of that on an idle machine"

    assert Counter(finding.code for finding in errors) == {"REF202": 13, "REF201": 13, "REF203": 1}
    owners = [finding for finding in errors if finding.label == "no team has this name"]
    assert len(owners) == 3
    assert Counter(map(_place, errors)) == _expected()
    for finding in errors:
        assert finding.help
        assert finding.file.startswith(str(DATA))


def _files() -> list[Path]:
    return sorted(path for path in DATA.rglob("*.y*ml") if CATALOG not in path.parents) if DATA.is_dir() else []


@pytest.mark.parametrize("path", _files(), ids=lambda path: path.relative_to(DATA).as_posix())
def test_a_foreign_file_is_named_as_what_it_is(path: Path) -> None:
    loaded = load([path])
    findings = check(loaded)
    assert findings
    assert not loaded.catalog.entities
    source = loaded.sources[findings[0].file]
    for finding in findings:
        assert finding.code in all_rules()
        assert finding.message
        assert finding.help
        if finding.span is not None:
            assert 1 <= finding.span.start.line <= len(source.lines)
            assert finding.span.start <= finding.span.end
    # One document, one finding: nobody wants to hear about each key of a file that is not ours.
    documents = len([document for document in re.split(r"(?m)^---", source.text) if document.strip()])
    assert len([finding for finding in findings if finding.code.startswith("SCH")]) <= documents
