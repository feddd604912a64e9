"""CPX842: an indicator that no SLO uses."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext


class UnusedIndicator(Rule):
    """An Indicator is used by no SLO, while others are.

    ## Why it matters

    Whoever writes an SLO chooses from the list. An Indicator that nobody uses is never tried: nobody knows whether its
    query still gives anything.

    ## Example

    ```yaml
    kind: Indicator
    metadata: {name: http-availability-old}
    ```

    ## What to do

    Remove it, or use it. An Indicator that is kept for others, in a catalog that is shared, is a reason to ignore this
    rule.
    """

    code = "CPX842"
    name = "unused-indicator"
    severity = Severity.INFO
    speaks_of_absence = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such Indicator, at its name."""
        used = {slo.indicator.ref for slo in catalog.slos.values() if slo.indicator is not None}
        if not used:
            return
        for ref, located in catalog.indicators.items():
            if ref not in used:
                yield Diagnostic(
                    code=self.code,
                    message=f"no SLO uses the indicator `{located.entity.metadata.name}`",
                    file=located.file,
                    span=located.places.value_span(("metadata", "name")),
                    label="never used",
                    help="remove it, or use it",
                    entity=ref,
                )
