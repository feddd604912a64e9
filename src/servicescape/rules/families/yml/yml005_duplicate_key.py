"""YML005: one key twice in a mapping."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class DuplicateKey(Rule):
    """A key stands twice in one mapping.

    ## Why it matters

    Only one of the two values can count, and readers of YAML do not agree which. Whoever reads the file sees one of
    them and believes it. This often comes from a merge of two branches.

    ## Example

    ```yaml
    spec:
      owner: storefront
      tier: 1
      owner: payments-crew        # again
    ```

    ## What to do

    Decide which of the two is right and delete the other. Until then the first one counts.
    """

    code = "YML005"
    name = "duplicate-key"
    severity = Severity.ERROR
    fixable = True
