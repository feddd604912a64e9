"""SLO406: an alert that could never fire at the burn rate of its table."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.compile.decimals import decimal_text
from servicescape.compile.options import table_of
from servicescape.compile.reach import can_fire, error_budget, reachable_factor
from servicescape.compile.terms import alert_pairs, slice_fault, window_fault
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext


class AlertOutOfReach(Rule):
    """An alert asks for a burn rate that not even a total outage reaches at this objective.

    ## Why it matters

    Not more than everything can fail: at an objective of 90 % the budget burns at most 10 times as fast as it should,
    and an alert above 14.4 times stays silent while nothing works. Such an alert is compiled with the largest burn
    rate that an outage does reach; it then fires for nothing less than an almost total outage.

    ## Example

    ```yaml
    objective: 90        # a page above 14.4 × 10 % = 144 % errors
    ```

    ## What to do

    Promise more, if the service can. If 90 % is what is meant, no one should be woken for an hour's failures:
    `alerting: {page: off}` leaves the tickets, which notice a slow burn.
    """

    code = "SLO406"
    name = "alert-out-of-reach"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each SLO with such an alert, at its objective."""
        for slo in catalog.slos.values():
            table = table_of(slo.alerting.policy, context.settings.compile)
            if table is None or slo.objective_percent <= 1:
                continue
            if window_fault(slo) or slice_fault(slo, context.settings.compile.interval):
                continue
            budget = error_budget(slo.objective_percent)
            severities = {"page": slo.alerting.page, "ticket": slo.alerting.ticket}
            lowered = [
                pair
                for pair in alert_pairs(slo, table)
                if severities[pair.severity] != "off" and not can_fire(pair.factor, budget)
            ]
            if not lowered:
                continue
            pair = lowered[0]
            errors = decimal_text(pair.factor * budget * 100)
            path = (*slo.path, "objective")
            yield Diagnostic(
                code=self.code,
                message=f"the {pair.severity} at {decimal_text(pair.factor)} × budget would need {errors} % errors",
                file=slo.entity.file,
                span=slo.entity.places.value_span(path),
                label="nothing is worse than 100 % errors",
                help=f"it is compiled at {decimal_text(reachable_factor(pair.factor, budget))} × budget; "
                f"promise more, or switch it off with `alerting: {{{pair.severity}: off}}`",
                entity=slo.ref,
            )
