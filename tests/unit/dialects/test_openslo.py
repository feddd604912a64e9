"""What becomes of objects of OpenSLO, which refer to each other over files."""

from decimal import Decimal

import pytest

from servicescape.model.slo import CalendarWindow, TimesliceBudgeting
from servicescape.model.units import Duration
from tests.support.loading import Read, read_files, read_text

SLO = """\
apiVersion: openslo/v1
kind: SLO
metadata: {{name: basket-slo, displayName: Basket, labels: {{env: [a, b], team: crew}}}}
spec:
  description: Baskets can be filled.
  service: basket
  {indicator}
  timeWindow: [{window}]
  budgetingMethod: {method}
  objectives: {objectives}
"""
RATIO = (
    "{{ratioMetric: {{counter: {counter}, {part}: {{metricSource: {{type: Prometheus, spec: {{query: '{query}'}}}}}}, "
    "total: {{metricSource: {{type: Prometheus, spec: {{query: 'sum(rate(t[{{{{.window}}}}]))'}}}}}}}}}}"
)


def _slo(
    indicator: str = "",
    *,
    window: str = "{duration: 4w, isRolling: true}",
    method: str = "Occurrences",
    objectives: str = "[{target: 0.999}]",
    more: str = "",
) -> Read:
    indicator = indicator or "indicator: {spec: " + _ratio("sum(rate(e[{{.window}}]))") + "}"
    return read_text(SLO.format(indicator=indicator, window=window, method=method, objectives=objectives) + more)


def _ratio(query: str, *, part: str = "bad", counter: str = "true") -> str:
    return RATIO.format(query=query, part=part, counter=counter)


def test_metadata_and_target() -> None:
    read = _slo()
    slo = read.entity("slo:basket-slo")
    assert slo.metadata.title == "Basket"
    assert slo.metadata.labels == {"env": "a,b", "team": "crew"}
    assert slo.metadata.description == "Baskets can be filled."
    assert slo.spec.objective == Decimal("99.9")
    assert (slo.spec.alerting.page, slo.spec.alerting.ticket) == ("off", "off"), "no policy, no alert"
    assert read.codes == []


@pytest.mark.parametrize(
    ("part", "counter", "query", "expected"),
    [
        ("good", "true", "sum(rate(e[{{.window}}]))", "sum(rate(e[{{ window}}]))"),
        ("bad", "true", "sum(rate(e[5m]))", "sum(rate(e[{{window}}]))"),
        ("bad", "true", "sum(e)", "sum(rate(e[{{window}}]))"),
        ("bad", "false", "sum(e)", "avg_over_time((sum(e))[{{window}}:1m])"),
    ],
)
def test_queries(part: str, counter: str, query: str, expected: str) -> None:
    read = _slo("indicator: {spec: " + _ratio(query, part=part, counter=counter) + "}")
    assert getattr(read.entity("slo:basket-slo").spec.indicator.ratio, part) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("failure", "avg_over_time((avg(r))[{{window}}:1m])"),
        ("success", "1 - (avg_over_time((avg(r))[{{window}}:1m]))"),
    ],
)
def test_a_ratio_that_is_worked_out_elsewhere(kind: str, expected: str) -> None:
    source = "{metricSource: {type: Prometheus, spec: {query: avg(r)}}}"
    read = _slo(f"indicator: {{spec: {{ratioMetric: {{rawType: {kind}, raw: {source}}}}}}}")
    assert read.entity("slo:basket-slo").spec.indicator.error_ratio == expected


THRESHOLD = "{thresholdMetric: {metricSource: {type: Prometheus, spec: {query: 'max(latency_seconds)'}}}}"


@pytest.mark.parametrize(("op", "sign"), [("lt", "<"), ("lte", "<="), ("gt", ">"), ("gte", ">=")])
def test_a_threshold_is_a_gauge(op: str, sign: str) -> None:
    read = _slo(f"indicator: {{spec: {THRESHOLD}}}", objectives=f"[{{target: 0.99, op: {op}, value: 0.50}}]")
    assert read.entity("slo:basket-slo").spec.indicator.gauge == f"(max(latency_seconds)) {sign} bool 0.5"


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("{duration: 90m, isRolling: true}", Duration.parse("90m")),
        ("{duration: 1Q, isRolling: true}", Duration.parse("90d")),
        ("{duration: 1w, calendar: {startTime: 2026-01-05 00:00:00}}", CalendarWindow(calendar="week")),
        (
            "{duration: 1M, isRolling: false, calendar: {startTime: 2026-01-01 00:00:00, timeZone: Europe/London}}",
            CalendarWindow.model_validate({"calendar": "month", "timeZone": "Europe/London"}),
        ),
        ("{duration: 1Q, calendar: {startTime: 2026-04-01 00:00:00}}", CalendarWindow(calendar="quarter")),
    ],
)
def test_periods(window: str, expected: Duration | CalendarWindow) -> None:
    read = _slo(window=window)
    assert read.entity("slo:basket-slo").spec.window == expected
    assert "DIA161" not in read.codes, "these begin when ours do"


def test_a_period_that_begins_at_another_time_is_named() -> None:
    read = _slo(window="{duration: 1w, calendar: {startTime: 2026-01-06 00:00:00}}")
    assert read.text(read.only) == "startTime"


