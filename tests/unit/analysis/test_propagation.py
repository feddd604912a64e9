"""How a failure travels: each cell of the table, and what tolerances, groups and circles make of it."""

import math
from typing import Any

import pytest
from tests.support.impact_catalogs import catalog, entity, external, service

from servicescape.analysis.impact_graph import FailureGraph
from servicescape.analysis.propagation import Propagation, propagate

NEVER = math.inf


def send(
    *entities: Any, fail: tuple[str, ...] = (), degrade: tuple[str, ...] = (), within: float = NEVER
) -> Propagation:
    graph = FailureGraph.of(catalog(*entities))
    return propagate(graph, graph.numbers(fail), graph.numbers(degrade), within_seconds=within)


def times(result: Propagation, name: str) -> tuple[float, float]:
    return result.down_at(f"service:{name}"), result.harmed_at(f"service:{name}")


def chain(result: Propagation, name: str, *, down: bool = True) -> list[str]:
    links = result.chain(result.graph.number[f"service:{name}"], down=down)
    return [link.target for link in links] + [links[-1].dependent] if links else []


@pytest.mark.parametrize(
    ("need", "when_down", "when_degraded"),
    [
        ("b", (0, 0), (NEVER, 0)),
        ({"on": "b"}, (0, 0), (NEVER, 0)),
        ({"on": "b", "kind": "soft"}, (NEVER, 0), (NEVER, NEVER)),
        ({"on": "b", "fallback": "f"}, (NEVER, 0), (NEVER, 0)),
        ({"on": "b", "whenDown": "degraded"}, (NEVER, 0), (NEVER, 0)),
        ({"on": "b", "whenDown": "ok", "whenDegraded": "ok"}, (NEVER, NEVER), (NEVER, NEVER)),
        ({"on": "b", "whenDegraded": "ok"}, (0, 0), (NEVER, NEVER)),
        ({"on": "b", "whenDegraded": "down"}, (0, 0), (0, 0)),
        ({"on": "b", "kind": "soft", "whenDown": "down"}, (0, 0), (NEVER, NEVER)),
        ({"on": "b", "kind": "soft", "whenDegraded": "degraded"}, (NEVER, 0), (NEVER, 0)),
        ({"on": "b", "fallback": "f", "whenDown": "down"}, (0, 0), (NEVER, 0)),
        ({"on": "b", "fallback": "f", "whenDown": "ok", "whenDegraded": "ok"}, (NEVER, NEVER), (NEVER, NEVER)),
        ({"on": "b", "tolerates": "15m"}, (900, 900), (NEVER, 900)),
        ({"on": "b", "kind": "soft", "tolerates": "15m"}, (NEVER, 900), (NEVER, NEVER)),
    ],
)
def test_one_target(need: Any, when_down: tuple[float, float], when_degraded: tuple[float, float]) -> None:
    parts = (service("a", need), service("b"), service("f"))
    assert times(send(*parts, fail=("service:b",)), "a") == when_down
    assert times(send(*parts, degrade=("service:b",)), "a") == when_degraded


def test_platform_is_a_hard_need() -> None:
    parts = (service("a", platform="base"), entity("Platform", "base", {"owner": "crew"}))
    assert times(send(*parts, fail=("platform:base",)), "a") == (0, 0)


@pytest.mark.parametrize("when_down", ["ok", "degraded", None])
def test_target_and_fallback_down_together(when_down: str | None) -> None:
    need = {"on": "b", "fallback": "f"} | ({"whenDown": when_down} if when_down else {})
    parts = (service("a", need), service("b"), service("f"))
    assert times(send(*parts, fail=("service:b", "service:f")), "a") == (0, 0)


def test_a_soft_dependency_never_takes_down_even_with_its_fallback_gone() -> None:
    parts = (service("a", {"on": "b", "kind": "soft", "fallback": "f"}), service("b"), service("f"))
    assert times(send(*parts, fail=("service:b", "service:f")), "a") == (NEVER, 0)


def test_fallback_alone_down_harms_nobody() -> None:
    parts = (service("a", {"on": "b", "fallback": "f"}), service("b"), service("f"))
    assert times(send(*parts, fail=("service:f",)), "a") == (NEVER, NEVER)


def test_fallback_brings_down_at_the_later_of_both() -> None:
    parts = (
        service("a", {"on": "b", "fallback": "f", "tolerates": "1m"}),
        service("b", {"on": "root", "tolerates": "10m"}),
        service("f", {"on": "root", "tolerates": "5m"}),
        service("root"),
    )
    result = send(*parts, fail=("service:root",))
    assert times(result, "a") == (660, 660)
    later = send(*parts, service("g", {"on": "f", "fallback": "b"}), fail=("service:root",))
    assert times(later, "g") == (600, 300)
    last = later.chain(later.graph.number["service:g"], down=True)[-1]
    assert (last.target, last.fallback_used) == ("service:b", True)


@pytest.mark.parametrize("needs", [({"on": "b", "fallback": "f"}, "b"), ("b", {"on": "b", "fallback": "f"})])
def test_chain_prefers_the_need_without_fallback(needs: tuple[Any, ...]) -> None:
    result = send(service("a", *needs), service("b"), service("f"), fail=("service:b", "service:f"))
    (link,) = result.chain(result.graph.number["service:a"], down=True)
    assert (link.target, link.fallback_used) == ("service:b", False)


