"""Circles in a directed graph, and the order from the ground up.

R. Tarjan, Depth-first search and linear graph algorithms, SIAM Journal on Computing 1(2), 1972; with a stack of its
own, because catalogs may be deeper than Python's.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def strongly_connected(starts: Iterable[T], below: Callable[[T], Iterable[T]]) -> Iterator[list[T]]:
    """Groups of nodes that reach each other, each after all groups below it; a node in no circle is a group by itself.

    Members stand in the order in which the search left them: nodes deep in a circle first. The outcome depends on the
    order of `starts` and of what `below` gives, and on nothing else.
    """
    index: dict[T, int] = {}
    low: dict[T, int] = {}
    on_stack: set[T] = set()
    stack: list[T] = []
    for start in starts:
        if start in index:
            continue
        index[start] = low[start] = len(index)
        stack.append(start)
        on_stack.add(start)
        work = [(start, iter(below(start)))]
        while work:
            node, rest = work[-1]
            for each in rest:
                if each not in index:
                    index[each] = low[each] = len(index)
                    stack.append(each)
                    on_stack.add(each)
                    work.append((each, iter(below(each))))
                    break
                if each in on_stack:
                    low[node] = min(low[node], index[each])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
                if low[node] == index[node]:
                    group: list[T] = []
                    while not group or group[-1] != node:
                        group.append(stack.pop())
                    on_stack.difference_update(group)
                    yield group
