"""VIW802: a key of a view that its kind of picture does not go by."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.model.view import USED_KEYS, ViewSpec
from servicescape.rules.rule import Rule, RuleContext

_OF_EVERY_KIND = frozenset({"title", "kind", "extensions"})


class ViewKeyWithoutEffect(Rule):
    """A view says something that its kind of picture does not go by.

    ## Why it matters

    Whoever wrote it expects a picture that is not drawn: one with other colours, other frames, or fewer components.

    ## Example

    ```yaml
    kind: View
    metadata: {name: teams}
    spec:
      kind: ownership              # colours and frames are teams
      colourBy: tier               # has no effect
    ```

    ## What to do

    Remove the key, or choose a kind that goes by it. What each goes by is told with the kinds of a View in the
    language's page.
    """

    code = "VIW802"
    name = "view-key-without-effect"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such key."""
        for ref, located in catalog.views.items():
            spec = located.entity.spec
            kind = spec.picture
            used = USED_KEYS[kind] | _OF_EVERY_KIND
            for key in _keys(spec):
                if key in used:
                    continue
                others = [name for name in USED_KEYS if key in USED_KEYS[name]]
                also = f"{', '.join(others[:-1])} and {others[-1]} go" if len(others) > 1 else f"{others[0]} goes"
                yield Diagnostic(
                    code=self.code,
                    message=f"`{key}` has no effect on a picture of the kind `{kind}`",
                    file=located.file,
                    span=located.places.key_span(("spec", key)),
                    label="not gone by",
                    help=f"remove it; of the kinds of picture, {also} by it",
                    entity=ref,
                )


def _keys(spec: ViewSpec) -> list[str]:
    """The keys that were written, as they are written, in the order of the model."""
    fields = type(spec).model_fields
    return [fields[name].alias or name for name in fields if name in spec.model_fields_set]
