"""Documents to entities: each kind of fault once, at its place, with advice; what is sound goes on."""

from decimal import Decimal
from typing import Any

import pytest

from servicescape.model.kinds import KINDS
from tests.support.loading import CREW, FILE, entity_text, read_files, read_text, service

HEAD = "apiVersion: servicescape/v1\n"


def _basket(spec: str) -> Any:
    """A Service in whose spec something is wrong, and its team."""
    return read_text(service("basket", spec) + CREW + service("pricing") + service("stock"))


# --- which document is what -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "message", "pointed_at"),
    [
        ("- a\n- b\n", "SCH101", "the document is a list", "-"),
        ("hello\n", "SCH101", "the document is a single value", "hello"),
        ("5\n", "SCH101", "the document is a single value", "5"),
        ("image: x\n", "SCH102", "`apiVersion` and `kind` are missing", "image"),
        ("kind: Team\nmetadata: {name: a}\n", "SCH102", "`apiVersion` is missing", "kind"),
        ("apiVersion:\nkind: Team\n", "SCH102", "`apiVersion` is empty", "apiVersion"),
        ("apiversion: servicescape/v1\nkind: Team\n", "SCH102", "unknown key `apiversion`", "apiversion"),
        (
            "apiVersion: servicescape/v2\nkind: Team\n",
            "SCH102",
            "no version of the catalog language",
            "servicescape/v2",
        ),
        ("apiVersion: servicscape/v1\nkind: Team\n", "SCH102", "no version of the catalog language", "servicscape/v1"),
        ("apiVersion: apps/v1\nkind: Deployment\n", "SCH102", "a Deployment document of `apps/v1`", "apps/v1"),
        ("apiVersion: 1\nkind: Team\n", "SCH102", "`1`", "1"),
        ("apiVersion: [a]\nkind: Team\n", "SCH102", "a list", "[a]"),
        ("apiVersion: openslo/v2alpha\nkind: SLO\n", "SCH102", "an OpenSLO document", "openslo/v2alpha"),
        ("apiVersion: backstage.io/v1alpha1\nkind: API\n", "SCH102", "a Backstage entity", "backstage.io/v1alpha1"),
        ("apiVersion: pyrra.dev/v2\n", "SCH102", "a Pyrra objective", "pyrra.dev/v2"),
        ("apiVersion: sloth.slok.dev/v2\n", "SCH102", "a Sloth specification", "sloth.slok.dev/v2"),
        (f"{HEAD}metadata: {{name: a}}\n", "SCH103", "`kind` is missing", "apiVersion"),
        (f"{HEAD}kind:\n", "SCH103", "`kind` is empty", "kind"),
        (f"{HEAD}kind: Servce\n", "SCH103", "`Servce` is no kind", "Servce"),
        (f"{HEAD}kind: service\n", "SCH103", "`service` is no kind", "service"),
        (f"{HEAD}kind: [Team]\n", "SCH103", "this is a list", "[Team]"),
    ],
)
def test_what_is_no_entity(text: str, code: str, message: str, pointed_at: str) -> None:
    read = read_files({FILE: text})
    assert (read.only.code, read.text(read.only)) == (code, pointed_at)
    assert message in read.only.message
    assert read.only.help
    assert "None" not in read.only.message
    assert not read.entities


def test_a_misspelt_kind_is_suggested() -> None:
    finding = read_files({FILE: f"{HEAD}kind: Servce\n"}).only
    assert finding.help.startswith("did you mean `Service`?")
    assert finding.fix is not None
    assert not finding.fix.safe


@pytest.mark.parametrize(
    ("kind", "meant", "safe"),
    [
        ("service", "Service", True),
        ("Services", "Service", False),
        ("Component", "Service", False),
        ("Group", "Team", False),
    ],
)
def test_a_kind_under_another_name_is_suggested(kind: str, meant: str, safe: bool) -> None:
    finding = read_files({FILE: f"{HEAD}kind: {kind}\n"}).only
    assert finding.help.startswith(f"did you mean `{meant}`?")
    assert finding.fix is not None
    assert (finding.fix.edits[0].text, finding.fix.safe) == (meant, safe)


