"""SLO418: a journey's objective and its SLO promise different things."""

from collections.abc import Iterator

from servicescape.analysis.promises import availability_slo
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Label, Severity
from servicescape.rules.rule import Rule, RuleContext


class JourneyPromisedTwice(Rule):
    """A journey's `objective` differs from that of the SLO that measures it.

    ## Why it matters

    Rules and alerts go by the SLO, which has an indicator; predictions and reports go by the journey's `objective`.
    People then read one promise and are paged for another.

    ## Example

    ```yaml
    kind: Journey
    metadata: {name: pay-bill}
    spec: {objective: 99.5, …}
    ---
    kind: SLO
    metadata: {name: bills-paid}
    spec: {for: journey:pay-bill, objective: 99.9, …}
    ```

    ## What to do

    Agree on one figure and write it in both places, or leave `objective` out of the journey.
    """

    code = "SLO418"
    name = "journey-promised-twice"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such journey, at its objective."""
        slos = availability_slo(catalog)
        for journey in catalog.journeys.values():
            objective = journey.entity.entity.spec.objective
            slo = slos.get(journey.ref)
            if objective is None or slo is None or objective == slo.objective_percent:
                continue
            places = journey.entity.places
            yield Diagnostic(
                code=self.code,
                message=f"`{journey.name}` promises {objective} % here and {slo.objective_percent} % in `{slo.name}`",
                file=journey.entity.file,
                span=places.value_span(("spec", "objective")),
                label="alerts do not go by this one",
                help=f"write {slo.objective_percent} here as well, or leave `objective` out",
                entity=journey.ref,
                related=(
                    Label(
                        slo.entity.file,
                        slo.entity.places.value_span((*slo.path, "objective")),
                        f"`{slo.name}`, which alerts go by",
                    ),
                ),
            )
