"""DEP505: a fallback on the very thing that has failed."""

from collections.abc import Iterator

from servicescape.analysis.stand_ins import stand_ins
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext


class FallbackIsTheDependency(Rule):
    """The fallback of a dependency is the dependency itself.

    ## Why it matters

    When the dependency is down, its fallback is down as well. The part looks protected and is not.

    ## Example

    ```yaml
    dependsOn:
      - {on: tax-engine, fallback: tax-engine}       # tax-tables
    ```

    ## What to do

    Name what really takes over. Where nothing does, remove `fallback`.
    """

    code = "DEP505"
    name = "fallback-is-the-dependency"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such fallback."""
        for component, edge in stand_ins(catalog):
            if edge.fallback is None or edge.fallback not in edge.targets:
                continue
            name = catalog.components[edge.fallback].name
            yield Diagnostic(
                code=self.code,
                message=f"the fallback for `{name}` is `{name}` itself"
                if edge.path[-1] != "anyOf"
                else f"the fallback `{name}` is a member of the group that it should replace",
                file=component.entity.file,
                span=component.entity.places.value_span((*edge.path[:3], "fallback")),
                label="is down together with it",
                help="name what takes over when it is down, or remove `fallback`",
                entity=component.ref,
            )
