"""The matrix: its rows, columns and order. What its cells say is held against the blast radius in tests/property."""

import numpy as np
import pytest
from tests.support.impact_catalogs import catalog, channel, entity, external, journey, leg, scenario, service, step

from servicescape.analysis.blast_radius import blast_radius
from servicescape.analysis.impact_matrix import impact_matrix
from servicescape.catalog.catalog import Catalog


@pytest.fixture(scope="module")
def small() -> Catalog:
    return catalog(
        entity("Team", "tribe", {}),
        entity("Team", "inner", {"parent": "tribe"}),
        entity("Team", "idle", {}),
        entity("Domain", "sales", {"owner": "tribe"}),
        external("storage", vendor="Nimbus"),
        service("store", {"on": "storage", "tolerates": "15m"}, owner="inner", domain="sales", tier=1),
        service("shop", owner="tribe", domain="sales"),
        service("unused"),
        channel("desk", mode="live"),
        journey("buy", step("choose", leg("web", "shop"), leg("desk")), step("pay", leg("web", "store"))),
        journey("look", step("look", leg("web", "shop")), demand=30, peak=90),
        scenario("short", fail=["storage"], lasts="15m"),
        scenario("long", fail=["storage"], degrade=["shop"], lasts="16m"),
    )


def test_rows_stand_worst_first_and_the_unused_last(small: Catalog) -> None:
    matrix = impact_matrix(small)
    assert [(row.ref, row.reaches_journeys) for row in matrix.rows] == [
        ("external:storage", True),
        ("service:store", True),
        ("service:shop", True),
        ("service:unused", False),
    ]
    assert matrix.state.tolist() == [[3, 0], [3, 0], [2, 3], [0, 0]]
    assert matrix.after_seconds.tolist() == [[900, np.inf], [0, np.inf], [0, 0], [np.inf, np.inf]]
    assert matrix.blocked_average_per_hour.tolist() == [100, 100, 30, 0]
    assert matrix.blocked_peak_per_hour.tolist() == [100, 100, 90, 0]
    assert matrix.displaced_average_per_hour.tolist() == [0, 0, 100, 0]
    assert [(column.journey, column.step, column.blocked_by) for column in matrix.columns] == [
        ("journey:buy", None, 2),
        ("journey:look", None, 1),
    ]
    store = matrix.rows[1]
    assert (store.kind, store.owner, store.domain, store.tier, store.members) == (
        "Service",
        "team:inner",
        "domain:sales",
        1,
        ("service:store",),
    )


def test_steps(small: Catalog) -> None:
    matrix = impact_matrix(small, steps=True)
    assert [(column.journey, column.step) for column in matrix.columns] == [
        ("journey:buy", "choose"),
        ("journey:buy", "pay"),
        ("journey:look", "look"),
    ]
    assert matrix.state[2].tolist() == [2, 0, 3]


def test_an_outage_that_ends_first(small: Catalog) -> None:
    matrix = impact_matrix(small, lasts_seconds=900)
    row = [row.ref for row in matrix.rows].index("external:storage")
    assert matrix.state[row].tolist() == [0, 0]
    assert matrix.rows[row].reaches_journeys


def test_groups(small: Catalog) -> None:
    teams = impact_matrix(small, by="team")
    assert {row.ref: row.members for row in teams.rows} == {
        "team:tribe": ("service:shop", "service:store"),
        "team:inner": ("service:store",),
        "team:crew": ("service:unused",),
    }
    assert teams.rows[0].ref == "team:tribe"
    (domain,) = impact_matrix(small, by="domain").rows
    assert (domain.ref, domain.kind, domain.owner) == ("domain:sales", "Domain", "team:tribe")
    (vendor,) = impact_matrix(small, by="vendor").rows
    assert (vendor.ref, vendor.title, vendor.members) == ("vendor:Nimbus", "Nimbus", ("external:storage",))


def test_scenarios_last_as_long_as_they_say(small: Catalog) -> None:
    matrix = impact_matrix(small, by="scenario")
    assert [(row.ref, row.members) for row in matrix.rows] == [
        ("scenario:long", ("external:storage", "service:shop")),
        ("scenario:short", ("external:storage",)),
    ]
    assert matrix.state.tolist() == [[3, 1], [0, 0]]
    assert impact_matrix(small, by="scenario", lasts_seconds=3600).state.tolist() == [[3, 1], [3, 0]]


def test_two_flooded_channels_of_one_journey() -> None:
    built = catalog(
        service("root"),
        channel("chat", mode="assisted", capacity=20),
        channel("desk", mode="live", capacity=30),
        journey("j", step("one", leg("web", "root"), leg("chat")), step("two", leg("web", "root"), leg("desk"))),
    )
    matrix = impact_matrix(built)
    # 80 of 100 are turned away by the one, 70 of 100 by the other: 0.2 · 0.3 of them get through.
    assert matrix.blocked_average_per_hour[0] == pytest.approx(94)
    assert blast_radius(built, fail=["service:root"]).totals.blocked_per_hour == pytest.approx(94)


def test_the_worst_moment_may_come_before_the_end() -> None:
    built = catalog(
        service("root"),
        channel("chat", "late", mode="assisted", capacity=10),
        service("late", {"on": "root", "tolerates": "1h"}),
        channel("desk", mode="live"),
        journey("j", step("one", leg("web", "root"), leg("chat"), leg("desk"))),
    )
    matrix = impact_matrix(built)
    row = [row.ref for row in matrix.rows].index("service:root")
    assert matrix.blocked_average_per_hour[row] == pytest.approx(90)


def test_a_journey_of_very_many_steps() -> None:
    # Patterns of legs no longer fit a machine word.
    steps = [step(f"s{index}", leg("web", f"p{index % 3}"), leg("desk", "late"), share=0.1) for index in range(45)]
    built = catalog(
        *(service(f"p{index}") for index in range(3)),
        service("late", {"on": "p0", "tolerates": "1h"}),
        channel("desk", mode="live", capacity=10),
        journey("j", *steps),
    )
    matrix = impact_matrix(built)
    for row, blocked in zip(matrix.rows, matrix.blocked_average_per_hour, strict=True):
        assert blocked == pytest.approx(blast_radius(built, fail=row.members).totals.blocked_per_hour)


def test_unknown_demand_is_nan() -> None:
    built = catalog(service("a"), service("b"), journey("j", step("s", leg("web", "a")), demand=None, peak=50))
    matrix = impact_matrix(built)
    assert np.isnan(matrix.blocked_average_per_hour).all()
    assert matrix.blocked_peak_per_hour.tolist() == [50, 0]


def test_empty() -> None:
    assert impact_matrix(catalog()).state.shape == (0, 0)
    assert impact_matrix(catalog(service("a"))).state.shape == (1, 0)
    with pytest.raises(ValueError, match="person"):
        impact_matrix(catalog(), by="person")  # type: ignore[arg-type]
