"""The catalog's dependencies in the form in which failures are sent through them: numbers for references."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Edge, Effect


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
    """All components, numbered in the order of their references, and the links between them."""

    refs: tuple[str, ...]
    number: dict[str, int]
    links: tuple[Link, ...]
    """By source, then in the author's order."""
    needs: tuple[tuple[int, ...], ...]
    """Component → numbers of its own links."""
    needed_by: tuple[tuple[int, ...], ...]
    """Component → numbers of links that name it as a target, once for each time that they name it."""
    falls_back_from: tuple[tuple[int, ...], ...]
    """Component → numbers of links that name it as their fallback."""

    @classmethod
    def of(cls, catalog: Catalog) -> "FailureGraph":
        """The graph of a catalog. What a reference does not resolve to is left out, as in the catalog itself."""
        refs = tuple(sorted(catalog.components))
        number = {ref: index for index, ref in enumerate(refs)}
        links: list[Link] = []
        needs: list[tuple[int, ...]] = []
        needed_by: list[list[int]] = [[] for _ in refs]
        falls_back_from: list[list[int]] = [[] for _ in refs]
        for source, ref in enumerate(refs):
            own = []
            for edge in catalog.components[ref].edges:
                link = _link(source, edge, number)
                if link is None:
                    continue
                own.append(len(links))
                for target in link.targets:
                    needed_by[target].append(len(links))
                if link.fallback is not None:
                    falls_back_from[link.fallback].append(len(links))
                links.append(link)
            needs.append(tuple(own))
        return cls(
            refs=refs,
            number=number,
            links=tuple(links),
            needs=tuple(needs),
            needed_by=tuple(tuple(numbers) for numbers in needed_by),
            falls_back_from=tuple(tuple(numbers) for numbers in falls_back_from),
        )

    def numbers(self, refs: Iterable[str]) -> tuple[int, ...]:
        """Numbers of components by reference; raises KeyError where one is not a component."""
        return tuple(self.number[ref] for ref in refs)


def _link(source: int, edge: Edge, number: dict[str, int]) -> Link | None:
    if len(edge.targets) == 1:
        only = number.get(edge.targets[0])
        if only is None:
            return None
        if (
            edge.fallback is None
            and edge.need <= 1
            and edge.when_down is Effect.DOWN
            and edge.when_degraded is Effect.DEGRADED
        ):
            return Link(source, (only,), 1, Effect.DOWN, Effect.DEGRADED, None, edge.tolerates_seconds, True)
        targets: tuple[int, ...] = (only,)
    else:
        targets = tuple(number[target] for target in edge.targets if target in number)
        if not targets:
            return None
    # A soft dependency never takes its dependent down, so that it makes no difference whether its fallback is there.
    fallback = None if edge.fallback is None or edge.soft else number.get(edge.fallback)
    return Link(
        source=source,
        targets=targets,
        # A need for more members than there are is reported by a rule. Here it means all of them: the group must not
        # fail by itself.
        rank=max(1, len(targets) - edge.need + 1),
        when_down=edge.when_down,
        when_degraded=edge.when_degraded,
        fallback=fallback,
        tolerates=edge.tolerates_seconds,
        passes_on=edge.when_down is Effect.DOWN
        and edge.when_degraded is Effect.DEGRADED
        and fallback is None
        and len(targets) == 1,
    )
