"""REF205: an old name that belongs to something else."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class AliasTaken(Rule):
    """An alias is the name, or another alias, of something else.

    ## Why it matters

    Aliases are old names that still lead to the entity. If the name has a new bearer, references to it lead there, and
    the alias does nothing.

    ## Example

    ```yaml
    kind: Service
    metadata: {name: checkout, aliases: [basket]}
    ---
    kind: Service
    metadata: {name: basket}
    ```

    ## What to do

    Remove the alias once nothing means the old entity any more, or rename one of the two.
    """

    code = "REF205"
    name = "alias-taken"
    severity = Severity.ERROR
