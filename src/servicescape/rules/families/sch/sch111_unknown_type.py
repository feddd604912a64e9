"""SCH111: a component type that nobody has defined."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity, nearest
from servicescape.model.components import COMPONENT_TYPES
from servicescape.rules.rule import Rule, RuleContext


class UnknownType(Rule):
    """A component is of a type that neither the language nor the settings have.

    ## Why it matters

    Diagrams and reports group by type. A type with two spellings becomes two groups, and neither is complete.

    ## Example

    ```yaml
    spec:
      owner: storefront
      type: databse              # meant: datastore
    ```

    ## What to do

    Use one of the types that the finding lists. A type of your own is welcome once the settings name it:

    ```toml
    types = ["mainframe", "iot-device"]
    ```
    """

    code = "SCH111"
    name = "unknown-type"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each component of an unknown type."""
        known = dict.fromkeys((*COMPONENT_TYPES, *context.settings.types))
        for ref, component in catalog.components.items():
            if component.type is None or component.type in known:
                continue
            close = nearest(component.type, known)
            listed = ", ".join(f"`{each}`" for each in known)
            yield Diagnostic(
                code=self.code,
                message=f"`{component.type}` is no type of component",
                file=component.entity.file,
                span=component.entity.places.value_span(("spec", "type")),
                label="neither built in nor in the settings",
                help=f"did you mean `{close}`?"
                if close
                else f'use one of {listed}, or add it to the settings: `types = ["{component.type}"]`',
                entity=ref,
            )
