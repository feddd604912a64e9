"""PAR822: something critical without instructions."""

from collections.abc import Iterator

from servicescape.analysis.hard_needs import hard_needs
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.places import is_whole
from servicescape.rules.rule import Rule, RuleContext


class ComponentWithoutRunbook(Rule):
    """Most parts of tier 1 and 2 that journeys need have a runbook, and one has none.

    ## Why it matters

    Whoever is woken by its alert may never have seen it. A page that says what to look at first and what is safe to do
    shortens the outage by more than most machines can.

    ## Example

    ```yaml
    kind: Service
    metadata: {name: identity}
    spec: {owner: identity-crew, tier: 1}          # sign-in uses it
    ```

    ## What to do

    Write the page, and name it: `recovery: {runbook: "https://runbooks.example.com/identity"}`. Alerts and impact
    reports then link to it.
    """

    code = "PAR822"
    name = "component-without-runbook"
    severity = Severity.INFO
    speaks_of_absence = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such component in production, where at least half of the others have one."""
        if not catalog.journeys:
            return
        needed = hard_needs(catalog).of_journeys
        critical = [
            component
            for ref, component in catalog.components.items()
            if component.tier in (1, 2)
            and component.owner is not None
            and component.lifecycle == "production"
            and ref in needed
        ]
        without = [component for component in critical if component.runbook is None]
        if len(without) * 2 > len(critical):
            return
        for component in without:
            if not is_whole(component.entity, ("spec", "recovery")):
                continue
            yield Diagnostic(
                code=self.code,
                message=f"journeys cannot do without `{component.name}`, and it has no runbook",
                file=component.entity.file,
                span=component.entity.places.value_span(("metadata", "name")),
                label=f"tier {component.tier}, without `recovery.runbook`",
                help="name the page that says what to do when it fails as `recovery.runbook`",
                entity=component.ref,
            )
