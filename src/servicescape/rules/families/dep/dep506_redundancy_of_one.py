"""DEP506: a redundant group with a single member."""

from collections.abc import Iterator

from servicescape.analysis.stand_ins import stand_ins
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.model.names import COMPONENT_KINDS
from servicescape.rules.places import group_of, is_whole
from servicescape.rules.rule import Rule, RuleContext


class RedundancyOfOne(Rule):
    """A redundant group has only one member.

    ## Why it matters

    It reads as if something stood in for the member, and nothing does: when it is down, the part is down.

    ## Example

    ```yaml
    dependsOn:
      - {anyOf: [cache-a]}
    ```

    ## What to do

    Name the other members, or write a plain dependency: `- cache-a`.
    """

    code = "DEP506"
    name = "redundancy-of-one"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each group that names one and the same component only."""
        for component, edge in stand_ins(catalog):
            group = group_of(component, edge)
            if group is None or len(edge.targets) > 1 or group.need > 1:
                continue
            if not is_whole(component.entity, edge.path):
                continue
            namespace = component.entity.entity.metadata.namespace
            if len({catalog.find(text, COMPONENT_KINDS, namespace) for text in group.any_of}) > 1:
                continue
            name = catalog.components[edge.targets[0]].name
            yield Diagnostic(
                code=self.code,
                message=f"nothing stands in for `{name}` in this group",
                file=component.entity.file,
                span=component.entity.places.value_span((*edge.path, 0)),
                label="the only member",
                help=f"name the other members, or write the plain dependency `{name}`",
                entity=component.ref,
            )
