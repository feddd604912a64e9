"""PAR824: a promise that nobody watches."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext


class SloWithoutAlerts(Rule):
    """An SLO has neither pages nor tickets.

    ## Why it matters

    Its budget can be spent without anybody being told. On a dashboard it looks like a promise that is kept.

    ## Example

    ```yaml
    alerting: {page: off, ticket: off}
    ```

    ## What to do

    Leave tickets on: they wake nobody. An SLO that is on trial can be ignored for a while, with a reason.
    """

    code = "PAR824"
    name = "slo-without-alerts"
    severity = Severity.INFO
    speaks_of_absence = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such SLO."""
        for slo in catalog.slos.values():
            if slo.alerting.page == "off" and slo.alerting.ticket == "off":
                yield Diagnostic(
                    code=self.code,
                    message=f"nobody is told when `{slo.name}` is missed",
                    file=slo.entity.file,
                    span=slo.entity.places.value_span((*slo.path, "alerting", "ticket")),
                    label="pages are off as well",
                    help="leave tickets on: they wake nobody",
                    entity=slo.ref,
                )
