"""IGN901: an ignore comment that hides nothing."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class UnusedIgnore(Rule):
    """An ignore comment hides nothing.

    ## Why it matters

    What it once hid was mended, or has moved to another line. It will hide the next finding that comes up at its place,
    which nobody has looked at. And a reader takes it for a fault that is still there.

    A comment is only called unused where its rules have run: not for rules that the settings or the command line leave
    out, and not in a file with errors that keep the rules from seeing all of it.

    ## Example

    ```yaml
    dependsOn:
      - pricing         # servicescape: ignore[REF201] is being written
    ```

    Meanwhile there is a service `pricing`.

    ## What to do

    Remove the comment, or the code that is of no use from its list; `servicescape validate --fix` does both. If it has
    to be at another place: it counts for the line that it ends, or, on a line of its own, for the line below.
    """

    code = "IGN901"
    name = "unused-ignore"
    severity = Severity.WARNING
    fixable = True
