"""IGN906: the baseline holds what is no longer found."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class StaleBaseline(Rule):
    """The baseline holds findings that the catalog no longer has.

    ## Why it matters

    They have been mended: well done. But as long as the baseline holds them, the same faults can come back, and nobody
    is told.

    A run that passes over some of the files in the baseline cannot know, and says nothing.

    ## Example

    ```sh
    servicescape validate --baseline baseline.json
    ```

    ## What to do

    Run `servicescape validate --update-baseline` and commit the file. That only ever takes findings out of it.
    """

    code = "IGN906"
    name = "stale-baseline"
    severity = Severity.INFO
