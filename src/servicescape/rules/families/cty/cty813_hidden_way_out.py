"""CTY813: a way out that nobody tells the customer of."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext


class HiddenWayOut(Rule):
    """When self-service fails, customers have to find the only bot or person by themselves.

    ## Why it matters

    A way that must be found is found by few. The others try again, give up, or ring a number that cannot help them, and
    the people who could have helped wait.

    ## Example

    ```yaml
    - name: sign-in
      legs:
        - {channel: app, uses: [identity]}
        - {channel: shop, uses: [crm], offered: found}       # and nothing on the screen says so
    ```

    ## What to do

    Offer it: a button, a call-back, a number on the page (`offered: offered`). Or tell the customer where to go, and
    write down what the step tells them: `onFailure: {customerSees: "Any shop can do this for you today"}`.
    """

    code = "CTY813"
    name = "hidden-way-out"
    severity = Severity.INFO

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such step that everybody must take, at its first leg of this kind."""
        for journey in catalog.journeys.values():
            if journey.lifecycle == "retired":
                continue
            written = journey.entity.entity.spec.steps
            for number, step in enumerate(journey.steps):
                if step.optional or step.customer_sees or len(step.legs) < len(written[number].legs):
                    continue
                helped = [leg for leg in step.legs if catalog.channels[leg.channel].mode != "self-service"]
                if not helped or any(leg.offered != "found" for leg in helped) or helped[0] is step.legs[0]:
                    continue
                leg = helped[0]
                yield Diagnostic(
                    code=self.code,
                    message=f"when self-service fails in “{step.title}”, customers must find "
                    f"`{catalog.channels[leg.channel].name}` by themselves",
                    file=journey.entity.file,
                    span=journey.entity.places.value_span((*leg.path, "offered")),
                    label="nobody tells them",
                    help="offer it (`offered: offered`), or write down what they are told as `onFailure.customerSees`",
                    entity=journey.ref,
                )
