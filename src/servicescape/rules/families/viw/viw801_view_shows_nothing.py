"""VIW801: a diagram without anything in it."""

from collections.abc import Iterator

from servicescape.analysis.selection import select, shown_by
from servicescape.bind.located import Located
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.model.references import references_of
from servicescape.model.view import View
from servicescape.rules.places import is_whole
from servicescape.rules.rule import Rule, RuleContext


class ViewShowsNothing(Rule):
    """A view picks no component, so that its diagram is empty.

    ## Why it matters

    An empty diagram tells nobody that its selection is at fault; it looks as if there were nothing to show.

    ## Example

    ```yaml
    kind: View
    metadata: {name: critical-externals}
    spec:
      include: [{kind: External, owner: storefront}]       # has none
    ```

    ## What to do

    Keys in one selector must all hold; selectors side by side add up. Split the selector where either of two things is
    meant, and see whether `exclude` takes away what `include` picks.
    """

    code = "VIW801"
    name = "view-shows-nothing"
    severity = Severity.WARNING
    speaks_of_absence = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such view, unless a name in it is unknown or there is no component at all."""
        if not catalog.components:
            return
        for ref, located in catalog.views.items():
            spec = located.entity.spec
            namespace = located.entity.metadata.namespace
            if spec.picture == "blast-radius" or not (spec.include or spec.exclude):
                continue
            if shown_by(catalog, located.entity, depth=spec.depth) or not _resolves(catalog, located):
                continue
            if not is_whole(located, ("spec",)):
                continue
            emptied = bool(spec.exclude) and bool(select(catalog, spec.include, (), namespace))
            key = "exclude" if emptied else "include"
            yield Diagnostic(
                code=self.code,
                message=f"the view `{located.entity.metadata.name}` shows nothing",
                file=located.file,
                span=located.places.key_span(("spec", key)),
                label="takes away all that `include` picks" if emptied else "picks no service, platform or external",
                help="all keys of one selector must hold; write two selectors where either is meant"
                if not emptied
                else "exclude less, or include more",
                entity=ref,
            )


def _resolves(catalog: Catalog, located: Located[View]) -> bool:
    """Whether all names in it are defined; what is not was reported."""
    namespace = located.entity.metadata.namespace
    return all(catalog.find(use.text, use.kinds, namespace) is not None for use in references_of(located.entity))
