"""SLO419: an objective of a journey whose steps nothing measures."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.compile.journey_estimates import coverage, journeys_to_estimate, measured_components
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext

_MOST_NAMED = 5


class UnseenStep(Rule):
    """A journey promises an `objective`, and nothing measured tells whether some of its steps work.

    ## Why it matters

    Without an SLO of its own a journey's objective is estimated from the SLOs of the components that its legs use.
    Where one leg of a step uses nothing that has an SLO for availability, that leg counts as always working, and the
    step as never blocked: an outage of it changes neither the estimate nor any alert of the journey. Where that goes
    for all steps, nothing is compiled at all.

    ## Example

    ```yaml
    kind: Journey
    metadata: {name: pay-bill}
    spec:
      objective: 99.5
      steps:
        - {name: pay, legs: [{channel: web, uses: [payment-hub]}]}      # payment-hub has no SLO
    ```

    ## What to do

    Give the components an SLO that measures availability, or measure the journey itself: an SLO
    `for: journey:pay-bill` with an indicator of its own goes before any estimate.
    """

    code = "SLO419"
    name = "unseen-step"
    severity = Severity.INFO
    speaks_of_absence = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such journey, at its objective."""
        if context.settings.compile.estimates == "off":
            return
        measured = measured_components(catalog).keys()
        for journey in journeys_to_estimate(catalog):
            seen = coverage(catalog, journey, measured)
            if not seen.unseen:
                continue
            steps = [f"“{step.title}”" for step in seen.unseen]
            needs = {ref for step in seen.unseen for leg in step.legs for ref in leg.uses}
            missing = [catalog.components[ref].name for ref in seen.unmeasured if ref in needs] or [
                catalog.components[ref].name for ref in seen.unmeasured
            ]
            yield Diagnostic(
                code=self.code,
                message=f"nothing tells when {_some(steps)} of `{journey.name}` "
                f"{'fails' if len(steps) == 1 else 'fail'}",
                file=journey.entity.file,
                span=journey.entity.places.value_span(("spec", "objective")),
                label="an outage there would not count" if seen.steps else "no alert can be made of this",
                help=f"give {_some([f'`{name}`' for name in missing])} an SLO for availability, "
                "or the journey an SLO with an indicator of its own",
                entity=journey.ref,
            )


def _some(words: list[str]) -> str:
    more = len(words) - _MOST_NAMED
    shown = [*words[:_MOST_NAMED], *([f"{more} more"] if more > 0 else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
