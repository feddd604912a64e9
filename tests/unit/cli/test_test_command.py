"""`servicescape test` on the example catalog, and its JSON against its schema."""

import json
from pathlib import Path
from typing import Any

import junitparser
import xmlschema

from tests.support import command
from tests.support.command import EXAMPLE, ROOT, published


def test_the_example_catalogs_scenarios_hold() -> None:
    result = command.run("test", EXAMPLE)
    assert result.return_value == 0
    assert result.stdout.endswith("8 scenarios: all hold\n")


def test_json_has_the_published_form() -> None:
    found = published(json.loads(command.run("test", EXAMPLE, "--format", "json").stdout), "test")
    assert found["summary"] == {"scenarios": 8, "failed": 0}


def test_quiet_says_nothing_when_all_hold() -> None:
    result = command.run("test", EXAMPLE, "-q")
    assert (result.return_value, result.stdout) == (0, "")


FAILING = """\
apiVersion: servicescape/v1
kind: Team
metadata: {name: crew}
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: store}
spec: {owner: crew}
---
apiVersion: servicescape/v1
kind: Channel
metadata: {name: web}
spec: {mode: self-service}
---
apiVersion: servicescape/v1
kind: Journey
metadata: {name: buy, title: 'Buy <"now"> & pay'}
spec:
  owner: crew
  demand: {perHour: 100}
  steps: [{name: pay, legs: [{channel: web, uses: [store]}]}]
---
apiVersion: servicescape/v1
kind: Journey
metadata: {name: look}
spec:
  owner: crew
  steps: [{name: see, legs: [{channel: web}]}]
---
apiVersion: servicescape/v1
kind: Scenario
metadata: {name: store-lost, title: "]]> The store is lost"}
spec:
  fail: [store]
  expect:
    journeys: {buy: {atMost: degraded}, look: ok}
    blockedCustomersPerHour: {atMost: 10}
---
apiVersion: servicescape/v1
kind: Scenario
metadata: {name: silent}
spec: {fail: [store]}
"""


def run(folder: Path, *arguments: str) -> Any:
    (folder / "all.yaml").write_text(FAILING, encoding="utf-8")
    return command.run("test", str(folder), *arguments)


def test_junit_has_a_test_for_each_expectation_and_the_difference_in_its_failure(tmp_path: Path) -> None:
    result = run(tmp_path, "--format", "junit")
    assert result.return_value == 1
    xmlschema.XMLSchema(str(ROOT / "tests" / "schemas" / "junit.xsd")).validate(result.stdout)
    suites = junitparser.JUnitXml.fromstring(result.stdout.encode())
    assert (suites.tests, suites.failures) == (4, 2)
    cases = {case.name: case for suite in suites for case in suite}
    assert list(cases) == ["runs", 'Buy <"now"> & pay', "look", "customers blocked / h"]
    (failure,) = cases['Buy <"now"> & pay'].result
    assert failure.message == "expected at most degraded, found blocked"
    assert failure.text.splitlines() == [
        ']]> The store is lost: Buy <"now"> & pay',
        "- expected: at most degraded",
        "+ found: blocked",
        "store (service, crew) is lost at average demand, until mended.",
        "because: store",
    ]
    assert cases["look"].is_passed
    assert cases["runs"].is_skipped
    assert {case.classname for case in cases.values()} == {"scenarios.silent", "scenarios.store-lost"}


def test_junit_goes_into_a_file_even_when_quiet(tmp_path: Path) -> None:
    target = tmp_path / "made" / "scenarios.xml"
    result = command.run("test", EXAMPLE, "-q", "--format", "junit", "-o", str(target))
    assert (result.return_value, result.stdout) == (0, "")
    suites = junitparser.JUnitXml.fromstring(target.read_bytes())
    assert suites.failures == 0
    assert len(list(suites)) == 8


def test_text_says_why(tmp_path: Path) -> None:
    lines = run(tmp_path).stdout.splitlines()
    assert '    Buy <"now"> & pay      expected at most degraded, found blocked' in lines
    assert (
        lines[lines.index('    Buy <"now"> & pay      expected at most degraded, found blocked') + 1] == "      ↳ store"
    )
    assert '      ↳ Buy <"now"> & pay 100' in lines
    assert lines[-1] == "1 of 2 scenarios holds"
