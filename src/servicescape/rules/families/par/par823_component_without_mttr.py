"""PAR823: something that fails for an unknown time."""

from collections.abc import Iterator

from servicescape.analysis.hard_needs import hard_needs
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.places import is_whole
from servicescape.rules.rule import Rule, RuleContext


class ComponentWithoutMttr(Rule):
    """Most parts say how long a repair takes, and one that journeys need does not.

    ## Why it matters

    Whether a cache of half an hour bridges an outage depends on how long the outage lasts. For a part without a time to
    repair that has to be guessed, so that one guess stands among figures that somebody has measured.

    ## Example

    ```yaml
    recovery: {runbook: "https://runbooks.example.com/identity"}      # no `mttr`
    ```

    ## What to do

    Take the mean of its last outages: `recovery: {mttr: 30m}`. For an external, ask what the contract or its
    status page says.
    """

    code = "PAR823"
    name = "component-without-mttr"
    severity = Severity.INFO
    speaks_of_absence = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such component in production, where more than half of the others have it."""
        components = [component for component in catalog.components.values() if component.lifecycle == "production"]
        without = [component for component in components if component.mttr_seconds is None]
        if not without or not catalog.journeys or len(without) * 2 >= len(components):
            return
        needed = hard_needs(catalog).of_journeys
        for component in without:
            if component.ref not in needed or not is_whole(component.entity, ("spec", "recovery")):
                continue
            yield Diagnostic(
                code=self.code,
                message=f"nothing says how long a repair of `{component.name}` takes",
                file=component.entity.file,
                span=component.entity.places.value_span(("metadata", "name")),
                label="without `recovery.mttr`",
                help="add the mean time of its last repairs as `recovery.mttr`",
                entity=component.ref,
            )
