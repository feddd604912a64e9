"""Names, references, and what does not resolve."""

import itertools
import random

import pytest

from tests.support.loading import CREW, entity_text, read_files, read_text, service

EXTERNAL = entity_text("External", "cloud", "vendor: V")


# --- unknown ----------------------------------------------------------------------------------------------------------


def test_an_unknown_name_is_an_error_with_a_suggestion_and_where_that_is() -> None:
    read = read_text(service("basket", "dependsOn: [paymnts]") + CREW + service("payments"))
    assert (read.only.code, read.text(read.only)) == ("REF201", "paymnts")
    assert read.only.message == "`paymnts` is not defined"
    assert read.only.label == "no service, platform or external has this name"
    assert read.only.help == "did you mean `payments` (catalog/a.yaml:18:9)?"
    assert read.only.entity == "service:basket"


@pytest.mark.parametrize(
    "written", ["Basket", "service:baskte", "default/baskte", "cart", "Shopping basket", "shoping basket"]
)
def test_suggestions_know_old_names_and_titles(written: str) -> None:
    basket = service("basket", metadata="title: Shopping basket\naliases: [carts]")
    read = read_text(basket + CREW + service("checkout", f"dependsOn: ['{written}']"))
    assert read.only.code == "REF201"
    assert read.only.help.startswith("did you mean `basket`")


def test_no_suggestion_where_nothing_is_close() -> None:
    read = read_text(service("basket", "dependsOn: [zebra]") + CREW)
    assert read.only.help == "define it, or correct the name"


@pytest.mark.parametrize("text", ["a/b/c", "/", ":", "journey:x", "nonsense:basket", "service:", "x/basket"])
def test_odd_references_are_unknown_and_no_crash(text: str) -> None:
    read = read_text(service("basket") + CREW + service("checkout", f"dependsOn: ['{text}']"))
    assert read.codes == ["REF201"]


def test_every_form_of_reference_resolves() -> None:
    forms = "[basket, 'service:basket', 'Service:basket', default/basket, 'service:default/basket']"
    read = read_text(service("basket") + CREW + service("checkout", f"dependsOn: [{{anyOf: {forms}}}]"))
    assert not read.findings
    (edge,) = read.catalog.components["service:checkout"].edges
    assert edge.targets == ("service:basket",)


def test_references_that_are_keys_point_at_the_key() -> None:
    text = entity_text("Scenario", "s", "fail: [basket]\nexpect: {journeys: {buy: ok}}")
    read = read_text(service("basket") + CREW + text)
    assert (read.only.code, read.text(read.only)) == ("REF201", "buy")
    assert read.only.label == "no journey has this name"


def test_a_reference_behind_an_anchor_has_the_anchors_place() -> None:
    read = read_text(service("basket", "x-d: &d {on: nope}\ndependsOn: [*d, {on: crm}]") + CREW)
    assert [(code, text) for code, _, text in read.brief] == [("REF201", "nope"), ("REF201", "crm")]


# --- kinds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("dependsOn: [crew]", "`crew` is a Team, and a service, platform or external is expected here"),
        ("dependsOn: ['team:crew']", "`team:crew` is a Team, and a service"),
        ("platform: cloud", "`cloud` is an External, and a platform is expected here"),
        ("platform: service:other", "`service:other` is a Service, and a platform"),
        ("domain: other", "`other` is a Service, and a domain"),
        ("slos: [{objective: 9, indicator: {use: slo-a}}]", "`slo-a` is an SLO, and an indicator is expected here"),
    ],
)
def test_the_wrong_kind_of_thing(spec: str, message: str) -> None:
    slo = entity_text("SLO", "slo-a", "for: other\nobjective: 9\nindicator: {gauge: up}")
    read = read_text(service("basket", spec) + CREW + EXTERNAL + service("other") + slo)
    assert read.only.code == "REF206"
    assert read.only.message.startswith(message)
    assert read.only.help


def test_a_prefix_tells_kinds_apart() -> None:
    text = service("same") + entity_text("Journey", "same", "owner: crew\nsteps: [{name: a, legs: [{channel: web}]}]")
    slos = "".join(
        entity_text("SLO", name, f"for: {target}\nobjective: 9\nindicator: {{gauge: up}}")
        for name, target in (("a", "same"), ("b", "journey:same"), ("c", "service:same"))
    )
    read = read_text(text + slos + CREW + entity_text("Channel", "web", "mode: live"))
    assert not read.findings
    assert {slo.name: slo.target for slo in read.catalog.slos.values()} == {
        "a": "service:same",
        "b": "journey:same",
        "c": "service:same",
    }


@pytest.mark.parametrize(
    ("text", "pointed_at"),
    [
        (service("basket", "dependsOn: [basket]"), "basket"),
        (service("basket", "dependsOn: [{on: 'service:basket'}]"), "'service:basket'"),
        (service("basket", "dependsOn: [{anyOf: [other, default/basket]}]"), "default/basket"),
        (service("basket", "dependsOn: [{on: other, fallback: basket}]"), "basket"),
        (entity_text("Platform", "base", "owner: crew\nplatform: base"), "base"),
        (entity_text("Team", "band", "parent: band"), "band"),
        (entity_text("Domain", "sales", "parent: sales"), "sales"),
    ],
)
def test_what_refers_to_itself(text: str, pointed_at: str) -> None:
    read = read_text(text + CREW + service("other"))
    assert (read.only.code, read.text(read.only)) == ("REF203", pointed_at)


def test_a_view_may_show_what_has_its_name() -> None:
    view = entity_text("View", "basket", "include: [{name: basket}]")
    assert not read_text(service("basket") + CREW + view).findings


# --- namespaces -------------------------------------------------------------------------------------------------------


