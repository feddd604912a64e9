"""`compile.names = "sloth"`: dashboards, routes and templates written for Sloth find what they ask for."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pytest

from servicescape.compile.names import SLOTH
from servicescape.compile.options import CompileOptions
from servicescape.compile.prometheus import compile_prometheus
from servicescape.diagnostics.errors import ToolError
from servicescape.model.settings import CompileSettings
from servicescape.syntax.document import read_documents
from tests.promtool.harness import promtool
from tests.support.loading import CREW, read_text, service, source_of
from tests.support.slo_catalogs import catalog, component, slo

SLOTHS = Path(__file__).parents[3] / "shared" / "data" / "sloth"
PAGE = Path(__file__).parents[2] / "docs" / "migration.md"

OURS_ALONE = {"slo:bad:rate5m", "slo:total:rate5m", "slo:info"}
"""Series besides those of Sloth, as the table in docs/migration.md names them."""
ALERT_LABELS_OF_OURS = {"component", "measures", "severity", "slo", "sloth_window", "window"}

SPECIFICATION = """\
version: prometheus/v1
service: Basket_Service
labels: {owner: storefront, tier: "2", component: legacy, begins: x}
slos:
  - name: filled
    objective: 99.9
    labels: {area: shop}
    infoLabels: {cost_centre: "4711"}
    sli:
      events:
        error_query: sum(rate(http_requests_total{job="basket",code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_requests_total{job="basket"}[{{.window}}]))
    alerting:
      name: BasketFails
      labels: {category: errors}
      annotations: {runbook: "https://wiki.example.com/{{ $labels.sloth_service }}"}
      page_alert: {labels: {severity: wakes}}
  - name: by-cluster
    objective: 99
    labels: {cluster: all}
    sli:
      events:
        error_query: sum by (cluster) (rate(jobs_total{failed="1"}[{{.window}}]))
        total_query: sum by (cluster) (rate(jobs_total[{{.window}}]))
  - name: raw
    objective: 90
    sli: {raw: {error_ratio_query: 'avg(avg_over_time(broken[{{.window}}]))'}}
---
apiVersion: servicescape/v1
kind: External
metadata: {name: basket-service}
spec: {vendor: Nimbus}
"""


QUERIES = (
    'slo:objective:ratio{sloth_service="SERVICE",sloth_slo="SLO"}',
    'slo:current_burn_rate:ratio{sloth_service="SERVICE",sloth_slo="SLO"}',
    'slo:period_burn_rate:ratio{sloth_id="SERVICE-SLO"}',
    'slo:period_error_budget_remaining:ratio{sloth_service="SERVICE",sloth_slo="SLO"}',
    '1 - slo:sli_error:ratio_rate30d{sloth_id="SERVICE-SLO"}',
    'slo:sli_error:ratio_rate6h{sloth_service="SERVICE"} / on (sloth_id) group_left slo:error_budget:ratio',
    'slo:sli_error:ratio_rate5m{sloth_id="SERVICE-SLO",sloth_window="5m"}',
    # Month to date, hour by hour.
    "sum_over_time((slo:sli_error:ratio_rate1h * on () group_left () (month() == bool vector(1)))[32d:1h]) "
    "/ on (sloth_id) (slo:error_budget:ratio * on () group_left () (24 * days_in_month()))",
    'max(slo:time_period:days{sloth_id!=""}) by (sloth_id)',
    'max(sloth_slo_info{sloth_id!=""}) by (sloth_service, sloth_id, sloth_objective, sloth_slo)',
    "count(sloth_slo_info) by (sloth_spec)",
    "slo:period_error_budget_remaining:ratio * on (sloth_id) group_left (sloth_objective) sloth_slo_info",
    'count(ALERTS{alertstate="firing",sloth_id="SERVICE-SLO"}) by (sloth_service, sloth_slo, sloth_severity)',
)
"""What dashboards for Sloth, its own web interface and pages about it ask for: every series, and every label by which
it is selected or joined."""

REQUESTS = 'http_request_duration_seconds_count{job="JOB",code="CODE"}'
TRAFFIC = {
    **{
        REQUESTS.replace("JOB", job).replace("CODE", code): "0+600x60"
        for job in ("myservice", "myapp")
        for code in ("200", "503")
    },
    'apiserver_request_total{code="200"}': "0+600x60",
    'apiserver_request_total{code="503"}': "0+600x60",
    'apiserver_request_duration_seconds_count{verb="GET"}': "0+1200x60",
    'apiserver_request_duration_seconds_bucket{verb="GET",le="0.4"}': "0+600x60",
    'unifipoller_client_satisfaction_ratio{name="a"}': "0.4x60",
    'unifipoller_client_satisfaction_ratio{name="b"}': "0.9x60",
}


def compiled(folder: Path, specification: str, *arguments: str) -> list[Path]:
    """Rule files of a catalog, compiled as a user would; their own tests hold."""
    (folder / "catalog").mkdir(parents=True)
    (folder / "catalog" / "sloth.yaml").write_text(specification, encoding="utf-8")
    command = [sys.executable, "-m", "servicescape", "compile", "--names", "sloth", "--prove", "-o", "out", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return sorted(folder.glob("out/rules/*/*.yaml"))


@pytest.fixture(scope="module")
def specified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one rule file of the specification above."""
    [file] = compiled(tmp_path_factory.mktemp("specified"), SPECIFICATION)
    return file


def groups_of(file: Path) -> list[Mapping[str, Any]]:
    """The groups of all documents of a rule file, or of a PrometheusRule."""
    documents, problems, _ = read_documents(source_of(file.read_text(encoding="utf-8")))
    assert not problems
    values: list[Any] = [document.value for document in documents]
    return [group for value in values for group in value.get("spec", value)["groups"]]


def rules_of(files: list[Path]) -> list[Mapping[str, Any]]:
    """All rules."""
    return [rule for file in files for group in groups_of(file) for rule in group["rules"]]


def evaluated(folder: Path, rules: list[Mapping[str, Any]], series: Mapping[str, str], expr: str) -> set[str]:
    """The series that an expression gives after an hour, as promtool has them, without labels of a command line."""
    return all_evaluated(folder, rules, series, [expr])[expr]


def all_evaluated(
    folder: Path, rules: list[Mapping[str, Any]], series: Mapping[str, str], exprs: Collection[str]
) -> dict[str, set[str]]:
    """The same for several expressions, in one run."""
    text = "groups:\n  - name: all\n    rules:\n"
    for rule in rules:
        kind = "record" if "record" in rule else "alert"
        text += f"      - {kind}: {rule[kind]}\n        expr: {_quoted(rule['expr'])}\n        labels:\n"
        text += "".join(f"          {name}: {_quoted(value)}\n" for name, value in rule["labels"].items())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rules.yaml").write_text(text, encoding="utf-8")
    test = "rule_files: [rules.yaml]\nevaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series:\n"
    test += "".join(f"      - {{series: '{name}', values: {values}}}\n" for name, values in series.items())
    test += "    promql_expr_test:\n"
    test += "".join(f"      - {{expr: {_quoted(expr)}, eval_time: 60m, exp_samples: []}}\n" for expr in exprs)
    (folder / "test.yaml").write_text(test, encoding="utf-8")
    program = shutil.which("promtool")
    assert program
    command = [program, "test", "rules", "test.yaml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert "err:" not in said, said
    # promtool says what it got where nothing was expected, and nothing of what gave nothing.
    found: dict[str, set[str]] = {expr: set() for expr in exprs}
    for expr, got in re.findall(r'expr: ("(?:[^"\\]|\\.)*"), time: [^\n]*\n *exp:[^\n]*\n *got:([^\n]*)', said):
        series_got = re.findall(r"\{[^{}]*\}", got)
        found[json.loads(expr)] = {re.sub(r'\bcmd="[^"]*"(, )?', "", labels) for labels in series_got}
    assert (done.returncode == 0) == (not any(found.values())), said
    return found


def _quoted(text: str) -> str:
    return "'" + text.strip().replace("'", "''").replace("\n", "\n\n") + "'"


def recorded(rules: list[Mapping[str, Any]]) -> dict[tuple[str, str, str], dict[str, str]]:
    """Metric, SLO and window of each recording rule → all its labels, without those of Sloth's command line."""
    found = {}
    for rule in rules:
        if "record" in rule:
            labels = {name: text for name, text in rule["labels"].items() if name != "cmd"}
            found[rule["record"], labels.get("sloth_id", ""), labels.get("sloth_window", "")] = labels
    return found


def test_an_slo_of_sloth_keeps_its_names_and_labels(specified: Path) -> None:
    rules = rules_of([specified])
    of = "Basket_Service-filled"
    identity = {"sloth_id": of, "sloth_service": "Basket_Service", "sloth_slo": "filled"}
    own = {"area": "shop", "component": "legacy", "owner": "storefront", "tier": "2"}
    found = {key: labels for key, labels in recorded(rules).items() if key[1] == of and key[0] not in OURS_ALONE}
    assert {metric for metric, _, _ in found} == {
        *(f"slo:sli_error:ratio_rate{window}" for window in ("5m", "30m", "1h", "2h", "6h", "1d", "3d", "30d")),
        "slo:objective:ratio",
        "slo:error_budget:ratio",
        "slo:time_period:days",
        "slo:current_burn_rate:ratio",
        "slo:period_burn_rate:ratio",
        "slo:period_error_budget_remaining:ratio",
        "sloth_slo_info",
    }
    for (metric, _, window), labels in found.items():
        further = {"sloth_window": window} if window else {}
        if metric == "sloth_slo_info":
            further = {"sloth_objective": "99.9", "sloth_spec": "prometheus/v1"}
            further |= {"sloth_mode": "servicescape", "sloth_version": "servicescape", "cost_centre": "4711"}
        assert labels == {**identity, **own, **further}
    alerts = [rule for rule in rules if rule.get("alert") == "BasketFails"]
    assert [
        (rule["labels"]["sloth_severity"], rule["labels"]["severity"], rule["labels"]["window"]) for rule in alerts
    ] == [
        ("page", "wakes", "1h"),
        ("page", "wakes", "6h"),
        ("ticket", "ticket", "1d"),
        ("ticket", "ticket", "3d"),
    ]
    for rule in alerts:
        # `component` is what routes and inhibit rules rest on; on nothing rests `tier`.
        expected = {
            **identity,
            **own,
            "component": "basket-service",
            "category": "errors",
            "slo": "basket-service-filled",
        }
        assert expected.items() <= rule["labels"].items()
        assert rule["annotations"]["title"] == f"({rule['labels']['sloth_severity']}) Basket_Service filled: " + (
            "the error budget burns too fast"
        )
        assert rule["annotations"]["runbook"] == "https://wiki.example.com/{{ $labels.sloth_service }}"
    # A group's own label goes before a fixed one, which would make one series of two.
    assert "cluster" not in recorded(rules)["slo:objective:ratio", "Basket_Service-by-cluster", ""]


def test_each_group_has_series_of_its_own(specified: Path, tmp_path: Path) -> None:
    rules = rules_of([specified])
    series = {'jobs_total{cluster="eu",failed="1"}': "0+6x60", 'jobs_total{cluster="us",failed="1"}': "0+6x60"}
    found = evaluated(tmp_path, rules, series, "count(slo:period_error_budget_remaining:ratio) by (cluster, sloth_id)")
    of = 'sloth_id="Basket_Service-by-cluster"'
    assert found == {f'{{cluster="eu", {of}}}', f'{{cluster="us", {of}}}'}


@pytest.mark.skipif(not SLOTHS.is_dir(), reason=f"the rules of Sloth are not at {SLOTHS}")
@pytest.mark.parametrize("name", [path.stem for path in sorted(SLOTHS.glob("in/*"))])
def test_the_same_series_as_sloth_records(name: str, tmp_path: Path) -> None:
    ours = rules_of(compiled(tmp_path, (SLOTHS / "in" / f"{name}.yml").read_text(encoding="utf-8")))
    theirs = rules_of([SLOTHS / "out" / f"{name}.yml"])
    mine, other = recorded(ours), recorded(theirs)
    assert {metric for metric, *_ in mine} - {metric for metric, *_ in other} == OURS_ALONE
    # Sloth's rules let the window of a ratio through to what is made of it; ours name it.
    spoken = {(metric, of) for metric, of, _ in mine if metric not in OURS_ALONE}
    assert spoken == {(metric, of) for metric, of, _ in other}
    slos = sorted({(labels["sloth_service"], labels["sloth_slo"]) for labels in other.values()})
    asked = {'{__name__=~"slo:.*|sloth_slo_info",__name__!~"slo:bad:.*|slo:total:.*|slo:info"}'}
    asked |= {query.replace("SERVICE", service_).replace("SLO", slo_) for query in QUERIES for service_, slo_ in slos}
    all_found, all_wanted = (
        all_evaluated(tmp_path / whose, rules, TRAFFIC, sorted(asked)) for whose, rules in (("a", ours), ("b", theirs))
    )
    for query in asked:
        found, wanted = (
            {re.sub(r'\b(sloth_mode|sloth_version)="[^"]*"', r"\1", labels) for labels in each[query]}
            for each in (all_found, all_wanted)
        )
        assert found == wanted, query
        assert wanted or ("ALERTS" in query and not any("alert" in rule for rule in theirs)), query


@pytest.mark.skipif(not SLOTHS.is_dir(), reason=f"the rules of Sloth are not at {SLOTHS}")
@pytest.mark.parametrize("name", [path.stem for path in sorted(SLOTHS.glob("in/*"))])
def test_the_alerts_of_sloth_in_two_for_each(name: str, tmp_path: Path) -> None:
    ours = rules_of(compiled(tmp_path, (SLOTHS / "in" / f"{name}.yml").read_text(encoding="utf-8")))
    theirs = rules_of([SLOTHS / "out" / f"{name}.yml"])
    on_series = {labels["sloth_id"]: labels for (metric, *_), labels in recorded(theirs).items() if "info" in metric}
    alerts = [rule for rule in theirs if "alert" in rule]
    assert len([rule for rule in ours if "alert" in rule]) == 2 * len(alerts)
    for rule in alerts:
        of = re.search(r'sloth_id="([^"]*)"', rule["expr"])
        assert of
        same = [
            each
            for each in ours
            if each.get("alert") == rule["alert"]
            and each["labels"]["sloth_id"] == of[1]
            and each["labels"]["sloth_severity"] == rule["labels"]["sloth_severity"]
        ]
        assert len(same) == 2
        from_series = {
            label: text
            for label, text in on_series[of[1]].items()
            if label not in ("sloth_mode", "sloth_objective", "sloth_spec", "sloth_version", "component")
        }
        for each in same:
            assert {**from_series, **rule["labels"]}.items() <= each["labels"].items()
            assert each["labels"].keys() - from_series.keys() - rule["labels"].keys() <= ALERT_LABELS_OF_OURS
            assert rule["annotations"].keys() <= each["annotations"].keys()


def test_what_dashboards_ask_for_is_recorded(specified: Path, tmp_path: Path) -> None:
    rules = rules_of([specified])
    traffic = {'http_requests_total{job="basket",code="503"}': "0+600x60"}
    asked = [query.replace("SERVICE", "Basket_Service").replace("SLO", "filled") for query in QUERIES]
    found = all_evaluated(tmp_path / "asked", rules, traffic, asked)
    assert [query for query in asked if not found[query]] == []


def test_the_page_on_moving_names_every_difference() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name in (*OURS_ALONE, *ALERT_LABELS_OF_OURS, *SLOTH.labels):
        assert f"`{name}`" in page, name


OWN = CREW + service(
    "web",
    """
    tier: 1
    slos:
      - objective: 99.9
        indicator: {ratio: {bad: "sum(rate(bad_total[{{window}}]))", total: "sum(rate(all_total[{{window}}]))"}}
      - name: fast
        measures: latency
        objective: 99
        indicator: {latency: {histogram: http_seconds, below: 300ms}}
        alerting: {absent: 10m}
    """,
)


def test_slos_of_the_catalog_beside_those_of_sloth(tmp_path: Path) -> None:
    rules = rules_of(compiled(tmp_path, OWN + "---\n" + SPECIFICATION))
    found = {of: labels for (metric, of, _), labels in recorded(rules).items() if metric == "slo:objective:ratio"}
    assert sorted(found) == [
        "Basket_Service-by-cluster",
        "Basket_Service-filled",
        "Basket_Service-raw",
        "web-availability",
        "web-fast",
    ]
    assert found["web-fast"] == {
        "component": "web",
        "measures": "latency",
        "sloth_id": "web-fast",
        "sloth_service": "web",
        "sloth_slo": "fast",
        "team": "crew",
        "tier": "1",
    }
    alerts = {
        rule["alert"]: rule["labels"]
        for rule in rules
        if rule.get("labels", {}).get("slo") == "fast" and "alert" in rule
    }
    assert sorted(alerts) == [
        "ErrorBudgetBurnPage1h",
        "ErrorBudgetBurnPage6h",
        "ErrorBudgetBurnTicket1d",
        "ErrorBudgetBurnTicket3d",
        "SLOSeriesAbsent",
    ]
    assert all(labels["sloth_id"] == "web-fast" and labels["team"] == "crew" for labels in alerts.values())
    assert alerts["SLOSeriesAbsent"]["sloth_severity"] == "page"


def test_rules_routes_and_promises_of_any_catalog(tmp_path: Path) -> None:
    compiled(tmp_path, OWN, "--quiet")
    text = (tmp_path / "out" / "alertmanager" / "alertmanager.yaml").read_text(encoding="utf-8")
    assert "team=" in text or "unrouted" in text
    # Within an SLO the faster window silences the slower, whatever its alerts are called.
    assert 'window="1h"' in text
    assert 'window="6h"' in text


SLOTH_OPTIONS = CompileOptions(settings=CompileSettings(names="sloth"))


def test_two_slos_of_one_name_are_refused() -> None:
    parts = [component("a"), component("a-b")]
    slos = [slo("a-b-c", target="service:a"), slo("c", target="service:a-b")]
    with pytest.raises(ToolError, match=r"`a-b-c` and `c` would both be `a-b-c`"):
        compile_prometheus(catalog(*slos, components=parts), options=SLOTH_OPTIONS)


def test_a_query_may_not_group_by_labels_of_the_scheme() -> None:
    query = "sum by (sloth_id) (rate(x_total%s[{{window}}]))"
    indicator = {"ratio": {"bad": query % '{code="500"}', "total": query % ""}}
    [left] = compile_prometheus(catalog(slo(indicator=indicator)), options=SLOTH_OPTIONS).uncompiled
    assert "groups by `sloth_id`" in left.reason
    assert not compile_prometheus(catalog(slo(indicator=indicator))).uncompiled


def test_an_author_may_not_take_labels_of_the_scheme() -> None:
    alerting = {"page": {"labels": {"sloth_severity": "x", "area": "shop"}}}
    compiled_ = compile_prometheus(catalog(slo(alerting=alerting)), options=SLOTH_OPTIONS)
    assert [left.part for left in compiled_.uncompiled] == ["alerting.page.labels.sloth_severity"]
    assert "sloth_severity: x" not in "".join(compiled_.files.values())
    assert not compile_prometheus(catalog(slo(alerting=alerting))).uncompiled


def test_names_that_sloth_refuses_become_those_of_the_catalog() -> None:
    read = read_text(SPECIFICATION.replace("name: filled", "name: 'fil}}led\"`%'"))
    found = compile_prometheus(read.catalog, options=SLOTH_OPTIONS)
    assert "sloth_id: basket-service-fil-led" in "".join(found.files.values())


def test_an_annotation_names_what_was_rewritten_in_the_catalogs_language() -> None:
    read = read_text(
        CREW
        + service("web")
        + """---
apiVersion: servicescape/v1
kind: SLO
metadata:
  name: web-answers
  labels: {area: shop}
  annotations:
    sloth.slok.dev/service: frontend
    sloth.slok.dev/slo: answers
    sloth.slok.dev/alert: FrontendFails
    sloth.slok.dev/labels: area
spec:
  for: web
  objective: 99
  indicator: {ratio: {bad: "sum(rate(bad_total[{{window}}]))", total: "sum(rate(all_total[{{window}}]))"}}
"""
    )
    [text] = compile_prometheus(read.catalog, options=SLOTH_OPTIONS).files.values()
    assert "sloth_id: frontend-answers" in text
    assert "area: shop" in text
    assert text.count("alert: FrontendFails") == 4


def test_the_measured_faults_of_sloth_are_not_ours(specified: Path) -> None:
    """Exact decimals, one document a file, and a page that can fire at 90 %."""
    text = specified.read_text(encoding="utf-8")
    assert not re.search(r"\d\.\d{8,}", text)
    assert len(groups_of(specified)) == 3
    assert "\n---" not in text
    # 14.4 times a tenth is more than everything.
    assert '(slo:sli_error:ratio_rate1h{sloth_id="Basket_Service-raw"} / 0.1) > 9' in text
    promtool("check", "rules", str(specified))
