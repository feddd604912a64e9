"""The test files that come with the rules: promtool runs them, they pass, and they would notice a broken rule."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from servicescape.compile.prometheus import compile_prometheus
from tests.promtool.harness import options, promtool, write
from tests.support.slo_catalogs import catalog, slo

pytestmark = pytest.mark.usefixtures("naming")

_BY = 'sum by (cluster, region) (rate(http_requests_total{job="basket"%s}[{{window}}]))'
_ALL: dict[str, Any] = {"absent": "10m", "minimumEvents": 50}
_ABSENT: dict[str, Any] = {"absent": "10m"}

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
    "sums": {
        "indicator": {
            "ratio": {
                "bad": "sum(rate(failed_total[{{window}}])) + (sum(rate(refused_total[{{window}}])) or vector(0))",
                "total": "sum(rate(done_total[{{window}}])) + sum(rate(refused_total[{{window}}]))",
            }
        },
        "alerting": _ALL,
    },
    "count-minus-bucket": {
        "indicator": {
            "ratio": {
                "bad": 'sum(rate(h_count[{{window}}])) - sum(rate(h_bucket{le="0.3"}[{{window}}]))',
                "total": "sum(rate(h_count[{{window}}]))",
            }
        },
        "alerting": _ALL,
    },
    "one-minus-good": {
        "indicator": {
            "errorRatio": '1 - sum(rate(calls_total{code!~"5.."}[{{window}}])) / sum(rate(calls_total[{{window}}]))'
        },
        "alerting": _ABSENT,
    },
    "readings": {"indicator": {"errorRatio": "1 - avg(avg_over_time(pg_up[{{window}}]))"}, "alerting": _ABSENT},
    "gauge": {"indicator": {"gauge": "min(redis_up)"}, "alerting": _ABSENT},
    "gauge-by-cluster": {"indicator": {"gauge": "min by (cluster) (redis_up)"}, "alerting": _ABSENT},
    "gauge-of-a-share": {
        "indicator": {"gauge": 'sum(up{job="x"}) / count(up{job="x"})'},
        "alerting": _ABSENT,
    },
    "gauge-of-two": {"indicator": {"gauge": "clamp_max(sum(replicas_ready) / sum(replicas_wanted), 1)"}},
    "age": {
        "indicator": {"gauge": "time() - max(last_success_timestamp_seconds) < bool 3600"},
        "objective": 99,
        "alerting": _ABSENT,
    },
    "above": {"indicator": {"gauge": "min(level) > bool 10"}, "objective": 90, "alerting": _ABSENT},
    "tickets-only": {"alerting": {"page": "off"}},
    "pages-only": {"alerting": {"ticket": "off"}},
    "one-hour": {"window": "1h"},
    "five-hours": {"window": "5h"},
    "one-day": {"window": "1d"},
    "seven-days": {"window": "7d"},
    "twenty-eight-days": {"window": "28d"},
    "ninety-days": {"window": "90d"},
    "month": {"window": {"calendar": "month", "timeZone": "Europe/London"}, "alerting": _ALL},
    "slices-by-the-week": {
        "objective": 99,
        "budgeting": {"timeslices": {"slice": "5m", "target": 95}},
        "window": {"calendar": "week", "timeZone": "Asia/Kolkata"},
        "indicator": {"errorRatio": "sum(rate(errors_total[{{window}}])) / sum(rate(calls_total[{{window}}]))"},
    },
    "maintenance": {
        "maintenance": [{"rrule": "FREQ=WEEKLY;BYDAY=SU;BYHOUR=2", "lasts": "2h", "timeZone": "Europe/London"}],
        "alerting": _ALL,
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_generated_tests_pass(shape: str, tmp_path: Path) -> None:
    compiled = compile_prometheus(catalog(slo(shape, **SHAPES[shape])), options=options())
    write(tmp_path, compiled)
    assert not compiled.untested
    for path in compiled.tests:
        promtool("test", "rules", str(tmp_path / path))


PROMISES = (
    "a total outage fires the",
    "a slow burn is a ticket and wakes nobody",
    "vanished series are told from idle ones",
)


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if "absent" in SHAPES[shape].get("alerting", {})])
def test_every_promise_is_in_the_generated_test(shape: str) -> None:
    [text] = compile_prometheus(catalog(slo(shape, **SHAPES[shape])), options=options()).tests.values()
    for promise in PROMISES:
        assert promise in text
    if not {"gauge", "errorRatio"} & SHAPES[shape].get("indicator", {}).keys():
        assert "idle time is neither good nor bad" in text


@pytest.mark.parametrize(
    ("indicator", "reason"),
    [
        ({"latency": {"histogram": "h", "below": "1s", "native": True}}, "native histograms"),
        ({"gauge": "stddev(x)"}, "no readings were found"),
        ({"gauge": "min(x offset 5m)"}, "no readings were found"),
        ({"errorRatio": "1 - avg(max_over_time(x[{{window}}]))"}, "no readings were found"),
        (
            {"ratio": {"bad": "sum(rate(a[{{window}}])) ^ 2", "total": "sum(rate(b[{{window}}]))"}},
            "more than add and subtract rates",
        ),
    ],
)
def test_what_cannot_be_tested_is_told(indicator: dict[str, Any], reason: str) -> None:
    compiled = compile_prometheus(catalog(slo(indicator=indicator)), options=options())
    assert not compiled.tests
    [note] = compiled.untested
    assert reason in note.text


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (" > 14.4", " > 1440"),
        ("clamp(min(redis_up), 0, 1)", "clamp(min(redis_up), 0, 2) * 0"),
        ("1 - avg_over_time", "avg_over_time"),
        ("absent(", "sum("),
    ],
)
def test_generated_tests_of_a_gauge_notice_a_broken_rule(right: str, wrong: str, tmp_path: Path) -> None:
    _fails_when_changed("gauge", right, wrong, tmp_path)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (" > 14.4", " > 1440"),
        (" > 3\n", " > 300\n"),
        # Without what makes up for the end of a window, the page comes a minute later.
        (
            'label_replace(2 * slo:bad:rate5m{slo="everything"}, ',
            'label_replace(0 * slo:bad:rate5m{slo="everything"}, ',
        ),
        ('slo:total:rate5m{slo="everything"} * 0', "vector(1)"),
        (" > 0)", " >= 0)"),
        ("absent(", "sum("),
        ('code=~"5.."', 'code=~".*"'),
    ],
)
def test_generated_tests_notice_a_broken_rule(right: str, wrong: str, tmp_path: Path) -> None:
    _fails_when_changed("everything", right, wrong, tmp_path)


def _fails_when_changed(shape: str, right: str, wrong: str, tmp_path: Path) -> None:
    compiled = compile_prometheus(catalog(slo(shape, **SHAPES[shape])), options=options())
    write(tmp_path, compiled)
    [(rules, text)] = compiled.files.items()
    [test] = compiled.tests
    changed = text.replace(right, wrong)
    assert changed != text
    (tmp_path / rules).write_text(changed, encoding="utf-8")
    done = subprocess.run(["promtool", "test", "rules", str(tmp_path / test)], capture_output=True, check=False)
    assert done.returncode == 1
