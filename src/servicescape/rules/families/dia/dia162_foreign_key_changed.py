"""DIA162: a part of a foreign document that means something a little different."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class ForeignKeyChanged(Rule):
    """A part of another tool's document is carried, but not quite as the tool means it.

    ## Why it matters

    Figures, names or labels will differ a little from what you are used to, for a reason that should surprise
    nobody on the day of the move. It is said once for each file, at the first place, with how many more there are.

    ## Example

    ```yaml
    query: sum(rate(http_requests_total{code=~"5.."}[5m]))      # [5m] becomes the range of each window
    ```

    ## What to do

    Look whether it matters to you; the help says how to say it exactly. Nothing has to be done.
    """

    code = "DIA162"
    name = "foreign-key-changed"
    severity = Severity.INFO
