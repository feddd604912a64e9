"""SLO404: a parameter of the Indicator that gets no value."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.families.slo.queries import arguments
from servicescape.rules.places import is_whole
from servicescape.rules.rule import Rule, RuleContext


class MissingParameter(Rule):
    """An SLO gives no value for a parameter that its Indicator needs.

    ## Why it matters

    Without the value there is no query, so nothing is measured and nobody is alerted.

    ## Example

    ```yaml
    kind: Indicator
    metadata: {name: http-availability}
    spec:
      params: {job: {description: Scrape job}}         # no default, so it is needed
      # …
    ---
    kind: SLO
    metadata: {name: basket-availability}
    spec:
      for: basket
      objective: 99.9
      indicator: {use: http-availability}              # with: {job: basket}
    ```

    ## What to do

    Add the value under `with`. Where one value fits nearly everybody, give the parameter a `default` in the Indicator.
    """

    code = "SLO404"
    name = "missing-parameter"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each SLO whose Indicator needs more than it gives."""
        for slo in catalog.slos.values():
            missing = arguments(slo).missing
            if not missing or slo.indicator is None or not is_whole(slo.entity, (*slo.path, "indicator", "with")):
                continue
            names = " and ".join(f"`{name}`" for name in missing)
            values = ", ".join(f"{name}: …" for name in missing)
            purpose = slo.indicator.entity.spec.params[missing[0]].description
            yield Diagnostic(
                code=self.code,
                message=f"the indicator `{slo.sli.use}` needs a value for {names}",
                file=slo.entity.file,
                span=slo.entity.places.value_span((*slo.path, "indicator", "use")),
                label=f"needs `with: {{{values}}}`",
                help=f"add `{missing[0]}` under `with`" + (f": {purpose}" if purpose else ""),
                entity=slo.ref,
            )
