"""What alerts say, as Prometheus fills it in: the words that somebody reads at night."""

import json
from pathlib import Path
from typing import Any

from servicescape.app.impact import impact_sentences
from servicescape.compile.prometheus import compile_prometheus
from tests.promtool.harness import promtool, write
from tests.support.loading import read_text

CATALOG = r"""
    apiVersion: servicescape/v1
    kind: Team
    metadata: {name: shop, title: Shop crew}
    spec: {contacts: [{type: phone, value: "+44 1632 960001"}, {type: slack, value: "#shop"}]}
    ---
    apiVersion: servicescape/v1
    kind: Team
    metadata: {name: odd, title: 'Team {{ $x }} <b>&</b>'}
    ---
    apiVersion: servicescape/v1
    kind: Service
    metadata: {name: basket, title: Basket, links: [{url: "https://dash.example/{{d}}", type: dashboard}]}
    spec:
      owner: shop
      dependsOn: [prices, cdn]
      recovery: {runbook: "https://run.example/basket"}
      slos:
        - objective: 99
          indicator: {ratio: {bad: 'sum(rate(bad[{{window}}]))', total: 'sum(rate(all[{{window}}]))'}}
          alerting: {absent: 10m}
    ---
    apiVersion: servicescape/v1
    kind: Service
    metadata: {name: prices, title: "Prices {{ end }}\nin two lines {"}
    spec:
      owner: odd
      slos:
        - name: prices-right
          title: "Prices {{ end }} \"right\"\n\\ in two lines {"
          objective: 99.9
          indicator:
            ratio:
              bad: 'sum by (cluster, zone) (rate(bad[{{window}}]))'
              total: 'sum by (cluster, zone) (rate(all[{{window}}]))'
    ---
    apiVersion: servicescape/v1
    kind: External
    metadata: {name: cdn, title: Edge}
    spec:
      vendor: Edge Inc
      slos: [{objective: 99.9, indicator: {use: servicescape/scrape-up, with: {job: cdn}}}]
    ---
    apiVersion: servicescape/v1
    kind: Channel
    metadata: {name: web, title: Web}
    spec: {mode: self-service}
    ---
    apiVersion: servicescape/v1
    kind: Journey
    metadata: {name: buy, title: Buy}
    spec:
      owner: shop
      demand: {perHour: 1420, peakPerHour: 2600}
      steps:
        - {name: pay, title: Pay, legs: [{channel: web, uses: [basket]}], onFailure: {runbook: "https://run.example/pay"}}
    ---
    apiVersion: servicescape/v1
    kind: SLO
    metadata: {name: buying, title: Buying works}
    spec:
      for: journey:buy
      objective: 99
      indicator: {errorRatio: 'sum(rate(bad[{{window}}])) / sum(rate(all[{{window}}]))'}
    """

OF_BASKET = {
    "impact": "Without Basket: Buy is blocked (about 1,420 attempts an hour).",
    "first_step": "Follow the runbook: https://run.example/basket\n"
    "For customers at “Pay” of Buy: https://run.example/pay",
    "owner": "Shop crew (phone +44 1632 960001, slack #shop)",
    "runbook_url": "https://run.example/basket",
    "dashboard_url": "https://dash.example/{{d}}",
}
NEEDS_OF_BASKET = (
    "Basket cannot work without Edge (Edge Inc) and Prices {{ end }} in two lines { (Team {{ $x }} <b>&</b>)."
)


def fired(
    folder: Path, slo: str, minute: int, series: dict[str, str], labels: dict[str, str], told: dict[str, str]
) -> None:
    """Holds what one alert carries against what it must carry, to the last character."""
    read = read_text(CATALOG)
    assert read.findings == []
    sentences = impact_sentences(read.catalog, [each.target for each in read.catalog.slos.values()])
    compiled = compile_prometheus(read.catalog, impact_of=sentences.get)
    write(folder, compiled)
    [path] = [path for path, text in compiled.files.items() if f"slo: {slo}\n" in text]
    alert: Any = {"eval_time": f"{minute}m", "alertname": labels.pop("alertname")}
    alert["exp_alerts"] = [{"exp_labels": {"slo": slo, **labels}, "exp_annotations": told}]
    test = {
        "rule_files": [path],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": name, "values": values} for name, values in series.items()],
                "alert_rule_test": [alert],
            }
        ],
    }
    (folder / "test.yaml").write_text(json.dumps(test), encoding="utf-8")
    promtool("test", "rules", str(folder / "test.yaml"))


LABELS = {"measures": "availability", "severity": "page", "window": "1h", "alertname": "ErrorBudgetBurnPage1h"}


def test_all_that_somebody_needs_at_night(tmp_path: Path) -> None:
    fired(
        tmp_path,
        "basket-availability",
        70,
        {
            "all": "0+600x70",
            "bad": "0+300x70",
            'ALERTS{alertname="X",alertstate="firing",component="prices",team="odd"}': "1x70",
            'ALERTS{alertname="Y",alertstate="firing",component="cdn"}': "1x70",
            'ALERTS{alertname="Y",alertstate="pending",component="other"}': "1x70",
        },
        {**LABELS, "component": "basket", "team": "shop", "upstreams": ",cdn,prices,"},
        {
            "summary": "Basket availability: 50.0 × budget, all of it spent",
            "description": "In the last 1h 50% of all events were bad. The error budget (99 % over 30d) burns 50.0 "
            "times as fast as it may, in the last 1h and still in the last 5m. All of the budget is spent, and more. "
            "This alert fires above 14.4 × budget: 2 % of it within 1h.",
            **OF_BASKET,
            "upstream": f"{NEEDS_OF_BASKET} Alerts there now: cdn, prices (odd).",
        },
    )


