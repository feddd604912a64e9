"""YML002: a file far larger than anything written by hand."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class FileTooLarge(Rule):
    """A file is larger than the limit, so it was not read.

    ## Why it matters

    A catalog of ten thousand entries takes some five megabytes. A single file that is much larger is nearly always
    data that got into the folder by mistake, and reading it would make every run slow.

    ## Example

    ```text
    catalog/
      payments.yaml            4 KB
      customer-export.yaml   212 MB
    ```

    ## What to do

    Move the file out of the catalog, or leave it out in the settings. Where it really is a catalog, split it, or raise
    the limit:

    ```toml
    exclude = ["customer-export.yaml"]
    max-file-megabytes = 50
    ```
    """

    code = "YML002"
    name = "file-too-large"
    severity = Severity.ERROR
