"""DEP511: a chance for something that cannot happen."""

from collections.abc import Iterator

from servicescape.bind.located import Path
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Component
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.places import group_of, is_whole
from servicescape.rules.rule import Rule, RuleContext


class ChanceWithoutMeaning(Rule):
    """A `switchFailure` stands where nothing switches, or a `commonCause` where no member can be spared.

    ## Why it matters

    Both numbers only count in predictions: `switchFailure` when a fallback takes over, `commonCause` when a group could
    do with fewer members than it has. Elsewhere they change nothing, and somebody believes that they do.

    ## Example

    ```yaml
    dependsOn:
      - {on: tax-engine, switchFailure: 0.02}                     # no `fallback`
      - {anyOf: [db-a, db-b], need: 2, commonCause: 0.05}         # both are needed anyway
    ```

    ## What to do

    Name the `fallback`, or lower `need`. If there is nothing to switch to and nothing to spare, remove the number.
    """

    code = "DEP511"
    name = "chance-without-meaning"
    severity = Severity.INFO

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such number."""
        for component in catalog.components.values():
            for edge in component.edges:
                if edge.switch_failure is None and edge.common_cause is None:
                    continue
                path = edge.path[:3]
                if not is_whole(component.entity, path):
                    continue
                group = group_of(component, edge)
                spec = component.entity.entity.spec.depends_on[int(path[2])]
                if edge.switch_failure is not None and spec.fallback is None:  # type: ignore[union-attr]
                    yield self._finding(
                        component,
                        (*path, "switchFailure"),
                        "nothing is switched to here",
                        "there is no `fallback`",
                        "name the `fallback`, or remove `switchFailure`",
                    )
                members = len(edge.targets)
                if edge.common_cause is not None and group is not None and 1 < members == group.need:
                    yield self._finding(
                        component,
                        (*path, "commonCause"),
                        f"all {members} members are needed anyway",
                        "the loss of one is the loss of all",
                        "lower `need`, or remove `commonCause`",
                    )

    def _finding(self, component: Component, path: Path, message: str, label: str, advice: str) -> Diagnostic:
        return Diagnostic(
            code=self.code,
            message=message,
            file=component.entity.file,
            span=component.entity.places.key_span(path),
            label=label,
            help=advice,
            entity=component.ref,
        )
