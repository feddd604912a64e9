"""YML003: bytes that are not UTF-8, or characters that YAML does not allow."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class NotText(Rule):
    """A file is not UTF-8 text, or holds a character that YAML does not allow.

    ## Why it matters

    Different programs make different letters of such a file: a name with an umlaut is another name on another
    computer, and a control character cannot be seen in an editor at all.

    ## Example

    A file saved by an older editor as Windows-1252, in which `Zürich` has the byte `FC`:

    ```yaml
    metadata: {name: zurich, title: Zürich}
    ```

    ## What to do

    Save the file as UTF-8; every editor has this under "Save as" or "Encoding". A control character usually came along
    with text that was pasted: delete it and type the place again.
    """

    code = "YML003"
    name = "not-text"
    severity = Severity.ERROR
    fixable = True