@pytest.mark.parametrize(
    ("need", "failed", "expected"),
    [
        (2, 1, (NEVER, NEVER)),
        (2, 2, (0, 0)),
        (3, 1, (0, 0)),
        (1, 2, (NEVER, NEVER)),
        (1, 3, (0, 0)),
    ],
)
def test_group(need: int, failed: int, expected: tuple[float, float]) -> None:
    members = [f"m{index}" for index in range(3)]
    parts = [service("a", {"anyOf": members, "need": need}), *(service(name) for name in members)]
    result = send(*parts, fail=tuple(f"service:{name}" for name in members[:failed]))
    assert times(result, "a") == expected


def test_group_is_degraded_when_too_few_are_fully_ok() -> None:
    parts = (service("a", {"anyOf": ["x", "y", "z"], "need": 2}), service("x"), service("y"), service("z"))
    one_of_each = send(*parts, fail=("service:x",), degrade=("service:y",))
    assert times(one_of_each, "a") == (NEVER, 0)
    assert times(send(*parts, degrade=("service:y",)), "a") == (NEVER, NEVER)


def test_group_takes_the_time_of_the_member_that_breaks_it() -> None:
    parts = (
        service("a", {"anyOf": ["x", "y", "z"], "need": 2, "tolerates": "1s"}),
        service("x", {"on": "root", "tolerates": "30s"}),
        service("y", {"on": "root", "tolerates": "20s"}),
        service("z", {"on": "root", "tolerates": "10s"}),
        service("root"),
    )
    assert times(send(*parts, fail=("service:root",)), "a") == (21, 21)


def test_tolerances_add_up_and_the_earliest_way_counts() -> None:
    parts = (
        service("a", {"on": "b", "tolerates": "1m"}, {"on": "c", "tolerates": "10m"}),
        service("b", {"on": "root", "tolerates": "2m"}),
        service("c", "root"),
        service("root"),
    )
    assert times(send(*parts, fail=("service:root",)), "a") == (180, 180)


def test_an_effect_at_the_end_of_the_outage_does_not_come() -> None:
    parts = (service("a", {"on": "b", "tolerates": "15m"}), service("b"))
    assert times(send(*parts, fail=("service:b",), within=900), "a") == (NEVER, NEVER)
    assert times(send(*parts, fail=("service:b",), within=900.001), "a") == (900, 900)


def test_a_circle_stands_until_something_outside_fails() -> None:
    parts = (service("a", "b"), service("b", "c"), service("c", "a", {"on": "out", "tolerates": "5s"}), service("out"))
    assert times(send(*parts, service("other"), fail=("service:other",)), "a") == (NEVER, NEVER)
    result = send(*parts, fail=("service:out",))
    assert [times(result, name)[0] for name in "abc"] == [5, 5, 5]
    assert [times(send(*parts, fail=("service:a",)), name)[0] for name in "abc"] == [0, 0, 0]


def test_mutual_fallbacks_hold_each_other_up() -> None:
    parts = (
        service("a", {"on": "x", "fallback": "b"}),
        service("b", {"on": "y", "fallback": "a"}),
        service("x"),
        service("y"),
    )
    # Each would be down only if the other were: the least answer is that both are degraded.
    result = send(*parts, fail=("service:x", "service:y"))
    assert times(result, "a") == (NEVER, 0)
    assert times(result, "b") == (NEVER, 0)


def test_what_is_degraded_can_still_go_down() -> None:
    parts = (service("a", {"on": "b", "tolerates": "5m"}), service("b"))
    assert times(send(*parts, fail=("service:b",), degrade=("service:a",)), "a") == (300, 0)


def test_chain_is_the_earliest_then_the_shortest_then_the_first_by_name() -> None:
    parts = (
        service("top", "long-1", "z-way", "b-way", {"on": "root", "tolerates": "1s"}),
        service("long-1", "long-2"),
        service("long-2", "root"),
        service("z-way", "root"),
        service("b-way", "root"),
        service("root"),
    )
    assert chain(send(*parts, fail=("service:root",)), "top") == ["service:root", "service:b-way", "service:top"]


def test_chain_of_harm_may_differ_from_the_chain_of_being_down() -> None:
    parts = (
        service("top", {"on": "slow", "tolerates": "1h"}, {"on": "extra", "kind": "soft"}),
        service("slow", "root"),
        service("extra", "root"),
        service("root"),
    )
    result = send(*parts, fail=("service:root",))
    assert times(result, "top") == (3600, 0)
    assert chain(result, "top", down=True) == ["service:root", "service:slow", "service:top"]
    assert chain(result, "top", down=False) == ["service:root", "service:extra", "service:top"]


def test_long_chains_need_no_stack() -> None:
    count = 3000
    parts = [service(f"s{index}", f"s{index + 1}") for index in range(count)]
    result = send(*parts, service(f"s{count}"), fail=(f"service:s{count}",))
    assert len(chain(result, "s0")) == count + 1


def test_unknown_references_are_refused() -> None:
    with pytest.raises(KeyError):
        send(external("x"), fail=("service:nobody",))
