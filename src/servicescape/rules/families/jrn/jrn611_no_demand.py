"""JRN611: a journey whose customers are not counted."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.places import is_whole
from servicescape.rules.rule import Rule, RuleContext


class NoDemand(Rule):
    """A journey gives no demand, while others do.

    ## Why it matters

    The number of customers that a failure hits is the sum over its journeys. A journey without demand adds nothing to
    it, so that failures that hit this journey look smaller than they are.

    ## Example

    ```yaml
    kind: Journey
    metadata: {name: cancel}
    spec:
      owner: care                  # no `demand`, and pay-bill has one
    ```

    ## What to do

    Add the number of attempts an hour: `demand: {perHour: 40, peakPerHour: 120}`. A rough figure is better than none.
    """

    code = "JRN611"
    name = "no-demand"
    severity = Severity.INFO
    speaks_of_absence = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such journey in production, at its name, where another one gives its demand."""
        if all(_is_unknown(journey.average_per_hour, journey.peak_per_hour) for journey in catalog.journeys.values()):
            return
        for journey in catalog.journeys.values():
            if journey.lifecycle != "production" or not is_whole(journey.entity, ("spec", "demand")):
                continue
            if _is_unknown(journey.average_per_hour, journey.peak_per_hour):
                yield Diagnostic(
                    code=self.code,
                    message=f"nothing says how many customers set out on “{journey.title}”",
                    file=journey.entity.file,
                    span=journey.entity.places.value_span(("metadata", "name")),
                    label="without `demand`",
                    help="add `demand: {perHour: …}`; a rough figure is better than none",
                    entity=journey.ref,
                )


def _is_unknown(average: float | None, peak: float | None) -> bool:
    return average is None and peak is None
