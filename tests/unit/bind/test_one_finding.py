"""One slip of the author's is one finding, at its place, with what to do; nothing else follows from it."""

import pytest

from tests.support.loading import CREW, FILE, read_files, read_text, service

HEAD = "apiVersion: servicescape/v1\n"
SLO = f"{HEAD}kind: SLO\nmetadata: {{name: basket-availability}}\nspec:\n  for: basket\n"


@pytest.mark.parametrize(
    ("spec", "message", "pointed_at", "advice"),
    [
        ("dependsOn: [{service: stock}]", "unknown key `service`", "service", "`on` is missing here: is it meant by"),
        (
            "dependsOn: [{anyOf: [stock, pricing], colour: red}]",
            "unknown key `colour`",
            "colour",
            "`whenDegraded`, `anyOf`, `need` and `commonCause`",
        ),
        ("dependsOn: [{on: stock, colour: red}]", "unknown key `colour`", "colour", "`whenDegraded` and `on`"),
        ("title: Basket\nlabels: {a: b}", "unknown keys `title` and `labels`", "title", "they belong under `metadata`"),
        ("spec: {tier: 1}", "unknown key `spec` in `spec`", "spec", "indent what stands below it one level less"),
        ("tier: {{ tier }}", "a value in double braces needs quotes", "{{ tier }}", "put the whole value in quotes"),
        ("tier: T1", "`tier` needs a whole number", "T1", "tiers go from 1"),
        ("tier: [1]", "`tier` needs a whole number", "[1]", "write `1`, without brackets"),
        ("type: #api", "`type` is empty", "type", "a `#` behind a blank begins a comment"),
        ("type: {api}", "`type` needs text", "{api}", '`"{api}"` in quotes, or `api`'),
        ("dependsOn: {on: stock}", "`dependsOn` needs a list", "{on: stock}", "begins with `- `"),
        ("dependsOn: [[stock]]", "an item of `dependsOn` needs", "[stock]", "write `stock`, without brackets"),
        (
            "recovery: [{mttr: 5m}, {rto: 5m}]",
            "`recovery` needs a mapping",
            "[{mttr: 5m}, {rto: 5m}]",
            "without the dashes",
        ),
        ("recovery: {mttr: 1.5h}", "`1.5h` is not a duration", "1.5h", "did you mean `1h30m`?"),
        ("recovery: {mttr: 2 months}", "is not a duration", "2 months", "a month has no fixed length"),
        ("recovery: {selfHealing: yes}", "needs `true` or `false`", "yes", "write `true`, without quotes"),
        (
            "dependsOn: [{anyOf: [stock, pricing], commonCause: 5%}]",
            "`commonCause` needs a number",
            "5%",
            "a share from 0 to 1: write `0.05`",
        ),
    ],
)
def test_of_a_service(spec: str, message: str, pointed_at: str, advice: str) -> None:
    read = read_text(service("basket", spec) + CREW + service("pricing") + service("stock"))
    finding = read.only
    assert message in finding.message
    assert (read.text(finding), advice in finding.help) == (pointed_at, True), finding.help


@pytest.mark.parametrize(
    ("spec", "message", "advice"),
    [
        (
            "  target: 99.9\n  indicator: {gauge: up}\n",
            "unknown key `target`",
            "`objective` is missing here: is it meant",
        ),
        ("  objective: 99.9%\n  indicator: {gauge: up}\n", "`objective` needs a number", "leave the sign out"),
        (
            "  objective: 99.9\n  window: {rolling: 30d}\n  indicator: {gauge: up}\n",
            "unknown key `rolling`",
            "`window: 30d`",
        ),
        (
            "  objective: 99.9\n  window: 1 month\n  indicator: {gauge: up}\n",
            "is not a duration",
            "`{calendar: month}`",
        ),
    ],
)
def test_of_an_slo(spec: str, message: str, advice: str) -> None:
    finding = read_files({FILE: service("basket") + CREW + f"---\n{SLO}" + spec}).only
    assert message in finding.message
    assert advice in finding.help


@pytest.mark.parametrize(
    ("text", "message", "advice"),
    [
        ("kind: Team\nname: a\n", "unknown key `name` in this Team", "write `metadata: {name: a}`"),
        ("kind: Team\nname: a\ntitle: A\n", "unknown keys `name` and `title` in this Team", "under `metadata`"),
        ("kind: Service\nmetadata:\n  name: a\n  spec: {owner: crew}\n", "unknown key `spec`", "at the top level"),
        (
            "kind: Service\nmetadata: {name: a}\nowner: crew\ntier: 1\n",
            "unknown keys `owner` and `tier`",
            "under `spec`",
        ),
        ("Kind: Team\nmetadata: {name: a}\n", "unknown key `Kind`", "did you mean `kind`?"),
        ("kind: Team\nmetadata: a\n", "`metadata` needs a mapping", "write `name: a`"),
        (
            "kind: Team\nmetadata: {name: a, links: [https://a.example]}\n",
            "an item of `links`",
            "`url: https://a.example`",
        ),
        (
            "kind: Team\nmetadata: {name: a}\nspec: {owner: crew, tier: 1, type: api}\n",
            "`kind` says Team, and `owner`, `tier` and `type` are keys of a",
            "write `kind: Platform`",
        ),
    ],
)
def test_of_a_document(text: str, message: str, advice: str) -> None:
    finding = read_files({FILE: CREW + f"---\n{HEAD}" + text}).only
    assert message in finding.message
    assert advice in finding.help


@pytest.mark.parametrize("name", ["Basket Hub", "basket_hub", "BASKET-HUB", ""])
def test_references_to_a_faulty_name_are_not_undefined_on_top(name: str) -> None:
    metadata = f"{{name: {name}}}" if name else "{title: Basket hub}"
    shop = f"{HEAD}kind: Service\nmetadata: {metadata}\nspec: {{owner: crew}}\n"
    read = read_files({FILE: f"{shop}---\n{CREW}---\n{service('stock', 'dependsOn: [basket-hub]')}"})
    assert read.only.code in ("SCH104", "SCH109")


def test_references_to_an_entity_of_the_wrong_kind_are_not_at_fault() -> None:
    shop = f"{HEAD}kind: Team\nmetadata: {{name: shop}}\nspec: {{owner: crew, tier: 1, type: api}}\n"
    read = read_files({FILE: f"{shop}---\n{CREW}---\n{service('stock', 'dependsOn: [shop]')}"})
    assert read.only.code == "SCH105"
