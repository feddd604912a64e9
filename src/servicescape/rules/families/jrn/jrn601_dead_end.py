"""JRN601: a step without a person to turn to."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.places import is_whole
from servicescape.rules.rule import Rule, RuleContext


class DeadEnd(Rule):
    """A step that everybody must take can be done by self-service only.

    ## Why it matters

    When self-service fails, the customer cannot go on: there is nobody who could do the step for them. What they do
    instead is ring somebody who cannot help.

    ## Example

    ```yaml
    steps:
      - name: verify-identity
        legs:
          - {channel: web, uses: [identity]}
          - {channel: app, uses: [identity]}
    ```

    ## What to do

    Add a leg in an assisted or live channel, even a slow one. Where the step can be left out, mark it `optional:
    true`. Where a dead end is meant, switch this rule off for good in the settings (`ignore = ["JRN601"]`).
    """

    code = "JRN601"
    name = "dead-end"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such step of a journey that is not retired, at the step's name."""
        for ref, journey in catalog.journeys.items():
            if journey.lifecycle == "retired":
                continue
            written = journey.entity.entity.spec.steps
            for number, step in enumerate(journey.steps):
                if step.optional or len(step.legs) < len(written[number].legs):
                    continue  # a leg in an unknown channel was reported, and may be the live one
                if all(catalog.channels[leg.channel].mode == "self-service" for leg in step.legs) and is_whole(
                    journey.entity, (*step.path, "legs")
                ):
                    yield Diagnostic(
                        code=self.code,
                        message=f"“{step.title}” is a dead end when self-service fails",
                        file=journey.entity.file,
                        span=journey.entity.places.value_span((*step.path, "name")),
                        label="no assisted or live way of doing this step",
                        help="add a leg in an assisted or live channel, or mark the step `optional: true`",
                        entity=ref,
                    )
