"""REF203: an entity that depends on itself."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class SelfReference(Rule):
    """An entity depends on itself, or is its own parent.

    ## Why it matters

    What needs itself is either trivial or a mistake: most often a line copied from a neighbour. The line has no
    effect, so that what was really meant is missing.

    ## Example

    ```yaml
    kind: Service
    metadata: {name: redis-cache}
    spec:
      owner: storage
      dependsOn: [redis-cache]     # meant: redis-cache-sentinel
    ```

    ## What to do

    Remove the line, or name what was meant. Where two parts of one system need each other, describe them as two
    entities.
    """

    code = "REF203"
    name = "self-reference"
    severity = Severity.ERROR
    fixable = True
