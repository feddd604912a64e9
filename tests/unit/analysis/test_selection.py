"""Which components views and command lines pick."""

from typing import Any

import pytest
from tests.support.diagram_catalogs import catalog_of, document, service, shop_catalog

from servicescape.analysis.selection import dependencies_of, dependents_of, front_components, matching, select
from servicescape.catalog.catalog import Catalog
from servicescape.model.view import Selector


def names(refs: Any) -> list[str]:
    return sorted(ref.split(":", 1)[1] for ref in refs)


def picked(catalog: Catalog, **keys: Any) -> list[str]:
    return names(matching(catalog, Selector.model_validate(keys)))


@pytest.fixture(scope="module")
def shop() -> Catalog:
    return shop_catalog()


@pytest.fixture(scope="module")
def chain() -> Catalog:
    """a → b → c → d, a → x, and a cycle y ⇄ z that b can fall back on."""
    return catalog_of(
        document("Team", {"name": "crew"}),
        service("a", "b", "x"),
        service("b", {"on": "c", "fallback": "y"}),
        service("c", "d"),
        service("d"),
        service("x"),
        service("y", "z"),
        service("z", "y"),
    )


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"kind": "External"}, ["psp"]),
        ({"kind": "Platform"}, ["cluster"]),
        ({"tier": 3}, ["offers"]),
        ({"name": "basket"}, ["basket"]),
        ({"name": "service:basket"}, ["basket"]),
        ({"label": {"pci": "in-scope"}}, ["basket"]),
        ({"label": {"pci": "out"}}, []),
        ({"domain": "money"}, ["psp", "tax", "tax-tables"]),
        ({"owner": "tills"}, ["tax", "tax-tables"]),
        ({"name": "nobody"}, []),
    ],
)
def test_each_key_picks_what_it_says(shop: Catalog, keys: dict[str, Any], expected: list[str]) -> None:
    assert picked(shop, **keys) == expected


def test_an_area_holds_the_areas_within_it(shop: Catalog) -> None:
    assert {"psp", "tax", "shop", "basket"} <= set(picked(shop, domain="sales"))


def test_a_team_holds_the_teams_below_it(shop: Catalog) -> None:
    assert {"tax", "shop"} <= set(picked(shop, owner="crew"))


def test_keys_of_one_selector_are_anded(shop: Catalog) -> None:
    assert picked(shop, domain="money", tier=2) == ["tax"]
    assert picked(shop, dependenciesOf="basket", kind="External") == ["psp"]


def test_selectors_are_ored_and_exclusion_wins(shop: Catalog) -> None:
    include = [Selector.model_validate(keys) for keys in ({"kind": "External"}, {"domain": "money"})]
    exclude = [Selector.model_validate({"name": "tax"})]
    assert names(select(shop, include, exclude)) == ["psp", "tax-tables"]


def test_without_include_all_are_picked_in_the_catalogs_order(shop: Catalog) -> None:
    assert select(shop) == tuple(shop.components)
    assert "service:tax" not in select(shop, (), [Selector.model_validate({"owner": "tills"})])


def test_dependencies_follow_fallbacks_and_groups_to_a_depth(chain: Catalog, shop: Catalog) -> None:
    assert picked(chain, dependenciesOf="b") == ["b", "c", "d", "y", "z"]
    assert picked(chain, dependenciesOf="b", depth=1) == ["b", "c", "y"]
    assert {"cache-a", "cache-b", "cache-c", "tax-tables"} <= set(picked(shop, dependenciesOf="basket", depth=1))


def test_dependents_follow_fallbacks_to_a_depth(chain: Catalog) -> None:
    assert picked(chain, dependentsOf="d") == ["a", "b", "c", "d"]
    assert picked(chain, dependentsOf="d", depth=2) == ["b", "c", "d"]
    assert picked(chain, dependentsOf="y") == ["a", "b", "y", "z"]


def test_depth_zero_is_the_component_alone(chain: Catalog) -> None:
    assert dependencies_of(chain, ["service:a"], 0) == {"service:a"}
    assert dependents_of(chain, ["service:d"], 0) == {"service:d"}


def test_between_is_every_component_on_a_path_in_that_direction(chain: Catalog) -> None:
    assert picked(chain, between=("a", "d")) == ["a", "b", "c", "d"]
    assert picked(chain, between=("d", "a")) == []
    assert picked(chain, between=("x", "d")) == []


def test_a_journey_reaches_through_channels_and_dependencies(shop: Catalog) -> None:
    assert names(front_components(shop, "journey:buy")) == ["basket", "shop", "tax"]
    assert {"cluster", "psp", "cache-a", "tax-tables"} <= set(picked(shop, journey="buy"))


def test_names_are_read_in_the_views_namespace() -> None:
    catalog = catalog_of(
        document("Team", {"name": "crew"}),
        document("Team", {"name": "crew", "namespace": "shop"}),
        service("api"),
        service("api", namespace="shop"),
    )
    selector = Selector.model_validate({"name": "api"})
    assert select(catalog, [selector], namespace="shop") == ("service:shop/api",)
    assert select(catalog, [selector]) == ("service:api",)