# --- each kind of fault -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "code", "message", "pointed_at", "advice"),
    [
        ("foo: 1", "SCH105", "unknown key `foo` in `spec`", "foo", "the keys here are"),
        ("teir: 1", "SCH105", "unknown key `teir`", "teir", "did you mean `tier`?"),
        ("tier: 1\nteir: 1", "SCH105", "unknown key `teir`", "teir", "`tier` is there already"),
        ("title: Basket", "SCH105", "unknown key `title`", "title", "belongs under `metadata`"),
        ("tier:", "SCH106", "`tier` is empty", "tier", "give it a value"),
        ("platform:", "REF202", "`platform` is empty", "platform", "remove the key"),
        ("platform: ''", "REF202", "`platform` names nothing", "''", "write a name"),
        ("dependsOn: [pricing, null]", "REF202", "an item of `dependsOn` is empty", "null", "remove the item"),
        ("dependsOn: [pricing, ~]", "REF202", "an item of `dependsOn` is empty", "~", "remove the item"),
        ("dependsOn: [pricing, '']", "REF202", "an item of `dependsOn` is empty", "''", "remove the item"),
        ("dependsOn:\n  - pricing\n  -", "REF202", "an item of `dependsOn` is empty", "-", "remove the item"),
        ("dependsOn: [{on: }]", "REF202", "`on` is empty", "on", "value"),
        ("dependsOn: [{anyOf: [stock, null]}]", "REF202", "an item of `anyOf` is empty", "null", "remove the item"),
        ("dependsOn: pricing", "SCH106", "`dependsOn` needs a list", "pricing", "`[pricing]`"),
        ("dependsOn: [5]", "SCH106", "`dependsOn` needs a name, or a mapping", "5", ""),
        ("dependsOn: [{}]", "SCH104", "`on` is missing in `spec.dependsOn[0]`", "{}", "add `on:`"),
        ("dependsOn: [{anyOf: []}]", "SCH108", "`anyOf` needs at least 1 item", "anyOf", ""),
        ("dependsOn: [{anyOf: stock}]", "SCH106", "`anyOf` needs a list", "stock", "`[stock]`"),
        ("dependsOn: [{anyOf: [stock], on: pricing}]", "SCH105", "unknown key `on`", "on", ""),
        ("dependsOn: [{on: stock, kind: sfot}]", "SCH107", "`sfot` is no value of `kind`", "sfot", "`soft`"),
        ("dependsOn: [{on: stock, tolerates: 15}]", "SCH106", "needs a duration with its unit", "15", "`15s`"),
        ("dependsOn: [{on: stock, tolerates: 15 minutes}]", "SCH109", "is not a duration", "15 minutes", "`15m`"),
        ("dependsOn: [{on: stock, switchFailure: 2}]", "SCH108", "at least 0 and at most 1", "2", "0.02"),
        ("lifecycle: live", "SCH107", "`live` is no value of `lifecycle`", "live", "`planned`"),
        ("lifecycle: true", "SCH107", "`true` is no value of `lifecycle`", "true", ""),
        ("tier: 0", "SCH108", "`tier` must be at least 1, not 0", "0", ""),
        ("tier: 9", "SCH108", "`tier` must be at most 4, not 9", "9", ""),
        ("tier: '1'", "SCH106", "needs a whole number, and this is text", "'1'", "remove the quotes"),
        ("tier: 1.5", "SCH106", "needs a whole number", "1.5", ""),
        ("tier: true", "SCH106", "this is a truth value", "true", ""),
        ("tier: 010", "SCH106", "needs a whole number", "010", "leading zero"),
        ("tier: 0x1f", "SCH106", "needs a whole number", "0x1f", "hexadecimal"),
        ("type: 5", "SCH106", "`type` needs text, and this is a number", "5", "quotes"),
        ("type: no", "", "", "", ""),
        ("masters: {a: b}", "SCH106", "`masters` needs a list, and this is a mapping", "{a: b}", ""),
        ("recovery: fast", "SCH106", "`recovery` needs a mapping, and this is text", "fast", ""),
        ("recovery: {selfHealing: yes}", "SCH106", "needs `true` or `false`", "yes", ""),
        (
            "slos: [{objective: 99.9}]",
            "SCH104",
            "`indicator` is missing in `spec.slos[0]`",
            "objective",
            "add `indicator:`",
        ),
        ("slos: [{objective: 99.9, indicator: {}}]", "SCH110", "exactly one of", "indicator", ""),
        (
            "slos: [{objective: 99.9, indicator: {gauge: a, errorRatio: b}}]",
            "SCH110",
            "exactly one",
            "gauge",
            "keep one",
        ),
        ("slos: [{objective: 99.9, indicator: {gauge: a, with: {b: c}}}]", "SCH110", "`with`", "indicator", "`use`"),
        ("slos: [{objective: 100, indicator: {gauge: a}}]", "SCH108", "less than 100, not 100", "100", "99.99"),
        ("slos: [{objective: '99', indicator: {gauge: a}}]", "SCH106", "needs a number", "'99'", "remove the quotes"),
        ("slos: [{objective: 1_0, indicator: {gauge: a}}]", "SCH106", "needs a number", "1_0", "underscores"),
        ("slos: [{objective: .inf, indicator: {gauge: a}}]", "SCH106", "needs a number", ".inf", "finite"),
        ("slos: [{objective: 99.9%, indicator: {gauge: a}}]", "SCH106", "needs a number", "99.9%", "percent"),
        (
            "slos: [{name: My SLO, objective: 9, indicator: {gauge: a}}]",
            "SCH109",
            "is not a name",
            "My SLO",
            "`my-slo`",
        ),
    ],
)
def test_one_fault_is_one_finding(spec: str, code: str, message: str, pointed_at: str, advice: str) -> None:
    read = _basket(spec)
    if not code:
        assert not read.findings
        return
    assert (read.only.code, read.text(read.only)) == (code, pointed_at)
    assert message in read.only.message
    assert advice in read.only.help
    # The rest is sound, and goes on.
    assert "service:basket" in read.catalog.components


