"""SCH103: a document of no known kind."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class UnknownKind(Rule):
    """A document names no kind, or one that the language does not have.

    ## Why it matters

    The kind decides which fields there are. Without it nothing in the document can be read or checked.

    ## Example

    ```yaml
    apiVersion: servicescape/v1
    kind: Microservice             # meant: Service
    metadata: {name: basket}
    ```

    ## What to do

    Use one of the kinds that the finding lists. What a team runs is a `Service`, what others build on a `Platform`,
    what somebody else runs an `External`.
    """

    code = "SCH103"
    name = "unknown-kind"
    severity = Severity.ERROR
    fixable = True
