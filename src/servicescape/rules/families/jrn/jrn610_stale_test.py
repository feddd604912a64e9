"""JRN610: a way out that was tried long ago."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext

_GOOD_FOR_DAYS = 365


class StaleTest(Rule):
    """A way of doing a step was last tried more than a year ago.

    ## Why it matters

    In a year the tools, the people and their rights change. A test of last year says how it was then.

    ## Example

    ```yaml
    legs:
      - {channel: web, uses: [coverage-checker]}
      - {channel: shop, uses: [crm], tested: 2019-03-31}
    ```

    ## What to do

    Try it again, and write down the new day. The age is counted from the day of the run, or from the day that the
    environment's `SOURCE_DATE_EPOCH` stands for.
    """

    code = "JRN610"
    name = "stale-test"
    severity = Severity.INFO

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such leg of a journey in production; none where the day is not known."""
        today = context.today
        if today is None:
            return
        for journey in catalog.journeys.values():
            if journey.lifecycle != "production":
                continue
            for step in journey.steps:
                for leg in step.legs:
                    if leg.tested is None or (today - leg.tested).days <= _GOOD_FOR_DAYS:
                        continue
                    channel = catalog.channels[leg.channel].name
                    yield Diagnostic(
                        code=self.code,
                        message=f"“{step.title}” by `{channel}` was last tried on {leg.tested.isoformat()}",
                        file=journey.entity.file,
                        span=journey.entity.places.value_span((*leg.path, "tested")),
                        label="more than a year ago",
                        help="try it again, and write down the new day",
                        entity=journey.ref,
                    )