@pytest.mark.parametrize(
    ("text", "code", "message", "pointed_at"),
    [
        ("kind: Team\n", "SCH104", "`metadata` is missing in this Team", "kind"),
        ("kind: Team\nmetadata:\n", "SCH106", "`metadata` is empty", "metadata"),
        ("kind: Team\nmetadata: []\n", "SCH106", "`metadata` needs a mapping", "[]"),
        ("kind: Team\nmetadata: {title: A}\n", "SCH104", "`name` is missing in `metadata`", "metadata"),
        ("kind: Team\nmetadata: {name: My Team}\n", "SCH109", "`My Team` is not a name", "My Team"),
        ("kind: Team\nmetadata: {name: 5}\n", "SCH106", "`name` needs text", "5"),
        ("kind: Team\nmetadata: {name: a, labels: {b: 5}}\n", "SCH106", "`b` needs text", "5"),
        ("kind: Team\nmetadata: {name: a}\nspec:\n", "SCH106", "`spec` is empty", "spec"),
        ("kind: Service\nmetadata: {name: a}\n", "SCH104", "`spec` is missing in this Service", "kind"),
        ("kind: Service\nmetadata: {name: a}\nspec: {ownr: b}\n", "SCH105", "unknown key `ownr`", "ownr"),
        ("kind: Service\nmetadata: {name: a}\nspec: {owner: [b]}\n", "SCH106", "`owner` needs text", "[b]"),
        ("kind: External\nmetadata: {name: a}\nspec: {tier: 1}\n", "SCH104", "`vendor` is missing", "spec"),
        ("kind: Channel\nmetadata: {name: a}\nspec: {mode: phone}\n", "SCH107", "`phone` is no value", "phone"),
        ("kind: Scenario\nmetadata: {name: a}\nspec: {lasts: 1h}\n", "SCH110", "at least one of `fail`", "spec"),
        ("kind: View\nmetadata: {name: a}\nspec: {include: [{}]}\n", "SCH110", "at least one key", "{}"),
        ("kind: View\nmetadata: {name: a}\nspec: {include: [{depth: 1}]}\n", "SCH110", "`depth` goes with", "depth"),
        ("kind: Indicator\nmetadata: {name: a}\nspec: {gauge: x, params: {a-b: {}}}\n", "SCH109", "`a-b`", "a-b"),
    ],
)
def test_faults_of_other_kinds(text: str, code: str, message: str, pointed_at: str) -> None:
    read = read_files({FILE: HEAD + text})
    assert (read.only.code, read.text(read.only)) == (code, pointed_at)
    assert message in read.only.message


def test_long_and_many_lined_values_are_not_repeated_in_full() -> None:
    finding = _basket(f"recovery: {{mttr: {'9' * 500}d}}").only
    assert len(finding.message) < 100
    finding = _basket("recovery:\n  mttr: |\n    a\n    b").only
    assert "\n" not in finding.message + finding.help


# --- what is sound goes on --------------------------------------------------------------------------------------------


def test_places_hold_after_faulty_items_are_left_out() -> None:
    read = _basket("dependsOn:\n  - null\n  - paymnts\n  - {on: pricing, knd: soft}\n  -\n  - {on: nope}")
    assert read.brief == [
        ("REF202", 9, "null"),
        ("REF201", 10, "paymnts"),
        ("SCH105", 11, "knd"),
        ("REF202", 12, "-"),
        ("REF201", 13, "nope"),
    ]
    basket = read.entity("service:basket")
    assert [each if isinstance(each, str) else each.on for each in basket.spec.depends_on] == [
        "paymnts",
        "pricing",
        "nope",
    ]


def test_faults_that_only_show_when_others_are_gone_have_their_place_too() -> None:
    read = _basket(
        "slos:\n  - {objective: 5}\n  - {objective: 99, indicator: {gauge: x, use: y}}\n"
        "  - {objective: 98, indicator: {gauge: x, x-own: 1}, name: good}"
    )
    assert [(code, line) for code, line, _ in read.brief] == [("SCH104", 9), ("SCH110", 10)]
    assert list(read.catalog.slos) == ["slo:good"]


