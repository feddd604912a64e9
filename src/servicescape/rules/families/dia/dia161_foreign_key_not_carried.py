"""DIA161: a key of a foreign format that the catalog does not carry."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class ForeignKeyNotCarried(Rule):
    """A document of another tool has a key that the catalog does not carry.

    ## Why it matters

    Everything else of the document counts, and this does not. Nothing is dropped in silence: each such key is
    named, so that you can decide whether you need what it did.

    ## Example

    ```yaml
    apiVersion: openslo/v1
    kind: AlertPolicy
    metadata: {name: fast-burn}
    spec:
      conditions: [{conditionRef: burn-rate-of-14}]
      notificationTargets: [{targetRef: on-call}]     # where alerts go is said by the Team's `receivers`
    ```

    ## What to do

    Do what the help says, and remove the key once no other tool reads it. To keep it and hear no more of it, put
    `# servicescape: ignore[DIA161]` behind it. `docs/migration.md` lists all keys.
    """

    code = "DIA161"
    name = "foreign-key-not-carried"
    severity = Severity.WARNING
