"""OWN302: a part outside of all business areas."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.places import is_whole
from servicescape.rules.rule import Rule, RuleContext


class MissingDomain(Rule):
    """Most parts belong to a Domain, and one in production does not.

    ## Why it matters

    Diagrams and reports by business area leave it out, or show it under nothing. A failure of “everything in billing”
    does not touch it.

    ## Example

    ```yaml
    kind: Service
    metadata: {name: invoice-archive}
    spec: {owner: billing}             # the others say `domain: billing`
    ```

    ## What to do

    Add its `domain`. Parts of which no area is the home belong to one of their own, such as `platform`.
    """

    code = "OWN302"
    name = "missing-domain"
    severity = Severity.INFO
    speaks_of_absence = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such component, where at least three in four have a Domain."""
        components = catalog.components.values()
        without = [
            component
            for component in components
            # One that is written and leads nowhere was reported. Few have none, and need to be looked into.
            if component.domain is None and component.entity.entity.spec.domain is None
        ]
        if not without or len(without) * 4 > len(components):
            return
        for component in without:
            if component.lifecycle != "production" or not is_whole(component.entity, ("spec", "domain")):
                continue
            yield Diagnostic(
                code=self.code,
                message=f"`{component.name}` belongs to no domain",
                file=component.entity.file,
                span=component.entity.places.value_span(("metadata", "name")),
                label="without `domain`",
                help="add the `domain` that it belongs to",
                entity=component.ref,
            )
