"""Estimates of journeys in promtool: what they come to, what their alerts say, and that their tests notice faults."""

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from servicescape.analysis.prediction.availability import Measurement
from servicescape.analysis.prediction.prediction import predict
from servicescape.app.impact import impact_sentences
from servicescape.compile.prometheus import CompiledRules, compile_prometheus
from tests.promtool.harness import Expect, near, promtool, write
from tests.support.journey_catalogs import journey, ratio, service, slo, step, text
from tests.support.loading import read_text

_SLO = 'slo="journey:buy"'


def compiled(*documents: dict[str, Any]) -> CompiledRules:
    """The rules of a catalog, which has nothing to find fault with."""
    read = read_text(text(*documents))
    assert read.findings == []
    return compile_prometheus(read.catalog, impact_of=impact_sentences(read.catalog, read.catalog.journeys).get)


def hold(folder: Path, rules: CompiledRules, series: dict[str, str], expected: list[Expect], **alert: Any) -> None:
    """Feeds samples a minute to all rules and holds the outcome against what is expected."""
    write(folder, rules)
    test: dict[str, Any] = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [
            {
                "expr": check.expr,
                "eval_time": f"{check.minute}m",
                "exp_samples": [] if check.value is None else [{"labels": "{}", "value": check.value}],
            }
            for check in expected
        ],
        **({"alert_rule_test": [alert]} if alert else {}),
    }
    file = {"rule_files": list(rules.files), "evaluation_interval": "1m", "tests": [test]}
    (folder / "hold.yaml").write_text(json.dumps(file), encoding="utf-8")
    promtool("test", "rules", str(folder / "hold.yaml"))


def jobs(minutes: int, **errors: float) -> dict[str, str]:
    """Counters of jobs with 600 events a minute, and these shares of errors from the first minute on."""
    found = {}
    for job, share in errors.items():
        found[f'all{{job="{job}"}}'] = f"0+600x{minutes}"
        found[f'bad{{job="{job}"}}'] = f"0+{600 * share:g}x{minutes}"
    return found


def test_the_sum_is_right(tmp_path: Path) -> None:
    # Step `look` needs a; `pay`, which 40 % use, goes by b and c or else by d and c. Nobody needs e for it.
    rules = compiled(
        *map(service, "abcde"),
        journey(
            "buy",
            [
                step("look", [["a"]]),
                step("pay", [["b", "c"], ["d", "c"]], share=0.4),
                step("rate", [["e"]], optional=True),
            ],
        ),
    )
    look, pay = 0.1, 0.4 * (1 - (1 - 0.05) * (1 - 0.5 * 0.3))
    whole = 1 - (1 - look) * (1 - pay)
    hold(
        tmp_path,
        rules,
        jobs(40, a=0.1, b=0.5, c=0.05, d=0.3, e=1),
        [
            Expect(40, near(f'sum(slo:step_error:ratio{{{_SLO},step="look"}})', look), 1),
            Expect(40, near(f'sum(slo:step_error:ratio{{{_SLO},step="pay"}})', pay), 1),
            # In the first minute some components have a rate and others not yet: one group comes after the other.
            *(
                Expect(40, near(f'sum(slo:error:ratio{{{_SLO},window="{window}"}})', whole, relative=digits), 1)
                for window, digits in (("5m", 0.0005), ("30m", 0.0005), ("30d", 0.05))
            ),
            Expect(40, f'count(slo:step_error:ratio{{{_SLO},step="rate"}})', None),
        ],
    )


