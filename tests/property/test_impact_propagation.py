"""The one-pass algorithm against the equations themselves, iterated until nothing changes."""

import itertools
import math

from hypothesis import given, settings
from hypothesis import strategies as st

from servicescape.analysis.impact_graph import FailureGraph
from servicescape.analysis.propagation import propagate
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Edge, Effect
from tests.property.impact_strategies import catalogs, lengths

Times = dict[str, float]


def naive(catalog: Catalog, fail: set[str], degrade: set[str]) -> tuple[Times, Times]:
    """D and G as they are defined, from "never" downwards."""
    down = dict.fromkeys(catalog.components, math.inf)
    harmed = dict.fromkeys(catalog.components, math.inf)
    while True:
        new_down, new_harmed = {}, {}
        for ref, component in catalog.components.items():
            d = 0.0 if ref in fail else math.inf
            g = 0.0 if ref in fail | degrade else math.inf
            for edge in component.edges:
                edge_d, edge_g = contribution(edge, down, harmed)
                d, g = min(d, edge_d), min(g, edge_g, edge_d)
            new_down[ref], new_harmed[ref] = d, min(d, g)
        if (new_down, new_harmed) == (down, harmed):
            return down, harmed
        down, harmed = new_down, new_harmed


def contribution(edge: Edge, down: Times, harmed: Times) -> tuple[float, float]:
    rank = len(edge.targets) - edge.need
    target_down = sorted(down[target] for target in edge.targets)[rank]
    target_harmed = sorted(harmed[target] for target in edge.targets)[rank]
    found = {Effect.OK: math.inf, Effect.DEGRADED: math.inf, Effect.DOWN: math.inf}
    found[edge.when_down] = target_down
    found[edge.when_degraded] = min(found[edge.when_degraded], target_harmed)
    if edge.fallback is not None and not edge.soft:
        found[Effect.DOWN] = min(found[Effect.DOWN], max(target_down, down[edge.fallback]))
    return found[Effect.DOWN] + edge.tolerates_seconds, found[Effect.DEGRADED] + edge.tolerates_seconds


@given(catalogs(with_journeys=False), st.data(), lengths)
@settings(max_examples=300, deadline=None)
def test_times_are_the_greatest_that_satisfy_the_equations(
    catalog: Catalog, data: st.DataObject, lasts: float | None
) -> None:
    refs = sorted(catalog.components)
    fail = data.draw(st.sets(st.sampled_from(refs), max_size=3), label="fail")
    degrade = data.draw(st.sets(st.sampled_from(refs), max_size=2), label="degrade")
    within = math.inf if lasts is None else lasts
    graph = FailureGraph.of(catalog)
    result = propagate(graph, graph.numbers(sorted(fail)), graph.numbers(sorted(degrade)), within_seconds=within)
    down, harmed = naive(catalog, fail, degrade)
    assert result.down == [at if (at := down[ref]) < within else math.inf for ref in refs]
    assert result.harmed == [at if (at := harmed[ref]) < within else math.inf for ref in refs]


@given(catalogs(with_journeys=False), st.data())
@settings(max_examples=150, deadline=None)
def test_chains_lead_from_what_failed_along_edges_and_add_up(catalog: Catalog, data: st.DataObject) -> None:
    refs = sorted(catalog.components)
    fail = data.draw(st.sets(st.sampled_from(refs), min_size=1, max_size=3), label="fail")
    graph = FailureGraph.of(catalog)
    result = propagate(graph, graph.numbers(sorted(fail)))
    for number in result.reached():
        for down, times in ((True, result.down), (False, result.harmed)):
            if times[number] == math.inf:
                continue
            links = result.chain(number, down=down)
            assert sum(link.adds_seconds for link in links) == times[number]
            assert (links[0].target if links else refs[number]) in fail
            for before, link in itertools.pairwise(links):
                assert before.dependent == link.target
            for link in links:
                edges = catalog.components[link.dependent].edges
                assert any(link.target in (*edge.targets, edge.fallback) for edge in edges)
