"""The set-ups that the README and docs/ci.md show, and our own: CI systems take them, and they name what is there."""

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from tests.ci.environment import ROOT, parse
from tests.docs.pages import blocks

PAGES = ("README.md", "docs/ci.md")
BLOCKS = [
    YAML(typ="safe", pure=True).load(text)
    for name in PAGES
    for language, text in blocks((ROOT / name).read_text("utf-8"))
    if language == "yaml" and not text.startswith("apiVersion:")
]
SETUPS = [block for block in BLOCKS if isinstance(block, dict)]
GITHUB = [setup for setup in SETUPS if "on" in setup]
GITLAB = [setup for setup in SETUPS if "on" not in setup and "steps" not in setup and "repos" not in setup]
HOOKS = [
    hook for setup in SETUPS for repo in setup.get("repos", ()) if repo["repo"] != "local" for hook in repo["hooks"]
]


def validate(schema_name: str, value: Any) -> None:
    schema = json.loads(
        files("check_jsonschema").joinpath(f"builtin_schemas/vendor/{schema_name}.json").read_text("utf-8")
    )
    jsonschema.validators.validator_for(schema)(schema).validate(value)


@pytest.mark.parametrize("setup", GITHUB)
def test_workflows_keep_to_their_schema(setup: Any) -> None:
    validate("github-workflows", setup)


def test_our_own_workflow_keeps_to_its_schema() -> None:
    workflow = parse(".github/workflows/ci.yml")
    validate("github-workflows", workflow)
    (ours,) = [step for job in workflow["jobs"].values() for step in job["steps"] if step.get("uses") == "./"]
    assert set(ours["with"]) <= set(parse("action.yml")["inputs"])


@pytest.mark.parametrize("setup", GITLAB)
def test_pipelines_keep_to_their_schema(setup: Any) -> None:
    validate("gitlab-ci", setup)
    for include in setup.get("include", ()):
        assert (ROOT / include["file"].lstrip("/")).is_file()
    script = (ROOT / "ci" / "gitlab.yml").read_text("utf-8")
    assert all(f"${{{name}:" in script for name in setup.get("variables", ()))


def test_the_action_takes_the_inputs_and_gives_the_outputs_that_are_shown() -> None:
    action = parse("action.yml")
    steps = [step for setup in SETUPS for step in setup.get("steps", ())]
    steps += [step for setup in GITHUB for job in setup["jobs"].values() for step in job["steps"]]
    ours = [step for step in steps if "/servicescape@" in step.get("uses", "")]
    assert len(ours) >= 3
    for step in ours:
        assert set(step.get("with", ())) <= set(action["inputs"])
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    assert all(f"| `{name}` |" in page for name in action["inputs"])
    assert all(f"`{name}`" in page for name in action["outputs"])


def test_the_hook_is_called_what_it_is_called() -> None:
    assert len(HOOKS) == 2
    assert {hook["id"] for hook in HOOKS} == {hook["id"] for hook in parse(".pre-commit-hooks.yaml")}
