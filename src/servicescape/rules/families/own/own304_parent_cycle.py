"""OWN304: teams or business areas that are parts of each other."""

from collections.abc import Iterator, Mapping
from typing import Any

from servicescape.bind.located import Located
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Label, Severity
from servicescape.rules.rule import Rule, RuleContext


class ParentCycle(Rule):
    """Teams, or Domains, are each other's parents.

    ## Why it matters

    A part cannot hold the whole that it is part of. Whatever is added up from the bottom to the top would never end, so
    that one of the lines must be left out, and nobody can know which.

    ## Example

    ```yaml
    kind: Team
    metadata: {name: payments-crew}
    spec: {parent: commerce-tribe}
    ---
    kind: Team
    metadata: {name: commerce-tribe}
    spec: {parent: payments-crew}
    ```

    ## What to do

    Remove the `parent` of the one that stands on top.
    """

    code = "OWN304"
    name = "parent-cycle"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each circle of two or more, at its first member's parent."""
        yield from self._circles(catalog, catalog.teams, "Team")
        yield from self._circles(catalog, catalog.domains, "Domain")

    def _circles(self, catalog: Catalog, members: Mapping[str, Located[Any]], kind: str) -> Iterator[Diagnostic]:
        parents: dict[str, str] = {}
        for ref, located in members.items():
            written = located.entity.spec.parent
            parent = catalog.find(written, (kind,), located.entity.metadata.namespace) if written else None
            if parent is not None and parent != ref:
                parents[ref] = parent
        done: set[str] = set()
        for start in parents:
            way: dict[str, None] = {}
            current: str | None = start
            while current is not None and current not in done and current not in way:
                way[current] = None
                current = parents.get(current)
            done.update(way)
            if current is not None and current in way:
                walked = list(way)
                circle = walked[walked.index(current) :]
                first = circle.index(min(circle))
                yield self._finding(members, [*circle[first:], *circle[:first]], kind)

    def _finding(self, members: Mapping[str, Located[Any]], circle: list[str], kind: str) -> Diagnostic:
        names = [members[ref].entity.metadata.name for ref in circle]
        first, *others = (members[ref] for ref in circle)
        return Diagnostic(
            code=self.code,
            message=f"{len(circle)} {kind.lower()}s are parts of each other: {' → '.join([*names, names[0]])}",
            file=first.file,
            span=first.places.value_span(("spec", "parent")),
            label="the circle begins here",
            help="remove the `parent` of the one that stands on top",
            entity=circle[0],
            related=tuple(
                Label(located.file, located.places.value_span(("spec", "parent")), "part of the next one")
                for located in others
            ),
        )
