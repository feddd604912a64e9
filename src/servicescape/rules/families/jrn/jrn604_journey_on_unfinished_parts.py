"""JRN604: a live journey on parts that are not ready, or gone."""

from collections.abc import Iterator

from servicescape.bind.located import Path
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Journey, Leg
from servicescape.diagnostics import Diagnostic, Label, Severity
from servicescape.rules.places import path_of
from servicescape.rules.rule import Rule, RuleContext

_UNFINISHED = {"planned": "is only planned", "experimental": "is experimental", "retired": "is retired"}


class JourneyOnUnfinishedParts(Rule):
    """A journey that customers take today uses a part that is planned, experimental or retired.

    ## Why it matters

    Customers do not know that a part is an experiment. Nobody has promised to keep it running, and what is planned or
    retired cannot carry anybody at all.

    ## Example

    ```yaml
    kind: Journey
    metadata: {name: pay-bill}
    spec:
      owner: billing
      steps:
        - {name: pay, legs: [{channel: web, uses: [new-payments]}]}
    ---
    kind: Service
    metadata: {name: new-payments}
    spec: {owner: billing, lifecycle: experimental}
    ```

    ## What to do

    If customers rely on the part, it is in production: say so, and give it what production needs. Otherwise take it
    out of the journey, or give the journey a lifecycle of its own.
    """

    code = "JRN604"
    name = "journey-on-unfinished-parts"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each use of such a part by a leg of a journey in production."""
        unfinished = {ref for ref, component in catalog.components.items() if component.lifecycle in _UNFINISHED}
        if not unfinished:
            return
        for journey in catalog.journeys.values():
            if journey.lifecycle != "production":
                continue
            for step in journey.steps:
                for leg in step.legs:
                    for target in leg.uses:
                        if target in unfinished:
                            yield self._finding(catalog, journey, _use(catalog, journey, leg, target), target)
                    if leg.via in unfinished:
                        yield self._finding(catalog, journey, (*leg.path, "via"), leg.via or "")

    def _finding(self, catalog: Catalog, journey: Journey, path: Path, target: str) -> Diagnostic:
        component = catalog.components[target]
        words = _UNFINISHED[component.lifecycle]
        return Diagnostic(
            code=self.code,
            message=f"customers take “{journey.title}” today, and it uses `{component.name}`, which {words}",
            file=journey.entity.file,
            span=journey.entity.places.value_span(path),
            label=words,
            help=f"set the lifecycle of `{component.name}` to what it is, or take it out of the journey",
            entity=journey.ref,
            related=(
                Label(
                    component.entity.file,
                    component.entity.places.value_span(("spec", "lifecycle")),
                    f"`{component.name}` {words} here",
                ),
            ),
        )


def _use(catalog: Catalog, journey: Journey, leg: Leg, target: str) -> Path:
    _, _, step, _, number = leg.path
    written = journey.entity.entity.spec.steps[int(step)].legs[int(number)]
    return path_of(catalog, journey.entity, (*leg.path, "uses"), written.uses, target)
