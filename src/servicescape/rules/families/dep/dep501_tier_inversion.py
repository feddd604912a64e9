"""DEP501: something critical that needs something less critical."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Component, Edge
from servicescape.diagnostics import Diagnostic, Label, Severity
from servicescape.rules.places import path_of_target
from servicescape.rules.rule import Rule, RuleContext

_MOST_SHOWN = 5
"""Dependents that a finding points at; their number stands in its message."""


class TierInversion(Rule):
    """A part cannot work without another that counts as less critical.

    ## Why it matters

    The tier says how well a part is looked after: how fast somebody comes, how carefully it is changed. A part of tier
    1 that is down whenever one of tier 3 is down is in truth looked after like tier 3.

    ## Example

    ```yaml
    kind: Service
    metadata: {name: checkout}
    spec: {owner: storefront, tier: 1, dependsOn: [tax-tables]}
    ---
    kind: Service
    metadata: {name: tax-tables}
    spec: {owner: finance, tier: 3}
    ```

    ## What to do

    Raise the tier of what is needed, if it really is that critical. Or learn to do without it for a while (`kind:
    soft`, `tolerates`, a `fallback`).
    """

    code = "DEP501"
    name = "tier-inversion"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each part that more critical ones cannot work without, at its tier."""
        components = catalog.components
        tiers = {ref: component.tier for ref, component in components.items()}
        dependents: dict[str, list[tuple[Component, Edge]]] = {}
        for component in components.values():
            tier = component.tier
            if tier is None or component.lifecycle == "retired":
                continue
            for edge in component.edges:
                for target in edge.targets:
                    needed = tiers[target]
                    if needed is not None and needed > tier and edge.is_hard and not edge.tolerates_seconds:
                        dependents.setdefault(target, []).append((component, edge))
        for target, found in dependents.items():
            yield self._finding(catalog, components[target], found)

    def _finding(self, catalog: Catalog, needed: Component, dependents: list[tuple[Component, Edge]]) -> Diagnostic:
        tiers = sorted({component.tier for component, _ in dependents if component.tier is not None})
        first = dependents[0][0].name
        if len(dependents) == 1:
            who = f"`{first}`, which is tier {tiers[0]}, cannot work without it"
        else:
            listed = " and ".join(str(tier) for tier in tiers)
            who = f"{len(dependents)} parts of tier {listed} cannot work without it"
        return Diagnostic(
            code=self.code,
            message=f"`{needed.name}` is tier {needed.tier}, and {who}",
            file=needed.entity.file,
            span=needed.entity.places.value_span(("spec", "tier")),
            label="less critical than what stands on it",
            help=f"give it tier {tiers[0]}, or let {f'`{first}`' if len(dependents) == 1 else 'them'} go on without it "
            "for a while (`tolerates`, `fallback`, `kind: soft`)",
            entity=needed.ref,
            related=tuple(
                Label(
                    component.entity.file,
                    component.entity.places.value_span(path_of_target(catalog, component, edge, needed.ref)),
                    f"`{component.name}`, tier {component.tier}, needs it",
                )
                for component, edge in dependents[:_MOST_SHOWN]
            ),
        )
