"""REF204: one name for two entities."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class DuplicateName(Rule):
    """Two entities have the same name.

    ## Why it matters

    A reference to the name could mean either. Services, platforms and externals share one space of names, because a
    dependency is written as a bare name.

    ## Example

    ```yaml
    kind: Service
    metadata: {name: object-storage}
    ---
    kind: External
    metadata: {name: object-storage}
    ```

    ## What to do

    Rename one of them, or remove the copy. Where two parts of the company both have a right to the name, give them
    namespaces. Until then the first one, by file and line, counts.
    """

    code = "REF204"
    name = "duplicate-name"
    severity = Severity.ERROR