def test_slices_of_time() -> None:
    read = _slo(method="Timeslices", objectives="[{target: 0.99, timeSliceTarget: 0.95, timeSliceWindow: 5}]")
    assert read.entity("slo:basket-slo").spec.budgeting == TimesliceBudgeting.model_validate(
        {"timeslices": {"slice": "5m", "target": 95}}
    )


def test_a_mean_of_ratios() -> None:
    read = _slo(method="RatioTimeslices", objectives="[{target: 0.99, timeSliceWindow: 1m}]")
    spec = read.entity("slo:basket-slo").spec
    assert spec.indicator.error_ratio == "(sum(rate(e[{{ window}}]))) / (sum(rate(t[{{ window}}])))"
    assert spec.budgeting == "occurrences"


def test_each_objective_is_an_slo() -> None:
    read = _slo(
        objectives="[{target: 0.99, displayName: Good}, {targetPercent: 99.99, displayName: Best}, {target: 0.5}]"
    )
    assert {ref: str(slo.objective_percent) for ref, slo in read.catalog.slos.items()} == {
        "slo:basket-slo-best": "99.99",
        "slo:basket-slo-good": "99",
        "slo:basket-slo-3": "50",
    }
    assert read.catalog.slos["slo:basket-slo-best"].title == "Basket: Best"


SLI = "apiVersion: openslo/v1\nkind: SLI\nmetadata: {name: shared, displayName: Shared}\nspec: "


@pytest.mark.parametrize("order", [1, -1])
def test_references_reach_over_files(order: int) -> None:
    source = "apiVersion: openslo/v1\nkind: DataSource\nmetadata: {name: main}\nspec: {type: Prometheus}\n"
    sli = SLI + _ratio("sum(rate(e[{{.window}}]))").replace("type: Prometheus", "metricSourceRef: main") + "\n"
    slo = SLO.format(
        indicator="indicatorRef: shared",
        window="{duration: 4w, isRolling: true}",
        method="Occurrences",
        objectives="[{target: 0.999}]",
    )
    read = read_files(dict([("catalog/a.yaml", slo), ("catalog/b.yaml", sli), ("catalog/c.yaml", source)][::order]))
    assert read.codes == []
    assert read.catalog.slos["slo:basket-slo"].indicator is not None
    assert read.entity("indicator:shared").metadata.title == "Shared"


def test_a_shared_threshold_is_taken_into_the_objective() -> None:
    read = _slo(
        "indicatorRef: shared", objectives="[{target: 0.99, op: lt, value: 1}]", more=f"---\n{SLI}{THRESHOLD}\n"
    )
    assert read.entity("slo:basket-slo").spec.indicator.gauge == "(max(latency_seconds)) < bool 1"
    assert not read.catalog.indicators


POLICY = """\
  alertPolicies: [{alertPolicyRef: usual}]
---
apiVersion: openslo/v1
kind: AlertPolicy
metadata: {name: usual}
spec:
  alertWhenBreaching: BREACHING
  alertWhenNoData: true
  conditions:
    - {conditionRef: fast}
    - {kind: AlertCondition, metadata: {name: slow}, spec: {severity: low, condition: {}}}
---
apiVersion: openslo/v1
kind: AlertCondition
metadata: {name: fast}
spec: {severity: Critical, condition: {kind: burnrate, op: gt, threshold: 14, lookbackWindow: 1h}}
"""


@pytest.mark.parametrize(("breaching", "on"), [("true", True), ("false", False)])
def test_policies_decide_what_alerts(breaching: str, on: bool) -> None:
    alerting = _slo(more=POLICY.replace("BREACHING", breaching)).entity("slo:basket-slo").spec.alerting
    assert (alerting.page != "off", alerting.ticket != "off") == (on, on)
    assert str(alerting.absent) == "10m"


def test_an_unknown_policy_is_told_with_the_one_beside_it() -> None:
    read = _slo(more=POLICY.replace("alertPolicyRef: usual", "alertPolicyRef: usul").replace("BREACHING", "true"))
    finding = next(each for each in read.findings if each.code == "DIA153")
    assert (read.text(finding), finding.help) == ("usul", "did you mean `usual`?")


def test_the_first_version_is_read() -> None:
    read = read_text(
        """\
        apiVersion: openslo/v1alpha
        kind: SLO
        metadata: {name: basket-slo}
        spec:
          service: basket
          budgetingMethod: Occurrences
          timeWindows: [{unit: Day, count: 28, isRolling: true}]
          objectives:
            - target: 0.995
              ratioMetrics:
                counter: true
                good: {source: prometheus, queryType: promql, query: 'sum(rate(ok[{{.window}}]))'}
                total: {source: prometheus, queryType: promql, query: sum(t)}
        """
    )
    spec = read.entity("slo:basket-slo").spec
    assert (str(spec.objective), str(spec.window)) == ("99.5", "28d")
    assert spec.indicator.ratio.total == "sum(rate(t[{{window}}]))"
    assert read.codes == ["DIA162"]


def test_services_are_known_by_what_they_say_of_themselves() -> None:
    service = "apiVersion: openslo/v1\nkind: Service\nmetadata: {name: basket, displayName: Basket}\n"
    read = _slo(more=f"---\n{service}")
    assert read.catalog.components["service:basket"].title == "Basket"
    assert read.entity("service:basket").spec.owner is None
