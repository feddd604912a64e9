"""YML004: text that is not YAML."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class SyntaxError(Rule):
    """The text is not YAML.

    ## Why it matters

    Nobody can tell for sure what was meant. Only the document with the fault is left out: reading goes on at the next
    `---`, and what the faulty document defines is not reported as missing as well. Of a merge conflict whose marks
    (`<<<<<<<`, `=======`, `>>>>>>>`) were left in the file, the first side is read, and the conflict is one finding.

    ## Example

    ```yaml
    metadata:
      name: basket
      title: Basket: the new one      # a second `: ` in one line
    spec:
      owner: @storefront               # `@` has a meaning of its own in YAML
    ```

    ## What to do

    Put a value that contains `: `, ` #`, or begins with one of `@ * & { [ %` in quotes. Indent with spaces, and keep
    the keys of one mapping in one column. The fault is often in the line above the one that is pointed at. Of a merge
    conflict keep what is right of both sides, and remove the three lines of marks.
    """

    code = "YML004"
    name = "syntax-error"
    severity = Severity.ERROR
    fixable = True
