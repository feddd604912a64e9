"""DIA163: a service that only a foreign document names."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.model.components import GuessedService, ImpliedService
from servicescape.rules.rule import Rule, RuleContext


class ServiceNotInCatalog(Rule):
    """A document of another tool names a service that the catalog does not describe.

    ## Why it matters

    Its SLOs are compiled, and that is all. The catalog does not know who owns it, what it needs and which customers
    feel its failure, so that alerts carry no team and no impact.

    It is said once for each service, at the first place that names it. Nothing else is asked of such a service. Where
    its name is only a guess, DIA164 says both in one.

    ## Example

    ```yaml
    version: prometheus/v1
    service: basket                      # no Service, Platform or External is called basket
    ```

    ## What to do

    Describe it in the catalog; five lines will do:

    ```yaml
    apiVersion: servicescape/v1
    kind: Service
    metadata: {name: basket}
    spec: {owner: storefront}
    ```
    """

    code = "DIA163"
    name = "service-not-in-catalog"
    severity = Severity.INFO

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such service, where it is named first."""
        for ref, component in catalog.components.items():
            located = component.entity
            if isinstance(located.entity, ImpliedService) and not isinstance(located.entity, GuessedService):
                yield Diagnostic(
                    code=self.code,
                    message=f"`{component.name}` is not in the catalog",
                    file=located.file,
                    span=located.places.value_span(("metadata", "name")),
                    label="no service, platform or external has this name",
                    help="describe it as a Service with its `owner`, so that alerts know whom to call",
                    entity=ref,
                )
