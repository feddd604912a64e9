"""What other generators were measured to get wrong, measured here."""

from pathlib import Path

import pytest

from servicescape.model.units import Duration
from tests.promtool.harness import Expect, counter, measure, near
from tests.support.slo_catalogs import catalog, slo

pytestmark = pytest.mark.usefixtures("naming")

GOOD = 'http_requests_total{job="basket",code="200"}'
BAD = 'http_requests_total{job="basket",code="503"}'
QUIET = {"page": "off", "ticket": "off"}


def _series(code: str, cluster: str) -> str:
    return f'http_requests_total{{job="basket",code="{code}",cluster="{cluster}"}}'


def ratio(window: str) -> str:
    return f'sum(slo:error:ratio{{slo="basket-availability",window="{window}"}})'


def nan_free(until: int) -> list[Expect]:
    """No recorded series was NaN in any minute up to now."""
    metrics = (
        "slo:total:rate5m",
        "slo:bad:rate5m",
        "slo:error:ratio",
        "slo:burn_rate:ratio",
        "slo:error_budget_remaining:ratio",
    )
    return [Expect(until, f"max_over_time((count({metric} != {metric}))[{until}m:1m])", None) for metric in metrics]


def test_a_window_reaches_back_no_further_than_its_length(tmp_path: Path) -> None:
    # An error burst leaves the one-hour window one hour after its end: not 65 minutes, as samples of a 5m rate would.
    measure(
        tmp_path,
        catalog(slo()),
        {GOOD: counter((200, 600.0)), BAD: counter((60, 0.0), (5, 60.0), (135, 0.0))},
        [Expect(124, ratio("1h") + " > bool 0", 1), Expect(125, ratio("1h"), 0)],
    )


def test_five_bad_minutes_weigh_as_much_at_the_ends_of_a_window_as_within_it(tmp_path: Path) -> None:
    # They begin in minute 60. An hour is made of samples of which those at its ends stand for less than five minutes.
    burst = {GOOD: counter((60, 600.0), (5, 0.0), (135, 600.0)), BAD: counter((60, 0.0), (5, 600.0), (135, 0.0))}
    expected = [Expect(each, near(ratio("1h"), 5 / 60, relative=1e-9), 1) for each in (65, 70, 90, 115, 120)]
    # Between these they are 36 seconds more at most.
    expected += [Expect(each, near(ratio("1h"), 5 / 60, relative=0.6001 / 5), 1) for each in range(65, 121)]
    measure(tmp_path, catalog(slo()), burst, expected)


