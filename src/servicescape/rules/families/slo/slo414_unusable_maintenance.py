"""SLO414: maintenance that no rule can be made from."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.compile.maintenance import RecurrenceError
from servicescape.compile.terms import read_maintenance
from servicescape.compile.zones import UnknownZoneError
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.rule import Rule, RuleContext


class UnusableMaintenance(Rule):
    """A maintenance time recurs in a way that Prometheus cannot work out from the time of day.

    ## Why it matters

    Prometheus itself must know whether it is maintenance, from nothing but the clock. `INTERVAL=2` and `COUNT` count
    from a first time that the catalog does not have, and a weekly rule without a day could be any of seven. Without
    the rule, the work of every Sunday spends the budget and wakes somebody.

    ## Example

    ```yaml
    maintenance:
      - {rrule: "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;BYHOUR=2", lasts: 2h}     # FREQ=MONTHLY;BYDAY=1SU,3SU;BYHOUR=2
    ```

    ## What to do

    Write `FREQ` as `DAILY`, `WEEKLY`, `MONTHLY` or `YEARLY`, and say when with `BYMONTH`, `BYMONTHDAY`, `BYDAY` (also
    `1SU`, `-1FR`), `BYHOUR` and `BYMINUTE`; `UNTIL` ends it. Without `BYHOUR` it begins at midnight. It lasts a week
    at most.
    """

    code = "SLO414"
    name = "unusable-maintenance"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such time, at its rule or its length."""
        for slo in catalog.slos.values():
            for number, written in enumerate(slo.maintenance):
                try:
                    read_maintenance(written)
                except UnknownZoneError:
                    continue  # SLO409 says so
                except RecurrenceError as error:
                    key = "lasts" if str(error).startswith("it lasts") else "rrule"
                    yield Diagnostic(
                        code=self.code,
                        message=f"this maintenance cannot be compiled: {error}",
                        file=slo.entity.file,
                        span=slo.entity.places.value_span((*slo.path, "maintenance", number, key)),
                        label="Prometheus cannot tell from this when it is",
                        help=error.mend,
                        entity=slo.ref,
                    )
