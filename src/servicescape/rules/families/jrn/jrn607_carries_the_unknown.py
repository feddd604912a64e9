"""JRN607: a hand-over of something that nobody has asked for."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity, nearest
from servicescape.rules.places import is_whole
from servicescape.rules.rule import Rule, RuleContext


class CarriesTheUnknown(Rule):
    """A hand-over carries a data item that the journey has not collected by then.

    ## Why it matters

    What a hand-over carries, the customer need not say again. An item that was never collected cannot be carried: the
    name is misspelt, or the step that asks for it does not say so.

    ## Example

    ```yaml
    steps:
      - name: check-line
        collects: [postcode]
        legs:
          - {channel: web}
          - {channel: contact-centre, carries: [post-code]}       # postcode
    ```

    ## What to do

    Correct the name, or add the item to `collects` of the step in which the customer is asked for it.
    """

    code = "JRN607"
    name = "carries-the-unknown"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each item carried that neither this step nor an earlier one collects."""
        for ref, journey in catalog.journeys.items():
            collected: set[str] = set()
            for step in journey.steps:
                collected.update(step.collects)
                for leg in step.legs:
                    if collected.issuperset(leg.carries) or not is_whole(journey.entity, ("spec", "steps")):
                        continue
                    for number, item in enumerate(leg.carries):
                        if item in collected:
                            continue
                        close = nearest(item, collected)
                        yield Diagnostic(
                            code=self.code,
                            message=f"`{item}` is carried to this step, and the customer was never asked for it",
                            file=journey.entity.file,
                            span=journey.entity.places.value_span((*leg.path, "carries", number)),
                            label="neither this step nor an earlier one collects it",
                            help=f"did you mean `{close}`?"
                            if close
                            else f"add `{item}` to `collects` of the step that asks for it",
                            entity=ref,
                        )
