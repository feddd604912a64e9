"""IGN902: an ignore comment names a code that no rule has."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class UnknownCodeInIgnore(Rule):
    """An ignore comment names a code that no rule has.

    ## Why it matters

    It hides nothing, and whoever wrote it believes that it does.

    ## Example

    ```yaml
    dependsOn:
      - pricing         # servicescape: ignore[REF2O1] is being written
    ```

    ## What to do

    Correct the code; the finding suggests the nearest one. `REF201` is one rule, `REF` its whole family; names such as
    `unknown-reference` are for readers and cannot be used here. `servicescape explain` lists all rules. The other codes
    in the same comment count all the same.
    """

    code = "IGN902"
    name = "unknown-code-in-ignore"
    severity = Severity.ERROR
