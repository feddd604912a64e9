"""SCH108: a number, duration or list beyond its bounds."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class OutOfRange(Rule):
    """A number, a duration or a list is beyond what makes sense there.

    ## Why it matters

    An objective of 100 % allows no failure at all and cannot be kept by anyone; a share of 60 is more than everybody;
    a step without a leg cannot be done.

    ## Example

    ```yaml
    spec:
      objective: 0.999             # percent is meant: 99.9
      steps:
        - {name: pay, share: 60, legs: []}
    ```

    ## What to do

    Objectives are percent, above 0 and below 100. Shares are from 0 to 1. Tiers are 1 to 4, and 1 is the most
    critical.
    """

    code = "SCH108"
    name = "out-of-range"
    severity = Severity.ERROR
