"""The test files that come with the rules: promtool runs them, they pass, and they would notice a broken rule."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from servicescape.compile.prometheus import compile_prometheus
from tests.promtool.harness import promtool, write
from tests.support.slo_catalogs import catalog, slo

_BY = 'sum by (cluster, region) (rate(http_requests_total{job="basket"%s}[{{window}}]))'
_ALL: dict[str, Any] = {"absent": "10m", "minimumEvents": 50}

SHAPES: dict[str, dict[str, Any]] = {
    "default": {},
    "everything": {"alerting": _ALL},
    "ninety": {"objective": 90},
    "fifty": {"objective": 50},
    "five-nines": {"objective": 99.999},
    "ninety-nine": {"objective": 99},
    "good": {"indicator": {"ratio": {"good": _BY % ',code!~"5..|429"', "total": _BY % ""}}, "alerting": _ALL},
    "bad-by-cluster": {"indicator": {"ratio": {"bad": _BY % ',code=~"5.."', "total": _BY % ""}}, "alerting": _ALL},
    "two-metrics": {
        "indicator": {
            "ratio": {"bad": "sum(rate(errors_total[{{window}}]))", "total": "sum(rate(calls_total[{{window}}]))"}
        }
    },
    "no-aggregation": {
        "indicator": {"ratio": {"bad": "rate(errors_total[{{window}}])", "total": "rate(calls_total[{{window}}])"}}
    },
    "error-ratio": {
        "indicator": {"errorRatio": "sum(rate(errors_total[{{window}}])) / sum(rate(calls_total[{{window}}]))"},
        "alerting": {"absent": "7m"},
    },
    "latency": {
        "measures": "latency",
        "indicator": {"latency": {"histogram": "h_seconds", "matchers": {"job": 'a"b\\'}, "below": "1s"}},
        "alerting": _ALL,
    },
    "tickets-only": {"alerting": {"page": "off"}},
    "pages-only": {"alerting": {"ticket": "off"}},
    "one-hour": {"window": "1h"},
    "five-hours": {"window": "5h"},
    "one-day": {"window": "1d"},
    "seven-days": {"window": "7d"},
    "twenty-eight-days": {"window": "28d"},
    "ninety-days": {"window": "90d"},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_generated_tests_pass(shape: str, tmp_path: Path) -> None:
    compiled = compile_prometheus(catalog(slo(shape, **SHAPES[shape])))
    write(tmp_path, compiled)
    assert not compiled.untested
    for path in compiled.tests:
        promtool("test", "rules", str(tmp_path / path))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (" > 14.4", " > 1440"),
        (" > 3\n", " > 300\n"),
        ('slo:total:rate5m{slo="everything"} * 0', "vector(1)"),
        (" > 0)", " >= 0)"),
        ("absent(", "sum("),
        ('code=~"5.."', 'code=~".*"'),
    ],
)
def test_generated_tests_notice_a_broken_rule(right: str, wrong: str, tmp_path: Path) -> None:
    compiled = compile_prometheus(catalog(slo("everything", **SHAPES["everything"])))
    write(tmp_path, compiled)
    [(rules, text)] = compiled.files.items()
    [test] = compiled.tests
    changed = text.replace(right, wrong)
    assert changed != text
    (tmp_path / rules).write_text(changed, encoding="utf-8")
    done = subprocess.run(["promtool", "test", "rules", str(tmp_path / test)], capture_output=True, check=False)
    assert done.returncode == 1
