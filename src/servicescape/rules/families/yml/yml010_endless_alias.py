"""YML010: an alias inside the value that it repeats."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class EndlessAlias(Rule):
    """An alias stands inside the very value that it repeats.

    ## Why it matters

    Such a value has no end: it contains itself, which contains itself, and so on.

    ## Example

    ```yaml
    metadata:
      labels: &labels
        area: shop
        more: *labels
    ```

    ## What to do

    Write out what was meant instead of the alias.
    """

    code = "YML010"
    name = "endless-alias"
    severity = Severity.ERROR