def test_every_form_of_indicator_counts_alike(tmp_path: Path) -> None:
    # By cluster: 10 % of 900 and 40 % of 300 events are 17.5 % of all, whatever the mean of the clusters.
    error_ratio = {"errorRatio": "sum(rate(bad{job='c'}[{{window}}])) / sum(rate(all{job='c'}[{{window}}]))"}
    slices = {"objective": 99, "budgeting": {"timeslices": {"slice": "5m", "target": 95}}}
    rules = compiled(
        service("a", slos=[{"objective": 99, "indicator": ratio("a", by="by (cluster) ")}]),
        service("b", slos=[{"objective": 99, "indicator": {"gauge": "min(b_up)"}}]),
        service("c", slos=[{"objective": 99, "indicator": error_ratio}]),
        service("d", slos=[{**slices, "indicator": ratio("d")}]),
        service("e", slos=[{**slices, "indicator": {"errorRatio": "avg(avg_over_time(bad_share[{{window}}]))"}}]),
        service("f", slos=[{"objective": 99, "window": {"calendar": "month"}, "indicator": ratio("f")}]),
        journey("buy", [step("a", [["a"]]), step("cd", [["c", "d", "e", "f"]]), step("b", [["b"]])]),
    )
    hold(
        tmp_path,
        rules,
        {
            'all{job="a",cluster="x"}': "0+900x30",
            'bad{job="a",cluster="x"}': "0+90x30",
            'all{job="a",cluster="y"}': "0+300x30",
            'bad{job="a",cluster="y"}': "0+120x30",
            "b_up": "0.75x30",
            "bad_share": "0.4x30",
            **jobs(30, c=0.2, d=0.1, f=0.05),
        },
        [
            Expect(30, near(f'sum(slo:step_error:ratio{{{_SLO},step="a"}})', 0.175), 1),
            Expect(30, near(f'sum(slo:step_error:ratio{{{_SLO},step="b"}})', 0.25), 1),
            Expect(30, near(f'sum(slo:step_error:ratio{{{_SLO},step="cd"}})', 1 - 0.8 * 0.9 * 0.6 * 0.95), 1),
        ],
    )


def test_minutes_without_an_estimate_do_not_count(tmp_path: Path) -> None:
    # 30 minutes with 10 % errors, an idle hour, 30 minutes without errors: half of what was measured had 10 %.
    rules = compiled(service("a"), journey("buy", [step("look", [["a"]])]))
    series = {'all{job="a"}': "0+600x30 18000x60 18600+600x30", 'bad{job="a"}': "0+60x30 1800x90"}
    hold(
        tmp_path,
        rules,
        series,
        [
            Expect(80, f'count(slo:error:ratio{{{_SLO},window="5m"}})', None),
            Expect(121, near(f'sum(slo:error:ratio{{{_SLO},window="6h"}})', 0.05, relative=0.1), 1),
        ],
    )


def test_one_that_vanishes_is_taken_for_sound_and_all_that_vanish_for_unknown(tmp_path: Path) -> None:
    rules = compiled(*map(service, "abc"), journey("buy", [step("pay", [["a", "b"], ["a", "c"]])]))
    ratio_now = f'sum(slo:error:ratio{{{_SLO},window="5m"}})'
    for job in "bc":
        hold(tmp_path, rules, jobs(20, **{job: 1}), [Expect(20, ratio_now, 0)])
    hold(tmp_path, rules, jobs(20, b=1, c=1), [Expect(20, ratio_now, 1)])
    hold(tmp_path, rules, jobs(20, d=1), [Expect(20, f"count({ratio_now})", None)])


_NOBODY = {"page": "off", "ticket": "off"}


def silent(name: str) -> dict[str, Any]:
    """A service whose own SLO alerts nobody."""
    return service(name, slos=[{"objective": 99, "indicator": ratio(name), "alerting": _NOBODY}])


LABELS = {
    "slo": "journey:buy",
    "journey": "buy",
    "measures": "availability",
    "team": "crew",
    "estimate": "true",
    "upstreams": ",a,",
}


