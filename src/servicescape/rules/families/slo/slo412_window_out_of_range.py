"""SLO412: a rolling window for which no rules can be made."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.compile.terms import LONGEST_PERIOD, SHORTEST_PERIOD
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.model.units import Duration
from servicescape.rules.rule import Rule, RuleContext

_MINUTE_MS = 60_000


class WindowOutOfRange(Rule):
    """A rolling window is shorter than an hour, longer than 90 days, or not of whole minutes.

    ## Why it matters

    Rates are recorded over five minutes, so that an hour holds twelve of them and less says little; and Prometheus
    rarely keeps data for longer than 90 days, so that a longer budget would be counted over less than it promises.

    ## Example

    ```yaml
    window: 1y           # at most 90d
    ```

    ## What to do

    Take a usual period: `7d`, `28d`, `30d` or `90d`. 28 days hold the same number of weekends at any time.
    """

    code = "SLO412"
    name = "window-out-of-range"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such SLO, at its window."""
        for slo in catalog.slos.values():
            window = slo.window
            if not isinstance(window, Duration):
                continue
            if SHORTEST_PERIOD <= window <= LONGEST_PERIOD and window.milliseconds % _MINUTE_MS == 0:
                continue
            limits = f"{SHORTEST_PERIOD} to {LONGEST_PERIOD}"
            if window.milliseconds % _MINUTE_MS:
                limits += " in whole minutes"
            yield Diagnostic(
                code=self.code,
                message=f"a rolling window of {window} cannot be compiled",
                file=slo.entity.file,
                span=slo.entity.places.value_span((*slo.path, "window")),
                label=f"expected {limits}",
                help="take `7d`, `28d`, `30d` or `90d`",
                entity=slo.ref,
            )
