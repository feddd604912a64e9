"""SLO417: a period that is longer than Prometheus remembers."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.compile.journey_estimates import coverage, derived_slo, journeys_to_estimate, measured_components
from servicescape.compile.periods import LONGEST
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.model.units import Duration
from servicescape.rules.rule import Rule, RuleContext


class PeriodBeyondRetention(Rule):
    """The period of a budget is longer than the settings say that recorded series are kept.

    ## Why it matters

    Prometheus keeps 15 days unless it is told otherwise. A budget over 30 days then forgets its bad days after half of
    the time, shows more than is left, and nobody sees that it is wrong.

    ## Example

    ```toml
    [compile]
    retention = "15d"        # and an SLO with `window: 30d`
    ```

    ## What to do

    Keep recorded series longer (`--storage.tsdb.retention.time`, or a long-term store) and say so in the settings, or
    take a shorter window. The rule is silent where the settings have no `compile.retention`.
    """

    code = "SLO417"
    name = "period-beyond-retention"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such SLO and estimate, at its window or, where that is the default, at its objective."""
        retention = context.settings.compile.retention
        if retention is None:
            return
        measured = measured_components(catalog).keys()
        journeys = (each for each in journeys_to_estimate(catalog) if coverage(catalog, each, measured).steps)
        are_made = context.settings.compile.estimates != "off"
        estimates = [derived_slo(journey) for journey in journeys] if are_made else []
        for slo in (*catalog.slos.values(), *estimates):
            window = slo.window
            period = window if isinstance(window, Duration) else LONGEST[window.calendar]
            if period <= retention:
                continue
            places = slo.entity.places
            place = places.value_span((*slo.path, "window"))
            if place == places.value_span(slo.path):  # It is the default, and stands nowhere.
                place = places.value_span((*slo.path, "objective"))
            written = window if isinstance(window, Duration) else f"a {window.calendar}"
            yield Diagnostic(
                code=self.code,
                message=f"a budget over {written} needs series that are kept for {period}; "
                f"they are kept for {retention}",
                file=slo.entity.file,
                span=place,
                label=f"`compile.retention` is {retention}",
                help="keep recorded series longer, or take a shorter window",
                entity=slo.ref if slo.ref in catalog.slos else slo.target,
            )
