"""Every rule against the cases in the file of its code, and what holds for all rules."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import servicescape
from servicescape.app.check import Selection, check
from servicescape.app.load import Loaded, load
from servicescape.diagnostics import Diagnostic, Edit
from servicescape.diagnostics.position import LineTable
from servicescape.rules.registry import all_rules
from servicescape.rules.rule import Rule

FOLDER = Path(__file__).parent
SOURCE = Path(servicescape.__file__).parent
MAIN_FILE = "catalog/catalog.yaml"


@dataclass(frozen=True)
class Case:
    """One catalog and what a rule says of it.

    `catalog` is the text of a single file; `files` holds several by path, as text; `bytes` the same with escapes for
    bytes; `links` symbolic links; `sizes` files of so many bytes. `also` names the codes of other rules that must speak
    up as well: all others must be silent, so that no fault is reported twice. `findings` are written
    `[file:]line:column: part of the message`, or `file: …` for a whole file. `fixed` is the text after all safe
    mends, `fixedUnsafely` after all of them.
    `today` is the day of the run; without it nothing expires.
    """

    code: str
    verdict: str
    name: str
    data: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.code}-{self.verdict}-{self.name}"

    def write(self, root: Path) -> None:
        files = dict(self.data.get("files", {}))
        if "catalog" in self.data:
            files[MAIN_FILE] = self.data["catalog"]
        if "settings" in self.data:
            files["servicescape.toml"] = self.data["settings"]
        content = {name: text.encode() for name, text in files.items()}
        content |= {name: text.encode("latin-1") for name, text in self.data.get("bytes", {}).items()}
        content |= {name: b"#" * size for name, size in self.data.get("sizes", {}).items()}
        for name, data in content.items():
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        for name, target in self.data.get("links", {}).items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).symlink_to(target)


def cases() -> Iterator[Case]:
    for file in sorted(FOLDER.glob("*.yaml")):
        for verdict, entries in YAML(typ="safe").load(file.read_text(encoding="utf-8")).items():
            for entry in entries:
                yield Case(file.stem, verdict, entry["name"], entry)


ALL_CASES = list(cases())


def _said(diagnostic: Diagnostic) -> str:
    file = "" if diagnostic.file == MAIN_FILE and diagnostic.span else f"{diagnostic.file}:"
    place = f"{diagnostic.span.start.line}:{diagnostic.span.start.column}: " if diagnostic.span else " "
    return f"{file}{place}{diagnostic.message}"


def _matches(said: str, expected: str) -> bool:
    place, _, part = expected.partition(": ")
    return said.startswith(f"{place}: ") and part in said.removeprefix(f"{place}: ")


@pytest.mark.parametrize("case", ALL_CASES, ids=str)
def test_case(case: Case, tmp_path: Path) -> None:
    case.write(tmp_path)
    loaded = load(cwd=tmp_path)
    today = case.data.get("today")
    found = check(loaded, Selection(select=(case.code,)), today=today)
    said = [_said(diagnostic) for diagnostic in found]
    expected = case.data.get("findings", [])
    assert (case.verdict == "fail") == bool(expected), "pass cases expect nothing, fail cases something"
    assert len(said) == len(expected), said
    for one, other in zip(said, expected, strict=True):
        assert _matches(one, other), said
    others = {diagnostic.code for diagnostic in check(loaded, Selection(select=("ALL",)), today=today)} - {case.code}
    assert others == set(case.data.get("also", [])), "other rules speak up"
    for diagnostic in found:
        assert diagnostic.help, "says what to do"
        assert diagnostic.name == all_rules()[case.code].name
    for key, unsafe in (("fixed", False), ("fixedUnsafely", True)):
        if key in case.data:
            _check_mend(case, key, loaded, found, tmp_path, unsafe=unsafe)


def _check_mend(case: Case, key: str, loaded: Loaded, found: list[Diagnostic], root: Path, *, unsafe: bool) -> None:
    fixes = [finding.fix for finding in found if finding.fix is not None and (finding.fix.safe or unsafe)]
    text = _apply(loaded.text_of(MAIN_FILE) or "", [edit for fix in fixes for edit in fix.edits])
    assert text == case.data[key]
    (root / MAIN_FILE).write_bytes(text.encode())
    left = check(load(cwd=root), Selection(select=(case.code,)))
    assert len(left) == len(found) - len(fixes), "the mends mend"


def _apply(text: str, edits: list[Edit]) -> str:
    table = LineTable(text)
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        text = text[: table.offset(edit.span.start)] + edit.text + text[table.offset(edit.span.end) :]
    return text


RULES = list(all_rules().values())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule_has_cases_both_ways(rule: type[Rule]) -> None:
    verdicts = {case.verdict for case in ALL_CASES if case.code == rule.code}
    assert verdicts == {"pass", "fail"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_mends_are_tried(rule: type[Rule]) -> None:
    assert rule.fixable == any(
        {"fixed", "fixedUnsafely"} & case.data.keys() for case in ALL_CASES if case.code == rule.code
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_page_is_complete(rule: type[Rule]) -> None:
    lines = rule.documentation().splitlines()
    assert len(rule.summary()) <= 100
    assert rule.summary().endswith(".")
    assert [line for line in lines if line.startswith("## ")] == [
        "## Why it matters",
        "## Example",
        "## What to do",
    ]
    assert sum(line.startswith("```") for line in lines) % 2 == 0


def test_cases_belong_to_rules() -> None:
    assert {case.code for case in ALL_CASES} <= set(all_rules())


def test_one_rule_one_file_one_name() -> None:
    classes: list[tuple[str, str, str]] = []
    for file in sorted((SOURCE / "rules" / "families").glob("*/*.py")):
        text = file.read_text(encoding="utf-8")
        codes = re.findall(r'^    code = "(\w+)"', text, re.MULTILINE)
        names = re.findall(r'^    name = "([\w-]+)"', text, re.MULTILINE)
        if not codes:
            continue
        assert len(codes) == len(names) == 1, file
        classes.append((codes[0], names[0], f"{file.parent.name}/{file.stem}"))
    for code, name, place in classes:
        assert place == f"{code[:3].lower()}/{code.lower()}_{name.replace('-', '_')}"
    assert sorted(code for code, _, _ in classes) == list(all_rules())
    assert len({name for _, name, _ in classes}) == len(classes), "two rules of one name"


def test_every_code_in_the_source_has_a_rule() -> None:
    families = {code[:3] for code in all_rules()}
    used = {
        code
        for file in SOURCE.rglob("*.py")
        for code in re.findall(r'"([A-Z]{3}\d{3})"', file.read_text(encoding="utf-8"))
        if code[:3] in families
    }
    assert used <= set(all_rules())
