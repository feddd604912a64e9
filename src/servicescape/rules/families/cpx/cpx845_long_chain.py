"""CPX845: a journey at the end of a long chain."""

from collections.abc import Iterator

from servicescape.analysis.hard_needs import hard_needs, in_words, longest_chains
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext

_MOST_LINKS = 8


class LongChain(Rule):
    """A way of doing a step stands on more than eight hard dependencies in a row.

    ## Why it matters

    Each link can fail by itself, and each takes down all before it. In an outage, people look for the cause link by
    link, usually from the wrong end, and each link belongs to another team.

    ## Example

    ```yaml
    # web → gateway → shop → basket → pricing → rules → catalog → search → index → store
    ```

    ## What to do

    Look for a link that can be cut: answers that can be kept for a while (`tolerates`), work that can be done without
    (`kind: soft`), two parts that are one in truth.
    """

    code = "CPX845"
    name = "long-chain"
    severity = Severity.INFO

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each journey in production with such a chain, at the leg with the longest."""
        if not catalog.journeys:
            return
        needs = hard_needs(catalog)
        longest = longest_chains(needs)
        for journey in catalog.journeys.values():
            if journey.lifecycle != "production":
                continue
            starts = [
                (longest[ref][0], ref, leg)
                for step in journey.steps
                for leg in step.legs
                for ref in (*leg.uses, *catalog.channels[leg.channel].runs_on)
            ]
            links, start, leg = max(starts, key=lambda item: item[0], default=(0, "", None))
            if links <= _MOST_LINKS or leg is None:
                continue
            chain = [start]
            while (following := longest[chain[-1]][1]) is not None:
                chain.append(following)
            yield Diagnostic(
                code=self.code,
                message=f"“{journey.title}” stands on a chain of {links} hard dependencies",
                file=journey.entity.file,
                span=journey.entity.places.value_span((*leg.path, "channel")),
                label=f"the longest begins here, at `{catalog.components[start].name}`",
                help=f"look for a link that can be cut in {in_words(catalog, chain)}",
                entity=journey.ref,
            )
