"""Circles in a graph of numbered nodes, in a fixed order."""

from collections.abc import Callable, Iterable

from servicescape.analysis.circles import strongly_connected


def circles(starts: Iterable[int], below: Callable[[int], Iterable[int]]) -> list[list[int]]:
    """Everything below these nodes in strongly connected parts, each after those below it, sorted within."""
    return [sorted(group) for group in strongly_connected(starts, below)]
