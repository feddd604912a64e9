"""What is wrong in what the impact is worked out from: each slip is a finding at its place, and never a traceback."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import run

GOOD = """\
apiVersion: servicescape/v1
kind: Team
metadata: {name: crew}
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: store}
spec: {owner: crew, dependsOn: [{anyOf: [part-a, part-b], need: 2}]}
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: part-a}
spec: {owner: crew}
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: part-b}
spec: {owner: crew, slos: [{name: up, objective: 99.9, measures: availability, indicator: {errorRatio: x}}]}
---
apiVersion: servicescape/v1
kind: Channel
metadata: {name: phone}
spec: {mode: live, capacity: {perHour: 60}, hours: "Mo-Fr 08:00-20:00", costPerContact: 4}
---
apiVersion: servicescape/v1
kind: Journey
metadata: {name: buy}
spec:
  owner: crew
  demand: {perHour: 100, peakPerHour: 200}
  value: {perCompletion: 30, currency: GBP}
  steps: [{name: pay, share: 0.5, legs: [{channel: phone, uses: [store]}]}]
---
apiVersion: servicescape/v1
kind: Scenario
metadata: {name: lost}
spec: {fail: [store], lasts: 4h, at: peak, expect: {journeys: {buy: blocked}}}
"""


def findings(folder: Path, text: str) -> list[dict[str, Any]]:
    (folder / "all.yaml").write_text(text, encoding="utf-8")
    result = run("validate", str(folder), "--no-cache", "--format", "json")
    assert result.exception is None
    found: list[dict[str, Any]] = json.loads(result.stdout)["findings"]
    return found


@pytest.mark.parametrize(
    ("right", "wrong", "code", "at"),
    [
        ("perHour: 100,", "perHour: -1,", "SCH108", "-1"),
        ("peakPerHour: 200", "peakPerHour: -200", "SCH108", "-200"),
        ("peakPerHour: 200", "peakPerHour: 20", "JRN605", "20"),
        ("perHour: 100,", "perHour: .nan,", "SCH106", ".nan"),
        ("perHour: 100,", "perHour: .inf,", "SCH106", ".inf"),
        ("perHour: 100,", 'perHour: "100",', "SCH106", '"100"'),
        ("share: 0.5", "share: 1.5", "SCH108", "1.5"),
        ("share: 0.5", "share: -0.1", "SCH108", "-0.1"),
        ("share: 0.5", "share: 50%", "SCH106", "50%"),
        ("capacity: {perHour: 60}", "capacity: {perHour: 0}", "SCH108", "0}"),
        ("capacity: {perHour: 60}", "capacity: {perHour: -6}", "SCH108", "-6}"),
        ("perCompletion: 30", "perCompletion: -30", "SCH108", "-30"),
        ("costPerContact: 4", "costPerContact: -4", "SCH108", "-4"),
        ("objective: 99.9", "objective: 100", "SCH108", "100"),
        ("objective: 99.9", "objective: 0", "SCH108", "0"),
        ("need: 2", "need: 3", "DEP504", "3"),
        ("need: 2", "need: 0", "SCH108", "0"),
        ("need: 2", "need: 2, tolerates: -5m", "SCH109", "-5m"),
        (
            "steps: [{name: pay, share: 0.5, legs: [{channel: phone, uses: [store]}]}]",
            "steps: []",
            "SCH108",
            "steps: []",
        ),
        ("legs: [{channel: phone, uses: [store]}]", "legs: []", "SCH108", "legs: []"),
        ("fail: [store]", "fail: [stroe]", "REF201", "stroe"),
        ("fail: [store]", "fail: [{team: crw}]", "REF201", "crw"),
        ("fail: [store]", "fail: [{vendor: Nobody}]", "SCN701", "Nobody}"),
        ("fail: [store]", "fail: []", "SCN701", "fail: []"),
        ("journeys: {buy: blocked}", "journeys: {by: blocked}", "REF201", "by"),
        ("journeys: {buy: blocked}", "journeys: {buy: blockd}", "SCH107", "blockd"),
        ("lasts: 4h", "lasts: 0h", "SCH108", "0h"),
        ("at: peak", "at: noon", "SCH109", "noon"),
        ('hours: "Mo-Fr 08:00-20:00"', 'hours: "Mo-Fr 8 to 8"', "JRN606", '"Mo-Fr 8 to 8"'),
    ],
)
def test_each_slip_is_told_at_its_place(tmp_path: Path, right: str, wrong: str, code: str, at: str) -> None:
    assert GOOD.count(right) == 1
    text = GOOD.replace(right, wrong)
    before = {(finding["code"], finding["message"]) for finding in findings(tmp_path, GOOD)}
    new = [finding for finding in findings(tmp_path, text) if (finding["code"], finding["message"]) not in before]
    assert code in [finding["code"] for finding in new], new
    told = next(finding for finding in new if finding["code"] == code)
    line = text.splitlines()[told["line"] - 1]
    assert line[told["column"] - 1 :].startswith(at), (told, line[told["column"] - 1 :])
    # What can still be worked out is, and nothing falls over.
    for arguments in (["impact"], ["impact", "--fail", "part-a", "--lasts", "4h", "--explain"], ["test"]):
        result = run(*arguments, str(tmp_path))
        assert result.exception is None or type(result.exception).__name__ in ("ToolError", "Exit"), arguments
        assert "nan" not in result.stdout.lower().replace(".nan", "")


def test_what_the_catalog_does_not_say_is_no_zero(tmp_path: Path) -> None:
    text = GOOD.replace("  demand: {perHour: 100, peakPerHour: 200}\n", "").replace("capacity: {perHour: 60}, ", "")
    (tmp_path / "all.yaml").write_text(text, encoding="utf-8")

    def impact(*arguments: str) -> str:
        return run("impact", str(tmp_path), *arguments).stdout

    blast = json.loads(impact("--fail", "store", "--lasts", "1h", "--format", "json", "--explain"))
    (journey,) = blast["journeys"]
    assert (journey["blockedPerHour"], journey["blockedTotal"], journey["valueLost"]) == (None, None, None)
    totals = blast["totals"]
    known = ("blockedPerHour", "displacedPerHour", "blockedCustomers", "displacedContacts", "contactCost")
    assert [totals[key] for key in known] == [None] * 5
    assert blast["explanation"] == {"stretches": [], "withoutDemand": ["journey:buy"]}
    assert "Demand of buy" in impact("--fail", "store", "--explain")
    matrix = json.loads(impact("--format", "json"))
    assert {tuple(row["blockedPerHour"].values()) for row in matrix["rows"]} == {(None, None)}
    row = impact("--fail", "store", "--format", "csv").splitlines()[1].split(",")
    assert row[6:10] == ["", "", "", ""]
