"""IGN904: the last day of an ignore comment is over."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class ExpiredIgnore(Rule):
    """The last day of an ignore comment is over.

    ## Why it matters

    Somebody promised that the fault would be gone by then. It is still there, so that the comment no longer hides it:
    it is reported again, and this with it.

    ## Example

    ```yaml
    dependsOn:
      - old-billing     # servicescape: ignore[DEP502] until 2025-12-31 migration is under way
    ```

    ## What to do

    Mend the fault and remove the comment, or agree on a new day. The day counts in full: the comment ends with it.
    For runs that must not depend on the clock, the variable `SOURCE_DATE_EPOCH` says which day it is.
    """

    code = "IGN904"
    name = "expired-ignore"
    severity = Severity.WARNING
