"""SLO411: a parameter with the name of the range."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.families.slo.queries import WINDOW
from servicescape.rules.rule import Rule, RuleContext


class ReservedParameter(Rule):
    """An Indicator declares a parameter called `window`, which is the name of the range.

    ## Why it matters

    `{{window}}` is filled in with the length of time over which a query is asked: five minutes, an hour, thirty days.
    A value that a team gives for it could not count.

    ## Example

    ```yaml
    kind: Indicator
    metadata: {name: http-availability}
    spec:
      params: {window: {default: 5m}}
      errorRatio: my_errors:ratio[{{window}}]
    ```

    ## What to do

    Remove the parameter: `{{window}}` needs none. Where something else is meant, give it another name.
    """

    code = "SLO411"
    name = "reserved-parameter"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such parameter, at its name."""
        for ref, located in catalog.indicators.items():
            if WINDOW in located.entity.spec.params:
                yield Diagnostic(
                    code=self.code,
                    message="a parameter cannot be called `window`",
                    file=located.file,
                    span=located.places.key_span(("spec", "params", WINDOW)),
                    label="`{{window}}` is the range of every query",
                    help="remove the parameter, or give it another name",
                    entity=ref,
                )
