"""Foreign documents with anything in any place: read, or a finding at a place, and the same whatever the order."""

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.loading import read_files

_SOURCE = {"metricSource": {"type": "Prometheus", "spec": {"query": "sum(rate(x[{{.window}}]))"}}}
_SLOTH_SLO = {
    "name": "a",
    "objective": 99.9,
    "sli": {"events": {"error_query": "sum(rate(e[{{.window}}]))", "total_query": "sum(rate(t[{{.window}}]))"}},
    "alerting": {"name": "A", "labels": {"a": "b"}, "page_alert": {"disable": True}, "ticket_alert": {"labels": {}}},
}
_METADATA = {"name": "a", "namespace": "n", "labels": {"pyrra.dev/a": "b"}, "annotations": {"servicescape/for": "a"}}
DOCUMENTS: list[Any] = [
    {"version": "prometheus/v1", "service": "s", "labels": {"a": "b"}, "slos": [_SLOTH_SLO, {"sli": {"raw": {}}}]},
    {
        "apiVersion": "sloth.slok.dev/v1",
        "kind": "PrometheusServiceLevel",
        "metadata": _METADATA,
        "spec": {"service": "s", "slos": [{"name": "k", "objective": 1, "sli": {"plugin": {"id": "x"}}}]},
        "status": {},
    },
    *(
        {
            "apiVersion": "pyrra.dev/v1alpha1",
            "kind": "ServiceLevelObjective",
            "metadata": {**_METADATA, "name": f"p{number}"},
            "spec": {
                "target": "99.9",
                "window": "4w",
                "indicator": indicator,
                "alerting": {"absent": True, "burnrates": False},
            },
        }
        for number, indicator in enumerate(
            (
                {"ratio": {"errors": {"metric": 'e{a="b"}'}, "total": {"metric": "t"}, "grouping": ["a"]}},
                {"latency": {"success": {"metric": 'd_bucket{le="1"}'}, "total": {"metric": "d_count"}}},
                {"latencyNative": {"total": {"metric": "d"}, "latency": "1s"}},
                {"bool_gauge": {"metric": "up"}},
            )
        )
    ),
    {
        "apiVersion": "openslo/v1",
        "kind": "SLO",
        "metadata": {"name": "o", "displayName": "O", "labels": {"a": ["b"]}},
        "spec": {
            "service": "s",
            "indicator": {"metadata": {"name": "i"}, "spec": {"ratioMetric": {"good": _SOURCE, "total": _SOURCE}}},
            "timeWindow": [{"duration": "1w", "calendar": {"startTime": "2026-01-01", "timeZone": "UTC"}}],
            "budgetingMethod": "Timeslices",
            "objectives": [{"target": 0.9, "timeSliceTarget": 0.9, "timeSliceWindow": "5m"}],
            "alertPolicies": [{"alertPolicyRef": "p"}, {"kind": "AlertPolicy", "spec": {"conditions": []}}],
        },
    },
    {
        "apiVersion": "openslo/v1",
        "kind": "SLO",
        "metadata": {"name": "q"},
        "spec": {
            "service": "s",
            "indicatorRef": "i",
            "timeWindow": [{"duration": "4w", "isRolling": True}],
            "budgetingMethod": "RatioTimeslices",
            "objectives": [{"target": 0.9, "op": "lt", "value": 1}, {"targetPercent": 99}],
        },
    },
    [{"apiVersion": "openslo/v1", "kind": "SLI", "metadata": {"name": "i"}, "spec": {"thresholdMetric": _SOURCE}}],
    {
        "apiVersion": "openslo/v1",
        "kind": "AlertPolicy",
        "metadata": {"name": "p"},
        "spec": {"alertWhenNoData": True, "conditions": [{"conditionRef": "c"}]},
    },
    {
        "apiVersion": "openslo/v1",
        "kind": "AlertCondition",
        "metadata": {"name": "c"},
        "spec": {"severity": "page", "condition": {"kind": "burnrate", "threshold": 2}},
    },
    {"apiVersion": "openslo/v1", "kind": "DataSource", "metadata": {"name": "d"}, "spec": {"type": "Prometheus"}},
    {
        "apiVersion": "openslo/v1alpha",
        "kind": "SLO",
        "metadata": {"name": "old"},
        "spec": {
            "service": "s",
            "budgetingMethod": "Occurrences",
            "timeWindows": [{"unit": "Day", "count": 28, "isRolling": True}],
            "objectives": [
                {
                    "target": 0.9,
                    "ratioMetrics": {
                        "counter": True,
                        "good": {"source": "prometheus", "query": "sum(e)"},
                        "total": {"source": "prometheus", "query": "sum(t)"},
                    },
                }
            ],
        },
    },
]
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 101),
    st.sampled_from([0.5, 1.5, "", "x", "4w", "{{.window}}", "{{x}}", "a/b", "0", "é", "[5m]", 'x{a="', "off", "1M"]),
    st.sampled_from([[], {}, [None], [[]], [{}], {"a": 1}, {"": None}, ["a"], {"spec": {}}, {"metadata": []}]),
)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every container with every key or position in it."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [place for key in keys for place in [(value, key), *_places(value[key])]]


@st.composite
def spoilt(draw: st.DrawFn) -> list[Any]:
    documents = copy.deepcopy(draw(st.lists(st.sampled_from(DOCUMENTS), min_size=1, max_size=3)))
    for _ in range(draw(st.integers(1, 3))):
        container, key = draw(st.sampled_from(_places(documents)))
        if isinstance(container, dict) and draw(st.booleans()):
            container[draw(st.sampled_from([f"{key}x", "spec", "name", "labels", "metadata"]))] = container.pop(key)
        else:
            container[key] = copy.deepcopy(draw(ANYTHING))
    return documents


@given(spoilt())
@settings(max_examples=150, deadline=None)
def test_whatever_stands_there_is_read_or_reported(documents: list[Any]) -> None:
    files = {
        f"catalog/{number}.yaml": json.dumps(document, ensure_ascii=False, indent=1)
        for number, document in enumerate(documents)
    }
    read = read_files(files)
    for finding in read.findings:
        assert finding.message
        assert finding.help
        assert finding.span is not None
        assert read.text(finding)
    for slo in read.catalog.slos.values():
        assert slo.target in read.catalog.entities
        slo.entity.places.value_span((*slo.path, "objective"))
    turned = read_files(dict(reversed(files.items())))
    assert turned.findings == read.findings
    assert {ref: each.entity for ref, each in turned.catalog.entities.items()} == {
        ref: each.entity for ref, each in read.catalog.entities.items()
    }
