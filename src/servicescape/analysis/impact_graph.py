"""The catalog's dependencies in the form in which failures are sent through them: numbers for references."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Edge, Effect

# Python looks members up anew each time, and here it is done for every edge.
_GONE, _WORSE = Effect.DOWN, Effect.DEGRADED


class Link(NamedTuple):
    """An edge between numbered components. See `catalog.graph.Edge` for what the fields mean.

    A tuple, because a large catalog has tens of thousands of them and they are made for each run.
    """

    source: int
    targets: tuple[int, ...]
    rank: int
    """The need is unmet from the rank-th failure among the targets on: n - need + 1, at least 1."""
    when_down: Effect
    when_degraded: Effect
    fallback: int | None
    tolerates: float
    """Seconds."""
    passes_on: bool
    """Whether the source becomes just what the only target is: the plain hard dependency."""


@dataclass(frozen=True)
class FailureGraph:
    """All components, numbered in the order of their references, and the links between them.

    Links are made when they are asked for, for many failures at once; one alone is sent along `dependents`.
    """

    refs: tuple[str, ...]
    number: dict[str, int]
    edges: tuple[tuple[Edge, ...], ...] = field(repr=False)
    """Component → its edges."""
    dependents: Mapping[str, tuple[Edge, ...]] = field(repr=False)
    """Reference → edges of others that need it, as a target or as a fallback; each once."""

    @classmethod
    def of(cls, catalog: Catalog) -> "FailureGraph":
        """The graph of a catalog. What a reference does not resolve to is left out, as in the catalog itself."""
        refs = tuple(sorted(catalog.components))
        return cls(
            refs=refs,
            number={ref: index for index, ref in enumerate(refs)},
            edges=tuple(catalog.components[ref].edges for ref in refs),
            dependents=catalog.dependents,
        )

    @property
    def links(self) -> tuple[Link, ...]:
        """All links, by source, then in the author's order."""
        return self._links_and_needs[0]

    @property
    def needs(self) -> tuple[tuple[int, ...], ...]:
        """Component → numbers of its own links."""
        return self._links_and_needs[1]

    @cached_property
    def _links_and_needs(self) -> tuple[tuple[Link, ...], tuple[tuple[int, ...], ...]]:
        links: list[Link] = []
        needs: list[tuple[int, ...]] = []
        for source, edges in enumerate(self.edges):
            before = len(links)
            links.extend(link for edge in edges if (link := _link(source, edge, self.number)) is not None)
            needs.append(tuple(range(before, len(links))))
        return tuple(links), tuple(needs)

    def numbers(self, refs: Iterable[str]) -> tuple[int, ...]:
        """Numbers of components by reference; raises KeyError where one is not a component."""
        return tuple(self.number[ref] for ref in refs)


def rank_of(need: int, targets: int) -> int:
    """From how many failures among its targets on a need is unmet.

    A need for more members than there are is reported by a rule. Here it means all of them: the group must not fail by
    itself.
    """
    return max(1, targets - need + 1)


def _passes_on(edge: Edge) -> bool:
    """Whether the dependent becomes just what the only target is."""
    return (
        len(edge.targets) == 1
        and edge.fallback is None
        and edge.need <= 1
        and edge.when_down is _GONE
        and edge.when_degraded is _WORSE
    )


def _link(source: int, edge: Edge, number: dict[str, int]) -> Link | None:
    targets = tuple(number[target] for target in edge.targets if target in number)
    if not targets:
        return None
    if _passes_on(edge):
        return Link(source, targets, 1, _GONE, _WORSE, None, edge.tolerates_seconds, True)
    # A soft dependency never takes its dependent down, so that it makes no difference whether its fallback is there.
    fallback = None if edge.fallback is None or edge.soft else number.get(edge.fallback)
    return Link(
        source=source,
        targets=targets,
        rank=rank_of(edge.need, len(targets)),
        when_down=edge.when_down,
        when_degraded=edge.when_degraded,
        fallback=fallback,
        tolerates=edge.tolerates_seconds,
        passes_on=False,
    )
