"""Strongly connected groups, against reachability worked out by hand."""

from hypothesis import given
from hypothesis import strategies as st

from servicescape.analysis.circles import strongly_connected

GRAPHS = st.integers(1, 8).flatmap(
    lambda size: st.lists(st.lists(st.integers(0, size - 1), max_size=4), min_size=size, max_size=size)
)


def _reachable(graph: list[list[int]], start: int) -> set[int]:
    seen = {start}
    waiting = [start]
    while waiting:
        for node in graph[waiting.pop()]:
            if node not in seen:
                seen.add(node)
                waiting.append(node)
    return seen


@given(GRAPHS)
def test_groups_are_those_that_reach_each_other_from_the_ground_up(graph: list[list[int]]) -> None:
    groups = list(strongly_connected(range(len(graph)), graph.__getitem__))
    below = [_reachable(graph, node) for node in range(len(graph))]
    assert sorted(node for group in groups for node in group) == list(range(len(graph)))
    for position, group in enumerate(groups):
        for node in group:
            assert {other for other in below[node] if node in below[other]} == set(group)
            assert all(other in {n for earlier in groups[: position + 1] for n in earlier} for other in below[node])


def test_a_chain_deeper_than_pythons_stack() -> None:
    size = 20_000
    groups = list(strongly_connected([0], lambda node: [node + 1] if node + 1 < size else []))
    assert groups[0] == [size - 1]
    assert groups[-1] == [0]
