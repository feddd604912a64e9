"""OWN301: a team that owns something and cannot be reached."""

from collections import Counter
from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.compile.alertmanager.receivers import Reached, receivers_of
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.places import is_whole
from servicescape.rules.rule import Rule, RuleContext


class UnreachableTeam(Rule):
    """A team owns something, but nothing says how to reach it.

    ## Why it matters

    When something fails, the reports name its owner. Without a contact, whoever is awake at that hour has to find out
    first whom to ring, and without a receiver the team's alerts go to nobody in particular.

    ## Example

    ```yaml
    kind: Team
    metadata: {name: storefront}       # owns five services
    ```

    ## What to do

    Add at least one way to reach the team, or the receivers of its alerts:

    ```yaml
    spec:
      contacts: [{type: slack, value: "#storefront"}]
      receivers: {page: pagerduty-storefront, ticket: jira-storefront}
    ```
    """

    code = "OWN301"
    name = "unreachable-team"
    severity = Severity.INFO
    speaks_of_absence = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such team, at its name."""
        owned = Counter(component.owner for component in catalog.components.values())
        owned.update(channel.owner for channel in catalog.channels.values())
        owned.update(journey.owner for journey in catalog.journeys.values())
        for ref, located in catalog.teams.items():
            spec = located.entity.spec
            count = owned[ref]
            if not count or spec.contacts or receivers_of(catalog, ref) != Reached(None, None):
                continue
            if not is_whole(located, ("spec",)):
                continue
            yield Diagnostic(
                code=self.code,
                message=f"`{located.entity.metadata.name}` owns {count} {'thing' if count == 1 else 'things'}, "
                "and nothing says how to reach it",
                file=located.file,
                span=located.places.value_span(("metadata", "name")),
                label="no contacts and no receivers",
                help="add `contacts` (a chat channel, an address, a number), or `receivers` for its alerts",
                entity=ref,
            )
