"""PAR825: somebody else's part without a contract."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Label, Severity
from servicescape.rules.places import is_whole, path_of_target
from servicescape.rules.rule import Rule, RuleContext


class ExternalWithoutSla(Rule):
    """A part cannot work without somebody else's, and nothing is promised of that.

    ## Why it matters

    No promise of your own can be better than what it stands on. Without the vendor's figure, nobody can say whether
    yours can be kept at all.

    Looked at are externals in production, in catalogs in which another external has an `sla`.

    ## Example

    ```yaml
    kind: External
    metadata: {name: credit-bureau}
    spec: {vendor: Kestrel Credit}          # the order system is down without it
    ```

    ## What to do

    Write down what the contract says (`sla: 99.9`). Where it says nothing, measure it with an SLO of your own.
    """

    code = "PAR825"
    name = "external-without-sla"
    severity = Severity.INFO
    speaks_of_absence = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such external, at its vendor."""
        externals = [component for component in catalog.components.values() if component.kind == "External"]
        without = [each for each in externals if each.entity.entity.spec.sla is None]  # type: ignore[union-attr]
        if not without or len(without) == len(externals):
            return
        promised = {slo.target for slo in catalog.slos.values()}
        for external in without:
            if external.lifecycle != "production" or external.ref in promised:
                continue
            edge = next((edge for edge in catalog.dependents[external.ref] if edge.is_hard), None)
            if edge is None or not is_whole(external.entity, ("spec", "sla")):
                continue
            dependent = catalog.components[edge.source]
            yield Diagnostic(
                code=self.code,
                message=f"`{dependent.name}` cannot work without `{external.name}`, of which nothing is promised",
                file=external.entity.file,
                span=external.entity.places.value_span(("spec", "vendor")),
                label="no `sla`, and no SLO for it",
                help="write down what the contract promises as `sla`, or measure it with an SLO",
                entity=external.ref,
                related=(
                    Label(
                        dependent.entity.file,
                        dependent.entity.places.value_span(path_of_target(catalog, dependent, edge, external.ref)),
                        f"`{dependent.name}` needs it",
                    ),
                ),
            )
