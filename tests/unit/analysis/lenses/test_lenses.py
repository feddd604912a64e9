"""Figures and levels of small catalogs, of which one can see by eye what they must be."""

from collections.abc import Mapping
from datetime import date
from typing import get_args

import pytest
from tests.support.loading import entity_text, read_text

from servicescape.analysis.lenses.definitions import DEFINITIONS, LENSES, lens_codes
from servicescape.analysis.lenses.facts import Facts, subjects
from servicescape.analysis.lenses.levels import CONDITIONS
from servicescape.analysis.lenses.results import LEVELS, Card, Demands, Figure, Finding
from servicescape.analysis.lenses.scorecard import card
from servicescape.analysis.lenses.topics import TOPICS, explanation
from servicescape.analysis.prediction.prediction import predict
from servicescape.model.settings import JourneyCondition, PlatformCondition, ShareCondition, TeamCondition
from servicescape.rules.registry import built_in_rules

SLO = "{objective: 99, indicator: {errorRatio: vector(0)}}"
TEXT = f"""
apiVersion: servicescape/v1
kind: Team
metadata: {{name: tribe}}
---
apiVersion: servicescape/v1
kind: Team
metadata: {{name: crew}}
spec: {{parent: tribe}}
---
apiVersion: servicescape/v1
kind: Channel
metadata: {{name: web}}
spec: {{mode: self-service}}
---
apiVersion: servicescape/v1
kind: Channel
metadata: {{name: phone}}
spec: {{mode: live, runsOn: [desk], hours: "Mo-Fr 08:00-18:00", capacity: {{perHour: 50}}}}
---
apiVersion: servicescape/v1
kind: Platform
metadata: {{name: base}}
spec: {{owner: crew, recovery: {{rto: 1h}}, slos: [{{objective: 99.99, indicator: {{errorRatio: vector(0)}}}}]}}
---
apiVersion: servicescape/v1
kind: Service
metadata: {{name: shop}}
spec:
  owner: crew
  platform: base
  masters: [name]
  dependsOn: [{{on: advice, kind: soft}}, psp]
  recovery: {{mttr: 10m, runbook: "https://example.com/shop", selfHealing: true}}
  slos: [{SLO}]
---
apiVersion: servicescape/v1
kind: Service
metadata: {{name: advice}}
spec: {{owner: crew, platform: base, masters: [name]}}
---
apiVersion: servicescape/v1
kind: Service
metadata: {{name: desk}}
spec: {{owner: tribe, lifecycle: deprecated}}
---
apiVersion: servicescape/v1
kind: Service
metadata: {{name: report}}
spec: {{owner: crew, lifecycle: planned}}
---
apiVersion: servicescape/v1
kind: External
metadata: {{name: psp}}
spec: {{vendor: Pay, sla: 99.5}}
---
apiVersion: servicescape/v1
kind: Journey
metadata: {{name: buy}}
spec:
  owner: crew
  demand: {{perHour: 10, peakPerHour: 100}}
  objective: 90
  steps:
    - name: ask
      collects: [name, colour]
      legs:
        - {{channel: web, uses: [shop]}}
        - {{channel: phone, uses: [shop], tested: 2026-10-01}}
    - name: pay
      share: 0.8
      legs:
        - {{channel: web, uses: [shop]}}
        - {{channel: phone, carries: [name], offered: offered}}
    - {{name: look, legs: [{{channel: web, uses: [shop]}}]}}
---
apiVersion: servicescape/v1
kind: Scenario
metadata: {{name: shop-lost}}
spec: {{fail: [shop], expect: {{journeys: {{buy: blocked}}}}}}
---
apiVersion: servicescape/v1
kind: Scenario
metadata: {{name: base-lost}}
spec: {{fail: [base], expect: {{journeys: {{buy: ok}}}}}}
"""


def cards_of(text: str, findings: list[Finding] | None = None, demands: Demands | None = None) -> dict[str, Card]:
    catalog = read_text(text).catalog
    prediction = predict(catalog, order=1)
    facts = Facts(
        catalog,
        today=date(2026, 11, 22),
        predicted={each.journey: each for each in prediction.journeys},
        no_prediction=None,
        pages_per_week=dict.fromkeys(catalog.slos, 2.5),
        demands=demands or Demands(),
    )
    return {subject.ref: card(facts, subject, findings or [], None) for subject in subjects(facts)}