def test_what_a_page_says(tmp_path: Path) -> None:
    # look: 0.5 × 0.6 = 30 %; pay: 0.8 × 0.6 = 48 %; together 63.6 % of 400 an hour.
    rules = compiled(
        *map(silent, "abc"),
        journey(
            "buy",
            [step("look", [["a"]], share=0.5), step("pay", [["b", "c"], ["a"]])],
            demand={"perHour": 400, "peakPerHour": 900},
        ),
    )
    hold(
        tmp_path,
        rules,
        jobs(70, a=0.6, b=0.8, c=0),
        [],
        eval_time="70m",
        alertname="ErrorBudgetBurnPage1h",
        exp_alerts=[
            {
                "exp_labels": {**LABELS, "severity": "page", "window": "1h"},
                "exp_annotations": {
                    "summary": "Buy (estimate): 63.6 × budget, all of it spent, at pay (b)",
                    "description": "In the last 1h 63.6% of all attempts could not be completed, by this estimate. "
                    "Step pay loses most of them (48% of all). Of what it needs fail: b 80%, a 60%. The error budget "
                    "(99 % over 30d) burns 63.6 times as fast as it may, in the last 1h and still in the last 5m. All "
                    "of the budget is spent, and more. This alert fires above 14.4 × budget: 2 % of it within 1h.",
                    "impact": "Buy: about 400 attempts an hour, 900 at peak. By this estimate about 254 of them an "
                    "hour are blocked now, taking the average of attempts.",
                    "first_step": "Look at what the journey uses: it has no runbook of its own.",
                    "owner": "The crew (slack #crew)",
                    "upstream": "Buy cannot work without a (The crew, slack #crew). No alert there now.",
                },
            }
        ],
    )


def test_what_a_ticket_says_once_the_steps_are_not_recorded_any_more(tmp_path: Path) -> None:
    rules = compiled(silent("a"), journey("buy", [step("look", [["a"]])]))
    write(tmp_path, rules)
    [path] = [path for path in rules.files if "journey_buy" in path]
    # The recorded ratio is there and the steps are not, as after an upgrade that renamed them.
    broken = rules.files[path].replace("record: slo:step_error:ratio", "record: gone")
    rules = CompiledRules(
        {path: broken.replace("ln(1 - slo:step_error:ratio", "ln(1 - gone")}, rules.uncompiled, rules.tests
    )
    hold(
        tmp_path,
        rules,
        {'slo:error:ratio{component="a",slo="a-availability",window="5m"}': "0.05x70"},
        [],
        eval_time="70m",
        alertname="ErrorBudgetBurnTicket1d",
        exp_alerts=[
            {
                "exp_labels": {**LABELS, "severity": "ticket", "window": "1d"},
                "exp_annotations": {
                    "summary": "Buy (estimate): 5.0 × budget, all of it spent",
                    "description": "In the last 1d 5% of all attempts could not be completed, by this estimate. Which "
                    "step loses them is not recorded any more. The error budget (99 % over 30d) burns 5.0 times as "
                    "fast as it may, in the last 1d and still in the last 2h. All of the budget is spent, and more. "
                    "This alert fires above 3 × budget: 10 % of it within 1d.",
                    "first_step": "Look at what the journey uses: it has no runbook of its own.",
                    "owner": "The crew (slack #crew)",
                    "upstream": "Buy cannot work without a (The crew, slack #crew). No alert there now.",
                },
            }
        ],
    )


def test_a_component_whose_slo_is_in_maintenance_is_taken_for_sound(tmp_path: Path) -> None:
    every_day = {"rrule": "FREQ=DAILY;BYHOUR=0", "lasts": "10h"}
    slos = [{"objective": 99, "indicator": ratio("a"), "maintenance": [every_day]}]
    rules = compiled(service("a", slos=slos), service("b"), journey("buy", [step("look", [["a"], ["a", "b"]])]))
    ratio_now = f'sum(slo:error:ratio{{{_SLO},window="5m"}})'
    hold(tmp_path, rules, jobs(20, a=1, b=1), [Expect(20, f"count({ratio_now})", None)])


