"""Policies of the settings: what they find, where, and what is wrong with them."""

import sys
import tomllib
from pathlib import Path

import pytest

from servicescape.app.check import Selection, check
from servicescape.app.load import load
from servicescape.app.policies import use_settings_policies
from servicescape.diagnostics.errors import ToolError
from servicescape.model.kinds import KINDS
from servicescape.model.settings import Policy, Settings
from servicescape.rules.policies import entity_as_json
from servicescape.rules.registry import all_rules, installed_rules, use_policies
from tests.docs.pages import blocks, page

CATALOG = """\
apiVersion: servicescape/v1
kind: Team
metadata: {name: crew, title: The crew}
spec: {contacts: [{type: slack, value: "#crew"}]}
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: till, title: Till, labels: {pci: in-scope}}
spec:
  owner: crew
  tier: 1
  dependsOn:
    - {on: bank, tolerates: 5m}
---
apiVersion: servicescape/v1
kind: External
metadata: {name: bank}
spec: {vendor: Bank, slos: [{objective: 99.9, indicator: {gauge: up}}]}
"""


@pytest.fixture(autouse=True)
def _no_policies_left() -> object:
    yield
    use_policies(())


def found(tmp_path: Path, **policy: object) -> list[str]:
    policy = {"code": "ACME001", "name": "a-policy", "message": "{name}", **policy}
    lines = [f"{key} = {_toml(value)}" for key, value in policy.items()]
    (tmp_path / "servicescape.toml").write_text("[[policies]]\n" + "\n".join(lines), encoding="utf-8")
    (tmp_path / "catalog").mkdir(exist_ok=True)
    (tmp_path / "catalog" / "a.yaml").write_text(CATALOG, encoding="utf-8")
    findings = check(load(cwd=tmp_path), Selection(select=("ACME",)))
    assert all(finding.code == "ACME001" and finding.name == "a-policy" for finding in findings)
    starts = [(finding.span.start, finding.message) for finding in findings if finding.span]
    return [f"{start.line}:{start.column}: {message}" for start, message in starts]


def _toml(value: object) -> str:
    return f"[{', '.join(_toml(each) for each in value)}]" if isinstance(value, list) else f"'''{value}'''"


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({"expect": "true"}, []),
        ({"expect": "false"}, ["3:18: crew", "8:18: till", "17:18: bank"]),
        ({"expect": "false", "for": "Team"}, ["3:18: crew"]),
        ({"expect": "false", "for": ["Service", "External"]}, ["8:18: till", "17:18: bank"]),
        ({"expect": "has(spec.recovery.runbook)", "when": '"pci" in metadata.labels'}, ["8:18: till"]),
        ({"expect": "spec.tier == 1", "for": ["Service", "External"]}, ["17:18: bank"]),
        ({"expect": "false", "when": "spec.tier == 1"}, ["8:18: till"]),
        ({"expect": 'spec.lifecycle != "production"', "for": "Service"}, ["8:18: till"]),
        ({"expect": "size(spec.slos) == 0", "for": "External"}, ["17:18: bank"]),
        ({"expect": "spec.slos.all(s, s.objective > 99.5)", "for": "External"}, []),
        ({"expect": "spec.dependsOn.all(d, type(d) == string || has(d.because))", "for": "Service"}, ["8:18: till"]),
        ({"expect": 'ref.startsWith("service:") && kind == "Service"', "for": "Service"}, []),
        ({"expect": "false", "for": "Service", "at": "spec.tier"}, ["11:9: till"]),
        ({"expect": "false", "for": "Service", "at": "spec.dependsOn"}, ["13:5: till"]),
        ({"expect": "false", "for": "Service", "at": "spec.dependsOn.0.on"}, ["13:12: till"]),
        ({"expect": "false", "for": "Service", "at": "spec.platform"}, ["8:18: till"]),
        (
            {"expect": "false", "for": "Service", "message": "{kind} {ref} {title} of {owner}"},
            ["8:18: Service service:till Till of crew"],
        ),
        ({"expect": "false", "for": "External", "message": "{title} of {owner}"}, ["17:18: bank of nobody"]),
        (
            {"expect": 'spec.tier < "1"', "for": "Service"},
            ["8:18: `expect` has no value here: No such overload"],
        ),
        ({"expect": "spec.tier", "for": "Service"}, ["8:18: `expect` has no value here: it gives 1 instead of true"]),
        ({"expect": "false", "when": "spec.tier", "for": "Service"}, ["8:18: `when` has no value here"]),
        ({"expect": "spec.dependsOn[7].on == 'x'", "for": "Service"}, ["8:18: till"]),
    ],
)
def test_findings(policy: dict[str, object], expected: list[str], tmp_path: Path) -> None:
    said = found(tmp_path, **policy)
    assert len(said) == len(expected), said
    assert all(one.startswith(other) for one, other in zip(said, expected, strict=True)), said


