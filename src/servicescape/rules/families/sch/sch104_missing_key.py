"""SCH104: a required key that is not there."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class MissingKey(Rule):
    """A key that must be there is missing.

    ## Why it matters

    Very little is required: an owner, because somebody must be called; a vendor for what others run; an objective and
    its indicator for a promise. Without these the entry says nothing that could be used.

    ## Example

    ```yaml
    apiVersion: servicescape/v1
    kind: Service
    metadata: {name: basket}
    spec: {tier: 1}                # nobody owns it
    ```

    ## What to do

    Add the key; the finding says what it is for. Where it is there already under a misspelt name, correct the name.
    """

    code = "SCH104"
    name = "missing-key"
    severity = Severity.ERROR
