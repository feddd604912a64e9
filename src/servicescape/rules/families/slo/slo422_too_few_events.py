"""SLO422: a least number of events at which a single failure pages."""

import math
from collections.abc import Iterator
from fractions import Fraction

from servicescape.catalog.catalog import Catalog
from servicescape.compile.indicator import measure
from servicescape.compile.options import table_of
from servicescape.compile.reach import error_budget, reachable_factor
from servicescape.compile.template import QueryError
from servicescape.compile.terms import alert_pairs, slice_fault, window_fault
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext


class TooFewEvents(Rule):
    """With as few events as `minimumEvents` asks for, a single failure is enough to page.

    ## Why it matters

    `minimumEvents` is there so that a quiet night's one failed request wakes nobody. One failure among n events is an
    error ratio of 1/n, and pages where that is more than the alert's burn rate times the error budget. At 99.9 % the
    slower page asks for more than 6 × 0.1 % = 0.6 % errors. One failure of 50 is 2 %; of 167 it is just below 0.6 %.

    Nothing is said where `minimumEvents` is not written: how much traffic there is, the catalog does not know.

    ## Example

    ```yaml
    objective: 99.9
    alerting: {minimumEvents: 50}        # 167, for one failure not to page
    ```

    ## What to do

    Raise the figure to the one in the advice. Where traffic never reaches it, nothing would page any more: promise
    less, or leave it to the tickets (`page: off`). If one failed event is indeed worth getting up for, remove
    `minimumEvents`, or keep it with an ignore comment that says so.
    """

    code = "SLO422"
    name = "too-few-events"
    severity = Severity.INFO

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such SLO, at its figure."""
        for slo in catalog.slos.values():
            least = slo.alerting.minimum_events
            table = table_of(slo.alerting.policy, context.settings.compile)
            if not least or slo.alerting.page == "off" or table is None or slo.objective_percent <= 1:
                continue
            if window_fault(slo) or slice_fault(slo, context.settings.compile.interval):
                continue
            budget = error_budget(slo.objective_percent)
            pages = [pair for pair in alert_pairs(slo, table) if pair.severity == "page"]
            if not pages:
                continue
            factor = min(reachable_factor(pair.factor, budget) for pair in pages)
            enough = math.ceil(1 / (factor * budget))
            if least >= enough:
                continue
            try:
                measurement = measure(slo)
            except QueryError:
                continue
            if measurement.total is None or measurement.counts_time:
                continue  # it counts no events, and compile says so
            ratio, threshold = _percent(Fraction(1, least)), _percent(factor * budget)
            yield Diagnostic(
                code=self.code,
                message=f"`{slo.name}` pages for a single failure among {least} events",
                file=slo.entity.file,
                span=slo.entity.places.value_span((*slo.path, "alerting", "minimumEvents")),
                label=f"1 of {least} is {ratio} %, and more than {threshold} % pages",
                help=f"from {enough} events on one failure does not page: `minimumEvents: {enough}`; "
                "with fewer events nothing pages then",
                entity=slo.ref,
            )


def _percent(share: Fraction) -> str:
    """A share as a percentage of three digits."""
    return f"{float(share * 100):.3g}"
