"""DIA164: an objective that does not say whose it is."""

from servicescape.diagnostics import Severity
from servicescape.rules.rule import Rule


class ForeignSubjectGuessed(Rule):
    """A document of another tool does not say which service its objective is for.

    ## Why it matters

    Pyrra's objectives have no such key. The service is taken from the label `app.kubernetes.io/name`, else from the
    condition `job` of the selector, else from the objective's own name. If that is wrong, alerts go to the wrong
    team. Where nothing in the catalog has the name, that is said as well, and DIA163 is not.

    ## Example

    ```yaml
    apiVersion: pyrra.dev/v1alpha1
    kind: ServiceLevelObjective
    metadata: {name: dns-errors}
    spec:
      indicator:
        ratio:
          total: {metric: 'coredns_dns_responses_total{job="kube-dns"}'}     # the service kube-dns?
    ```

    ## What to do

    Say it in an annotation, in the words of the catalog:

    ```yaml
    metadata:
      name: dns-errors
      annotations: {servicescape/for: coredns}
    ```
    """

    code = "DIA164"
    name = "foreign-subject-guessed"
    severity = Severity.INFO
