"""SLO410: an SLO and its Indicator say different things about what is measured."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.objective import Slo
from servicescape.diagnostics import Diagnostic, Label, Severity
from servicescape.model.slo import Objective
from servicescape.rules.families.slo.queries import is_in_library
from servicescape.rules.places import is_whole
from servicescape.rules.rule import Rule, RuleContext


class MeasuresDiffer(Rule):
    """An SLO says that it measures one quality, and the Indicator that it uses measures another.

    ## Why it matters

    Predictions and dashboards go by what an SLO says it measures. A promise about speed that counts as one about
    availability makes the service look better, or worse, than it is.

    ## Example

    ```yaml
    # the Indicator http-under-250ms has measures: latency
    spec:
      for: basket
      objective: 99                                  # without `measures` this is availability
      indicator: {use: http-under-250ms, with: {job: basket}}
    ```

    ## What to do

    Write the same `measures` in both, or use another Indicator.
    """

    code = "SLO410"
    name = "measures-differ"
    severity = Severity.INFO

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such SLO, at what it says it measures, or at the Indicator that it names."""
        for slo in catalog.slos.values():
            if slo.indicator is None or slo.measures == slo.indicator.entity.spec.measures:
                continue
            indicator = slo.indicator
            if not is_whole(slo.entity, (*slo.path, "measures")) or not is_whole(indicator, ("spec", "measures")):
                continue
            measured = indicator.entity.spec.measures
            written = "measures" in _objective(slo).model_fields_set
            if written and "measures" not in indicator.entity.spec.model_fields_set:
                advice = f"if the indicator is about {slo.measures}, add `measures: {slo.measures}` to it"
            else:
                advice = f"write `measures: {measured}` here, or use an indicator for {slo.measures}"
            yield Diagnostic(
                code=self.code,
                message=f"`{slo.name}` is about {slo.measures}, and the indicator `{slo.sli.use}` measures {measured}",
                file=slo.entity.file,
                span=slo.entity.places.value_span(
                    (*slo.path, "measures") if written else (*slo.path, "indicator", "use")
                ),
                label=f"the indicator measures {measured}"
                if written
                else f"this measures {measured}; an SLO without `measures` is about availability",
                help=advice,
                entity=slo.ref,
                related=()
                if is_in_library(indicator)
                else (
                    Label(indicator.file, indicator.places.value_span(("spec", "measures")), f"measures {measured}")
                    if "measures" in indicator.entity.spec.model_fields_set
                    else Label(
                        indicator.file,
                        indicator.places.value_span(("metadata", "name")),
                        "says nothing about what it measures, which means availability",
                    ),
                ),
            )


def _objective(slo: Slo) -> Objective:
    """The SLO as it is written."""
    spec = slo.entity.entity.spec  # type: ignore[attr-defined]
    written: Objective = spec if slo.path == ("spec",) else spec.slos[slo.path[2]]
    return written