def random_legs(chosen: random.Random) -> list[list[str]]:
    """One to four legs of one to four of eight components."""
    return [chosen.sample("abcdefgh", chosen.randint(1, 4)) for _ in range(chosen.randint(1, 4))]


def test_random_steps_agree_with_the_prediction(tmp_path: Path) -> None:
    chosen = random.Random(7)
    errors = {name: round(chosen.uniform(0.02, 0.9), 3) for name in "abcdefgh"}
    steps = [step(f"s{number}", random_legs(chosen)) for number in range(60)]
    documents = [*map(service, "abcdefgh"), journey("buy", steps)]
    measured = {f"service:{name}": Measurement(1 - error, total=False) for name, error in errors.items()}
    [predicted] = predict(read_text(text(*documents)).catalog, measured=measured).journeys
    series = {
        f'slo:error:ratio{{component="{name}",slo="{name}-availability",window="5m"}}': f"{error}x3"
        for name, error in errors.items()
    }
    expected = []
    for each in predicted.steps:
        assert each.states is not None
        found = f'sum(slo:step_error:ratio{{{_SLO},step="{each.step}"}})'
        expected.append(Expect(3, near(found, each.states.blocked, relative=1e-9), 1))
    assert len(expected) == 60
    rules = compiled(*documents)
    only = {path: text for path, text in rules.files.items() if "journey_buy" in path}
    hold(tmp_path, CompiledRules(only, (), {}), series, expected)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (" > 14.4", " > 1440"),
        (" > 3\n", " > 300\n"),
        ('step="pay",component="a"', 'step="pay",component="x"'),
        ("* (1 - (exp", "+ (1 - (exp"),
        ("or vector(1)", "or vector(0)"),
        ("0.5 * ", "0.005 * "),
        ("(1 - exp(sum(ln(1 - slo:step_error", "(0 * exp(sum(ln(1 - slo:step_error"),
    ],
)
def test_generated_tests_notice_a_broken_rule(right: str, wrong: str, tmp_path: Path) -> None:
    rules = compiled(
        *map(service, "abcd"),
        journey("buy", [step("pay", [["a", "b"], ["a", "c"]]), step("look", [["d"]], share=0.5)]),
    )
    write(tmp_path, rules)
    [path] = [path for path in rules.files if "journey_buy" in path]
    [test] = [path for path in rules.tests if "journey_buy" in path]
    promtool("test", "rules", str(tmp_path / test))
    changed = rules.files[path].replace(right, wrong)
    assert changed != rules.files[path]
    (tmp_path / path).write_text(changed, encoding="utf-8")
    done = subprocess.run(["promtool", "test", "rules", str(tmp_path / test)], capture_output=True, check=False)
    assert done.returncode == 1


def test_generated_tests_pass_for_odd_journeys(tmp_path: Path) -> None:
    chosen = random.Random(11)
    journeys = [
        journey(
            f"buy-{number}",
            [step(f"s{each}", random_legs(chosen), share=chosen.choice((1, 1, 0.3, 0.01))) for each in range(3)],
            objective=chosen.choice((50, 90, 99, 99.9, 99.99)),
        )
        for number in range(8)
    ]
    rules = compiled(*map(service, "abcdefgh"), *journeys)
    write(tmp_path, rules)
    tests = [path for path in rules.tests if "journey_" in path]
    assert len(tests) == 8
    promtool("test", "rules", *(str(tmp_path / path) for path in tests))


def test_an_slo_of_its_own_is_no_estimate(tmp_path: Path) -> None:
    rules = compiled(service("a"), journey("buy", [step("look", [["a"]])]), slo("buying", "journey:buy"))
    assert not any("estimate" in text for text in rules.files.values())
    [path] = [path for path in rules.files if "journey_buy" in path]
    assert "journey: buy" in rules.files[path]
    assert 'upstreams: ",a,"' in rules.files[path]
