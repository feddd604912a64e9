"""SCH101: a document that is no mapping."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class NotAnEntity(Rule):
    """A document is a list or a single value instead of an entity.

    ## Why it matters

    Every document of a catalog describes one thing, with its kind and its name. A list of things has no place for
    either, so nothing in this document could be read.

    ## Example

    ```yaml
    - kind: Team
      metadata: {name: storefront}
    - kind: Team
      metadata: {name: payments-crew}
    ```

    ## What to do

    Make a document of each item: take away the dash, and separate them by a line with `---`. Where the file is no
    catalog at all, leave it out with `exclude` in the settings.
    """

    code = "SCH101"
    name = "not-an-entity"
    severity = Severity.ERROR
