"""DIA152: a key that a foreign format requires."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class ForeignMissingKey(Rule):
    """A document of another tool lacks a key that its format requires.

    ## Why it matters

    Without it the document says nothing that could be measured, and the tool that it was written for refuses it
    too.

    ## Example

    ```yaml
    apiVersion: pyrra.dev/v1alpha1
    kind: ServiceLevelObjective
    metadata: {name: basket-errors}
    spec:
      target: "99.9"                     # and over which window?
    ```

    ## What to do

    Add the key that the message names.
    """

    code = "DIA152"
    name = "foreign-missing-key"
    severity = Severity.ERROR
