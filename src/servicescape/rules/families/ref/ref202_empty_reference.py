"""REF202: a place for a name that is left empty."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class EmptyReference(Rule):
    """A list item or key that should name something is empty.

    ## Why it matters

    Somebody meant to write a name here. It may be the dependency that matters, and calculations go on without it.

    ## Example

    ```yaml
    spec:
      owner: storefront
      dependsOn:
        - pricing
        -                          # nothing
    ```

    ## What to do

    Write the name, or remove the empty item.
    """

    code = "REF202"
    name = "empty-reference"
    severity = Severity.ERROR
    fixable = True
