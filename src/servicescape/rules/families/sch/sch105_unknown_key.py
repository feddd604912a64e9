"""SCH105: a key that the language does not have at this place."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class UnknownKey(Rule):
    """A key is not known at this place.

    ## Why it matters

    Most often it is a slip of the pen. If it were passed over in silence, the author would believe in a setting that
    has no effect: an alert that is never sent, a fallback that nobody counts on.

    ## Example

    ```yaml
    spec:
      owner: storefront
      dependson: [pricing]         # meant: dependsOn
    ```

    ## What to do

    Correct the name; the finding suggests the nearest one, or says where the key belongs. For notes of your own begin
    the key with `x-`, or use `metadata.annotations`.
    """

    code = "SCH105"
    name = "unknown-key"
    severity = Severity.ERROR
    fixable = True
