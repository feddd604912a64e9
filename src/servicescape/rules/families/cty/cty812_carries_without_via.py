"""CTY812: a hand-over by nobody."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.places import is_whole
from servicescape.rules.rule import Rule, RuleContext


class CarriesWithoutVia(Rule):
    """A hand-over carries something, and nothing says what carries it.

    ## Why it matters

    Some component must hold what the customer has said until the other side fetches it. When that one is down, the
    hand-over is empty. Without its name, every calculation takes it to be always up, and promises too much.

    This is looked at in catalogs that name the carrier of other hand-overs.

    ## Example

    ```yaml
    legs:
      - {channel: web, uses: [pricing]}
      - {channel: contact-centre, carries: [postcode]}         # by which system?
    ```

    ## What to do

    Name the component: `via: crm`.
    """

    code = "CTY812"
    name = "carries-without-via"
    severity = Severity.INFO

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each later leg that carries something without `via`, where others have it."""
        journeys = [journey for journey in catalog.journeys.values() if journey.lifecycle != "retired"]
        if not any(leg.via for journey in journeys for step in journey.steps for leg in step.legs):
            return
        for journey in journeys:
            written = journey.entity.entity.spec.steps
            if not is_whole(journey.entity, ("spec", "steps")):
                continue
            for step in journey.steps:
                for leg in step.legs[1:]:
                    # What is named and does not exist was reported.
                    if not leg.carries or written[int(leg.path[2])].legs[int(leg.path[4])].via is not None:
                        continue
                    yield Diagnostic(
                        code=self.code,
                        message=f"nothing says what carries {', '.join(f'`{item}`' for item in leg.carries)} "
                        f"to `{catalog.channels[leg.channel].name}`",
                        file=journey.entity.file,
                        span=journey.entity.places.key_span((*leg.path, "carries")),
                        label="without `via`",
                        help="name the component that holds it meanwhile as `via`",
                        entity=journey.ref,
                    )
