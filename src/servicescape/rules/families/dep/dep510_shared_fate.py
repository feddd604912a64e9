"""DEP510: redundancy that fails as one."""

from collections.abc import Iterator

from servicescape.analysis.hard_needs import CommonCause, hard_needs, in_words
from servicescape.analysis.stand_ins import stand_ins
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.graph import Component, Edge, Effect
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext


class SharedFate(Rule):
    """What should stand in for each other needs one and the same component.

    ## Why it matters

    Redundancy is paid for so that a failure of one is survived. When all members of a group, or a dependency and its
    fallback, stand on one component, its failure takes them down together, and the redundancy is none.

    A component without which the dependent itself is down is no reason to speak up: with the lights out, nobody asks
    for a second lamp.

    ## Example

    ```yaml
    # psp-a and psp-b both have `dependsOn: [card-vault]`
    dependsOn:
      - {anyOf: [psp-a, psp-b]}
    ```

    ## What to do

    Give one of them a way of its own (another region, another store, a copy of the data), or let it do without the
    common component for a while (`tolerates`, `kind: soft`). Where the common component is really needed by both, the
    dependent depends on it: say so, so that everybody sees it.
    """

    code = "DEP510"
    name = "shared-fate"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each group or fallback that a single failure beats, with the nearest cause."""
        needs = hard_needs(catalog)
        for component, edge in stand_ins(catalog):
            if component.lifecycle == "retired":
                continue
            ways, enough = _ways(edge)
            if not ways:
                continue
            cause = needs.nearest_common_cause(ways, enough, ~needs.of([component.ref]))
            if cause is not None:
                yield self._finding(catalog, component, edge, cause)

    def _finding(self, catalog: Catalog, component: Component, edge: Edge, cause: CommonCause) -> Diagnostic:
        components = catalog.components
        name = components[cause.ref].name
        places = component.entity.places
        hit = [chain for chain in cause.chains if chain]
        if edge.fallback is not None:
            span = places.value_span((*edge.path[:3], "fallback"))
            fallback = components[edge.fallback].name
            if cause.ref in edge.targets:
                message = f"the fallback `{fallback}` cannot work without `{name}`, which it should replace"
            elif cause.ref == edge.fallback:
                message = f"`{components[edge.targets[0]].name}` cannot work without its fallback `{fallback}`"
            else:
                message = f"when `{name}` is down, `{components[edge.targets[0]].name}` and its fallback are down too"
        else:
            span = places.key_span(edge.path)
            lost = len(hit)
            message = (
                f"when `{name}` is down, {'all' if lost == len(edge.targets) else lost} of these "
                f"{len(edge.targets)} are down"
            )
            if lost < len(edge.targets):
                message += f", and {edge.need} are needed"
        chains = "; ".join(in_words(catalog, chain) for chain in hit if len(chain) > 1)
        return Diagnostic(
            code=self.code,
            message=message,
            file=component.entity.file,
            span=span,
            label=f"down together: {chains}",
            help=f"give one of them a way that does not need `{name}`, or let it do without for a while; if there is "
            f"none, let `{component.name}` depend on `{name}` itself",
            entity=component.ref,
        )


def _ways(edge: Edge) -> tuple[list[tuple[str]], int]:
    """What stands in for each other, and how many of them must fall before the dependent does."""
    if edge.soft or (edge.fallback is None and edge.when_down is not Effect.DOWN):
        return [], 0
    spare = len(edge.targets) - edge.need
    if edge.fallback is not None:
        if spare or len(edge.targets) > 1 or edge.fallback in edge.targets:
            return [], 0  # A group with a fallback has more than one net; two failures are a matter for predictions.
        return [(edge.targets[0],), (edge.fallback,)], 2
    return ([(target,) for target in edge.targets], spare + 1) if spare else ([], 0)
