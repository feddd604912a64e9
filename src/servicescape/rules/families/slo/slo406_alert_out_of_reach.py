"""SLO406: an alert that could never fire at the burn rate of its table."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.objective import Slo
from servicescape.compile import names
from servicescape.compile.decimals import decimal_text
from servicescape.compile.journey_estimates import (
    coverage,
    derived_slo,
    journeys_to_estimate,
    measured_components,
)
from servicescape.compile.options import table_of
from servicescape.compile.reach import can_fire, error_budget, reachable_factor
from servicescape.compile.terms import alert_pairs, slice_fault, window_fault
from servicescape.compile.window_tables import AlertPair
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.model.settings import CompileSettings
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
    `alerting: {page: off}` leaves the tickets, which notice a slow burn. The `objective` of a journey that no SLO
    measures is looked at as well, because alerts are made of its estimate: an SLO `for` that journey can say more, and
    the setting `compile.estimates` takes the pages of all estimates away.
    """

    code = "SLO406"
    name = "alert-out-of-reach"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each SLO or journey with such an alert, at its objective."""
        settings = context.settings.compile
        for slo in catalog.slos.values():
            pair = _out_of_reach(slo, settings)
            if pair is not None:
                yield self._finding(slo, pair, slo.ref, f"switch it off with `alerting: {{{pair.severity}: off}}`")
        if settings.estimates == "off":
            return
        measured: frozenset[str] | None = None
        for journey in journeys_to_estimate(catalog):
            slo = derived_slo(journey, pages=settings.estimates == "page")
            pair = _out_of_reach(slo, settings)
            if pair is None:
                continue
            if measured is None:
                measured = frozenset(measured_components(catalog))
            if coverage(catalog, journey, measured).steps:
                advice = f"measure it by an SLO `for: journey:{names.label_of(journey.ref)}` without that alert"
                yield self._finding(slo, pair, journey.ref, advice)

    def _finding(self, slo: Slo, pair: AlertPair, ref: str, advice: str) -> Diagnostic:
        budget = error_budget(slo.objective_percent)
        errors = decimal_text(pair.factor * budget * 100)
        return Diagnostic(
            code=self.code,
            message=f"the {pair.severity} at {decimal_text(pair.factor)} × budget would need {errors} % errors",
            file=slo.entity.file,
            span=slo.entity.places.value_span((*slo.path, "objective")),
            label="nothing is worse than 100 % errors",
            help=f"it is compiled at {decimal_text(reachable_factor(pair.factor, budget))} × budget; "
            f"promise more, or {advice}",
            entity=ref,
        )


def _out_of_reach(slo: Slo, settings: CompileSettings) -> AlertPair | None:
    """The first alert of an SLO that could never fire; None where each can, and where none is compiled."""
    table = table_of(slo.alerting.policy, settings)
    if table is None or slo.objective_percent <= 1 or window_fault(slo) or slice_fault(slo, settings.interval):
        return None
    budget = error_budget(slo.objective_percent)
    switches = {"page": slo.alerting.page, "ticket": slo.alerting.ticket}
    pairs = alert_pairs(slo, table)
    return next(
        (each for each in pairs if switches[each.severity] != "off" and not can_fire(each.factor, budget)), None
    )
