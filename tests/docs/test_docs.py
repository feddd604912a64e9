"""The pages say what the code does: their examples are run, and their lists are complete."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from servicescape.app.check import check
from servicescape.app.load import load
from servicescape.cli.commands import COMMANDS
from servicescape.library.pages import indicators_page
from servicescape.model.base import Part
from servicescape.model.kinds import KINDS
from servicescape.model.settings import Settings
from servicescape.model.shape import fields_of, parts_at, words_at
from servicescape.rules.registry import all_rules
from tests.docs.pages import DOCS, ROOT, blocks, page, with_output, write_catalog
from tests.rules.test_rule_cases import ALL_CASES
from tests.support.snapshots import assert_snapshot

PAGES = sorted(path.name for path in DOCS.glob("*.md"))


@pytest.mark.parametrize("name", ["language.md", "impact.md", "slo.md"])
def test_examples_are_a_catalog_without_findings(name: str, tmp_path: Path) -> None:
    findings = check(load([write_catalog(page(name), tmp_path)]))
    assert [f"{finding.file}:{finding.span}: {finding.code} {finding.message}" for finding in findings] == []


@pytest.mark.parametrize("name", ["impact.md", "slo.md", "migration.md"])
def test_commands_print_what_the_page_shows(name: str, tmp_path: Path) -> None:
    assert_snapshot(DOCS / name, with_output(page(name), tmp_path))


def test_every_kind_has_an_example() -> None:
    shown = set(re.findall(r"^kind: (\w+)$", page("language.md"), re.MULTILINE))
    assert shown == set(KINDS)


def test_every_key_of_the_language_is_mentioned() -> None:
    text = page("language.md")
    missing = {
        f"{part.__name__}.{key}"
        for part, _, _ in _all_parts()
        for key in fields_of(part)
        if not re.search(rf"`[^`\n]*\b{re.escape(key)}\b[^`\n]*`", text)
    }
    assert missing == set()


def test_every_key_of_the_language_stands_in_an_example() -> None:
    text = "\n".join(text for language, text in blocks(page("language.md")) if language == "yaml")
    missing = {
        f"{part.__name__}.{key}"
        for part, _, _ in _all_parts()
        for key in fields_of(part)
        if key not in ("namespace", "extensions", "parent") and not re.search(rf"\b{re.escape(key)}:", text)
    }
    assert missing == set()


def test_every_word_of_the_language_is_mentioned() -> None:
    text = page("language.md")
    missing = {
        f"{'.'.join(map(str, path))}: {word}"
        for part, kind, at in _all_parts()
        for key in fields_of(part)
        for path in [(*at, key)]
        for word in words_at(KINDS[kind], path)
        if not re.search(rf"`[^`\n]*(?<![\w-]){re.escape(word)}(?![\w-])[^`\n]*`", text)
    }
    assert missing == set()


def _all_parts() -> Iterator[tuple[type[Part], str, tuple[str | int, ...]]]:
    """Every mapping of the language, once for each kind, with a path at which it may stand."""
    for kind, model in KINDS.items():
        seen: set[type[Part]] = set()
        queue: list[tuple[str | int, ...]] = [()]
        while queue:
            path = queue.pop(0)
            for part in parts_at(model, path):
                if part in seen:
                    continue
                seen.add(part)
                yield part, kind, path
                # A list has items and a dictionary has values: one of each is looked into.
                for key in fields_of(part):
                    queue += [(*path, key), (*path, key, 0), (*path, key, "name")]


def test_settings_page_names_every_key() -> None:
    text = page("settings.md")
    assert [key for key in _setting_keys(Settings) if f"`{key}`" not in text] == []


def test_settings_examples_are_settings() -> None:
    examples = [tomllib.loads(text) for language, text in blocks(page("settings.md")) if language == "toml"]
    settings = [Settings.model_validate(example) for example in examples]
    assert any(each != Settings() for each in settings)


def test_settings_example_shows_every_key() -> None:
    examples = "\n".join(text for language, text in blocks(page("settings.md")) if language == "toml")
    shown = re.findall(r"^\[*([\w.-]+)", examples, re.MULTILINE)
    shown += [".".join(key.split(".")[:2]) for key in shown]  # Tables below a table, by names of the user's own.
    assert [key for key in _setting_keys(Settings) if key not in shown and key.rpartition(".")[2] not in shown] == []


def _setting_keys(table: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in table.model_fields.items():
        key = f"{prefix}{field.alias or name}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _setting_keys(field.annotation, f"{key}.")
        else:
            yield key


def test_page_of_indicators_is_up_to_date() -> None:
    assert_snapshot(DOCS / "indicators.md", indicators_page())


def test_rules_page_is_up_to_date() -> None:
    assert_snapshot(DOCS / "rules.md", _rules_page())


FAMILIES = {
    "YML": "Files and YAML",
    "SCH": "Keys and values",
    "DIA": "Documents of other tools",
    "REF": "Names and references",
    "OWN": "Owners",
    "SLO": "SLOs and indicators",
    "DEP": "Dependencies",
    "JRN": "Journeys and channels",
    "CTY": "Continuity for customers",
    "PAR": "Ready for failure",
    "DAT": "Data of customers",
    "CPX": "Complexity",
    "SCN": "Scenarios",
    "VIW": "Views",
    "IGN": "Findings that are passed over",
}


def _mends(code: str) -> str:
    """What the cases of a rule show to be mended."""
    data = [case.data for case in ALL_CASES if case.code == code]
    kinds = [
        word
        for word, key, before in (("safe", "fixed", "catalog"), ("unsafe", "fixedUnsafely", "fixed"))
        if any(key in each and each[key] != each.get(before, each.get("catalog")) for each in data)
    ]
    return " and ".join(kinds)


def _rules_page() -> str:
    lines = [
        "# Rules",
        "",
        "What `servicescape validate` finds. `servicescape explain CODE` says why it matters, with an example",
        "and what to do. [Settings](settings.md) choose which rules run and how grave they are.",
        "",
        "The column *mends* says whether some findings of a rule can be mended with `--fix` (safe), or only with",
        "`--unsafe-fixes` (unsafe); [Mends](mending.md) tells the difference.",
        "",
        "This page is made from the rules themselves: `UPDATE_SNAPSHOTS=1 pytest tests/docs` writes it.",
    ]
    rules = all_rules()
    present = {code[:3] for code in rules}
    assert present <= set(FAMILIES), "a family of rules has no heading"
    for family, title in FAMILIES.items():
        if family not in present:
            continue
        lines += [
            "",
            f"## {family}: {title}",
            "",
            "| code | name | severity | mends | finds |",
            "|---|---|---|---|---|",
        ]
        for code, rule in rules.items():
            if code.startswith(family):
                summary = rule.summary().replace("|", "\\|")
                lines.append(f"| {code} | `{rule.name}` | {rule.severity} | {_mends(code)} | {summary} |")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", [*PAGES, "../README.md", "../benchmarks/README.md", "../CHANGELOG.md"])
def test_links_within_the_repository_lead_somewhere(name: str) -> None:
    file = (DOCS / name).resolve()
    text = re.sub(r"^```.*?^```$", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        other = (file.parent / path) if path else file
        if not other.exists() or (anchor and anchor not in _anchors(other)):
            broken.append(target)
    assert broken == []


def _anchors(file: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("name", PAGES)
def test_prose_is_wrapped(name: str) -> None:
    text = re.sub(r"^```.*?^```$", "", page(name), flags=re.MULTILINE | re.DOTALL)
    # Rows of tables and addresses cannot be wrapped.
    lines = [line for line in text.splitlines() if not line.startswith("|") and "](https://" not in line]
    assert [line for line in lines if len(line) > 120] == []


def test_rules_named_in_the_pages_exist() -> None:
    named = {code for name in PAGES for code in re.findall(r"\b[A-Z]{3}[0-9]{3}\b", page(name))}
    assert named - set(all_rules()) == set()


def test_benchmark_scripts_named_in_their_page_exist() -> None:
    text = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\b([a-z_]+\.py)\b", text))
    tests = {name for name in named if name.startswith("test_")}
    assert named - tests == {path.name for path in (ROOT / "benchmarks").glob("*.py")}
    assert tests <= {path.name for path in (ROOT / "tests").rglob("test_*.py")}


def test_shell_blocks_are_shell() -> None:
    for name in PAGES:
        for language, text in blocks(page(name)):
            if language == "sh":
                subprocess.run(["sh", "-n"], input=text, text=True, check=True)


def test_yaml_blocks_are_yaml() -> None:
    for name in PAGES:
        for language, text in blocks(page(name)):
            if language == "yaml":
                assert list(YAML(typ="safe").load_all(text)) != [], name


def test_options_in_the_pages_exist() -> None:
    for name in PAGES:
        for command, rest in re.findall(r"servicescape ([a-z]+)((?: [^`\n]*)?)", page(name)):
            if command not in COMMANDS:
                continue
            module = import_module(f"servicescape.cli.{command}_command")
            known = {each for parameter in module.command.params for each in parameter.opts}
            unknown = set(re.findall(r"(?<= )--?[a-z][a-z0-9-]*", rest)) - known
            assert unknown == set(), f"{name}: servicescape {command}"
