"""DEP508: a fallback where none is needed."""

from collections.abc import Iterator

from servicescape.analysis.stand_ins import stand_ins
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext


class FallbackOnSoft(Rule):
    """A dependency is soft and has a fallback as well.

    ## Why it matters

    Without a soft dependency the part is degraded; with the fallback in its place it is degraded as well. So one of
    the two keys says something else than was meant.

    ## Example

    ```yaml
    dependsOn:
      - {on: recommendations, kind: soft, fallback: bestsellers}
    ```

    ## What to do

    Remove `fallback` if the part can do without both. Remove `kind: soft` if one of the two has to be there.
    """

    code = "DEP508"
    name = "fallback-on-soft"
    severity = Severity.INFO

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each soft dependency with a fallback, at the fallback."""
        for component, edge in stand_ins(catalog):
            if not edge.soft or edge.fallback is None or edge.fallback in edge.targets:
                continue
            target = catalog.components[edge.targets[0]].name
            what = f"`{target}`" if edge.path[-1] != "anyOf" else "the group"
            yield Diagnostic(
                code=self.code,
                message=f"`{component.name}` can do without {what}, and has a fallback for it all the same",
                file=component.entity.file,
                span=component.entity.places.value_span((*edge.path[:3], "fallback")),
                label="a soft dependency needs no fallback",
                help=f"remove `fallback`; or remove `kind: soft` if `{component.name}` needs one of the two",
                entity=component.ref,
            )
