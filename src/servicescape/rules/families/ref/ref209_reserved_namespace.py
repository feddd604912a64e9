"""REF209: an entity in the namespace of what comes with the tool."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.model.names import LIBRARY_NAMESPACE
from servicescape.rules.rule import Rule, RuleContext


class ReservedNamespace(Rule):
    """An entity stands in the namespace `servicescape`, which is that of the tool's own Indicators.

    ## Why it matters

    A reader who sees `use: servicescape/http-availability` looks it up in the tool's documentation. An Indicator of
    your own in that namespace would take its place, and so would one that a later version of the tool brings along
    under the name of yours.

    ## Example

    ```yaml
    kind: Indicator
    metadata: {name: http-availability, namespace: servicescape}
    ```

    ## What to do

    Leave the namespace out, or take one of your own. `servicescape explain servicescape/http-availability` prints the
    Indicator that comes with the tool: copy what you need from there.
    """

    code = "REF209"
    name = "reserved-namespace"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such entity, at its namespace."""
        for ref, located in catalog.entities.items():
            if located.key[1] == LIBRARY_NAMESPACE:
                yield Diagnostic(
                    code=self.code,
                    message=f"the namespace `{LIBRARY_NAMESPACE}` is reserved",
                    file=located.file,
                    span=located.places.value_span(("metadata", "namespace")),
                    label="only the tool's own indicators stand here",
                    help="leave the namespace out, or take another one",
                    entity=ref,
                )
