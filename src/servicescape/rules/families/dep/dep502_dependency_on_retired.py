"""DEP502: something live that needs something that is not there (any more, or yet)."""

from collections.abc import Iterator

from servicescape.bind.located import Path
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Component, Edge
from servicescape.diagnostics import Diagnostic, Label, Severity
from servicescape.rules.places import path_of_target
from servicescape.rules.rule import Rule, RuleContext

_LIVE = ("production", "deprecated")
_ABSENT = {"retired": "is retired", "planned": "is only planned"}


class DependencyOnRetired(Rule):
    """A part in use needs one that is retired, or only planned.

    ## Why it matters

    One of the two is wrong. Either the thing still runs, and nobody looks after it any more, or it does not, and the
    dependency is history. A fallback that is not there will not take over.

    ## Example

    ```yaml
    kind: Service
    metadata: {name: basket}
    spec: {owner: storefront, dependsOn: [old-pricing]}
    ---
    kind: Service
    metadata: {name: old-pricing}
    spec: {owner: offers, lifecycle: retired}
    ```

    ## What to do

    Remove the dependency if it is gone, or set the lifecycle of what is needed to what it really is (`deprecated`
    while it still runs).
    """

    code = "DEP502"
    name = "dependency-on-retired"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each dependency or fallback of a live part on one that is not there."""
        components = catalog.components
        absent = {ref for ref, component in components.items() if component.lifecycle in _ABSENT}
        if not absent:
            return
        for component in components.values():
            if component.lifecycle not in _LIVE:
                continue
            for edge in component.edges:
                for target in edge.targets:
                    if target in absent:
                        path = path_of_target(catalog, component, edge, target)
                        yield self._finding(component, components[target], path, "needs")
                if edge.fallback in absent:
                    path = _fallback_path(edge)
                    yield self._finding(component, components[edge.fallback or ""], path, "falls back on")

    def _finding(self, component: Component, needed: Component, path: Path, verb: str) -> Diagnostic:
        words = _ABSENT[needed.lifecycle]
        return Diagnostic(
            code=self.code,
            message=f"`{component.name}` is in {'production' if component.lifecycle == 'production' else 'use'} "
            f"and {verb} `{needed.name}`, which {words}",
            file=component.entity.file,
            span=component.entity.places.value_span(path),
            label=words,
            help=f"remove it here; or, while it still runs, make `{needed.name}` `lifecycle: deprecated`"
            if needed.lifecycle == "retired"
            else f"add it when it exists; or, if it does by now, correct the lifecycle of `{needed.name}`",
            entity=component.ref,
            related=(
                Label(
                    needed.entity.file,
                    needed.entity.places.value_span(("spec", "lifecycle")),
                    f"`{needed.name}` {words} here",
                ),
            ),
        )


def _fallback_path(edge: Edge) -> Path:
    return (*edge.path[:3], "fallback")