def _in(space: str, name: str, spec: str = "") -> str:
    return entity_text("Service", name, f"owner: default/crew\n{spec}", metadata=f"namespace: {space}")


def test_a_bare_name_means_the_own_namespace() -> None:
    text = _in("shop", "a") + _in("shop", "b") + _in("shop", "c", "dependsOn: [a, default/x]")
    read = read_text(text + CREW + service("x") + service("y", "dependsOn: [shop/a]"))
    assert not read.findings
    edges = read.catalog.components["service:shop/c"].edges
    assert [edge.targets for edge in edges] == [("service:shop/a",), ("service:x",)]


def test_a_bare_name_does_not_reach_into_another_namespace() -> None:
    read = read_text(_in("shop", "a") + CREW + service("y", "dependsOn: [a]"))
    assert read.only.code == "REF201"
    assert "did you mean `shop/a`" in read.only.help


@pytest.mark.parametrize("space", ["alpha", "zulu"])
def test_suggestions_come_from_the_own_namespace_first(space: str) -> None:
    both = _in("alpha", "basket") + _in("zulu", "basket")
    read = read_text(both + _in(space, "c", "dependsOn: [baskte]") + CREW)
    assert read.only.help.startswith("did you mean `basket` (")


def test_names_are_unique_within_a_namespace_only() -> None:
    assert not read_text(service("basket") + _in("shop", "basket") + CREW).findings


# --- duplicates -------------------------------------------------------------------------------------------------------


def test_of_two_definitions_the_second_is_reported_and_points_at_the_first() -> None:
    read = read_files({"b.yaml": service("basket"), "a.yaml": CREW + service("basket", "tier: 1")})
    assert (read.only.code, read.only.file, read.text(read.only)) == ("REF204", "b.yaml", "basket")
    (label,) = read.only.related
    assert (label.file, label.span.start.line, label.message) == ("a.yaml", 10, "first defined here, as a Service")
    assert read.catalog.components["service:basket"].tier == 1


def test_what_can_fail_shares_one_space_of_names() -> None:
    read = read_text(service("cloud") + EXTERNAL + CREW)
    assert read.only.code == "REF204"
    assert read.only.label == "a Service has this name already"
    assert read.only.related[0].message == "first defined here, as a Service"


def test_other_kinds_may_share_a_name() -> None:
    assert not read_text(service("crew") + CREW + entity_text("Domain", "crew")).findings


def test_three_of_a_name_are_two_findings() -> None:
    read = read_text(service("a") * 3 + CREW)
    assert [(code, line) for code, line, _ in read.brief] == [("REF204", 12), ("REF204", 19)]


# --- old names --------------------------------------------------------------------------------------------------------


def test_an_old_name_still_resolves() -> None:
    text = service("basket", metadata="aliases: [cart, trolley]") + CREW
    read = read_text(text + service("a", "dependsOn: [cart]") + service("b", "dependsOn: ['service:trolley']"))
    assert not read.findings
    assert read.catalog.components["service:a"].edges[0].targets == ("service:basket",)
    assert read.catalog.components["service:b"].edges[0].targets == ("service:basket",)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        (service("a", metadata="aliases: [b]") + service("b"), "remove the alias here, or rename `service:b`"),
        (service("a", metadata="aliases: [a]"), "remove the alias"),
        (service("a", metadata="aliases: [x, x]"), "remove the alias"),
        (service("a", metadata="aliases: [cloud]") + EXTERNAL, "remove the alias here, or rename `external:cloud`"),
        (
            service("a", metadata="aliases: [x]") + service("b", metadata="aliases: [x]"),
            "remove the alias here, or rename `service:a`",
        ),
    ],
)
def test_an_old_name_must_not_be_taken(text: str, advice: str) -> None:
    read = read_text(text + CREW)
    assert read.only.code == "REF205"
    assert read.only.help == advice


# --- order ------------------------------------------------------------------------------------------------------------

FAULTY = {
    "a.yaml": service("basket", "dependsOn: [pricng, crew, basket, null]", metadata="aliases: [cart]") + CREW,
    "b.yaml": service("basket") + service("pricing", "dependsOn: [cart]", metadata="aliases: [cart]") + "foo: 1\n",
    "c.yaml": EXTERNAL + service("cloud", "tier: 9") + service("x", "slos: [{objective: 9, indicator: {gauge: up}}]"),
    "d.yaml": entity_text("SLO", "x-availability", "for: x\nobjective: 9\nindicator: {use: y}")
    + "---\n- a\n---\nb: [\n",
}


def test_the_order_of_files_changes_nothing() -> None:
    first = read_files(FAULTY)
    assert len(first.findings) >= 10
    for order in itertools.permutations(FAULTY):
        again = read_files({name: FAULTY[name] for name in order})
        assert again.findings == first.findings
        assert list(again.catalog.entities) == list(first.catalog.entities)
        assert [each.edges for each in again.catalog.components.values()] == [
            each.edges for each in first.catalog.components.values()
        ]


def test_the_order_of_documents_changes_no_more_than_places() -> None:
    documents = [
        service("a", "dependsOn: [b, nope]"),
        service("b", "platform: p"),
        service("c", "dependsOn: [{on: b}]"),
        entity_text("Platform", "p", "owner: crew\ndependsOn: [cloud, a]"),
        CREW,
        EXTERNAL,
    ]
    expected = read_text("".join(documents))
    rng = random.Random(1)
    for _ in range(20):
        rng.shuffle(documents)
        read = read_text("".join(documents))
        assert [(each.code, each.message) for each in read.findings] == [
            (each.code, each.message) for each in expected.findings
        ]
        assert {ref: each.edges for ref, each in read.catalog.components.items()} == {
            ref: each.edges for ref, each in expected.catalog.components.items()
        }
        assert read.catalog.dependents == expected.catalog.dependents
