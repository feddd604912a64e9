"""Queries of Grafana dashboards, answered by a real Prometheus that has all series which our rules record."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from servicescape.app.compile import compile_rules
from servicescape.app.load import load
from servicescape.compile import names
from servicescape.compile.grafana.dashboards import compile_dashboards
from servicescape.compile.neighbours import Neighbours
from servicescape.compile.options import CompileOptions
from servicescape.compile.prometheus import CompiledRules, compile_prometheus
from servicescape.model.settings import CompileSettings
from tests.prometheus.exporter import Source, exporting
from tests.prometheus.server import Prometheus, prometheus
from tests.support.dashboards import filled, loaded, queries
from tests.support.slo_catalogs import catalog, slo

CATALOG = Path(__file__).parents[2] / "catalog"
CLUSTERS = ("eu-1", "us-1")
GROUPED = {
    "ratio": {
        "bad": 'sum by (cluster) (rate(http_requests_total{code=~"5.."}[{{window}}]))',
        "total": "sum by (cluster) (rate(http_requests_total[{{window}}]))",
    }
}
BURNING, SPENT, UNKNOWN = "basket-availability", "pricing-availability", "crm-availability"
"""One of which a page fires, one without budget, one whose series are gone."""
VALUES = {
    names.INFO: 1.0,
    names.PERIOD_DAYS: 30.0,
    names.BUDGET_REMAINING: 0.5,
    names.ERROR_RATIO: 0.001,
    names.BURN_RATE: 0.25,
    names.BAD_RATE: 1.0,
    names.TOTAL_RATE: 10.0,
}


def _series(name: str, labels: dict[str, str]) -> str:
    pairs = ",".join(f'{key}="{value}"' for key, value in labels.items())
    return f"{name}{{{pairs}}}"


def _recorded(rules: CompiledRules) -> Iterator[Source]:
    """A series for each recording rule, and for each of two clusters where its SLO groups by them."""
    grouping = {plan.name: plan.grouping or () for plan in rules.plans}
    windows = {plan.name: [window.canonical() for window in plan.windows] for plan in rules.plans}
    for rule in (rule for file in rules.rule_files for group in file.groups for rule in group.rules):
        if rule.record is None:
            continue
        of = rule.labels[names.SLO]
        if of == UNKNOWN and rule.record != names.INFO:
            continue
        for place in CLUSTERS if "cluster" in grouping[of] and rule.record not in _ALONE else ("",):
            labels = {**rule.labels, **({"cluster": place} if place else {})}
            value = VALUES.get(rule.record, 1.0)
            if rule.record == names.BUDGET_REMAINING and (of == SPENT or place == "us-1"):
                value = -0.2
            for window in windows[of] if rule.record == names.BURN_RATE else [""]:
                burn = 20.0 if window and of == BURNING else 0.0 if window and place == "eu-1" else value
                yield Source(_series(rule.record, {**labels, **({names.WINDOW: window} if window else {})}), burn, 0)


_ALONE = {names.INFO, names.PERIOD_DAYS, names.OBJECTIVE, names.ERROR_BUDGET}
"""What is the same for all groups of an SLO."""


def _firing(rules: CompiledRules) -> Iterator[Source]:
    for rule in (rule for file in rules.rule_files for group in file.groups for rule in group.rules):
        if rule.alert == names.burn_alert("page", "1h") and rule.labels[names.SLO] == BURNING:
            labels = {**rule.labels, names.ALERT_NAME: rule.alert, names.ALERT_STATE: "firing"}
            yield Source(_series(names.ALERTS, labels), 1, 0)


@dataclass(frozen=True)
class Run:
    """A Prometheus, and dashboards of two catalogs that read it: the example, and one SLO in two clusters."""

    server: Prometheus
    rules: CompiledRules
    example: dict[str, dict[str, Any]]
    grouped: dict[str, dict[str, Any]]

    def ask(self, dashboard: dict[str, Any], title: str, ref: str = "A") -> list[dict[str, Any]]:
        """What a query of a panel gives at this moment."""
        [panel] = [each for each in dashboard["panels"] if each.get("title") == title]
        [target] = [each for each in panel["targets"] if each["refId"] == ref]
        return self.server.query(filled(target["expr"]))

    def value(self, dashboard: dict[str, Any], title: str, ref: str = "A") -> float:
        """The single figure of a panel."""
        [sample] = self.ask(dashboard, title, ref)
        return float(sample["value"][1])


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    compiled = compile_rules(load((str(CATALOG),)))
    one = catalog(slo("grouped", indicator=GROUPED, alerting={"absent": "10m"}))
    options = CompileOptions(settings=CompileSettings(dashboards=True))
    grouped = compile_prometheus(one, options=options)
    boards = loaded(compile_dashboards(one, grouped.plans, Neighbours(one)))
    given = [*_recorded(compiled.rules), *_recorded(grouped), *_firing(compiled.rules)]
    with exporting(given) as exporter:
        configuration = {
            "global": {"scrape_interval": "1s"},
            "scrape_configs": [
                {
                    "job_name": "recorded",
                    "honor_labels": True,
                    "static_configs": [{"targets": [f"127.0.0.1:{exporter.port}"]}],
                    # Recorded series have no such labels.
                    "metric_relabel_configs": [{"action": "labeldrop", "regex": "job|instance"}],
                }
            ],
        }
        with prometheus(tmp_path_factory.mktemp("prometheus"), configuration) as server:
            server.wait(lambda: bool(server.query("slo:info")) and exporter.scrapes > 3, 60, "series are there")
            yield Run(server, compiled.rules, loaded(compiled.families["grafana"]), boards)


def test_every_query_is_answered_without_an_error(run: Run) -> None:
    asked = {expr for boards in (run.example, run.grouped) for board in boards.values() for expr in queries(board)}
    assert len(asked) > 300
    for expr in sorted(asked):
        run.server.query(expr)


def test_every_panel_of_an_slo_shows_something(run: Run) -> None:
    """But those of alerts, of which there may be none."""
    for path in ("grafana/slos/search-availability.json", "grafana/slos/web-shop-latency.json"):
        for panel in run.example[path]["panels"]:
            for target in panel.get("targets", ()):
                found = run.server.query(filled(target["expr"]))
                assert found or "Alerts of what" in panel["title"], (path, panel["title"], target["expr"])


def test_figures_of_an_slo(run: Run) -> None:
    burning = run.example[f"grafana/slos/{BURNING}.json"]
    assert run.value(burning, "Budget left") == 0.5
    assert run.value(burning, "Burn rate, 1h") == 20
    assert run.value(burning, "Gone in") == pytest.approx(0.5 * 30 * 86_400 / 20)
    assert run.value(burning, "Alerts", "A") == 1
    assert run.value(burning, "Alerts", "B") == 0
    spent = run.example[f"grafana/slos/{SPENT}.json"]
    assert run.value(spent, "Gone in") == 0


def test_an_slo_whose_series_are_gone_has_no_figures(run: Run) -> None:
    gone = run.example[f"grafana/slos/{UNKNOWN}.json"]
    for title in ("Budget left", "Gone in", "Burn rate, 1h", "Events", "Error ratio by window"):
        assert run.ask(gone, title) == [], title
    assert run.ask(gone, "Alerts") == []


def test_groups_are_shown_by_the_worst_of_them(run: Run) -> None:
    board = run.grouped["grafana/slos/grouped.json"]
    assert run.value(board, "Budget left, the worst") == -0.2
    assert run.value(board, "Burn rate, 1h, the worst") == 0.25
    # One does not burn, the other has nothing left: that is what counts.
    assert run.value(board, "Gone in, the worst") == 0
    assert len(run.ask(board, "Budget left over the period")) == len(CLUSTERS)
    assert len(run.ask(board, "Alerts")) == len(CLUSTERS)


def test_what_does_not_burn_is_not_said_to_be_gone(run: Run) -> None:
    board = run.grouped["grafana/slos/grouped.json"]
    [panel] = [each for each in board["panels"] if each.get("title") == "Gone in, the worst"]
    expr = filled(panel["targets"][0]["expr"]).replace('cluster=~".*"', 'cluster="eu-1"')
    [sample] = run.server.query(expr)
    assert float(sample["value"][1]) == -1


def test_the_overview_counts_slos(run: Run) -> None:
    board = run.example["grafana/overview.json"]
    known = len(run.rules.plans) + 1
    by_team = run.ask(board, "SLOs that alert, by team")
    assert sum(float(sample["value"][1]) for sample in by_team) == 1
    teams = {plan.labels.get("team") for plan in run.rules.plans}
    assert len(by_team) == len(teams)
    [stat] = [each for each in board["panels"] if each.get("title") == "SLOs" and each["type"] == "stat"]
    assert float(run.server.query(filled(stat["targets"][0]["expr"]))[0]["value"][1]) == known
    assert run.value(board, "Pages") == 1
    assert run.value(board, "Tickets") == 0
    assert run.value(board, "Budget spent") == 2
    assert run.value(board, "Below a quarter") == 0
    assert run.value(board, "Without data") == 1


def test_the_table_has_a_row_for_each_slo_and_each_group_of_one(run: Run) -> None:
    [table] = [each for each in run.grouped["grafana/overview.json"]["panels"] if each["type"] == "table"]
    rows = {target["refId"]: run.server.query(filled(target["expr"])) for target in table["targets"]}
    assert len(rows["A"]) == len(rows["B"]) == len(rows["C"]) == len(run.rules.plans) - 1 + len(CLUSTERS)
    [unknown] = rows["D"]
    assert unknown["metric"]["slo"] == UNKNOWN

    def labels(ref: str) -> set[tuple[tuple[str, str], ...]]:
        return {
            tuple(sorted((key, value) for key, value in row["metric"].items() if key != "__name__"))
            for row in rows[ref]
        }

    # Rows come together by their labels.
    assert labels("A") == labels("B") == labels("C")
    assert all(row["metric"]["dashboard_uid"].startswith("ssc-slo-") for ref in "ABCD" for row in rows[ref])
    states = {row["metric"]["slo"]: row["value"][1] for row in rows["C"]}
    assert states[BURNING] == "2"
    assert set(states.values()) == {"0", "2"}


def test_journeys_show_the_worst_alert_of_what_they_use(run: Run) -> None:
    board = run.example["grafana/overview.json"]
    [panel] = [each for each in board["panels"] if each.get("title") == "Journeys"]
    states = {
        target["legendFormat"]: run.server.query(filled(target["expr"]))[0]["value"][1] for target in panel["targets"]
    }
    assert len(states) == 9
    assert states["Buy broadband"] == "2"
    assert set(states.values()) == {"0", "2"}
    buy = run.example["grafana/journeys/buy-broadband.json"]
    assert run.value(buy, "Worst alert of what it uses") == 2
