"""IGN905: an ignore comment is not written as it must be."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class MalformedIgnore(Rule):
    """An ignore comment is not written as it must be, or stands where it has no effect.

    ## Why it matters

    It hides nothing, and the author should not have to find out why.

    ## Example

    ```yaml
    dependsOn:
      - pricing         # servicescape: ignore REF201
      - stock           # servicescape: ignore[REF201] until spring
    ```

    ## What to do

    Write one of these forms:

    ```yaml
    # servicescape: ignore[REF201] reason
    # servicescape: ignore[REF201, DEP] until 2026-12-31 reason
    # servicescape: ignore-file[OWN] reason
    ```

    `ignore` stands at the end of the line concerned, or alone on the line above it. `ignore-file` stands at the
    beginning of the file, before all content. What is found about ignore comments (`IGN`) cannot itself be ignored by
    one.
    """

    code = "IGN905"
    name = "malformed-ignore"
    severity = Severity.ERROR
