"""SCH109: a text that has not the form that its key needs."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class MalformedValue(Rule):
    """A name, a duration, a day or the like is not written in the form that it needs.

    ## Why it matters

    Names end up in the names of metrics, files and addresses, where capitals, spaces and underscores make trouble.
    Durations and days must be read in the same way by everybody.

    ## Example

    ```yaml
    metadata: {name: Web_Shop}                     # web-shop
    spec:
      recovery: {mttr: 30 minutes}                 # 30m
    ```

    ## What to do

    Names have small letters, digits and dashes, and at most 63 characters; what people should read goes into `title`.
    Durations are numbers with a unit (`30s`, `15m`, `4h`, `1h30m`, `30d`), days are `YYYY-MM-DD`.
    """

    code = "SCH109"
    name = "malformed-value"
    severity = Severity.ERROR
    fixable = True