@pytest.fixture(scope="module")
def cards() -> dict[str, Card]:
    return cards_of(TEXT)


def test_who_has_a_card(cards: Mapping[str, Card]) -> None:
    assert list(cards) == ["journey:buy", "team:crew", "team:tribe", "platform:base"]
    assert cards["journey:buy"].parts == (
        "external:psp",
        "platform:base",
        "service:advice",
        "service:desk",
        "service:shop",
    )
    assert "service:desk" in cards["team:tribe"].parts, "a team has what it owns"
    assert "service:shop" in cards["team:tribe"].parts, "and what the teams below it own"
    assert cards["platform:base"].journeys == ("journey:buy",)


@pytest.mark.parametrize(
    ("name", "value", "of", "names"),
    [
        ("ways-out", 2, 3, ("look",)),
        ("at-night", 0, 2, ("ask", "pay")),
        ("carried", 1, 2, ("pay → phone (colour)",)),
        ("tested", 1, 2, ("pay → phone",)),
        ("offered", 1, 2, ("ask → phone",)),
        ("room", 0, 1, ("phone (100 an hour, room for 50)",)),
        ("alone", 3, None, ("external:psp", "platform:base", "service:shop")),
        ("rehearsed", 2, 3, ("external:psp",)),
        ("scenarios", 1, 2, ("scenario:base-lost",)),
        ("owner", 4, 5, ("external:psp",)),
        ("slo", 3, 5, ("service:advice", "service:desk")),
        ("alerts", 2, 4, ("service:advice", "service:desk")),
        ("runbook", 1, 5, ("external:psp", "platform:base", "service:advice", "service:desk")),
        ("recovery", 2, 5, ("external:psp", "service:advice", "service:desk")),
        ("fallback", 2, 5, ("external:psp", "platform:base", "service:shop")),
        ("objective", 1, 1, ()),
        ("production", 4, 5, ("service:desk",)),
        ("mastered", 0, 2, ("colour (mastered by none)", "name (mastered by advice and shop)")),
        ("hand-overs", 2, None, ()),
        ("chain", 1, None, ("service:advice", "platform:base")),
        ("fan-in", 2, None, ("platform:base",)),
        ("page-runbook", 1, 2, ("slo:base-availability",)),
        ("calm", 3, 5, ("external:psp", "platform:base")),
        ("pages", 5, None, ()),
    ],
)
def test_figures_of_a_journey(
    cards: Mapping[str, Card], name: str, value: float, of: int | None, names: tuple[str, ...]
) -> None:
    figure = cards["journey:buy"].figure(name)
    assert figure is not None
    assert (figure.value, figure.of, figure.names) == (value, of, names)


def test_both_sides_of_the_line_of_visibility(cards: Mapping[str, Card]) -> None:
    figure = cards["journey:buy"].figure("slo")
    assert figure is not None
    assert figure.seen is not None
    assert figure.behind is not None
    assert (figure.seen.have, figure.seen.of) == (1, 2), "shop and desk are met by customers"
    assert (figure.behind.have, figure.behind.of) == (2, 3)


def test_a_team_is_told_which_of_its_parts_no_journey_needs() -> None:
    text = TEXT + "---" + entity_text("Service", "backup", "owner: crew").partition("---")[2]
    idle = cards_of(text)["team:crew"].figure("idle")
    assert idle == Figure("idle", 1, names=("service:backup",))


def test_the_level_is_what_all_conditions_allow(cards: Mapping[str, Card]) -> None:
    journey = cards["journey:buy"]
    assert journey.level == "none"
    assert [each.condition for each in journey.lacking] == ["owner", "ways-out"]
    assert journey.lacking[0].names == ("external:psp",)


def _good(**replace: str) -> str:
    journey = """
    owner: crew
    demand: {perHour: 10}
    objective: 90
    steps:
      - name: pay
        legs:
          - {channel: web, uses: [shop]}
          - {channel: phone, tested: 2026-10-01}
    """
    good = "owner: crew\nrecovery: {mttr: 5m, runbook: r, selfHealing: true}\nslos: [" + SLO + "]"
    parts = {
        "team": entity_text("Team", "crew"),
        "web": entity_text("Channel", "web", "mode: self-service"),
        "phone": entity_text("Channel", "phone", "mode: live\nrunsOn: [desk]"),
        "shop": entity_text("Service", "shop", good),
        "desk": entity_text("Service", "desk", good),
        "buy": entity_text("Journey", "buy", journey),
        "lost": entity_text("Scenario", "lost", "fail: [shop]\nexpect: {journeys: {buy: fallback}}"),
    }
    return "".join({**parts, **replace}.values())


