"""What `--fail` takes, and what it says to those who mistype it."""

import pytest

from servicescape.app.failing import resolve_targets
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics.errors import ToolError
from tests.support.command import EXAMPLE, run
from tests.support.impact_catalogs import catalog, channel, entity, external, journey, leg, scenario, service, step


@pytest.fixture(scope="module")
def shop() -> Catalog:
    return catalog(
        entity("Team", "payments-crew", {"parent": "crew"}),
        entity("Team", "idle", {}),
        entity("Domain", "sales", {}),
        entity("Domain", "shops", {"parent": "sales"}),
        service("basket", domain="shops", labels={"zone": "a", "pci": "in-scope"}),
        service("ledger", labels={"zone": "b"}, owner="payments-crew"),
        external("store", "Nimbus Cloud"),
        external("texts", "Larkwire"),
        channel("phone"),
        journey("buy", step("pay", leg("web", "basket"))),
        scenario("fire", fail=("ledger",)),
    )


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["basket"], {"service:basket"}),
        (["service:basket"], {"service:basket"}),
        (["team:crew"], {"service:basket", "service:ledger"}),  # with the teams that are part of it
        (["domain:sales"], {"service:basket"}),
        (["vendor:Nimbus Cloud"], {"external:store"}),
        (["label:zone=b"], {"service:ledger"}),
        (["label:zone=b", "vendor:Larkwire", "basket"], {"service:ledger", "external:texts", "service:basket"}),
        (["basket", "label:zone=a", "service:basket"], {"service:basket"}),
    ],
)
def test_names_stand_for_components(shop: Catalog, texts: list[str], expected: set[str]) -> None:
    found = resolve_targets(shop, texts)
    assert set(found) == expected
    assert len(found) == len(expected)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("baskte", "there is no service, platform or external `baskte`", "did you mean `basket`?"),
        ("team:payment-crew", "there is no team `payment-crew`", "did you mean `team:payments-crew`?"),
        ("team:", "`team:` names nothing", "write for example `team:crew`"),
        ("team:idle", "team `idle` owns no service, platform or external", "for example `team:crew`"),
        ("domain:sale", "there is no domain `sale`", "did you mean `domain:sales`?"),
        ("domain:zzz", "there is no domain `zzz`", "the catalog has sales, shops"),
        ("vendor:nimbus", "no external has the vendor `nimbus`", "did you mean `vendor:Nimbus Cloud`?"),
        ("vendor:qq", "no external has the vendor `qq`", "the vendors are Larkwire, Nimbus Cloud"),
        ("label:zone", "`label:zone` lacks a value", "write for example `label:zone=a`"),
        ("label:zone=c", "no component has the label `zone` with the value `c`", "the values of `zone` are a, b"),
        ("label:zne=a", "no component has the label `zne`", "did you mean `label:zone=…`?"),
        ("label:=a", "no component has the label ``", "the labels are pci, zone"),
        ("zone:a", "`zone:` is not a way to name what fails", "write `label:zone=a`"),
        ("vendr:Larkwire", "`vendr:` is not a way to name what fails", "did you mean `vendor:Larkwire`?"),
        (
            "rack:7",
            "`rack:` is not a way to name what fails",
            "name a component, or use team:, domain:, ",
        ),
        ("sales", "there is no service, platform or external `sales`", "`domain:sales` stands for all"),
        ("payments-crew", "there is no service, platform or external `payments-crew`", "`team:payments-crew`"),
        ("buy", "there is no service, platform or external `buy`", "that is a journey, and a journey cannot fail"),
        ("fire", "there is no service, platform or external `fire`", "write --scenario fire"),
        ("", "an empty name stands for nothing", "name a service"),
    ],
)
def test_what_names_nothing_is_told_with_what_was_meant(shop: Catalog, text: str, message: str, hint: str) -> None:
    with pytest.raises(ToolError) as caught:
        resolve_targets(shop, [text])
    assert caught.value.message == message
    assert hint in caught.value.hint


def test_a_slip_ends_with_2_and_says_nothing_on_standard_output() -> None:
    result = run("impact", EXAMPLE, "--fail", "vendor:nimbus")
    assert isinstance(result.exception, ToolError)
    assert result.stdout == ""
