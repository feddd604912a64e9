"""CPX846: a part that needs more than anybody can keep in mind."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext

_MOST = 20


class TooManyDependencies(Rule):
    """A part names more than twenty others that it needs.

    ## Why it matters

    Nobody can say any more what it does when one of them fails, and no list that long stays true. Mostly it is several
    parts under one name, which are deployed, and fail, by themselves.

    ## Example

    ```yaml
    kind: Service
    metadata: {name: backend}
    spec: {owner: everybody, dependsOn: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u]}
    ```

    ## What to do

    Describe the parts one by one. What is needed only by way of another one need not be named again.
    """

    code = "CPX846"
    name = "too-many-dependencies"
    severity = Severity.INFO

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such component, at its `dependsOn`."""
        for ref, component in catalog.components.items():
            if len(component.edges) < 2 or component.lifecycle == "retired":
                continue
            targets = {target for edge in component.edges for target in edge.targets}
            if len(targets) > _MOST:
                yield Diagnostic(
                    code=self.code,
                    message=f"`{component.name}` needs {len(targets)} others",
                    file=component.entity.file,
                    span=component.entity.places.key_span(("spec", "dependsOn")),
                    label=f"more than {_MOST}",
                    help="describe its parts one by one, or leave out what is needed only by way of another",
                    entity=ref,
                )
