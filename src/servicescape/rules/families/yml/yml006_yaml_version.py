"""YML006: a file that asks for an old version of YAML."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class YamlVersion(Rule):
    """A file asks for another version of YAML than 1.2.

    ## Why it matters

    In YAML 1.1 the words `no`, `off` and `on` are truth values and `010` is eight. A catalog is always read as YAML
    1.2, so the line would promise something that does not happen.

    ## Example

    ```yaml
    %YAML 1.1
    ---
    apiVersion: servicescape/v1
    ```

    ## What to do

    Delete the `%YAML` line; no catalog needs one.
    """

    code = "YML006"
    name = "yaml-version"
    severity = Severity.ERROR
    fixable = True