@pytest.mark.parametrize(
    ("policy", "message", "hint"),
    [
        ({"expect": "spec.tier <"}, "the policy `ACME001`: `expect` is no CEL expression: line 1, column 12", "mend"),
        ({"expect": "speck.tier == 1"}, "`expect` speaks of `speck`", "did you mean `spec`?"),
        ({"expect": "sise(spec) == 1"}, "`expect` calls `sise`", "did you mean `size`?"),
        ({"expect": "true", "when": "kind.lowerAscii() == 'x'"}, "`when` calls `lowerAscii`", "known are"),
        ({"expect": "spec.teir == 1", "for": "Service"}, "`spec.teir`, which is no key of a Service", "`spec.tier`?"),
        (
            {"expect": "has(spec.recovery.runbok)", "for": "Service"},
            "`spec.recovery.runbok`",
            "`spec.recovery.runbook`",
        ),
        ({"expect": "has(spec.tier)", "for": ["Team", "View"]}, "no key of any of these kinds", "the keys here are"),
        ({"expect": "has(metadata.label)"}, "`metadata.label`, which is no key of any kind", "`metadata.labels`?"),
        ({"expect": "true", "at": "spec.ownr", "for": "Service"}, "`at` asks for `spec.ownr`", "`spec.owner`?"),
        ({"expect": "true", "message": "{tier}"}, "nothing stands for `{tier}`", "`{title}`"),
        ({"expect": "true", "code": "REF001"}, "codes that begin with `REF` belong to servicescape", "ACME001"),
        ({"expect": "true", "code": "A1"}, "code", "mend"),
        ({"expect": "true", "for": "Servise"}, "for", ""),
        ({"expect": "true", "wehn": "true"}, "unknown setting `policies.0.wehn`", "did you mean `when`?"),
    ],
)
def test_faults_of_the_settings(policy: dict[str, object], message: str, hint: str, tmp_path: Path) -> None:
    with pytest.raises(ToolError) as raised:
        found(tmp_path, **policy)
    assert message in raised.value.message
    assert hint in raised.value.hint


def test_texts_and_loop_variables_are_no_keys(tmp_path: Path) -> None:
    assert (
        found(tmp_path, expect="metadata.name != 'spec.nothing' && spec.slos.all(spec, true)", **{"for": "External"})
        == []
    )


def test_one_code_for_two_policies() -> None:
    policy = Policy.model_validate({"code": "ACME001", "name": "a", "expect": "true", "message": "m"})
    with pytest.raises(ToolError, match="has the code `ACME001` already"):
        use_settings_policies(Settings(policies=(policy, policy)))


def test_without_the_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "cel", None)
    with pytest.raises(ToolError) as raised:
        found(tmp_path, expect="true")
    assert "pip install 'servicescape[policies]'" in raised.value.hint


def test_the_next_run_has_policies_of_its_own(tmp_path: Path) -> None:
    found(tmp_path, expect="false", severity="info", help="do it")
    assert all_rules()["ACME001"].severity == "info"
    assert "do it" in all_rules()["ACME001"].documentation()
    (tmp_path / "servicescape.toml").unlink()
    check(load(cwd=tmp_path))
    assert all_rules() == installed_rules()


def test_every_kind_can_be_named() -> None:
    for kind in KINDS:
        Policy.model_validate({"code": "ACME001", "name": "a", "for": kind, "expect": "true", "message": "m"})


def test_an_entity_as_json(tmp_path: Path) -> None:
    found(tmp_path, expect="true")
    data = entity_as_json(load(cwd=tmp_path).catalog.entities["service:till"].entity)
    assert data["ref"] == "service:till"
    assert data["spec"]["dependsOn"] == [{"kind": "hard", "tolerates": "5m", "on": "bank"}]
    assert "runbook" not in data["spec"]["recovery"]


def test_policies_of_the_page_can_be_used() -> None:
    [example] = [text for language, text in blocks(page("own-rules.md")) if language == "toml" and "policies" in text]
    use_settings_policies(Settings.model_validate(tomllib.loads(example)))
    assert {"ACME001", "ACME002"} <= set(all_rules())
