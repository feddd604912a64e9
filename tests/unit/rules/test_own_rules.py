"""Rules of installed packages: the page's example from its installation to its findings, and what can be wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import servicescape.rules
from servicescape.diagnostics.errors import ToolError
from servicescape.rules import Diagnostic, Rule, Severity
from servicescape.rules.own_rules import findings_of, load_own_rules
from servicescape.rules.registry import built_in_rules
from tests.docs.pages import blocks, page

CATALOG = """\
apiVersion: servicescape/v1
kind: External
metadata: {name: shop}
spec: {vendor: A, dependsOn: [basket]}
---
apiVersion: servicescape/v1
kind: External
metadata: {name: basket, labels: {pci: in-scope}}
spec: {vendor: A, dependsOn: [{on: payment-hub, kind: soft}]}
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: payment-hub, labels: {pci: in-scope}}
spec: {owner: crew}
---
apiVersion: servicescape/v1
kind: Team
metadata: {name: crew}
spec: {receivers: {page: crew}}
"""

HEAD = """
from servicescape.rules import Diagnostic, Rule, Severity

class Own(Rule):
    \"\"\"Something of ours.\"\"\"

    code = "ACME001"
    name = "ours"
    severity = Severity.INFO
"""


def write_package(folder: Path, code: str, entry: str = "ours = acme_rules:Own", name: str = "acme-rules") -> None:
    """A package as an installer leaves it: its module, and a dist-info folder with its entry points."""
    module = entry.partition("=")[2].strip().partition(":")[0]
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[servicescape.rules]\n{entry}\n", encoding="utf-8")


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    (folder / "catalog").mkdir(exist_ok=True)
    (folder / "catalog" / "a.yaml").write_text(CATALOG, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(folder / "site"), "SERVICESCAPE_CACHE_DIR": str(folder / "cache")}
    command = [sys.executable, "-m", "servicescape", *args]
    return subprocess.run(command, cwd=folder, env=environment, text=True, capture_output=True, timeout=60, check=False)


def test_the_example_of_the_page_is_installed_and_runs(tmp_path: Path) -> None:
    [code] = [text for language, text in blocks(page("own-rules.md")) if language == "python"]
    [project] = [text for language, text in blocks(page("own-rules.md")) if language == "toml" and "[project]" in text]
    source = tmp_path / "source"
    source.mkdir()
    (source / "acme_rules.py").write_text(code, encoding="utf-8")
    (source / "pyproject.toml").write_text(project, encoding="utf-8")
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    install += ["--disable-pip-version-check", "--target", str(tmp_path / "site"), str(source)]
    subprocess.run(install, check=True, timeout=120, capture_output=True)
    result = run(tmp_path, "validate", "--format", "concise")
    assert result.returncode == 1, result.stderr
    assert result.stdout == (
        "catalog/a.yaml:3:18: error ACME101 pci-label: `shop` touches payments and has no label `pci` "
        "(add `labels: {pci: in-scope}`)\n"
    )
    assert run(tmp_path, "validate", "--ignore", "ACME").returncode == 0
    assert run(tmp_path, "validate", "--select", "REF").returncode == 0
    assert "ACME101  error    pci-label" in run(tmp_path, "explain").stdout
    assert "tell the security crew" in run(tmp_path, "explain", "acme101").stdout


@pytest.mark.parametrize(
    ("code", "entry", "message", "hint"),
    [
        ("import nothing_of_this_name", "ours = acme_a:Own", "ModuleNotFoundError: No module named", "acme_a"),
        (HEAD, "ours = acme_b:Onw", "cannot be loaded: AttributeError", "acme_b"),
        ("Own = 3", "ours = acme_c:Own", "is no rule: int", "derived from `servicescape.rules.Rule`"),
        (HEAD.replace("ACME001", "REF999"), "ours = acme_d:Own", "codes that begin with `REF` belong", "ACME001"),
        (HEAD.replace("ACME001", "acme-1"), "ours = acme_e:Own", "`acme-1` is no code", "ACME001"),
        (HEAD.replace('code = "ACME001"', ""), "ours = acme_f:Own", "no usable `code`", "ACME001"),
        (HEAD.replace('"ours"', '"Our Rule"'), "ours = acme_g:Own", "no usable `name`", "kebab case"),
        (HEAD.replace("Severity.INFO", "'info'"), "ours = acme_h:Own", "no usable `severity`", "Severity.WARNING"),
        (HEAD.replace('"""Something of ours."""', ""), "ours = acme_i:Own", "no docstring", "first line"),
        (HEAD, "ours = acme_j:Own\nagain = acme_j:Own", "has the code `ACME001` already", "another number"),
    ],
)
def test_what_cannot_be_loaded(
    code: str, entry: str, message: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_package(tmp_path, code, entry)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ToolError) as raised:
        load_own_rules(built_in_rules())
    assert message in raised.value.message
    assert "the entry point `" in raised.value.message
    assert "of the package `acme-rules`" in raised.value.message
    assert hint in raised.value.hint


@pytest.mark.parametrize("entry", ["ours = acme_k", "ours = acme_k:ALL"])
def test_a_module_and_a_list(entry: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more = HEAD.replace("class Own", "class Other").replace("ACME001", "ACME002")
    write_package(tmp_path, f"{HEAD}\n{more}\nALL = [Own, Other]\n", entry)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert list(load_own_rules(built_in_rules())) == ["ACME001", "ACME002"]


def test_a_rule_that_fails_ends_the_run_and_says_where(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    body = "\n    def check(self, catalog, context):\n        yield catalog.components['service:none'].name\n"
    write_package(site, HEAD + body)
    result = run(tmp_path, "validate")
    assert result.returncode == 2
    assert "the rule `ACME001` has failed: KeyError: 'service:none'" in result.stderr
    assert f"{site / 'acme_rules.py'}:12" in result.stderr.replace("\n          ", "").replace("\n", "")
    assert "Traceback" not in result.stderr
    assert run(tmp_path, "validate", "--ignore", "ACME001").returncode == 0


def test_a_rule_that_finds_no_findings() -> None:
    class Odd(Rule):
        """Odd."""

        code, name, severity = "ACME001", "odd", Severity.INFO

        def check(self, catalog: object, context: object) -> list[Diagnostic]:
            return [Diagnostic("ACME002", "m", "f", None)]

    with pytest.raises(ToolError, match="must be a Diagnostic with the code 'ACME001'"):
        findings_of(Odd, None, None)  # type: ignore[arg-type]


def test_what_own_rules_may_rely_on() -> None:
    """Additions are welcome here; what is taken away breaks rules that others have written."""
    names = """Catalog Channel Component Diagnostic Edge Edit Effect Fix Journey Label Leg Located Position Rule
    RuleContext Severity Slo Span Step"""
    assert set(names.split()) <= set(servicescape.rules.__all__)
    assert {"code", "name", "severity", "fixable"} <= set(Rule.__annotations__)
    assert set(servicescape.rules.RuleContext.__annotations__) >= {"settings", "extension_schemas", "today"}
    finding = Diagnostic(code="A", message="m", file="f", span=None, label="", help="", entity=None)
    assert finding.related == ()


def test_an_edited_rule_counts_at_once_also_where_an_answer_is_kept(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    body = """
    def check(self, catalog, context):
        from acme_words import WORDS
        located = catalog.teams["team:crew"]
        span = located.places.value_span(("metadata", "name"))
        yield Diagnostic(self.code, WORDS, located.file, span)
"""
    write_package(tmp_path / "site", HEAD + body)
    (tmp_path / "site" / "acme_words.py").write_text("WORDS = 'one'\n", encoding="utf-8")

    def messages() -> list[str]:
        return [
            line.split("ours: ")[1] for line in run(tmp_path, "validate", "--format", "concise").stdout.splitlines()
        ]

    assert messages() == messages() == ["one"]
    # What the rule has imported counts as well as the rule itself.
    (tmp_path / "site" / "acme_words.py").write_text("WORDS = 'another'\n", encoding="utf-8")
    assert messages() == ["another"]
    code = tmp_path / "site" / "acme_rules.py"
    code.write_text(code.read_text(encoding="utf-8").replace(", WORDS,", ", 'a third',"), encoding="utf-8")
    assert messages() == messages() == ["a third"]
