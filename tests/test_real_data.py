"""Catalogs and other YAML that nobody here wrote, read where it lies beside the repository.

Skipped where it does not lie there: none of it may be copied into the repository.
"""

import re
import subprocess
import sys
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


READ = {
    "openslo/occurences-slo.yaml": (["DIA161:13", "DIA154:17"], []),
    "openslo/ratio-timeslices.yaml": (["DIA161:13", "DIA154:18"], []),
    "openslo/timeslices-slo.yaml": (["DIA161:11", "DIA154:16", "DIA161:28"], []),
    "openslo/v1.yaml": (["DIA161:35", "DIA153:59"], ["slo:web-availability"]),
    "sloth/in/getting-started.yml": (["DIA161:6"], ["slo:myservice-requests-availability"]),
    "sloth/in/home-wifi.yml": (
        ["DIA161:26"],
        ["slo:home-wifi-good-wifi-client-satisfaction", "slo:home-wifi-risk-wifi-client-satisfaction"],
    ),
    "sloth/in/k8s-getting-started.yml": (["DIA161:16"], ["slo:myservice-requests-availability"]),
    "sloth/in/kubernetes-apiserver.yml": (
        ["DIA161:24"],
        ["slo:k8s-apiserver-requests-availability", "slo:k8s-apiserver-requests-latency"],
    ),
    "sloth/in/multifile.yml": (
        ["DIA161:7", "DIA161:39"],
        ["slo:myservice-requests-availability", "slo:myservice2-requests-availability"],
    ),
    "sloth/in/no-alerts.yml": ([], ["slo:myapp-http-availability"]),
    "sloth/in/openslo-getting-started.yml": ([], ["slo:sloth-slo-my-service"]),
    "sloth/windows/7d.yaml": (["DIA161:2"], []),
}
"""What is said of a file of another SLO tool beyond infos, and the SLOs that come of it."""
PYRRA = sorted(path.relative_to(DATA).as_posix() for path in DATA.glob("pyrra/*.yaml"))


@pytest.mark.parametrize("name", [*READ, *PYRRA])
def test_an_objective_of_another_tool_is_read_as_it_is(name: str) -> None:
    loaded = load([DATA / name])
    findings = [each for each in check(loaded) if each.severity is not Severity.INFO]
    expected, slos = READ.get(name, ([], [f"slo:{Path(name).stem.removeprefix('slo-')}"]))
    assert [f"{each.code}:{each.span.start.line if each.span else 0}" for each in findings] == expected
    assert list(loaded.catalog.slos) == slos
    for slo in loaded.catalog.slos.values():
        assert slo.target in loaded.catalog.components


@pytest.mark.parametrize(
    ("folder", "left_out", "rules"),
    [
        ("pyrra", (), 9),
        # Three of the files define the same objective, which is an error in one catalog.
        ("sloth/in", ("k8s-getting-started.yml", "getting-started.yml"), 6),
        # One of the objects has no name that OpenSLO allows.
        ("openslo", ("v1.yaml",), 0),
    ],
)
def test_rules_come_of_a_folder_of_another_tool(
    folder: str, left_out: tuple[str, ...], rules: int, tmp_path: Path
) -> None:
    (tmp_path / "servicescape.toml").write_text(f"exclude = [{', '.join(f'''{name!r}''' for name in left_out)}]\n")
    (tmp_path / "catalog").symlink_to(DATA / folder)
    command = [sys.executable, "-m", "servicescape", "compile", "--output", "rules"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    files = sorted(tmp_path.glob("rules/rules/*/*.yaml"))
    assert len(files) == rules, done.stderr
    if not rules:
        return
    assert done.returncode == 0, done.stderr
    checked = subprocess.run(
        ["promtool", "check", "rules", *map(str, files)], capture_output=True, encoding="utf-8", check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def _files() -> list[Path]:
    return sorted(path for path in DATA.rglob("*.y*ml") if CATALOG not in path.parents) if DATA.is_dir() else []


OTHERS = [path for path in _files() if path.relative_to(DATA).as_posix() not in (*READ, *PYRRA)]


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.relative_to(DATA).as_posix())
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
