"""YML011: a file without any document."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class EmptyFile(Rule):
    """A file holds no document.

    ## Why it matters

    Somebody may believe that what the file's name promises is in the catalog. An empty file is often what remains of
    an editor that crashed, or of a move that was done by half.

    ## Example

    ```yaml
    # payments.yaml
    # to be written
    ```

    ## What to do

    Write an entity into it, or delete the file.
    """

    code = "YML011"
    name = "empty-file"
    severity = Severity.WARNING