@pytest.mark.parametrize("seconds", [30, 150])
def test_a_window_is_as_long_whatever_the_interval(seconds: int, tmp_path: Path) -> None:
    # Ten bad minutes after an hour of good ones.
    before, bad, after = (minutes * 60 // seconds for minutes in (60, 10, 60))
    given = {
        GOOD: f"0+60x{before} {60 * before}x{bad - 1} {60 * before + 60}+60x{after}",
        BAD: f"0x{before} 60+60x{bad - 1} {60 * bad}x{after}",
    }
    expected = [Expect(each, near(ratio("1h"), 1 / 6, relative=1e-9), 1) for each in (70, 80, 100, 110, 120)]
    interval = Duration(seconds * 1000)
    measure(tmp_path, catalog(slo()), given, expected, interval=interval.canonical(), settings={"interval": interval})


@pytest.mark.parametrize("indicator", [None, "errorRatio"])
def test_a_window_of_which_an_end_is_missing_is_there(indicator: str | None, tmp_path: Path) -> None:
    # The series are born in minute 100 and gone in minute 130, so that there is nothing at the other end of the hour,
    # and then nothing at this one.
    by = 'sum(rate(http_requests_total{job="basket"%s}[{{window}}]))'
    spec = {"indicator": {"errorRatio": by % ',code="503"' + " / " + by % ""}} if indicator else {}
    given = {GOOD: "_x99 0+594x30 stale", BAD: "_x99 0+6x30 stale"}
    moments = (102, 110, 130, 134, 135, 136, 150, 180)
    expected = [Expect(each, near(ratio("1h"), 0.01, relative=1e-9), 1) for each in moments]
    measure(tmp_path, catalog(slo(alerting=QUIET, **spec)), given, [*expected, *nan_free(200)])


def test_grouping_labels_are_kept_and_groups_alert_apart(tmp_path: Path) -> None:
    query = 'sum by (cluster) (rate(http_requests_total{job="basket"%s}[{{window}}]))'
    indicator = {"ratio": {"bad": query % ',code=~"5.."', "total": query % ""}}
    alerts = """\
      - eval_time: 65m
        alertname: ErrorBudgetBurnPage1h
        exp_alerts:
          - exp_labels: {cluster: eu, component: basket, domain: commerce, measures: availability, severity: page,
              slo: basket-availability, team: storefront, tier: "1", window: 1h}
            exp_annotations:
              impact: Buy broadband is blocked
              summary: "Basket availability (eu): 83.3 × budget, all of it spent"
              description: "In the last 1h 8.333% of all events were bad. The error budget (99.9 % over 30d) burns 83.3
                times as fast as it may, in the last 1h and still in the last 5m. All of the budget is spent, and more.
                This alert fires above 14.4 × budget: 2 % of it within 1h."
              first_step: There is no runbook for service:basket. Look at its last change, and at what it needs.
              owner: team:storefront (no contact is written down)
"""
    # Five minutes of total outage are five sixtieths of an hour, at its end as anywhere else in it.
    measure(
        tmp_path,
        catalog(slo(title="Basket availability", indicator=indicator)),
        {
            _series("200", "eu"): counter((60, 600.0), (5, 0.0)),
            _series("500", "eu"): counter((60, 0.0), (5, 600.0)),
            _series("200", "us"): counter((65, 600.0)),
        },
        [
            Expect(65, 'count(ALERTS{alertstate="firing",severity="page",cluster="eu"}) > bool 0', 1),
            Expect(65, 'count(ALERTS{cluster="us"})', None),
            Expect(65, 'sum(slo:error:ratio{cluster="us",window="5m"})', 0),
        ],
        alerts=alerts,
    )


def test_a_budget_outlives_a_change_of_owner(tmp_path: Path) -> None:
    labels = 'component="basket",domain="commerce",measures="availability",slo="basket-availability",tier="1"'
    measure(
        tmp_path,
        catalog(slo(alerting=QUIET)),
        {
            GOOD: "_x60 0+600x60",
            f'slo:bad:rate5m{{{labels},team="old-owner"}}': "1x60 stale",
            f'slo:total:rate5m{{{labels},team="old-owner"}}': "10x60 stale",
        },
        [
            Expect(120, 'count(slo:error:ratio{window="30d"})', 1),
            Expect(120, 'count(slo:error:ratio{team="old-owner"})', None),
            Expect(120, near(ratio("30d"), 61 / (610 + 57 * 10 + 6), relative=0.05), 1),
        ],
    )


def test_fewer_events_than_the_minimum_page_nobody(tmp_path: Path) -> None:
    few = {GOOD: counter((60, 0.5)), BAD: counter((60, 0.2))}
    alert = 'count(ALERTS{severity="page",alertstate="firing",window="1h"})'
    measure(tmp_path, catalog(slo(alerting={"minimumEvents": 50})), few, [Expect(60, alert, None)])
    measure(tmp_path, catalog(slo(alerting={"minimumEvents": 30})), few, [Expect(60, alert, 1)])


def test_the_minimum_counts_the_events_of_each_alert_s_own_window(tmp_path: Path) -> None:
    # One event a minute: 60 in an hour, and 200 in six hours or more from minute 200 on, however new the series is.
    new = {GOOD: counter((400, 0.9)), BAD: counter((400, 0.1))}
    firing = 'count by (window) (ALERTS{alertstate="firing",window="%s"})'
    measure(
        tmp_path,
        catalog(slo(alerting={"minimumEvents": 200})),
        new,
        [
            Expect(195, 'count(ALERTS{alertstate="firing"})', None),
            *(Expect(205, f"sum({firing % window})", 1) for window in ("6h", "1d", "3d")),
            Expect(400, firing % "1h", None),
        ],
    )
    measure(tmp_path, catalog(slo(alerting={"minimumEvents": 55})), new, [Expect(60, f"sum({firing % '1h'})", 1)])


@pytest.mark.parametrize(("least", "fires"), [(59, 1), (61, None)])
def test_the_minimum_counts_alike_at_the_ends_of_a_window_and_within_it(
    least: int, fires: int | None, tmp_path: Path
) -> None:
    # An hour of nothing, then sixty events that all fail; they count from the fifth minute on.
    burst = {GOOD: counter((180, 0.0)), BAD: counter((60, 0.0), (5, 12.0), (115, 0.0))}
    alert = 'sum(ALERTS{severity="page",alertstate="firing",window="1h"})'
    measure(tmp_path, catalog(slo(alerting={"minimumEvents": least})), burst, [Expect(65, alert, fires)])


def test_minutes_without_series_add_no_events_to_the_minimum(tmp_path: Path) -> None:
    # 50 minutes of the hour have no series at all: 30 events came in it, and not three in each of sixty minutes.
    young = {GOOD: "_x50 " + counter((12, 1.5)), BAD: "_x50 " + counter((12, 1.5))}
    alert = 'sum(ALERTS{severity="page",alertstate="firing",window="1h"})'
    measure(tmp_path, catalog(slo(alerting={"minimumEvents": 60})), young, [Expect(62, alert, None)])
    measure(tmp_path, catalog(slo(alerting={"minimumEvents": 25})), young, [Expect(62, alert, 1)])


def test_one_of_several_groups_that_vanishes_is_told(tmp_path: Path) -> None:
    query = 'sum by (cluster) (rate(http_requests_total{job="basket"%s}[{{window}}]))'
    indicator = {"ratio": {"bad": query % ',code=~"5.."', "total": query % ""}}
    measure(
        tmp_path,
        catalog(slo(indicator=indicator, alerting={"absent": "10m"})),
        {
            'http_requests_total{job="basket",code="200",cluster="eu"}': counter((20, 600.0)),
            'http_requests_total{job="basket",code="200",cluster="us"}': counter((60, 0.0)),
        },
        [
            Expect(28, 'count(ALERTS{alertstate="firing"})', None),
            Expect(31, 'count(ALERTS{alertstate="firing",alertname="SLOSeriesAbsent",cluster="eu"})', 1),
            Expect(60, 'count(ALERTS{alertstate="firing",cluster="us"})', None),
        ],
    )


def test_a_bucket_that_does_not_exist_is_not_an_outage(tmp_path: Path) -> None:
    indicator = {"latency": {"histogram": "http_seconds", "below": "300ms"}}
    measure(
        tmp_path,
        catalog(slo(measures="latency", indicator=indicator, alerting={"absent": "10m"})),
        {"http_seconds_count": counter((60, 100.0)), 'http_seconds_bucket{le="0.5"}': counter((60, 98.0))},
        [
            Expect(60, 'count(ALERTS{alertstate="firing",alertname=~"Error.*"})', None),
            Expect(60, 'count(ALERTS{alertstate="firing",alertname="SLOSeriesAbsent"})', 1),
        ],
    )


def test_a_gauge_counts_time(tmp_path: Path) -> None:
    measure(
        tmp_path,
        catalog(slo(measures="quality", indicator={"gauge": "min(replication_ok)"})),
        {"replication_ok": "1x54 0x5 1x59"},
        [Expect(118, near(ratio("2h"), 6 / 115, relative=0.1), 1), *nan_free(118)],
    )
