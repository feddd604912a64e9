"""SLO415: slices of time that cannot be counted."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.compile.terms import slice_fault
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext


class UnusableSlice(Rule):
    """A slice of time is too short, too long, or does not end when rules are evaluated.

    ## Why it matters

    A slice is judged once, by the evaluation in which it ends. Where none falls on its end, it is judged twice or
    never. And where a period has fewer than ten slices, a single bad one is more than any objective allows.

    ## Example

    ```yaml
    budgeting: {timeslices: {slice: 90s, target: 95}}       # 1m or 2m: rules are evaluated each minute
    ```

    ## What to do

    Take `5m`, or another multiple of the evaluation interval (`compile.interval` in the settings, one minute by
    default) that is one minute or more.
    """

    code = "SLO415"
    name = "unusable-slice"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each SLO with such slices, at their length."""
        for slo in catalog.slos.values():
            fault = slice_fault(slo, context.settings.compile.interval)
            if fault is not None:
                yield Diagnostic(
                    code=self.code,
                    message=fault,
                    file=slo.entity.file,
                    span=slo.entity.places.value_span((*slo.path, "budgeting", "timeslices", "slice")),
                    label="slices of this length cannot be counted",
                    help="take `5m`, which fits every period and every interval of one minute",
                    entity=slo.ref,
                )
