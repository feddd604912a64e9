"""YML008: a key that is no text, or a merge of something that is no mapping."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class UnusableKey(Rule):
    """A key is a list or a mapping, or `<<` merges something that is not a mapping.

    ## Why it matters

    Nearly always this is a value in double braces without quotes: YAML reads `{{name}}` as a mapping inside a mapping,
    not as text.

    ## Example

    ```yaml
    indicator:
      use: http-availability
      with: {job: {{service}}}        # meant: "{{service}}"
    ```

    ## What to do

    Put text that begins with a brace or bracket in quotes. Behind `<<:` write an alias of a mapping (`*defaults`), or
    a list of several such aliases.
    """

    code = "YML008"
    name = "unusable-key"
    severity = Severity.ERROR
