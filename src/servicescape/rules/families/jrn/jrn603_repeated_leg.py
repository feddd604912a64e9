"""JRN603: one way of doing a step, written twice."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Label, Severity
from servicescape.model.names import COMPONENT_KINDS
from servicescape.rules.rule import Rule, RuleContext


class RepeatedLeg(Rule):
    """A step names the same way of doing it twice.

    ## Why it matters

    The second leg fails whenever the first does: it has the same channel and needs the same parts. The step looks as
    if it had another way out.

    ## Example

    ```yaml
    - name: pay
      legs:
        - {channel: web, uses: [payments]}
        - {channel: web, uses: [payments], carries: [basket]}
    ```

    ## What to do

    Delete one of the two, or write down in what they differ.
    """

    code = "JRN603"
    name = "repeated-leg"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each leg with the channel and the components of an earlier one."""
        for ref, journey in catalog.journeys.items():
            namespace = journey.entity.entity.metadata.namespace
            places, file = journey.entity.places, journey.entity.file
            for number, step in enumerate(journey.steps):
                if len({leg.channel for leg in step.legs}) == len(step.legs):
                    continue
                first: dict[tuple[str, frozenset[str]], tuple[str | int, ...]] = {}
                for leg in step.legs:
                    written = journey.entity.entity.spec.steps[number].legs[int(leg.path[-1])]
                    # What is not defined was reported, and tells two legs apart by its text.
                    uses = frozenset(catalog.find(text, COMPONENT_KINDS, namespace) or text for text in written.uses)
                    key = (leg.channel, uses)
                    if first.setdefault(key, leg.path) == leg.path:
                        continue
                    yield Diagnostic(
                        code=self.code,
                        message=f"this way of doing “{step.title}” stands here twice",
                        file=file,
                        span=places.value_span((*leg.path, "channel")),
                        label="the same channel, and the same components",
                        help="delete one of the two: what stops the first stops the second",
                        entity=ref,
                        related=(Label(file, places.value_span((*first[key], "channel")), "the first one"),),
                    )
