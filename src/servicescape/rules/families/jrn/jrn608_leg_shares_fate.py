"""JRN608: other ways of doing a step that fail together with the first."""

from collections.abc import Iterator

from servicescape.analysis.hard_needs import CommonCause, HardNeeds, hard_needs, in_words
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Journey, Step
from servicescape.diagnostics import Diagnostic, Label, Severity
from servicescape.rules.rule import Rule, RuleContext


class LegSharesFate(Rule):
    """All ways of doing a step need one service that none of the legs shows.

    ## Why it matters

    The step reads as if a person could take over when the web cannot go on. But the person's tools need, a few links
    away, the very service that the web has just lost, and the step is blocked for everybody.

    What all legs name in `uses` is not reported: there the author has written it down. Platforms and externals are
    not either: that everything stands on one cloud is no fault of a step, and `servicescape impact` counts it.

    ## Example

    ```yaml
    steps:
      - name: check-line
        legs:
          - {channel: web, uses: [coverage-checker]}             # needs identity
          - {channel: contact-centre, uses: [agent-desktop]}     # needs identity, too
    ```

    ## What to do

    Let one way do without the common service, at least for a while. If that cannot be, name the service in `uses` of
    every leg, so that whoever reads the journey knows.
    """

    code = "JRN608"
    name = "leg-shares-fate"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each journey and service, at the first of its steps; each step counts for the nearest."""
        needs = hard_needs(catalog)
        services = needs.bits(ref for ref, component in catalog.components.items() if component.kind == "Service")
        for journey in catalog.journeys.values():
            if journey.lifecycle == "retired":
                continue
            written = journey.entity.entity.spec.steps
            blocked: dict[str, list[tuple[Step, CommonCause]]] = {}
            for number, step in enumerate(journey.steps):
                if step.optional or len(step.legs) < 2 or len(step.legs) < len(written[number].legs):
                    continue
                cause = _cause(catalog, needs, services, step)
                if cause is not None:
                    blocked.setdefault(cause.ref, []).append((step, cause))
            for ref, found in blocked.items():
                yield self._finding(catalog, journey, catalog.components[ref].name, found)

    def _finding(
        self, catalog: Catalog, journey: Journey, name: str, found: list[tuple[Step, CommonCause]]
    ) -> Diagnostic:
        (step, cause), *others = found
        how = "; ".join(
            f"{catalog.channels[leg.channel].name}: {in_words(catalog, chain)}"
            for leg, chain in zip(step.legs, cause.chains, strict=True)
            if chain
        )
        places = journey.entity.places
        return Diagnostic(
            code=self.code,
            message=f"all {len(step.legs)} ways of doing “{step.title}” need `{name}`"
            + (f", and so in {len(others)} more {'step' if len(others) == 1 else 'steps'}" if others else ""),
            file=journey.entity.file,
            span=places.value_span((*step.path, "name")),
            label=f"blocked when `{name}` is down",
            help=f"let one of them do without it ({how})",
            entity=journey.ref,
            related=tuple(
                Label(
                    journey.entity.file,
                    places.value_span((*each.path, "name")),
                    f"“{each.title}” is blocked as well",
                )
                for each, _ in others
            ),
        )


def _cause(catalog: Catalog, needs: HardNeeds, services: int, step: Step) -> CommonCause | None:
    channels = [catalog.channels[leg.channel] for leg in step.legs]
    shown = set(step.legs[0].uses).intersection(*(leg.uses for leg in step.legs[1:]))
    if len({channel.ref for channel in channels}) == 1:
        shown.update(channels[0].runs_on)
    ways = [(*leg.uses, *channel.runs_on) for leg, channel in zip(step.legs, channels, strict=True)]
    return needs.nearest_common_cause(ways, len(ways), services & ~needs.of(shown))
