"""JRN612: values that cannot be added up."""

from collections import Counter
from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext


class MixedCurrencies(Rule):
    """Journeys give their worth in different currencies.

    ## Why it matters

    What a failure puts at risk is the sum over the journeys it hits. Pounds and euros cannot be summed, so there is one
    figure for each currency, and no two failures can be compared at a glance.

    ## Example

    ```yaml
    # buy-broadband
    value: {perCompletion: 38.00, currency: GBP}
    # buy-broadband-ireland
    value: {perCompletion: 41.00, currency: EUR}
    ```

    ## What to do

    Choose one currency for the catalog, and convert the others at the rate that your finance people plan with. Where
    the figures are meant to stand apart, ignore this rule.
    """

    code = "JRN612"
    name = "mixed-currencies"
    severity = Severity.INFO

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each currency but the most frequent, at the first journey that uses it."""
        valued = [(journey, journey.currency) for journey in catalog.journeys.values() if journey.currency]
        counts = Counter(currency for _, currency in valued)
        if len(counts) < 2:
            return
        usual = min(counts, key=lambda currency: (-counts[currency], currency))
        seen = {usual}
        for journey, currency in valued:
            if currency in seen:
                continue
            seen.add(currency)
            count = counts[currency]
            yield Diagnostic(
                code=self.code,
                message=f"{count} {'journey is' if count == 1 else 'journeys are'} worth {currency}, "
                f"and {counts[usual]} {'is' if counts[usual] == 1 else 'are'} worth {usual}",
                file=journey.entity.file,
                span=journey.entity.places.value_span(("spec", "value", "currency")),
                label="cannot be added to the others",
                help=f"convert it to {usual}",
                entity=journey.ref,
            )
