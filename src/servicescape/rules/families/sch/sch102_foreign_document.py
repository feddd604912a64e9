"""SCH102: a document that is not in the catalog language."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class ForeignDocument(Rule):
    """A document has no `apiVersion`, or one that is not the catalog language's.

    ## Why it matters

    The first line says in which language the rest is written. Without it there is no telling whether `kind: Service`
    is this catalog's or, say, one of Kubernetes', which means something else altogether.

    ## Example

    ```yaml
    apiVersion: v1                # a Kubernetes Service
    kind: Service
    metadata: {name: basket}
    ```

    ## What to do

    Begin each document with `apiVersion: servicescape/v1`. Leave files that belong to other tools out of the catalog:

    ```toml
    exclude = ["charts/*", "compose.yaml"]
    ```
    """

    code = "SCH102"
    name = "foreign-document"
    severity = Severity.ERROR
    fixable = True
