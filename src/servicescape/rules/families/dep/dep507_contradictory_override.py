"""DEP507: overrides by which less harm does more."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.model.components import EdgeOptions
from servicescape.rules.rule import Rule, RuleContext


class ContradictoryOverride(Rule):
    """A part suffers more from a degraded dependency than from one that is down.

    ## Why it matters

    What is down is at least degraded, so a part cannot bear the first better than the second. Usually one of the two
    overrides was set and the other forgotten.

    ## Example

    ```yaml
    dependsOn:
      - {on: stock, whenDown: ok}        # degraded stock still degrades, which is the default
    ```

    ## What to do

    Set both `whenDown` and `whenDegraded`, the second no worse than the first.
    """

    code = "DEP507"
    name = "contradictory-override"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such dependency, at the override that is written."""
        for ref, component in catalog.components.items():
            for edge in component.edges:
                if edge.when_down >= edge.when_degraded:
                    continue
                options = component.entity.entity.spec.depends_on[int(edge.path[2])]
                if not isinstance(options, EdgeOptions):
                    continue
                written = "whenDown" if options.when_down is not None else "whenDegraded"
                down, degraded = edge.when_down.name.lower(), edge.when_degraded.name.lower()
                target = catalog.components[edge.targets[0]].name
                what = f"`{target}`" if edge.path[-1] != "anyOf" else "the group"
                yield Diagnostic(
                    code=self.code,
                    message=f"`{component.name}` is {down} when {what} is down, "
                    f"but {degraded} when it is only degraded",
                    file=component.entity.file,
                    span=component.entity.places.value_span((*edge.path[:3], written)),
                    label="milder than for a degraded one"
                    if written == "whenDown"
                    else "graver than for one that is down",
                    help=f"set `whenDegraded: {down}` as well"
                    if written == "whenDown"
                    else f"set `whenDown: {degraded}` as well, or make `whenDegraded` milder",
                    entity=ref,
                )
