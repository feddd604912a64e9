"""DEP504: a group that can never have enough members."""

from collections.abc import Iterator

from servicescape.analysis.stand_ins import stand_ins
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.model.names import COMPONENT_KINDS
from servicescape.rules.places import group_of, is_whole
from servicescape.rules.rule import Rule, RuleContext


class NeedExceedsMembers(Rule):
    """A redundant group needs more members than it has.

    ## Why it matters

    Taken at its word, the part could never work. So the number is wrong, or a member is missing, and it is not known
    how many of them may fail.

    ## Example

    ```yaml
    dependsOn:
      - {anyOf: [cache-a, cache-b], need: 3}
    ```

    ## What to do

    Lower `need` to the number that must be up, or name the members that are missing.
    """

    code = "DEP504"
    name = "need-exceeds-members"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such group, at its `need`."""
        for component, edge in stand_ins(catalog):
            group = group_of(component, edge)
            if group is None or group.need <= len(edge.targets) or not is_whole(component.entity, edge.path):
                continue
            namespace = component.entity.entity.metadata.namespace
            # A member that is not defined was reported, and counts.
            count = len({catalog.find(text, COMPONENT_KINDS, namespace) or text for text in group.any_of})
            if group.need <= count:
                continue
            yield Diagnostic(
                code=self.code,
                message=f"{group.need} members are needed, and the group has {count}",
                file=component.entity.file,
                span=component.entity.places.value_span((*edge.path[:-1], "need")),
                label=f"only {count} to choose from" if count > 1 else "only one member",
                help="lower `need`, or name the members that are missing",
                entity=component.ref,
            )
