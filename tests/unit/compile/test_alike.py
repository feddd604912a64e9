"""Texts that are made once for many SLOs: each must have the very text that would be made for it alone."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from servicescape.catalog.objective import Slo
from servicescape.compile.alert_texts import AlertTexts, burn_texts, burn_texts_of
from servicescape.compile.example_traffic import traffic_for
from servicescape.compile.neighbours import Neighbours
from servicescape.compile.options import CompileOptions
from servicescape.compile.plan import SloPlan, plan_slo
from servicescape.compile.promtool_tests import test_file as file_of
from servicescape.compile.promtool_tests import tests_text as text_alone
from servicescape.compile.promtool_text import head
from servicescape.compile.reach import reachable_factor
from servicescape.compile.rule import Group, LaterRules
from servicescape.compile.slo_groups import SloGroups
from servicescape.compile.yaml_text import rules_text
from servicescape.model.settings import CompileSettings
from tests.support.slo_catalogs import catalog, component, slo

NAMES = st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
VALUES = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='"\\{}'), min_size=1, max_size=12)
"""Of a label in a query: whatever YAML or PromQL might take for something else."""


def queries(job: str, *, by: str, is_bad: bool, own_metric: bool) -> dict[str, Any]:
    part = "errors_total" if own_metric else "requests_total"
    code = "" if own_metric else (',code=~"5.."' if is_bad else ',code!~"5.."')
    return {
        "ratio": {
            "bad" if is_bad else "good": f'sum{by}(rate({part}{{job="{job}"{code}}}[{{{{window}}}}]))',
            "total": f'sum{by}(rate(requests_total{{job="{job}"}}[{{{{window}}}}]))',
        }
    }


BUDGETINGS: list[Any] = ["occurrences", {"timeslices": {"slice": "5m", "target": 95}}]
WINDOWS: list[Any] = ["30d", "7d", {"calendar": "month", "timeZone": "Europe/London"}]
ALERTING: list[dict[str, Any]] = [
    {},
    {"page": "off"},
    {"ticket": "off"},
    {"absent": "15m"},
    {"absent": "1h", "page": "off"},
    {"minimumEvents": 5000},
    {"page": {"labels": {"severity": "critical"}}},
]


@st.composite
def slos(draw: st.DrawFn) -> Slo:
    return slo(
        draw(NAMES),
        objective=draw(st.sampled_from([90, 99, 99.5, 99.9, 99.95])),
        window=draw(st.sampled_from(WINDOWS)),
        budgeting=draw(st.sampled_from(BUDGETINGS)),
        alerting=draw(st.sampled_from(ALERTING)),
        indicator=queries(
            draw(st.one_of(NAMES, VALUES)),
            by=draw(st.sampled_from(["", " by (cluster) ", " by (cluster, zone) ", " without (pod) "])),
            is_bad=draw(st.booleans()),
            own_metric=draw(st.booleans()),
        ),
    )


def plan_of(one: Slo, names: str = "servicescape") -> SloPlan | None:
    found = catalog(one, components=[component("basket")])
    options = CompileOptions(settings=CompileSettings.model_validate({"names": names}))
    return plan_slo(one, found, Neighbours(found), options).plan


@settings(max_examples=10, deadline=None)
@given(st.lists(slos(), min_size=2, max_size=4), st.sampled_from(["servicescape", "sloth"]))
def test_tests_of_slos_alike(several: list[Slo], names: str) -> None:
    for one in several:
        plan = plan_of(one, names)
        if plan is None:
            continue
        path = "rules/team/basket.yaml"
        written = file_of(plan, rule_path=path, interval=plan.interval)
        if isinstance(written, str):
            traffic = traffic_for(plan)
            assert not isinstance(traffic, str)
            assert written == "".join(head(path)) + text_alone(plan, traffic)


@settings(max_examples=20, deadline=None)
@given(st.lists(slos(), min_size=2, max_size=4), st.sampled_from(["servicescape", "sloth"]))
def test_texts_of_alerts_alike(several: list[Slo], names: str) -> None:
    for one in several:
        plan = plan_of(one, names)
        for pair in plan.pairs if plan is not None else ():
            assert plan is not None
            factor = reachable_factor(pair.factor, plan.budget)
            assert burn_texts(plan, pair, factor) == burn_texts_of(plan, pair, factor)


def test_slos_alike_have_tests_of_their_own() -> None:
    written = set()
    for name, job in (("basket", "basket"), ("basket", "a: b #c"), ("pricing", "basket"), ("n", "Q0Q"), ("n", "Q1Q")):
        plan = plan_of(slo(name, indicator=queries(job, by="", is_bad=True, own_metric=False)))
        assert plan is not None
        text = file_of(plan, rule_path="rules/team/basket.yaml", interval=plan.interval)
        assert isinstance(text, str)
        assert f'slo="{name}"' in text
        assert f'job="{job}"' in text
        written.add(text)
    assert len(written) == 5


def groups_of(several: list[Slo]) -> list[tuple[SloPlan, Group]]:
    """The groups of SLOs whose names are all different, made one after another."""
    found = catalog(*several, components=[component("basket", needs=["base"]), component("base")])
    neighbours = Neighbours(found)
    making = SloGroups(AlertTexts(found, neighbours, lambda ref: f"Without {ref}: {{{{ nothing }}}}."))
    plans = [plan_slo(found.slos[ref], found, neighbours, CompileOptions()).plan for ref in sorted(found.slos)]
    return [(plan, making.group(plan, "")[0]) for plan in plans if plan is not None]


@settings(max_examples=25, deadline=None)
@given(st.lists(slos(), min_size=2, max_size=6, unique_by=lambda one: one.name))
def test_rules_of_slos_alike(several: list[Slo]) -> None:
    for plan, group in groups_of(several):
        alone = tuple(group.rules)
        assert rules_text(group.rules) == rules_text(alone), plan.name
        told = [(alarm.alert, dict(alarm.labels), alarm.burns) for alarm in group.alarms]
        assert told == [(rule.alert, rule.labels, rule.burns) for rule in alone if rule.alert is not None]


def test_names_of_every_length_have_their_own_lines() -> None:
    """An expression on one line becomes a block where a longer name takes it beyond the width of a page."""
    several = [
        slo("x" * length, indicator=queries("job", by="", is_bad=True, own_metric=False)) for length in range(1, 64)
    ]
    blocks = set()
    for plan, group in groups_of(several):
        text = rules_text(group.rules)
        assert text == rules_text(tuple(group.rules)), plan.name
        assert isinstance(group.rules, LaterRules) == (len(plan.name) > 2)
        blocks.add(text.count("expr: |-"))
    assert len(blocks) > 1


def test_what_a_mark_cannot_stand_for_is_written_as_it_is() -> None:
    usual = queries("job", by="", is_bad=True, own_metric=False)
    by_label = queries("job", by=" by (Qn, Qlabels) ", is_bad=True, own_metric=False)
    several = [
        slo("of-the-authors", alerting={"page": {"labels": {"severity": "critical", "zone": "eu"}}}, indicator=usual),
        slo("of-the-authors-too", alerting={"ticket": {"annotations": {"summary": "mine"}}}, indicator=usual),
        slo("with-names-like-marks", indicator=by_label),
        slo("123", indicator=usual),
        slo("true-or-not", title="ends with {", indicator=usual),
        slo("a-ratio", alerting={"absent": "10m"}, indicator={"errorRatio": "x / y[{{window}}]"}),
        slo("in-slices", budgeting={"timeslices": {"slice": "7m", "target": 95}}, indicator=usual),
    ]
    made = {plan.name: group for plan, group in groups_of(several)}
    for name, group in made.items():
        assert rules_text(group.rules) == rules_text(tuple(group.rules)), name
    by_template = {name for name, group in made.items() if isinstance(group.rules, LaterRules)}
    assert by_template <= {"with-names-like-marks", "123", "true-or-not"}
    assert "123" in by_template