def test_gold_and_what_takes_it_away() -> None:
    assert cards_of(_good())["journey:buy"].level == "gold"
    assert cards_of(_good())["journey:buy"].lacking == ()
    without = cards_of(_good(lost=""))["journey:buy"]
    assert (without.level, [each.condition for each in without.lacking]) == ("silver", ["scenarios"])
    untried = cards_of(_good().replace(", tested: 2026-10-01", ""))["journey:buy"]
    assert (untried.level, [each.condition for each in untried.lacking]) == ("bronze", ["tested"])
    wish = cards_of(_good().replace("objective: 90\n", "objective: 99.9999\n"))["journey:buy"]
    assert (wish.level, [each.condition for each in wish.lacking]) == ("silver", ["objective"])
    silent = cards_of(_good().replace("  demand: {perHour: 10}\n", ""))["journey:buy"]
    assert (silent.level, silent.lacking[0].names) == ("bronze", ("demand",))


def test_findings_take_a_level_away_and_stand_in_their_lens() -> None:
    finding = Finding("OWN301", "unreachable-team", "nobody reaches `crew`", "catalog/a.yaml", 1, "team:crew")
    other = Finding("JRN604", "journey-on-unfinished-parts", "…", "catalog/a.yaml", 9, "journey:other")
    found = cards_of(_good(), [finding, other])
    assert found["journey:buy"].level == "none"
    assert found["journey:buy"].findings == (("parity", (finding,)),)
    assert found["team:crew"].lacking[0].found == "nobody reaches `crew`"


def test_without_journeys_what_blocks_them_is_not_known() -> None:
    text = entity_text("Team", "crew") + entity_text("Service", "shop", "owner: crew")
    team = cards_of(text)["team:crew"]
    for name in ("alone", "rehearsed", "idle"):
        figure = team.figure(name)
        assert figure is not None
        assert (figure.value, figure.note) == (None, "the catalog has no journey")


def test_every_rule_of_a_lens_exists() -> None:
    assert set(lens_codes()) <= set(built_in_rules())


def test_every_figure_belongs_to_a_lens_and_can_be_explained() -> None:
    assert {each.lens for each in DEFINITIONS.values()} == set(LENSES)
    for topic in TOPICS:
        assert all(paragraph.strip() for paragraph in explanation(topic)), topic


def test_every_level_asks_for_something() -> None:
    for levels in CONDITIONS.values():
        assert tuple(levels) == LEVELS[1:]
        assert all(levels.values())


def test_settings_name_the_conditions_that_there_are() -> None:
    for kind, table in (("journey", JourneyCondition), ("team", TeamCondition), ("platform", PlatformCondition)):
        assert [each.name for level in CONDITIONS[kind].values() for each in level] == list(get_args(table))
    shares = {
        each.name for levels in CONDITIONS.values() for level in levels.values() for each in level if each.is_share
    }
    assert shares == set(get_args(ShareCondition))


def test_an_organisation_says_what_is_enough() -> None:
    text = _good().replace("runbook: r, ", "", 1)
    strict = cards_of(text)["journey:buy"]
    assert (strict.level, [(each.condition, each.found) for each in strict.lacking]) == (
        "bronze",
        [("runbook", "1 of 2")],
    )
    lenient = cards_of(text, demands=Demands(enough={"runbook": 50}))["journey:buy"]
    assert lenient.level == "gold"
    (runbook,) = (each for each in lenient.conditions if each.condition == "runbook")
    assert (runbook.holds, runbook.found, runbook.names) == (True, "", ())
    assert runbook.wants == "every part has a runbook (50 % are enough)"
    assert cards_of(text, demands=Demands(enough={"runbook": 50.1}))["journey:buy"].level == "bronze"


def test_an_organisation_moves_conditions_to_other_levels() -> None:
    text = _good().replace(", tested: 2026-10-01", "")
    later = cards_of(text, demands=Demands(levels={"journey": {"tested": "gold"}}))["journey:buy"]
    assert later.level == "silver"
    assert [each.condition for each in later.lacking] == ["tested"]
    never = cards_of(text, demands=Demands(levels={"journey": {"tested": "off"}}))["journey:buy"]
    assert never.level == "gold"
    assert "tested" not in [each.condition for each in never.conditions]
