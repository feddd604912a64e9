"""IGN903: an ignore comment names no codes."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class BlanketIgnore(Rule):
    """An ignore comment names no codes.

    ## Why it matters

    It would hide whatever is wrong at its place, today and later: the harmless finding that it was written for, and the
    misspelt name that comes in next month. Therefore it hides nothing.

    ## Example

    ```yaml
    dependsOn:
      - pricing         # servicescape: ignore
    ```

    ## What to do

    Name what may be passed over, and say why: `# servicescape: ignore[REF201] is being written`. To leave out a whole
    folder, use `exclude` or `rules.per-file-ignores` in the settings.
    """

    code = "IGN903"
    name = "blanket-ignore"
    severity = Severity.ERROR
