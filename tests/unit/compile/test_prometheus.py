from dataclasses import replace
from typing import Any

import pytest
from ruamel.yaml import YAML

from servicescape.compile.neighbours import Neighbours
from servicescape.compile.options import Uncompiled
from servicescape.compile.prometheus import CompiledRules, compile_prometheus
from tests.support.slo_catalogs import catalog, component, journey, slo


def rules(compiled: CompiledRules) -> list[dict[str, Any]]:
    groups = [group for text in compiled.files.values() for group in YAML(typ="safe").load(text)["groups"]]
    return [rule for group in groups for rule in group["rules"]]


def alerts(compiled: CompiledRules) -> dict[str, dict[str, Any]]:
    return {rule["alert"]: rule for rule in rules(compiled) if "alert" in rule}


def test_what_is_recorded() -> None:
    found = rules(compile_prometheus(catalog(slo())))
    recorded = [(rule["record"], rule["labels"].get("window")) for rule in found if "record" in rule]
    assert recorded == [
        ("slo:total:rate5m", None),
        ("slo:bad:rate5m", None),
        *(("slo:error:ratio", window) for window in ("5m", "30m", "1h", "2h", "6h", "1d", "3d", "30d")),
        ("slo:burn_rate:ratio", None),
        ("slo:error_budget_remaining:ratio", None),
        ("slo:objective:ratio", None),
        ("slo:error_budget:ratio", None),
        ("slo:period:days", None),
        ("slo:info", None),
    ]
    common = {"slo": "basket-availability", "component": "basket", "team": "storefront", "domain": "commerce"}
    for rule in found:
        assert rule["labels"].items() >= {**common, "tier": "1", "measures": "availability"}.items()
        assert list(rule["labels"]) == sorted(rule["labels"])


def test_numbers_are_exact() -> None:
    [text] = compile_prometheus(catalog(slo())).files.values()
    assert "vector(0.001)" in text
    assert "vector(0.999)" in text
    assert "/ 0.001" in text
    assert "000000" not in text.replace("2592000", "")


def test_one_alert_a_pair() -> None:
    found = alerts(compile_prometheus(catalog(slo())))
    assert {name: (rule["labels"]["severity"], rule["labels"]["window"]) for name, rule in found.items()} == {
        "ErrorBudgetBurnPage1h": ("page", "1h"),
        "ErrorBudgetBurnPage6h": ("page", "6h"),
        "ErrorBudgetBurnTicket1d": ("ticket", "1d"),
        "ErrorBudgetBurnTicket3d": ("ticket", "3d"),
    }


def test_what_alerts_tell() -> None:
    parts = [
        component(
            runbook="https://runbooks.example/basket",
            links=[{"url": "https://dash.example", "type": "dashboard"}],
            needs=["db"],
            soft=["recommendations"],
        ),
        component("db", needs=["disk"]),
        component("disk"),
        component("recommendations"),
    ]
    page = {"labels": {"routing": "x"}, "annotations": {"note": "{{ $labels.slo }}"}}
    compiled = compile_prometheus(
        catalog(
            slo(title="Basket {{ odd", alerting={"page": page}), components=parts, journeys=[journey("buy", ["basket"])]
        ),
        impact_of=lambda ref: f"Impact of {ref}",
    )
    alert = alerts(compiled)["ErrorBudgetBurnPage1h"]
    assert alert["labels"]["upstreams"] == ",db,disk,"
    assert alert["labels"]["routing"] == "x"
    told = alert["annotations"]
    assert told["impact"] == "Impact of service:basket"
    assert told["runbook_url"] == "https://runbooks.example/basket"
    assert told["dashboard_url"] == "https://dash.example"
    assert told["note"] == "{{ $labels.slo }}"
    assert told["summary"].startswith('Basket {{ "{{" }} odd: ')
    [info] = [rule for rule in rules(compiled) if rule.get("record") == "slo:info"]
    assert info["labels"]["journeys"] == ",buy,"
    assert info["labels"]["objective"] == "99.9"


def test_alerts_can_be_off() -> None:
    found = alerts(compile_prometheus(catalog(slo(alerting={"page": "off", "absent": "3m"}))))
    assert sorted(found) == ["ErrorBudgetBurnTicket1d", "ErrorBudgetBurnTicket3d", "SLOSeriesAbsent"]
    assert found["SLOSeriesAbsent"]["labels"]["severity"] == "ticket"
    # The rates outlive their source by five minutes, and a series that has just appeared needs two to have a rate.
    assert found["SLOSeriesAbsent"]["for"] == "2m"


def test_an_unreachable_pair_gets_a_factor_that_can_fire_and_says_so() -> None:
    compiled = compile_prometheus(catalog(slo(objective=90)))
    assert " > 9\n" in alerts(compiled)["ErrorBudgetBurnPage1h"]["expr"]
    assert "# 14.4 times this budget is 1.44, an error ratio that nothing reaches" in next(
        iter(compiled.files.values())
    )


