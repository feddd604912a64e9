"""The command line, run within the test's own process, and what it prints as JSON."""

import json
from pathlib import Path
from typing import Any

import jsonschema
from click.testing import CliRunner, Result

from servicescape.cli.main import cli

ROOT = Path(__file__).parents[2]
EXAMPLE = str(ROOT / "catalog")
BASKET = """\
---
apiVersion: servicescape/v1
kind: Service
metadata: {name: basket, title: Basket}
spec:
  owner: storefront
  slos:
    - objective: 99.9
      indicator:
        ratio:
          bad: sum(rate(http_requests_total{job="basket",code=~"5.."}[{{window}}]))
          total: sum(rate(http_requests_total{job="basket"}[{{window}}]))
"""
"""A service of the team `storefront` with an SLO."""


def run(*arguments: str, **environ: str) -> Result:
    """A run whose exit code is the `return_value` of the result, and what it raises its `exception`."""
    return CliRunner(env=environ).invoke(cli, list(arguments), standalone_mode=False)


def schema_of(name: str) -> dict[str, Any]:
    """The published schema of a command's JSON."""
    loaded: dict[str, Any] = json.loads((ROOT / "schemas" / "output" / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def published(found: Any, name: str) -> Any:
    """What a command gave as JSON, after it was held against the published schema."""
    jsonschema.Draft202012Validator(schema_of(name)).validate(found)
    return found
