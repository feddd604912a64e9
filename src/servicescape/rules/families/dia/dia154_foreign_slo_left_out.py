"""DIA154: an objective of another tool that cannot be carried."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class ForeignSloLeftOut(Rule):
    """An objective of another tool cannot be carried, so the catalog goes without it.

    ## Why it matters

    No rules come of it and no alerts, while the tool that it was written for may still have made them. It is better
    to know that before that tool is switched off.

    Typical reasons: a data source that is not Prometheus, queries that a plugin makes, a period that no calendar
    has.

    ## Example

    ```yaml
    sli:
      plugin: {id: sloth-common/kubernetes/apiserver/availability}
    ```

    ## What to do

    Say the same in a way that can be carried; the help says how. Until then, keep the other tool for this objective.
    """

    code = "DIA154"
    name = "foreign-slo-left-out"
    severity = Severity.WARNING
