"""DEP507: overrides by which less harm does more."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext


class ContradictoryOverride(Rule):
    """A part suffers more from a degraded dependency than from one that is down.

    ## Why it matters

    What is down is at least degraded, so a part cannot bear the first better than the second. Usually one of the two
    was changed later, and the other forgotten.

    ## Example

    ```yaml
    dependsOn:
      - {on: stock, whenDown: ok, whenDegraded: degraded}
    ```

    ## What to do

    Make `whenDegraded` no worse than what happens when the dependency is down, or leave it out: then it never is.
    """

    code = "DEP507"
    name = "contradictory-override"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such dependency, at its `whenDegraded`."""
        for ref, component in catalog.components.items():
            for edge in component.edges:
                if edge.when_down >= edge.when_degraded:
                    continue
                down, degraded = edge.when_down.name.lower(), edge.when_degraded.name.lower()
                target = catalog.components[edge.targets[0]].name
                what = f"`{target}`" if edge.path[-1] != "anyOf" else "the group"
                yield Diagnostic(
                    code=self.code,
                    message=f"`{component.name}` is {down} when {what} is down, "
                    f"but {degraded} when it is only degraded",
                    file=component.entity.file,
                    span=component.entity.places.value_span((*edge.path[:3], "whenDegraded")),
                    label="graver than for one that is down",
                    help=f"leave `whenDegraded` out, or set `whenDown: {degraded}`",
                    entity=ref,
                )
