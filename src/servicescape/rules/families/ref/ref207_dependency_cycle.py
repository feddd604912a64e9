"""REF207: hard dependencies that run in a circle."""

from collections.abc import Iterator

from servicescape.analysis.circles import strongly_connected
from servicescape.analysis.hard_needs import hard_needs
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Edge
from servicescape.diagnostics import Diagnostic, Label, Severity
from servicescape.rules.rule import Rule, RuleContext


class DependencyCycle(Rule):
    """Hard dependencies run in a circle, so that none of the parts can start without the others.

    ## Why it matters

    While everything runs, nobody notices. After an outage that takes all of them down, each waits for the other: there
    is no order in which they can be started. It also means that any one of them takes all the others down, so that
    their promises cannot be told apart.

    ## Example

    ```yaml
    # basket.yaml
    spec: {owner: storefront, dependsOn: [pricing]}
    # pricing.yaml
    spec: {owner: offers, dependsOn: [basket]}
    ```

    ## What to do

    Break the circle at the link that hurts least: let one side live without the other for a while (`tolerates`), work
    with less (`kind: soft`) or switch to something else (`fallback`). Where both are really one system, describe them
    as one.
    """

    code = "REF207"
    name = "dependency-cycle"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each group of components that need each other, at the first link of a shortest circle."""
        hard = hard_needs(catalog)
        if not hard.has_circles:
            return
        needs = hard.links
        for group in _circles(needs):
            cycle = _shortest_cycle(group, needs)
            edges = [needs[ref][target] for ref, target in zip(cycle, [*cycle[1:], cycle[0]], strict=True)]
            names = [catalog.components[ref].name for ref in cycle]
            first, *others = zip(cycle, edges, strict=True)
            located = catalog.components[first[0]].entity
            yield Diagnostic(
                code=self.code,
                message=f"{len(cycle)} parts need each other: {' → '.join([*names, names[0]])}",
                file=located.file,
                span=located.places.value_span(first[1].path),
                label="the circle begins here",
                help="break one link: give it `tolerates`, `kind: soft` or a `fallback`",
                entity=first[0],
                related=tuple(
                    Label(
                        catalog.components[ref].entity.file,
                        catalog.components[ref].entity.places.value_span(edge.path),
                        f"`{catalog.components[ref].name}` needs the next one",
                    )
                    for ref, edge in others
                ),
            )


def _circles(needs: dict[str, dict[str, Edge]]) -> Iterator[list[str]]:
    """Groups of two or more that reach each other, each sorted."""
    for group in strongly_connected(needs, needs.__getitem__):
        if len(group) > 1:
            yield sorted(group)


def _shortest_cycle(group: list[str], needs: dict[str, dict[str, Edge]]) -> list[str]:
    """A shortest circle through the group's first member, by breadth-first search."""
    start, members = group[0], set(group)
    came_from: dict[str, str] = {}
    level = [start]
    while level:
        following = []
        for node in level:
            for target in sorted(needs[node]):
                if target == start:
                    cycle = [node]
                    while cycle[-1] != start:
                        cycle.append(came_from[cycle[-1]])
                    return cycle[::-1]
                if target in members and target not in came_from:
                    came_from[target] = node
                    following.append(target)
        level = following
    raise AssertionError("a strongly connected group has a circle through each member")
