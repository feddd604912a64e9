"""SLO408: an alerting policy that does not exist."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext

_BUILT_IN = ("sre-workbook",)


class UnknownPolicy(Rule):
    """An SLO names an alerting policy that does not exist.

    ## Why it matters

    The policy says after which share of the budget somebody is woken. Without one there are no alerts.

    ## Example

    ```yaml
    alerting: {policy: sre-book}       # sre-workbook
    ```

    ## What to do

    Write `sre-workbook`, the table from Google's Site Reliability Workbook, or leave the key out: it is the default.
    """

    code = "SLO408"
    name = "unknown-policy"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such SLO, at the policy's name."""
        for slo in catalog.slos.values():
            if slo.alerting.policy not in _BUILT_IN:
                yield Diagnostic(
                    code=self.code,
                    message=f"there is no alerting policy `{slo.alerting.policy}`",
                    file=slo.entity.file,
                    span=slo.entity.places.value_span((*slo.path, "alerting", "policy")),
                    label="not a known policy",
                    help="write `sre-workbook`, or leave `policy` out to get the same",
                    entity=slo.ref,
                )
