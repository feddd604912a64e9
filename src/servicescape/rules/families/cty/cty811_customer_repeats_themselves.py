"""CTY811: a hand-over that forgets what the customer has said."""

from collections.abc import Iterator

from servicescape.analysis.lenses.handovers import hand_overs
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.places import is_whole
from servicescape.rules.rule import Rule, RuleContext


class CustomerRepeatsThemselves(Rule):
    """A step moves customers over by itself, and leaves behind what they have said before.

    ## Why it matters

    Nobody asked these customers whether they wanted to go elsewhere. Then the bot or the agent asks for the postcode
    that they typed a minute ago. Items that are lost between two channels are what people complain about most, and
    every one of them makes the contact longer.

    Only `offered: automatic` is looked at, and only what earlier steps have collected. Whoever takes a button or looks
    up a number expects some questions.

    ## Example

    ```yaml
    steps:
      - {name: check-line, collects: [postcode, address], legs: [{channel: web}]}
      - name: choose-offer
        legs:
          - {channel: web, uses: [pricing]}
          - {channel: chatbot, offered: automatic, carries: [postcode], via: crm}      # the address is lost
    ```

    ## What to do

    Carry the items, and say which component does it (`via`). What must not be handed over, such as a password, should
    not stand in `collects`; where the step only needs some of the items, let the customer choose: `offered: offered`.
    """

    code = "CTY811"
    name = "customer-repeats-themselves"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such leg of a journey that is not retired."""
        for journey in catalog.journeys.values():
            if journey.lifecycle == "retired" or not is_whole(journey.entity, ("spec", "steps")):
                continue
            for hand_over in hand_overs(journey):
                leg, lost = hand_over.leg, hand_over.lost
                if leg.offered != "automatic" or not lost:
                    continue
                items = ", ".join(f"`{item}`" for item in lost)
                channel = catalog.channels[leg.channel].name
                path = (*leg.path, "carries" if leg.carries else "channel")
                span = journey.entity.places.value_span(path)
                yield Diagnostic(
                    code=self.code,
                    message=f"customers are moved to `{channel}` and must say again: {items}",
                    file=journey.entity.file,
                    span=span if span.start.line == span.end.line else journey.entity.places.key_span(path),
                    label="carries less than they have said" if leg.carries else "carries nothing",
                    help="add the items to `carries`"
                    + ("" if leg.via else " and the component that carries them as `via`")
                    + ", or let customers choose: `offered: offered`",
                    entity=journey.ref,
                )
