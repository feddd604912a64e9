"""YML007: a YAML tag that means nothing in a catalog."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class UnknownTag(Rule):
    """A value carries a YAML tag that has no meaning in a catalog.

    ## Why it matters

    Tags such as `!Ref` or `!!python/object` ask a special program to make something of the value. This tool reads
    plain values only, so what the tag promises would not happen.

    ## Example

    ```yaml
    spec:
      owner: !Ref StorefrontTeam
    ```

    ## What to do

    Remove the tag and write the plain value. Where a text merely begins with `!`, put it in quotes.
    """

    code = "YML007"
    name = "unknown-tag"
    severity = Severity.ERROR
