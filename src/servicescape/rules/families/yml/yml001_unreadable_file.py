"""YML001: a file or folder that the system does not let us read."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class UnreadableFile(Rule):
    """A file or folder of the catalog cannot be opened.

    ## Why it matters

    What cannot be read is missing from every answer: a part that stands only in this file does not exist for the tool,
    and an outage of it would seem to hurt nobody.

    ## Example

    A file that another user wrote, with rights that keep everybody else out:

    ```text
    -rw------- 1 root root 812 catalog/payments.yaml
    ```

    ## What to do

    Give the user who runs the tool the right to read it. Where the file is no part of the catalog, leave it out with
    `exclude` in the settings.
    """

    code = "YML001"
    name = "unreadable-file"
    severity = Severity.ERROR
