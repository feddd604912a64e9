"""DIA151: a key that a foreign format does not have."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class ForeignUnknownKey(Rule):
    """A document of another tool has a key that its format does not have.

    ## Why it matters

    Some of these tools pass over what they do not know. A misspelt key then does nothing for years: alerts that
    were meant to be off are on, and labels that route a page are missing.

    Looked at are OpenSLO, Sloth and Pyrra. A key that the format has and the catalog does not carry is DIA161.

    ## Example

    ```yaml
    version: prometheus/v1
    service: basket
    slos:
      - name: availability
        alerting:
          pageAlert: {disable: true}      # page_alert; pageAlert is how the Kubernetes form spells it
    ```

    ## What to do

    Correct the key, or its indentation: the help says where a key of this name belongs.
    """

    code = "DIA151"
    name = "foreign-unknown-key"
    severity = Severity.ERROR
