"""REF206: a reference to something of another kind."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class WrongKind(Rule):
    """A reference names something that exists, but of a kind that does not fit there.

    ## Why it matters

    A team cannot fail like a service, and a service cannot be called at night like a team. The reference is left out
    of all calculations until it names the right thing.

    ## Example

    ```yaml
    spec:
      owner: storefront
      dependsOn: [payments-crew]       # a team; its service is `payments`
    ```

    ## What to do

    Name what was meant; the finding suggests the nearest of the right kind. Or move the name to the key where that
    kind belongs.
    """

    code = "REF206"
    name = "wrong-kind"
    severity = Severity.ERROR
