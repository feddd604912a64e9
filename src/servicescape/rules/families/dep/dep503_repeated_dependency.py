"""DEP503: one dependency written twice."""

from collections.abc import Iterator
from dataclasses import replace

from servicescape.bind.located import Path
from servicescape.bind.mends import removal_fix
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Component, Edge
from servicescape.diagnostics import Diagnostic, Fix, Label, Severity
from servicescape.rules.places import group_of
from servicescape.rules.rule import Rule, RuleContext


class RepeatedDependency(Rule):
    """A part names one dependency twice.

    ## Why it matters

    Where the two lines differ, the graver one decides, and whoever edits the other one wonders why nothing changes.
    The platform of a part is a hard dependency by itself and need not be named again.

    ## Example

    ```yaml
    spec:
      owner: storefront
      platform: kubernetes
      dependsOn:
        - kubernetes                                     # is the platform already
        - stock
        - {on: stock, kind: soft, degrades: "No levels"}    # which of the two?
    ```

    ## What to do

    Keep the line that is true, and delete the other.
    """

    code = "DEP503"
    name = "repeated-dependency"
    severity = Severity.WARNING
    fixable = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each repetition among plain dependencies, and within a group of three or more lines."""
        for component in catalog.components.values():
            if len(component.edges) < 2 and not any(edge.path[-1] == "anyOf" for edge in component.edges):
                continue
            first: dict[str, Edge] = {}
            for edge in component.edges:
                if edge.path[-1] == "anyOf":
                    if len(edge.targets) > 1:
                        yield from self._within_group(catalog, component, edge.path)
                    continue
                target = edge.targets[0]
                if target not in first:
                    first[target] = edge
                    continue
                is_platform = first[target].path == ("spec", "platform")
                name = catalog.components[target].name
                yield self._finding(
                    component,
                    edge.path,
                    first[target].path,
                    f"`{name}` is the platform already" if is_platform else f"`{name}` stands here twice",
                    "remove it here: what a part runs on is a hard dependency by itself"
                    if is_platform
                    else "keep the line that is true, and delete the other",
                    _removal(component, edge.path) if _is_the_same(edge, first[target]) else None,
                )

    def _within_group(self, catalog: Catalog, component: Component, path: Path) -> Iterator[Diagnostic]:
        edge = next(edge for edge in component.edges if edge.path == path)
        group = group_of(component, edge)
        if group is None or len(group.any_of) == len(edge.targets) or group.need > len(edge.targets):
            return
        namespace = component.entity.entity.metadata.namespace
        first: dict[str, Path] = {}
        for number, text in enumerate(group.any_of):
            ref = catalog.find(text, ("Service", "Platform", "External"), namespace)
            if ref is None:
                continue
            if ref in first:
                yield self._finding(
                    component,
                    (*path, number),
                    first[ref],
                    f"`{catalog.components[ref].name}` stands in this group twice",
                    "remove one of the two: a member counts once",
                    _removal(component, (*path, number)),
                )
            first.setdefault(ref, (*path, number))

    def _finding(
        self, component: Component, path: Path, first: Path, message: str, advice: str, fix: Fix | None
    ) -> Diagnostic:
        places = component.entity.places
        return Diagnostic(
            code=self.code,
            message=message,
            file=component.entity.file,
            span=places.value_span(path),
            label="second time",
            help=advice,
            fix=fix,
            entity=component.ref,
            related=(Label(component.entity.file, places.value_span(first), "first time"),),
        )


def _is_the_same(edge: Edge, first: Edge) -> bool:
    """Whether a hard dependency says nothing that the first one does not say."""
    return edge.is_hard and replace(edge, path=first.path, role=first.role) == first


def _removal(component: Component, path: Path) -> Fix | None:
    return removal_fix(
        component.entity.places, path[:-1] if path[-1] == "on" else path, safe=True, equal_one_stays=True
    )
