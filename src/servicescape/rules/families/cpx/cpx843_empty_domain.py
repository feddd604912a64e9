"""CPX843: a business area that holds nothing."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext


class EmptyDomain(Rule):
    """A Domain holds no component, no journey and no other Domain, while others do.

    ## Why it matters

    It is an empty line in every report by domain. Often it is the old name of an area whose parts have moved on, and
    people go on looking for them there.

    ## Example

    ```yaml
    kind: Domain
    metadata: {name: e-commerce}         # everything says `domain: commerce`
    ```

    ## What to do

    Remove it. If it is the old name of another one, put it among that one's `aliases`.
    """

    code = "CPX843"
    name = "empty-domain"
    severity = Severity.INFO
    speaks_of_absence = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such Domain, at its name."""
        held = {component.domain for component in catalog.components.values()}
        held.update(journey.domain for journey in catalog.journeys.values())
        if held <= {None}:
            return
        for located in catalog.domains.values():
            parent = located.entity.spec.parent
            if parent is not None:
                held.add(catalog.find(parent, ("Domain",), located.entity.metadata.namespace))
        for ref, located in catalog.domains.items():
            if ref not in held:
                yield Diagnostic(
                    code=self.code,
                    message=f"nothing is in the domain `{located.entity.metadata.name}`",
                    file=located.file,
                    span=located.places.value_span(("metadata", "name")),
                    label="no component, journey or domain names it",
                    help="remove it, or make it an alias of the domain that its parts have moved to",
                    entity=ref,
                )