def test_time_left_is_told_in_days_hours_and_minutes(tmp_path: Path) -> None:
    # A day without errors, then 20 % of them for the 49 minutes that the counter rises: 49/60 of 20 % in the last hour.
    # Of the period nearly two thirds of 1 % (its sums count the last five minutes in part).
    fired(
        tmp_path,
        "basket-availability",
        1490,
        {"all": "0+600x1490", "bad": "0+0x1440 0+120x50"},
        {**LABELS, "component": "basket", "team": "shop", "upstreams": ",cdn,prices,"},
        {
            "summary": "Basket availability: 16.3 × budget, gone in 16h 14m",
            "description": "In the last 1h 16.33% of all events were bad. The error budget (99 % over 30d) burns 16.3 "
            "times as fast as it may, in the last 1h and still in the last 5m. 36.83% of the budget is left. "
            "This alert fires above 14.4 × budget: 2 % of it within 1h.",
            **OF_BASKET,
            "upstream": f"{NEEDS_OF_BASKET} No alert there now.",
        },
    )


def test_texts_of_the_catalog_stay_texts_and_groups_are_named(tmp_path: Path) -> None:
    fired(
        tmp_path,
        "prices-right",
        70,
        {
            'all{cluster="eu-1",zone="a\\"b"}': "0+600x70",
            'bad{cluster="eu-1",zone="a\\"b"}': "0+60x70",
            'all{cluster="eu-2",zone="b"}': "0+600x70",
        },
        {**LABELS, "component": "prices", "team": "odd", "cluster": "eu-1", "zone": 'a"b'},
        {
            "summary": 'Prices {{ end }} "right" \\ in two lines { (eu-1, a"b): 100.0 × budget, all of it spent',
            "description": "In the last 1h 10% of all events were bad. The error budget (99.9 % over 30d) burns 100.0 "
            "times as fast as it may, in the last 1h and still in the last 5m. All of the budget is spent, and more. "
            "This alert fires above 14.4 × budget: 2 % of it within 1h.",
            "impact": "Without Prices {{ end }} in two lines {: Buy is blocked (about 1,420 attempts an hour).",
            "first_step": "There is no runbook for Prices {{ end }} in two lines {. Look at its last change, and at "
            "what it needs.",
            "owner": "Team {{ $x }} <b>&</b> (no contact is written down)",
        },
    )


def test_a_journey_says_how_many_want_it(tmp_path: Path) -> None:
    fired(
        tmp_path,
        "buying",
        70,
        {"all": "0+600x70", "bad": "0+300x70"},
        {**LABELS, "journey": "buy", "team": "shop", "upstreams": ",cdn,basket,prices,"},
        {
            "summary": "Buying works: 50.0 × budget, all of it spent",
            "description": "In the last 1h 50% of all events were bad. The error budget (99 % over 30d) burns 50.0 "
            "times as fast as it may, in the last 1h and still in the last 5m. All of the budget is spent, and more. "
            "This alert fires above 14.4 × budget: 2 % of it within 1h.",
            "impact": "Buy: about 1,420 attempts an hour, 2,600 at peak.",
            "first_step": "For customers at “Pay” of Buy: https://run.example/pay",
            "owner": "Shop crew (phone +44 1632 960001, slack #shop)",
            "upstream": "Buy cannot work without Basket (Shop crew, phone +44 1632 960001), Edge (Edge Inc) and "
            "Prices {{ end }} in two lines { (Team {{ $x }} <b>&</b>). No alert there now.",
        },
    )


def test_an_external_without_a_team(tmp_path: Path) -> None:
    fired(
        tmp_path,
        "cdn-availability",
        70,
        {'up{job="cdn"}': "0x70"},
        {**LABELS, "component": "cdn"},
        {
            "summary": "Edge availability: 1000.0 × budget, all of it spent",
            "description": "In the last 1h 100% of the time was bad. The error budget (99.9 % over 30d) burns 1000.0 "
            "times as fast as it may, in the last 1h and still in the last 5m. All of the budget is spent, and more. "
            "This alert fires above 14.4 × budget: 2 % of it within 1h.",
            "impact": "Without Edge: Buy is blocked (about 1,420 attempts an hour).",
            "first_step": "There is no runbook for Edge. See what Edge Inc says.",
            "owner": "Edge Inc (vendor); no team is written down for Edge",
        },
    )


def test_vanished_series(tmp_path: Path) -> None:
    labels = {"measures": "availability", "severity": "page", "alertname": "SLOSeriesAbsent"}
    fired(
        tmp_path,
        "basket-availability",
        40,
        {"all": "0+600x10", "bad": "0+0x10"},
        {**labels, "component": "basket", "team": "shop", "upstreams": ",cdn,prices,"},
        {
            "summary": "Basket availability: nothing is measured any more",
            "description": "The series that the SLO is measured by are gone for 10m or more. This is not the same as "
            "no traffic: it no longer reports, or it was renamed, or the query no longer finds it. No other alert of "
            "this SLO can fire until they are back.",
            **OF_BASKET,
            "upstream": f"{NEEDS_OF_BASKET} No alert there now.",
        },
    )
