"""PAR821: something critical without a promise."""

from collections.abc import Iterator

from servicescape.analysis.hard_needs import hard_needs
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.places import is_whole
from servicescape.rules.rule import Rule, RuleContext


class ComponentWithoutSlo(Rule):
    """A part of tier 1 that a journey cannot do without has no SLO.

    ## Why it matters

    Nobody has said how good it must be, so nobody is told when it is not. The first to notice are customers.

    Looked at are services and platforms in production, in catalogs that hold SLOs; for what others run, see PAR825.

    ## Example

    ```yaml
    kind: Service
    metadata: {name: identity}
    spec: {owner: identity-crew, tier: 1}          # sign-in uses it
    ```

    ## What to do

    Add an SLO, even a modest one:

    ```yaml
    slos:
      - {objective: 99.5, indicator: {use: http-availability, with: {job: identity}}}
    ```

    If it can fail without harm, it is not tier 1.
    """

    code = "PAR821"
    name = "component-without-slo"
    severity = Severity.INFO
    speaks_of_absence = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such component, at its tier."""
        if not catalog.slos or not catalog.journeys:
            return
        needed = hard_needs(catalog).of_journeys
        promised = {slo.target for slo in catalog.slos.values()}
        for ref, component in catalog.components.items():
            if component.tier != 1 or component.kind == "External" or component.lifecycle != "production":
                continue
            if ref in promised or ref not in needed or not is_whole(component.entity, ("spec", "slos")):
                continue
            yield Diagnostic(
                code=self.code,
                message=f"journeys cannot do without `{component.name}`, and it has no SLO",
                file=component.entity.file,
                span=component.entity.places.value_span(("spec", "tier")),
                label="tier 1, and nothing is promised",
                help="add an SLO under `slos`, or lower the tier",
                entity=ref,
            )
