"""The report on one failure as a whole."""

import math
import subprocess
import sys

import pytest
from tests.support.impact_catalogs import catalog, channel, external, journey, leg, service, step

from servicescape.analysis.blast_radius import blast_radius
from servicescape.analysis.impact_results import PathLink
from servicescape.catalog.catalog import Catalog


@pytest.fixture(scope="module")
def small() -> Catalog:
    return catalog(
        external("storage"),
        service("store", "storage", recovery={"runbook": "https://runbooks.example/store"}),
        service("documents", {"on": "store", "tolerates": "15m"}),
        service("photos", {"on": "store", "kind": "soft"}),
        service("bystander"),
        channel("desk", "photos", mode="live", capacity=50),
        journey("orders", step("read", leg("web", "documents"), leg("desk"))),
        journey("faults", step("report", leg("web", "photos"))),
        journey("bills", step("pay", leg("web", "bystander")), demand=5),
    )


def test_components_what_failed_first_then_by_time_and_reference(small: Catalog) -> None:
    result = blast_radius(small, fail=["external:storage"])
    assert [(part.component, part.state, part.down_after_seconds) for part in result.components] == [
        ("external:storage", "down", 0),
        ("service:photos", "degraded", math.inf),
        ("service:store", "down", 0),
        ("service:documents", "down", 900),
    ]
    documents = result.components[-1]
    assert documents.path == ("external:storage", "service:store", "service:documents")
    assert documents.links == (
        PathLink("service:store", "external:storage", 0, fallback_used=False),
        PathLink("service:documents", "service:store", 900, fallback_used=False),
    )
    assert result.components[0].path == ("external:storage",)


def test_journeys_worst_first_all_of_them(small: Catalog) -> None:
    result = blast_radius(small, fail=["external:storage"])
    assert [(impact.journey, impact.state) for impact in result.journeys] == [
        ("journey:orders", "fallback"),
        ("journey:faults", "degraded"),
        ("journey:bills", "ok"),
    ]
    assert (result.totals.journeys, result.totals.journeys_hit) == (3, 2)


def test_channels_that_take_contacts_or_are_hit(small: Catalog) -> None:
    (desk,) = blast_radius(small, fail=["external:storage"]).channels
    assert (desk.channel, desk.state, desk.contacts_per_hour, desk.turned_away_per_hour) == (
        "channel:desk",
        "degraded",
        100,
        50,
    )
    assert desk.flooded_after_seconds == 900
    assert blast_radius(small, fail=["service:bystander"]).channels == ()


def test_runbooks_along_the_chains(small: Catalog) -> None:
    assert blast_radius(small, fail=["external:storage"]).runbooks == (
        ("external:storage", None),
        ("service:photos", None),
        ("service:store", "https://runbooks.example/store"),
        ("service:documents", None),
    )


def test_what_fails_is_not_degraded_as_well(small: Catalog) -> None:
    result = blast_radius(small, fail=["service:store", "service:store"], degrade=["service:store", "service:photos"])
    assert (result.failed, result.degraded) == (("service:store",), ("service:photos",))
    assert [part.component for part in result.components][:2] == ["service:store", "service:photos"]


def test_nothing_fails(small: Catalog) -> None:
    result = blast_radius(small, fail=[], lasts_seconds=60)
    assert (result.components, result.channels, result.totals.blocked_customers) == ((), (), 0)


def test_unknown_component(small: Catalog) -> None:
    with pytest.raises(KeyError, match="service:nobody"):
        blast_radius(small, fail=["service:nobody"])


def test_an_empty_catalog() -> None:
    totals = blast_radius(catalog(), fail=[]).totals
    assert (totals.journeys, totals.blocked_per_hour) == (0, None)


def test_it_does_not_wait_for_numpy() -> None:
    code = "import servicescape.analysis.scenario, sys; assert not {'numpy', 'opening_hours'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
