"""SCH110: keys that exclude or require each other."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class KeysAtOdds(Rule):
    """Keys that exclude each other stand side by side, or one is missing that another needs.

    ## Why it matters

    An objective can be measured in one way only, and a selector without a key selects nothing. With two ways given,
    nobody can tell which one counts.

    ## Example

    ```yaml
    indicator:
      use: http-availability
      errorRatio: my_error_ratio       # one or the other
    ```

    ## What to do

    Keep one of the keys, or add the one that is missing, as the finding says.
    """

    code = "SCH110"
    name = "keys-at-odds"
    severity = Severity.ERROR
