"""JRN605: a busiest hour below the average one."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext


class PeakBelowAverage(Rule):
    """The demand of a journey's busiest hour is below its average.

    ## Why it matters

    How many customers an outage hurts is worked out from these two numbers. One of them is wrong, or they have been
    swapped.

    ## Example

    ```yaml
    demand: {perHour: 2600, peakPerHour: 420}
    ```

    ## What to do

    `perHour` is the average over all hours, `peakPerHour` the busiest hour. Swap or correct them.
    """

    code = "JRN605"
    name = "peak-below-average"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such journey, at its peak."""
        for ref, journey in catalog.journeys.items():
            demand = journey.entity.entity.spec.demand
            average, peak = demand.per_hour, demand.peak_per_hour
            if average is None or peak is None or peak >= average:
                continue
            yield Diagnostic(
                code=self.code,
                message=f"the busiest hour of “{journey.title}” has {peak} attempts, "
                f"fewer than the average of {average}",
                file=journey.entity.file,
                span=journey.entity.places.value_span(("spec", "demand", "peakPerHour")),
                label=f"less than `perHour`, which is {average}",
                help="correct one of the two, or swap them",
                entity=ref,
            )
