"""The rules of the example catalog in a real Prometheus: they load, evaluate, and alert as somebody will read it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from servicescape.app.compile import Compiled, compile_rules
from servicescape.app.load import load
from tests.prometheus.exporter import Source, exporting, sources
from tests.prometheus.server import Prometheus, prometheus

CATALOG = Path(__file__).parents[2] / "catalog"
FAILING = ("basket-availability", "identity-latency", "cache-a-availability", "commerce-db-availability")
"""A ratio, a histogram, a gauge and an error ratio."""
GONE = "web-shop-availability"
"""Has `alerting.absent`, and series of its own."""
SECONDS = 75


@dataclass(frozen=True)
class Run:
    """A Prometheus that has seen the traffic for a while, and what was compiled for it."""

    server: Prometheus
    compiled: Compiled

    def alerts(self) -> list[dict[str, Any]]:
        """All alerts, pending ones too."""
        found: list[dict[str, Any]] = self.server.get("alerts")["alerts"]
        return found

    def firing(self, slo: str) -> set[str]:
        """Names of the burn alerts of an SLO that fire."""
        return {
            alert["labels"]["alertname"]
            for alert in self.alerts()
            if alert["labels"]["slo"] == slo and alert["state"] == "firing"
        }


def _traffic(compiled: Compiled) -> list[Source]:
    replayed: dict[str, Source] = {}
    gone: set[str] = set()
    for path, text in sorted(compiled.rules.tests.items(), key=lambda entry: Path(entry[0]).stem in FAILING):
        name = Path(path).stem
        if name == "_estimate":
            continue  # Estimates are made from what the others record.
        for source in sources(text, outage=name in FAILING):
            if name == GONE:
                gone.add(source.series)
            replayed[source.series] = source
    return [source for series, source in replayed.items() if series not in gone]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("prometheus")
    compiled = compile_rules(load((str(CATALOG),)))
    for path, text in compiled.rules.files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        # Every three seconds instead of every minute; windows are sums over samples, however many there are.
        file.write_text(text.replace("interval: 1m\n", "interval: 3s\n"), encoding="utf-8")
    with exporting(_traffic(compiled)) as exporter:
        configuration = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "3s"},
            "rule_files": sorted({f"{Path(path).parent}/*.yaml" for path in compiled.rules.files}),
            "scrape_configs": [
                {
                    "job_name": "replay",
                    "honor_labels": True,
                    "static_configs": [{"targets": [f"127.0.0.1:{exporter.port}"]}],
                }
            ],
        }
        with prometheus(folder, configuration) as server:
            run = Run(server, compiled)

            def is_ready() -> bool:
                evaluated = all(rule["health"] != "unknown" for rule in server.rules())
                return evaluated and exporter.scrapes > 15 and all(run.firing(name) for name in FAILING)

            server.wait(is_ready, SECONDS, f"every rule evaluated, and an alert for each of {', '.join(FAILING)}")
            yield run


def test_every_rule_of_the_example_is_evaluated_without_an_error(run: Run) -> None:
    rules = run.server.rules()
    written = sum(len(re.findall(r"^ +- (?:record|alert): ", text, re.M)) for text in run.compiled.rules.files.values())
    assert len(rules) == written > 600
    assert {
        (rule["name"], rule["health"], rule.get("lastError", "")) for rule in rules if rule["health"] != "ok"
    } == set()


def test_every_slo_has_an_error_ratio_and_none_is_nan(run: Run) -> None:
    expected = {ref.removeprefix("slo:") for ref in run.compiled.rules.slo_of_test.values()} - {GONE}
    assert "journey:pay-bill" in expected
    # The slices of an SLO that counts them end every few minutes, so there may be none yet.
    expected -= {"line-test-availability"}

    def found() -> dict[str, float]:
        samples = run.server.query('slo:error:ratio{window="1h"}')
        return {sample["metric"]["slo"]: float(sample["value"][1]) for sample in samples}

    # On a busy machine a scrape may come late, and what was recorded goes stale until the next one.
    run.server.wait(lambda: expected <= found().keys(), SECONDS, "an error ratio of every SLO")
    ratios = found()
    for name, ratio in ratios.items():
        assert ratio == (pytest.approx(1, abs=0.01) if name in FAILING else 0), name
    assert run.server.query("slo:error_budget_remaining:ratio != slo:error_budget_remaining:ratio") == []


def test_what_fails_alerts_and_nothing_else_does(run: Run) -> None:
    by_name = {alert["labels"]["slo"] for alert in run.alerts() if alert["state"] == "firing"}
    assert by_name == set(FAILING)
    both = {"ErrorBudgetBurnPage1h", "ErrorBudgetBurnPage6h", "ErrorBudgetBurnTicket1d", "ErrorBudgetBurnTicket3d"}
    assert run.firing("basket-availability") == both
    # Pages of the cache nodes are off: one of three is not worth waking anybody.
    assert run.firing("cache-a-availability") == {"ErrorBudgetBurnTicket1d", "ErrorBudgetBurnTicket3d"}


def test_vanished_series_are_pending_until_they_were_gone_long_enough(run: Run) -> None:
    gone = [alert for alert in run.alerts() if alert["labels"]["slo"] == GONE]
    assert [(alert["labels"]["alertname"], alert["state"]) for alert in gone] == [("SLOSeriesAbsent", "pending")]


def test_alerts_carry_labels_and_finished_texts(run: Run) -> None:
    for alert in run.alerts():
        labels, texts = alert["labels"], alert["annotations"]
        assert {"alertname", "severity", "slo", "team", "component", "tier", "measures"} <= labels.keys()
        assert {"summary", "description", "impact"} <= texts.keys(), labels
        for name, text in texts.items():
            assert text.strip(), (labels, name)
            assert not re.search(r"<error|no value|\{\{|\}\}|%!|NaN", text), (name, text)
    [page] = [
        alert
        for alert in run.alerts()
        if alert["labels"]["alertname"] == "ErrorBudgetBurnPage1h" and alert["labels"]["slo"] == "basket-availability"
    ]
    assert page["labels"]["severity"] == "page"
    assert page["labels"]["window"] == "1h"
    assert ",kubernetes," in page["labels"]["upstreams"]
    assert page["annotations"]["runbook_url"].startswith("https://")
    assert "× budget" in page["annotations"]["summary"]
