"""SCH107: a word that is not among those to choose from."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class UnknownWord(Rule):
    """A value is not one of the words that the key can have.

    ## Why it matters

    Where the language offers a choice, each word has a meaning that calculations rest on. Another word has none.

    ## Example

    ```yaml
    dependsOn:
      - {on: recommendations, kind: optional}       # `hard` or `soft`
    ```

    ## What to do

    Choose one of the words that the finding lists.
    """

    code = "SCH107"
    name = "unknown-word"
    severity = Severity.ERROR
    fixable = True
