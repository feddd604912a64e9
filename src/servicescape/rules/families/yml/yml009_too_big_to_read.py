"""YML009: nesting or aliases beyond any honest document."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class TooBigToRead(Rule):
    """A document is nested deeper, or its aliases stand for more values, than any catalog needs.

    ## Why it matters

    Both are known ways of bringing a program to a standstill with a small file. A catalog needs about ten levels, and
    an alias at most now and then.

    ## Example

    ```yaml
    a: &a [x, x, x, x, x, x, x, x, x]
    b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
    c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]       # and so on: billions of values
    ```

    ## What to do

    Write the values out, or split the document. Where the file was generated, look at what generates it.
    """

    code = "YML009"
    name = "too-big-to-read"
    severity = Severity.ERROR
