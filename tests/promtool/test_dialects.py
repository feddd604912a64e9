"""Objectives of other tools, compiled: promtool takes the rules, and their own tests hold."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.promtool.harness import promtool

WEB = """\
---
apiVersion: servicescape/v1
kind: External
metadata: {name: web}
spec: {vendor: Nimbus}
"""
SLOTH = """\
version: prometheus/v1
service: web
labels: {area: shop}
slos:
  - name: errors
    objective: 99.9
    sli:
      events:
        error_query: sum(rate(http_requests_total{job="web",code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_requests_total{job="web"}[{{.window}}]))
    alerting: {annotations: {summary: "{{ $labels.component }} fails"}}
  - name: raw
    objective: 99
    sli: {raw: {error_ratio_query: 'avg_over_time(web:errors:ratio[{{.window}}])'}}
"""
PYRRA = """\
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: NAME, namespace: shop, annotations: {servicescape/for: web}}
spec: {target: "99.5", window: 4w, indicator: {INDICATOR}}
---
"""
INDICATORS = {
    "ratio": "ratio: {errors: {metric: 'r{code=~\"5..\"}'}, total: {metric: r}, grouping: [job]}",
    "latency": "latency: {success: {metric: 'd_bucket{le=\"1.0\"}'}, total: {metric: d_count}}",
    "regex": 'latency: {success: {metric: \'d_bucket{le="1",v=~"a|b"}\'}, total: {metric: \'d_count{v=~"a|b"}\'}}',
    "native": "latencyNative: {total: {metric: d}, latency: 250ms, grouping: [job]}",
    "gauge": "bool_gauge: {metric: up, grouping: [job]}",
}
OPENSLO = """\
apiVersion: openslo/v1
kind: SLO
metadata: {name: threshold}
spec:
  service: web
  indicator: {spec: {thresholdMetric: {metricSource: {type: Prometheus, spec: {query: 'max(latency_seconds)'}}}}}
  timeWindow: [{duration: 4w, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.99, op: lte, value: 0.5}]
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: counts}
spec:
  ratioMetric:
    counter: true
    good: {metricSource: {type: Prometheus, spec: {query: sum by (job) (ok_total)}}}
    total: {metricSource: {type: Prometheus, spec: {query: sum by (job) (all_total)}}}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: shared}
spec:
  service: web
  indicatorRef: counts
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.99, displayName: good}, {target: 0.999, displayName: better}]
  alertPolicies:
    - {kind: AlertPolicy, metadata: {name: p}, spec: {alertWhenNoData: true, conditions: [{kind: AlertCondition, metadata: {name: c}, spec: {severity: page, condition: {kind: burnrate}}}]}}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: means}
spec:
  service: web
  indicatorRef: counts
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: RatioTimeslices
  objectives: [{target: 0.99, timeSliceWindow: 1m}]
"""  # noqa: E501 - YAML of another tool


@pytest.mark.parametrize(
    ("text", "slos"),
    [
        (SLOTH, 2),
        ("".join(PYRRA.replace("NAME", name).replace("INDICATOR", form) for name, form in INDICATORS.items()), 5),
        (OPENSLO, 4),
    ],
    ids=["sloth", "pyrra", "openslo"],
)
def test_rules_of_foreign_objectives(text: str, slos: int, tmp_path: Path) -> None:
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "foreign.yaml").write_text(text + WEB, encoding="utf-8")
    command = [sys.executable, "-m", "servicescape", "compile", "--output", "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"rules for {slos} SLOs")
    promtool("check", "rules", *map(str, sorted(tmp_path.glob("out/rules/*/*.yaml"))))
    for test in sorted(tmp_path.glob("out/tests/**/*.yaml")):
        promtool("test", "rules", str(test))
