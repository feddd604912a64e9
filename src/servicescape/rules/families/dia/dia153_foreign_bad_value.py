"""DIA153: a value that a foreign format does not allow."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class ForeignBadValue(Rule):
    """A document of another tool has a value that its format, or the catalog, cannot take.

    ## Why it matters

    A wrong type, an unknown word, a name of something that is defined nowhere, or a target without any budget: what
    is said there cannot be meant.

    ## Example

    ```yaml
    spec:
      target: 99.9                       # Pyrra takes text: "99.9"
      window: 4 weeks                    # 4w
    ```

    ## What to do

    Write the value as the label says.
    """

    code = "DIA153"
    name = "foreign-bad-value"
    severity = Severity.ERROR
