"""REF201: a reference names nothing."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class UnknownReference(Rule):
    """A reference names nothing that is defined.

    ## Why it matters

    An owner, a dependency or a channel that does not exist is not there when it is needed: nobody is called at night,
    the impact of a failure is calculated without the missing part, and nobody notices. Most often it is a slip of the
    pen, or something that was renamed or removed.

    ## Example

    ```yaml
    kind: Service
    metadata: {name: basket}
    spec:
      owner: storefront
      dependsOn: [paymnts]        # the catalog has `payments`
    ```

    ## What to do

    Correct the name; the finding suggests the nearest one. Where the thing is real and only missing from the catalog,
    define it: an `External` needs a vendor, a `Service` an owner, and nothing else.
    """

    code = "REF201"
    name = "unknown-reference"
    severity = Severity.ERROR
    fixable = True
