"""CPX844: a team that owns nothing."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.model.references import references_of
from servicescape.rules.rule import Rule, RuleContext


class IdleTeam(Rule):
    """A Team owns nothing and is part of nothing, while most other teams do.

    ## Why it matters

    Teams are renamed and merged. What is left behind looks like somebody who could be asked, and is not.

    A catalog of which most teams own nothing lists the whole organisation; there nothing is reported.

    ## Example

    ```yaml
    kind: Team
    metadata: {name: basket-team}         # the basket belongs to storefront now
    ```

    ## What to do

    Remove it. If it was renamed, put the old name among the new one's `aliases`.
    """

    code = "CPX844"
    name = "idle-team"
    severity = Severity.INFO
    speaks_of_absence = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such Team, at its name."""
        named: set[str | None] = {component.owner for component in catalog.components.values()}
        if len(named & catalog.teams.keys()) < len(catalog.teams):
            for located in catalog.entities.values():
                if located.entity.kind in ("Service", "Platform", "External", "SLO", "Indicator"):
                    continue  # Their owners are known by now, or they have none.
                namespace = located.entity.metadata.namespace
                named.update(
                    catalog.find(use.text, use.kinds, namespace)
                    for use in references_of(located.entity)
                    if "Team" in use.kinds
                )
        # A part of another team is there for its own sake: people belong to it.
        idle = [
            (ref, located)
            for ref, located in catalog.teams.items()
            if ref not in named and located.entity.spec.parent is None
        ]
        if len(idle) * 2 > len(catalog.teams):
            return
        for ref, located in idle:
            yield Diagnostic(
                code=self.code,
                message=f"`{located.entity.metadata.name}` owns nothing",
                file=located.file,
                span=located.places.value_span(("metadata", "name")),
                label="nothing names this team",
                help="remove it, or make it an alias of the team that has taken over",
                entity=ref,
            )
