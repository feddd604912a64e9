"""What `--prove` makes of rules that hold and of rules that do not, with the real promtool."""

from dataclasses import replace

import pytest

from servicescape.app.prove import Proof, prove
from servicescape.compile.options import CompileOptions
from servicescape.compile.prometheus import CompiledRules, compile_prometheus
from servicescape.compile.rule import Rule
from servicescape.diagnostics.errors import ToolError
from servicescape.model.settings import CompileSettings
from tests.support.slo_catalogs import catalog, component, slo

SHORT = "7d"


def compiled(**settings: object) -> CompiledRules:
    given = CompileSettings.model_validate(settings)
    whole = catalog(
        slo("one", window=SHORT), slo("two", target="service:db"), components=[component(), component("db")]
    )
    return compile_prometheus(whole, options=CompileOptions(settings=given))


def with_alerts_that(compiled: CompiledRules, slo: str, expr: str) -> CompiledRules:
    """The rules with another expression for every alert of one SLO."""

    def changed(rule: Rule) -> Rule:
        return replace(rule, expr=expr) if rule.alert and rule.labels["slo"] == slo else rule

    files = tuple(
        replace(file, groups=tuple(replace(group, rules=tuple(map(changed, group.rules))) for group in file.groups))
        for file in compiled.rule_files
    )
    return replace(compiled, rule_files=files)


def test_rules_that_hold() -> None:
    steps: list[tuple[int, int]] = []
    proof = prove(compiled(), jobs=2, progress=lambda done, of: steps.append((done, of)))
    assert proof.holds
    assert (proof.proven, proof.untested, proof.failures) == (2, 0, ())
    assert proof.promtool.count(".") == 2
    assert steps == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("target", ["operator", "mimir", "thanos", "victoriametrics"])
def test_rules_of_other_targets_are_proven_as_prometheus_takes_them(target: str) -> None:
    assert prove(compiled(target=target, shards=2)).proven == 2


def test_an_alert_that_never_fires_is_found() -> None:
    proof = prove(with_alerts_that(compiled(), "two", "vector(1) > 2"))
    assert not proof.holds
    assert proof.proven == 1
    assert {failure.slo for failure in proof.failures} == {"slo:two"}
    outage = next(failure for failure in proof.failures if "outage" in failure.promised)
    assert outage.file == next(path for path in compiled().tests if path.endswith("two.yaml"))
    assert any(line.startswith("at ") and line.endswith("is nothing, not 1") for line in outage.lines)


def test_each_broken_promise_is_told_by_its_own_name() -> None:
    proof = prove(with_alerts_that(compiled(), "one", "vector(1)"))
    promised = [failure.promised for failure in proof.failures]
    assert "idle time is neither good nor bad" in promised
    assert len(promised) == len(set(promised)) > 1


def test_rules_that_promtool_refuses_are_told_by_file() -> None:
    proof = prove(with_alerts_that(compiled(), "one", "sum("))
    refused = [failure for failure in proof.failures if not failure.slo]
    assert [failure.file for failure in refused] == [
        file.path for file in compiled().rule_files if "basket" in file.path
    ]
    assert "parse error" in refused[0].lines[0]


def test_where_promtool_is_missing_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolError, match="`promtool` is not installed") as raised:
        prove(compiled())
    assert "https://prometheus.io/download/" in raised.value.hint


def test_a_promtool_that_cannot_run_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    from pathlib import Path

    program = Path(str(tmp_path)) / "promtool"
    program.write_text("#!/nowhere\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match="cannot run"):
        prove(compiled())


def test_nothing_to_prove() -> None:
    proof = prove(CompiledRules(files={}, uncompiled=(), tests={}))
    assert proof == Proof(proof.promtool, 0, 0, ())
