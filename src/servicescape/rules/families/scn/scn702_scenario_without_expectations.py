"""SCN702: a what-if that asserts nothing."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.places import is_whole
from servicescape.rules.rule import Rule, RuleContext


class ScenarioWithoutExpectations(Rule):
    """A scenario expects nothing, while others do.

    ## Why it matters

    A scenario with expectations is a test: it says so when a change of the catalog makes the outage worse. Without them
    it shows a number that nobody compares with anything.

    ## Example

    ```yaml
    kind: Scenario
    metadata: {name: dns-lost}
    spec: {fail: [dns]}
    ```

    ## What to do

    Run it once, and write down what should stay true:

    ```yaml
    expect:
      journeys: {pay-bill: {atMost: fallback}}
      blockedCustomersPerHour: {atMost: 500}
    ```
    """

    code = "SCN702"
    name = "scenario-without-expectations"
    severity = Severity.INFO
    speaks_of_absence = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such scenario, at its name."""
        expecting = {ref for ref, located in catalog.scenarios.items() if located.entity.spec.expect.model_fields_set}
        if not expecting:
            return
        for ref, located in catalog.scenarios.items():
            if ref not in expecting and is_whole(located, ("spec", "expect")):
                yield Diagnostic(
                    code=self.code,
                    message=f"the scenario `{located.entity.metadata.name}` expects nothing",
                    file=located.file,
                    span=located.places.value_span(("metadata", "name")),
                    label="without `expect`",
                    help="write down what should stay true as `expect`",
                    entity=ref,
                )
