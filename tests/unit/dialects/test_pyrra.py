"""What becomes of an objective of Pyrra."""

from typing import Any

import pytest

from tests.support.loading import read_text

HEAD = """\
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata:
  name: basket-slo
  namespace: shop
  labels: {prometheus: main, pyrra.dev/area: shop}
  annotations: {servicescape/for: basket, pyrra.dev/summary: Baskets fail}
spec:
  target: "99.5"
  window: 4w
"""


def _slo(indicator: str, more: str = "") -> Any:
    return read_text(f"{HEAD}  indicator: {{{indicator}}}\n{more}").entity("slo:basket-slo")


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        (
            "ratio: {errors: {metric: 'r{code=~\"5..\"}'}, total: {metric: r}}",
            {"bad": 'sum(rate(r{code=~"5.."}[{{window}}]))', "total": "sum(rate(r[{{window}}]))"},
        ),
        (
            "ratio: {errors: {metric: e}, total: {metric: r}, grouping: [job, handler]}",
            {
                "bad": "sum by (job, handler) (rate(e[{{window}}]))",
                "total": "sum by (job, handler) (rate(r[{{window}}]))",
            },
        ),
        (
            "ratio: {success: {metric: ok}, total: {metric: r}}",
            {"good": "sum(rate(ok[{{window}}]))", "total": "sum(rate(r[{{window}}]))"},
        ),
        (
            "ratio: {errors: {metric: e}, success: {metric: ok}}",
            {"bad": "sum(rate(e[{{window}}]))", "total": "sum(rate(e[{{window}}])) + sum(rate(ok[{{window}}]))"},
        ),
        (
            "bool_gauge: {metric: up, grouping: [job]}",
            {
                "good": "sum by (job) (sum_over_time(up[{{window}}]))",
                "total": "sum by (job) (count_over_time(up[{{window}}]))",
            },
        ),
        (
            'latency: {success: {metric: \'d_bucket{verb=~"GET|LIST",le="0.1"}\'}, '
            "total: {metric: 'd_count{verb=~\"GET|LIST\"}'}}",
            {
                "good": 'sum(rate(d_bucket{verb=~"GET|LIST",le="0.1"}[{{window}}]))',
                "total": 'sum(rate(d_count{verb=~"GET|LIST"}[{{window}}]))',
            },
        ),
        (
            "latencyNative: {total: {metric: d}, latency: 250ms, grouping: [job]}",
            {
                "bad": "histogram_count(sum by (job) (rate(d[{{window}}]))) * "
                "(1 - histogram_fraction(0, 0.25, sum by (job) (rate(d[{{window}}]))))",
                "total": "histogram_count(sum by (job) (rate(d[{{window}}])))",
            },
        ),
    ],
)
def test_selectors_become_queries(indicator: str, expected: dict[str, str]) -> None:
    assert _slo(indicator).spec.indicator.ratio.model_dump(exclude_none=True) == expected


@pytest.mark.parametrize(
    ("indicator", "below", "native"),
    [
        (
            'latency: {success: {metric: \'d_bucket{job="basket",le="0.25"}\'}, '
            "total: {metric: 'd_count{job=\"basket\"}'}}",
            "250ms",
            False,
        ),
        ("latencyNative: {total: {metric: 'd{job=\"basket\"}'}, latency: 1s500ms}", "1s500ms", True),
    ],
)
def test_a_plain_histogram_is_one_of_ours(indicator: str, below: str, native: bool) -> None:
    spec = _slo(indicator).spec
    latency = spec.indicator.latency
    assert (latency.histogram, latency.matchers, str(latency.below), latency.native) == (
        "d",
        {"job": "basket"},
        below,
        native,
    )
    assert spec.measures == "latency"


def test_labels_annotations_and_the_period() -> None:
    slo = _slo("bool_gauge: {metric: up}")
    assert str(slo.spec.window) == "28d"
    assert slo.metadata.labels == {"namespace": "shop", "prometheus": "main"}
    assert slo.spec.alerting.page.labels == {"namespace": "shop", "area": "shop"}
    assert slo.spec.alerting.page.annotations == {"summary": "Baskets fail"}


@pytest.mark.parametrize(
    ("alerting", "page", "absent"),
    [
        ("", "on", "11m"),
        ("  alerting: {absent: false}\n", "on", "None"),
        ("  alerting: {burnrates: false}\n", "off", "11m"),
        ("  alerting: {disabled: true}\n", "off", "None"),
    ],
)
def test_alerting(alerting: str, page: str, absent: str) -> None:
    """At 99.5 % over four weeks Pyrra waits six minutes (14 × 0.005 × 1 h + 2 m), after the five of Prometheus."""
    found = _slo("bool_gauge: {metric: up}", alerting).spec.alerting
    assert ("off" if found.page == "off" else "on") == page
    assert found.ticket == "off" or page == "on"
    assert str(found.absent) == absent


def test_a_group_by_namespace_knows_better() -> None:
    assert "namespace" not in _slo("bool_gauge: {metric: up, grouping: [namespace]}").spec.alerting.page.labels
