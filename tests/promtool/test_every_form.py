"""What every form of indicator owes: the right figure, no NaN, and alerts that come and go when they should."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from servicescape.catalog.objective import Slo
from servicescape.compile.prometheus import compile_prometheus
from tests.promtool.forms import BY_NAME, FORMS, Form, Minutes, bad, good
from tests.promtool.harness import Expect, counter, measure, near, options, spoken
from tests.support.slo_catalogs import catalog

pytestmark = pytest.mark.usefixtures("naming")

QUIET = {"page": "off", "ticket": "off"}
USUAL = 600.0


def series(forms: Sequence[Form], minutes: Minutes, step: int = 1) -> dict[str, str]:
    """The series of several forms for the same minutes."""
    return {name: values for form in forms for name, values in form.series(minutes, step).items()}


def slos(forms: Sequence[Form], **spec: Any) -> list[Slo]:
    """An SLO on each of several forms."""
    return [form.slo(**spec) for form in forms]


def ratio(form: Form, window: str) -> str:
    """The recorded error ratio of a form."""
    return f'sum(slo:error:ratio{{slo="{form.name}",window="{window}",{form.group}}})'


def firing(form: Form, alerts: str) -> str:
    """How many alerts of these names fire for the traffic of a form."""
    return f'count(ALERTS{{slo="{form.name}",alertname=~"{alerts}",alertstate="firing",{form.group}}})'


def ever(form: Form, alerts: str, minutes: int) -> str:
    """How many alerts of these names have fired up to now."""
    matchers = f'slo="{form.name}",alertname=~"{alerts}",alertstate="firing"'
    return f"count(count_over_time(ALERTS{{{matchers}}}[{minutes}m]))"


def no_nan(forms: Sequence[Form], until: int) -> list[Expect]:
    """No recorded series of any rule was NaN in any minute up to now."""
    text = "".join(compile_prometheus(catalog(*slos(forms)), options=options()).files.values())
    recorded = sorted(set(re.findall(r"record: (\S+)", text)))
    assert spoken("slo:error_budget_remaining:ratio") in recorded
    # A sum over time is NaN where one sample was. promtool loads few samples at once, hence one form at a time.
    over = [f'sum_over_time({name}{{slo="{form.name}"}}[{until}m])' for name in recorded for form in forms]
    return [Expect(until, f"count({one} != {one})", None) for one in over]


@pytest.mark.parametrize(("days", "form_names"), [(30, ["ratio-bad"]), (7, ["ratio-good", "grouped", "latency"])])
def test_uneven_traffic_is_weighted_by_traffic(days: int, form_names: list[str], tmp_path: Path) -> None:
    # Twenty quiet hours in which many fail, four busy ones in which hardly anything does: the plain mean of
    # five-minute ratios is 24.9 %, what customers saw 0.495 %.
    day = [(1200, 1.0, 0.298), (240, 4000.0, 18.33475)]
    events = sum(minutes * total for minutes, total, _ in day)
    truth = sum(minutes * failed for minutes, _, failed in day) / events
    assert truth == pytest.approx(0.00495, abs=1e-8)
    assert sum(minutes * failed / total for minutes, total, failed in day) / 1440 == pytest.approx(0.249, abs=1e-3)
    end = days * 1440
    forms = [BY_NAME[name] for name in form_names]
    expected = []
    for form in forms:
        left = f'sum(slo:error_budget_remaining:ratio{{slo="{form.name}",{form.group}}})'
        expected += [
            Expect(end, near(ratio(form, f"{days}d"), truth), 1),
            Expect(end, near(left, 1 - truth / 0.001), 1),
        ]
    spec = {"window": f"{days}d", "alerting": QUIET}
    measure(tmp_path, catalog(*slos(forms, **spec)), series(forms, day * days, 5), expected, interval="5m")


def test_twenty_idle_minutes_leave_no_nan_and_change_nothing(tmp_path: Path) -> None:
    minutes = [(60, USUAL, 3.0), (20, 0.0, 0.0), (60, USUAL, 3.0)]
    expected = no_nan(FORMS, 140)
    for form in FORMS:
        left = f'slo:error_budget_remaining:ratio{{slo="{form.name}",{form.group}}}'
        expected += [
            Expect(79, f"count({ratio(form, '5m')})", None),
            Expect(79, near(ratio(form, "1h"), 3 / USUAL, relative=0.02), 1),
            Expect(140, near(ratio(form, "30d"), 3 / USUAL, relative=0.02), 1),
            # From the first rate on there is a figure in every minute, the idle ones included.
            Expect(140, f"sum(count_over_time({left}[138m])) >= bool 138", 1),
        ]
    measure(tmp_path, catalog(*slos(FORMS)), series(FORMS, minutes), expected)


def test_an_error_series_that_appears_late(tmp_path: Path) -> None:
    # 600 good ones a minute for six hours; the error series is born in minute 100 and grows for an hour.
    truth = 60 * 10 / (360 * 600 + 60 * 10)
    assert truth == pytest.approx(0.0028, abs=0.0001)
    forms = [form for form in FORMS if form.errors]
    given = series(forms, [(360, USUAL, 0.0)])
    expected = no_nan(forms, 360)
    for form in forms:
        assert form.errors[0] in given
        given[form.errors[0]] = "_x99 0+10x60 600+0x199"
        expected += [
            Expect(90, ratio(form, "1h"), 0),
            # The mean of ratios is the same here, as traffic is even.
            Expect(360, near(ratio(form, "6h"), truth, relative=0.02), 1),
        ]
    measure(tmp_path, catalog(*slos(forms)), given, expected)


@pytest.mark.parametrize("gap", ["reset", "scrapes"])
def test_counter_resets_and_scrape_gaps(gap: str, tmp_path: Path) -> None:
    forms = [form for form in FORMS if form.has_idle]
    given = {}
    for name, values in series(forms, [(60, USUAL, 6.0)]).items():
        grow = float(values.split("+")[1].split("x")[0])
        missing, start = (" ", 0.0) if gap == "reset" else (" _x10 ", grow * 70)
        given[name] = f"0+{grow:.9f}x60{missing}{start:.9f}+{grow:.9f}x49"
    expected = no_nan(forms, 110)
    expected += [Expect(110, near(ratio(form, "2h"), 6 / USUAL, relative=0.001), 1) for form in forms]
    if gap == "scrapes":
        expected += [Expect(70, f"count({ratio(form, '5m')})", None) for form in forms]
    measure(tmp_path, catalog(*slos(forms)), given, expected)


def test_vanished_series_are_told(tmp_path: Path) -> None:
    gone = {name: f"{values} stale" for name, values in series(FORMS, [(30, USUAL, 0.0)]).items()}
    expected = []
    for form in FORMS:
        expected += [
            Expect(38, ever(form, ".+", 38), None),
            # Both clusters are gone.
            Expect(42, ever(form, "SLOSeriesAbsent", 42), 2 if form.group else 1),
            Expect(60, ever(form, "Error.+", 60), None),
        ]
    measure(tmp_path, catalog(*slos(FORMS, alerting={"absent": "10m"})), gone, expected)


def test_idle_series_are_not_taken_for_vanished_ones(tmp_path: Path) -> None:
    forms = [form for form in FORMS if form.has_idle]
    expected = [Expect(60, ever(form, ".+", 60), None) for form in forms]
    measure(tmp_path, catalog(*slos(forms, alerting={"absent": "5m"})), series(forms, [(60, 0.0, 0.0)]), expected)


# Minutes from the start of a total outage to the page, at most: both windows of the fastest pair must be above the
# threshold. At 90 % that is an error ratio of 0.9, which an hour reaches in 54 minutes, at 99 % one of 0.144 and 8.6
# minutes; at 99.9 % and more it is a matter of one or two samples.
WITHIN = {90: 55, 99: 9, 99.9: 2, 99.999: 1}


@pytest.mark.parametrize("objective", WITHIN)
def test_an_outage_pages_within_the_short_window_and_is_over_within_it(objective: float, tmp_path: Path) -> None:
    lasts = max(WITHIN[objective] + 1, 8)
    minutes = [(70, USUAL, 0.0), (lasts, USUAL, USUAL), (20, USUAL, 0.0)]
    begin, end = 70, 70 + lasts
    page = "ErrorBudgetBurnPage1h"
    expected = []
    for form in FORMS:
        expected += [
            Expect(begin, ever(form, ".+", begin), None),
            # A reading is in six samples of a range of five minutes, and weighs less at first.
            Expect(begin + WITHIN[objective] + (not form.has_idle), firing(form, page), 1),
            Expect(end, firing(form, page), 1),
            Expect(end + 6, firing(form, page), None),
            Expect(end + 20, firing(form, page), None),
        ]
    measure(tmp_path, catalog(*slos(FORMS, objective=objective)), series(FORMS, minutes), expected)


def test_a_slow_burn_is_a_ticket_and_pages_nobody(tmp_path: Path) -> None:
    minutes = [(60, USUAL, 0.0), (180, USUAL, USUAL * 0.0045)]
    expected = []
    for form in FORMS:
        expected += [
            Expect(60, ever(form, ".+", 60), None),
            Expect(240, firing(form, "ErrorBudgetBurnTicket(1d|3d)"), 2),
            Expect(240, ever(form, "ErrorBudgetBurnPage.+", 240), None),
        ]
    measure(tmp_path, catalog(*slos(FORMS)), series(FORMS, minutes), expected)


@pytest.mark.parametrize(("low", "high", "pages"), [(0.0141, 0.0150, True), (0.0136, 0.0150, False)])
def test_flapping_around_the_threshold_is_one_alert_or_none(
    low: float, high: float, pages: bool, tmp_path: Path
) -> None:
    # Every minute the error ratio is on the other side of 14.4 times the budget; its mean is not.
    mean = (low + high) / 2
    assert (mean > 0.0144) == pages
    minutes = [(2, USUAL, USUAL * mean), *[(1, USUAL, USUAL * low), (1, USUAL, USUAL * high)] * 60]
    expected = []
    for form in FORMS:
        one = f'ALERTS{{slo="{form.name}",alertname="ErrorBudgetBurnPage1h",alertstate="firing",{form.group}}}'
        # In the second hour there is an alert in each minute, or there was none in any.
        expected.append(Expect(120, f"sum(count_over_time({one}[60m])) >= bool 60", 1 if pages else None))
    measure(tmp_path, catalog(*slos(FORMS)), series(FORMS, minutes), expected)


def test_a_bad_minute_in_one_cluster_is_no_alert_in_another(tmp_path: Path) -> None:
    form = BY_NAME["grouped"]
    minutes = [(70, USUAL, 0.0), (10, USUAL, USUAL)]
    expected = [
        Expect(80, 'count(ALERTS{alertstate="firing",alertname="ErrorBudgetBurnPage1h",cluster="eu"})', 1),
        Expect(80, 'count(count_over_time(ALERTS{cluster="us"}[80m]))', None),
    ]
    measure(tmp_path, catalog(form.slo()), form.series(minutes, 1), expected)


def test_good_and_bad_counters_of_their_own_add_up(tmp_path: Path) -> None:
    indicator = {
        "ratio": {
            "bad": "sum(rate(failed_total[{{window}}])) + sum(rate(refused_total[{{window}}]))",
            "total": "sum(rate(done_total[{{window}}])) + sum(rate(refused_total[{{window}}]))",
        }
    }
    form = Form("sums", indicator, lambda minutes, step: {})
    minutes = [(120, USUAL, 6.0)]
    given = {"done_total": good(minutes), "refused_total": bad(minutes), "failed_total": counter((120, 0.0))}
    measure(tmp_path, catalog(form.slo()), given, [Expect(120, near(ratio(form, "2h"), 0.01), 1)])