@pytest.mark.parametrize(
    ("spec", "part", "reason"),
    [
        ({"window": {"calendar": "month", "timeZone": "London"}}, "", "there is no time zone `London`"),
        ({"budgeting": {"timeslices": {"slice": "90s", "target": 99}}}, "", "does not end when rules are evaluated"),
        ({"budgeting": {"timeslices": {"slice": "3h", "target": 99}}, "window": "1d"}, "", "fewer than 10 slices"),
        ({"window": "59m"}, "", "a rolling window must be 1h to 90d"),
        ({"window": "91d"}, "", "a rolling window must be 1h to 90d"),
        ({"indicator": {"use": "gone"}}, "", "`gone` is not defined"),
        ({"indicator": {"errorRatio": "x{{window}}["}}, "", "not a PromQL query"),
        ({"maintenance": [{"rrule": "FREQ=WEEKLY", "lasts": "2h"}]}, "", "a weekly rule needs BYDAY"),
        ({"alerting": {"policy": "mine"}}, "alerts", "no table of alerting windows is called `mine`"),
        ({"alerting": {"page": {"labels": {"a-b": "c"}}}}, "alerting.page.labels.a-b", "not a label name"),
        ({"alerting": {"page": {"labels": {"slo": "c"}}}}, "alerting.page.labels.slo", "set by the tool"),
        ({"alerting": {"page": {"annotations": {"a": "{{ x"}}}}, "alerting.page.annotations.a", "do not match"),
        (
            {"indicator": {"errorRatio": "sum(rate(x[{{window}}]))"}, "alerting": {"minimumEvents": 5}},
            "minimumEvents",
            "counts no events",
        ),
    ],
)
def test_nothing_is_passed_over_in_silence(spec: dict[str, Any], part: str, reason: str) -> None:
    compiled = compile_prometheus(catalog(slo(**spec)))
    [left_out] = compiled.uncompiled
    assert isinstance(left_out, Uncompiled)
    assert (left_out.slo, left_out.part) == ("slo:basket-availability", part)
    assert reason in left_out.reason
    assert bool(compiled.files) is bool(part)


def test_files_and_groups() -> None:
    compiled = compile_prometheus(
        catalog(
            slo("b"),
            slo("a"),
            slo("j", target="journey:buy"),
            slo("c", target="service:orphan"),
            components=[component(), component("orphan", owner=None)],
            journeys=[journey("buy", ["basket"])],
        )
    )
    assert list(compiled.files) == [
        "rules/_unowned/orphan.yaml",
        "rules/digital-sales/journey_buy.yaml",
        "rules/storefront/basket.yaml",
    ]
    assert list(compiled.tests) == [
        "tests/_unowned/orphan/c.yaml",
        "tests/digital-sales/journey_buy/j.yaml",
        "tests/storefront/basket/a.yaml",
        "tests/storefront/basket/b.yaml",
    ]
    documents = [list(YAML(typ="safe").load_all(text)) for text in compiled.files.values()]
    assert all(len(found) == 1 for found in documents)
    assert [group["name"] for group in documents[2][0]["groups"]] == ["a", "b"]
    assert "journey: buy" in compiled.files["rules/digital-sales/journey_buy.yaml"]


def test_bytes_do_not_depend_on_the_order_of_things() -> None:
    parts = [component(needs=["db", "auth"]), component("db"), component("auth")]
    slos = [slo(name) for name in ("a", "b", "c")]
    whole = catalog(*slos, components=parts)
    turned = replace(
        whole,
        slos=dict(reversed(whole.slos.items())),
        components=dict(reversed(whole.components.items())),
    )
    assert compile_prometheus(whole) == compile_prometheus(turned)


def test_a_mean_over_time_is_told() -> None:
    form = {"errorRatio": "sum(rate(a[{{window}}])) / sum(rate(b[{{window}}]))"}
    compiled = compile_prometheus(catalog(slo(indicator=form)))
    assert "means over time" in compiled.notes[0].text


def test_a_comment_at_the_end_of_a_query_swallows_nothing() -> None:
    form = {"ratio": {"bad": "rate(a[{{window}}]) or rate(b[{{window}}]) # both", "total": "rate(t[{{window}}]) # all"}}
    found = rules(compile_prometheus(catalog(slo(indicator=form))))
    assert found[0]["expr"] == "rate(t[5m]) >= 0"
    assert found[1]["expr"].startswith("(rate(a[5m]) or rate(b[5m])) >= 0\nor ignoring")


def test_members_of_a_cycle_are_not_each_others_upstream() -> None:
    parts = [
        component("a", needs=["b"]),
        component("b", needs=["a", "base"]),
        component("base"),
        component("top", needs=["a"]),
    ]
    found = Neighbours(catalog(components=parts))
    assert found.upstreams("service:a") == ("service:base",)
    assert found.upstreams("service:b") == ("service:base",)
    assert found.upstreams("service:top") == ("service:a", "service:b", "service:base")
    assert found.upstreams("service:base") == ()


def test_journeys_rest_on_what_their_components_need() -> None:
    parts = [component("a", needs=["b"]), component("b", soft=["c"]), component("c", needs=["b"]), component("d")]
    found = Neighbours(catalog(components=parts, journeys=[journey("one", ["a"]), journey("two", ["c"])]))
    assert found.journeys("service:a") == ("journey:one",)
    assert found.journeys("service:b") == found.journeys("service:c") == ("journey:one", "journey:two")
    assert found.journeys("service:d") == ()
