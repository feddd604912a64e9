"""CPX841: a part that nothing is connected with."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.places import is_whole
from servicescape.rules.rule import Rule, RuleContext


class Island(Rule):
    """A part in production needs nothing, and nothing needs it.

    ## Why it matters

    Its failure hurts nobody, says the catalog. That is rarely true: more often its dependents have not written down
    that they need it, so that every answer about failures leaves it out. Or it is gone, and was forgotten here.

    Looked at are catalogs that hold journeys. A part on top of others that nothing needs, such as a tool of your own
    people, is not reported.

    ## Example

    ```yaml
    kind: Service
    metadata: {name: address-lookup}
    spec: {owner: network-services}         # no journey, channel or component names it
    ```

    ## What to do

    Name it where it is needed: in `dependsOn`, in a leg's `uses`, or in a channel's `runsOn`. If it is gone, say
    `lifecycle: retired` or remove it.
    """

    code = "CPX841"
    name = "island"
    severity = Severity.INFO
    speaks_of_absence = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such component, at its name."""
        if not catalog.journeys:
            return
        used: set[str | None] = {ref for channel in catalog.channels.values() for ref in channel.runs_on}
        for journey in catalog.journeys.values():
            for step in journey.steps:
                for leg in step.legs:
                    used.update(leg.uses)
                    used.add(leg.via)
        for ref, component in catalog.components.items():
            if component.edges or component.lifecycle != "production" or ref in used or catalog.dependents[ref]:
                continue
            if not is_whole(component.entity, ("spec",)) or component.entity.entity.spec.depends_on:
                continue
            yield Diagnostic(
                code=self.code,
                message=f"nothing needs `{component.name}`, and it needs nothing",
                file=component.entity.file,
                span=component.entity.places.value_span(("metadata", "name")),
                label="no journey, channel or component names it",
                help="name it where it is needed, or remove it if it is gone",
                entity=ref,
            )
