"""JRN602: two steps of one name."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Label, Severity
from servicescape.rules.rule import Rule, RuleContext


class RepeatedStep(Rule):
    """Two steps of a journey have the same name.

    ## Why it matters

    Reports and diagrams call a step by its name. With two of one name nobody can tell which of them is blocked.

    ## Example

    ```yaml
    steps:
      - {name: pay, legs: [{channel: web, uses: [payments]}]}
      - {name: pay, legs: [{channel: web, uses: [vouchers]}]}       # redeem-voucher
    ```

    ## What to do

    Give each step a name of its own. Where the two are ways of doing the same thing, make them legs of one step.
    """

    code = "JRN602"
    name = "repeated-step"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each further step of a name."""
        for ref, journey in catalog.journeys.items():
            if len({step.name for step in journey.steps}) == len(journey.steps):
                continue
            places, file = journey.entity.places, journey.entity.file
            first: dict[str, tuple[str | int, ...]] = {}
            for step in journey.steps:
                path = (*step.path, "name")
                if first.setdefault(step.name, path) != path:
                    yield Diagnostic(
                        code=self.code,
                        message=f"the step `{step.name}` stands here twice",
                        file=file,
                        span=places.value_span(path),
                        label="a second step of this name",
                        help="give it a name of its own, or make both legs of one step",
                        entity=ref,
                        related=(Label(file, places.value_span(first[step.name]), "the first one"),),
                    )