def test_several_faults_of_one_document_are_all_found_at_once() -> None:
    read = _basket("tier: 9\nlifecycle: live\nfoo: 1\nmasters: [null]\nrecovery: {mttr: 5}\ndependsOn: [nope]")
    assert sorted(read.codes) == ["REF201", "SCH105", "SCH106", "SCH106", "SCH107", "SCH108"]


@pytest.mark.parametrize(
    "broken",
    [
        service("basket").replace("owner: crew", "owner: 7"),
        service("basket").replace("owner: crew", "ownr: crew"),
        service("basket").replace("kind: Service", "kind: Servce"),
        service("basket").replace("servicescape/v1", "servicescape/v2"),
        service("basket").replace("owner: crew", "owner: @crew"),
        service("basket").replace("kind: Service\n", ""),
        service("basket", "foo: ["),
    ],
)
def test_names_of_broken_documents_are_not_undefined(broken: str) -> None:
    broken = broken.replace("  name: basket\n", "  name: basket\n  aliases: [cart]\n")
    read = read_files({FILE: broken + CREW + service("checkout", "dependsOn: [basket]")})
    assert [code for code in read.codes if code.startswith("REF")] == []
    assert len(read.findings) == 1


def test_old_names_and_namespaces_of_broken_documents_count_as_well() -> None:
    broken = entity_text("Service", "basket", "owner: 7", metadata="namespace: shop\naliases: [cart]")
    read = read_text(broken + CREW + service("checkout", "dependsOn: [shop/basket, shop/cart, basket]"))
    assert read.codes == ["SCH106", "REF201"]
    assert read.findings[1].message == "`basket` is not defined"


# --- the author's own -------------------------------------------------------------------------------------------------


def test_the_authors_own_keys_are_taken_everywhere_and_carried() -> None:
    text = f"""\
{HEAD}x-top: 1
kind: Service
metadata: {{name: basket, x-meta: [1, null]}}
spec:
  owner: crew
  x-spec: {{any: thing}}
  dependsOn:
    - null
    - {{on: pricing, x-edge: why}}
    - {{anyOf: [stock], x-group: }}
  recovery: {{x-deep: 99.50}}
  slos:
    - {{objective: 99, x-slo: 1, indicator: {{gauge: up, x-query: 2}}}}
"""
    read = read_files({FILE: text + CREW + service("pricing") + service("stock")})
    assert read.codes == ["REF202"]
    (basket,) = (each for each in read.entities if each.ref == "service:basket")
    assert dict(basket.authors_own) == {
        ("x-top",): 1,
        ("metadata", "x-meta"): (1, None),
        ("spec", "x-spec"): {"any": "thing"},
        ("spec", "dependsOn", 1, "x-edge"): "why",
        ("spec", "dependsOn", 2, "x-group"): None,
        ("spec", "recovery", "x-deep"): Decimal("99.50"),
        ("spec", "slos", 0, "x-slo"): 1,
        ("spec", "slos", 0, "indicator", "x-query"): 2,
    }


def test_extensions_hold_anything() -> None:
    read = read_text(
        service("basket", "extensions: {compliance: {pci: true, levels: [1, null, x]}, note: free}") + CREW
    )
    assert not read.findings
    assert read.entity("service:basket").spec.extensions == {
        "compliance": {"pci": True, "levels": (1, None, "x")},
        "note": "free",
    }


# --- values -----------------------------------------------------------------------------------------------------------


def test_objectives_keep_their_last_digit() -> None:
    read = read_text(service("basket", "slos: [{objective: 99.950, indicator: {gauge: up}}]") + CREW)
    assert str(read.catalog.slos["slo:basket-availability"].objective_percent) == "99.950"


def test_the_least_that_each_kind_needs() -> None:
    least = {
        "Team": "",
        "Domain": "",
        "Platform": "owner: crew",
        "Service": "owner: crew",
        "External": "vendor: V",
        "SLO": "for: service-a\nobjective: 99\nindicator: {use: indicator-a}",
        "Indicator": "gauge: up",
        "Channel": "mode: live",
        "Journey": "owner: crew\nsteps: [{name: a, legs: [{channel: channel-a}]}]",
        "Scenario": "fail: [service-a]",
        "View": "",
    }
    text = "".join(entity_text(kind, f"{kind.lower()}-a", spec) for kind, spec in least.items())
    read = read_text(text + CREW)
    assert not read.findings
    assert {type(located.entity) for located in read.entities} == set(KINDS.values())
