"""SCH106: a value of another type than expected, or none."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class WrongType(Rule):
    """A value is empty, or of another type than the key needs.

    ## Why it matters

    Guessing would go wrong: `30` may mean seconds or minutes, and the text `010` is ten to one reader and eight to
    another. So nothing is guessed.

    ## Example

    ```yaml
    spec:
      tier: "1"                    # text; a number is needed
      dependsOn: pricing           # a name; a list is needed
      recovery: {mttr: 30}         # a number; a duration needs its unit
    ```

    ## What to do

    Write the value as the finding says: numbers without quotes, lists in brackets, durations with their unit (`30m`).
    An empty key is best removed.
    """

    code = "SCH106"
    name = "wrong-type"
    severity = Severity.ERROR
    fixable = True
