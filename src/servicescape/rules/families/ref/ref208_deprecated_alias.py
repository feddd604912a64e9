"""REF208: a reference by an old name."""

from collections import Counter
from collections.abc import Iterator

from servicescape.bind.located import Located
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Edit, Fix, Position, Severity, Span
from servicescape.model.entity import Entity
from servicescape.model.names import name_of
from servicescape.model.references import ReferenceUse, references_of
from servicescape.rules.places import begin_of_text
from servicescape.rules.rule import Rule, RuleContext


class DeprecatedAlias(Rule):
    """A reference uses an old name.

    ## Why it matters

    It still leads to the right thing, because that keeps its old name as an alias. But the next reader looks for a
    name that is nowhere defined, and on the day on which the alias is removed, the reference breaks.

    ## Example

    ```yaml
    kind: Service
    metadata: {name: pricing, aliases: [price-engine]}
    ---
    kind: Service
    metadata: {name: basket}
    spec:
      owner: storefront
      dependsOn: [price-engine]       # is called `pricing` now
    ```

    ## What to do

    Write the present name; `servicescape validate --fix` does it for all references at once. When nothing uses the old
    name any more, its alias can go.
    """

    code = "REF208"
    name = "deprecated-alias"
    severity = Severity.WARNING
    fixable = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each reference that only an alias answers to."""
        old_names = catalog.names.aliases
        if not old_names:
            return
        for located in catalog.entities.values():
            uses = list(references_of(located.entity))
            found = [(use, ref) for use in uses if (ref := _behind_alias(catalog, located, use, old_names))]
            if found:
                yield from self._findings(catalog, located, uses, found)

    def _findings(
        self,
        catalog: Catalog,
        located: Located[Entity],
        uses: list[ReferenceUse],
        found: list[tuple[ReferenceUse, str]],
    ) -> Iterator[Diagnostic]:
        # An anchored value stands for all its aliases: changing it would change uses that mean something else.
        shared = Counter(_span(located, use) for use in uses)
        for use, ref in found:
            span = _span(located, use)
            fix = _fix(catalog, located, use, ref, uses) if shared[span] == 1 else None
            yield Diagnostic(
                code=self.code,
                message=f"`{use.text}` is an old name of `{name_of(ref)}`",
                file=located.file,
                span=span,
                label=f"is called `{name_of(ref)}` now",
                help=f"write `{_renamed(use.text, ref)}`",
                entity=located.ref,
                fix=fix,
            )


def _behind_alias(
    catalog: Catalog, located: Located[Entity], use: ReferenceUse, old_names: frozenset[str]
) -> str | None:
    if name_of(use.text) not in old_names:
        return None
    namespace = located.entity.metadata.namespace
    if catalog.names.find_exact(use.text, use.kinds, namespace) is not None:
        return None
    return catalog.names.find_alias(use.text, use.kinds, namespace)


def _span(located: Located[Entity], use: ReferenceUse) -> Span:
    return (located.places.key_span if use.is_key else located.places.value_span)(use.path)


def _renamed(text: str, ref: str) -> str:
    """The reference as written, with its kind and namespace, and the present name."""
    return text.removesuffix(name_of(text)) + name_of(ref)


def _fix(
    catalog: Catalog, located: Located[Entity], use: ReferenceUse, ref: str, uses: list[ReferenceUse]
) -> Fix | None:
    """Replaces the name alone, so that quotes, kind and namespace stay; None where that would not be safe."""
    renamed = _renamed(use.text, ref)
    namespace = located.entity.metadata.namespace
    if catalog.names.find_exact(renamed, use.kinds, namespace) != ref:
        return None
    if use.is_key and any(other.path == (*use.path[:-1], renamed) for other in uses):
        return None
    span = _span(located, use)
    first = begin_of_text(span, use.text)
    if first is None:
        return None
    line, name = span.start.line, name_of(use.text)
    begin = first + len(use.text) - len(name)
    place = Span(Position(line, begin), Position(line, begin + len(name)))
    return Fix(f"write `{renamed}`", (Edit(located.file, place, name_of(ref)),))
