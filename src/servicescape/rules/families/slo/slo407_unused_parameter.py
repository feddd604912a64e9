"""SLO407: a parameter that no query uses."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.families.slo.queries import WINDOW, indicator_queries
from servicescape.rules.places import is_whole
from servicescape.rules.rule import Rule, RuleContext


class UnusedParameter(Rule):
    """An Indicator declares a parameter that none of its queries uses.

    ## Why it matters

    Teams give it a value and believe that the value narrows down what is measured. It does not: the query is the same
    whatever they write.

    ## Example

    ```yaml
    kind: Indicator
    metadata: {name: http-availability}
    spec:
      params: {job: {}, errors: {default: "5.."}}
      ratio:
        bad: sum(rate(http_requests_total{job="{{job}}",code=~"5.."}[{{window}}]))      # {{errors}} was meant
        total: sum(rate(http_requests_total{job="{{job}}"}[{{window}}]))
    ```

    ## What to do

    Use it in the query as `{{name}}`, or remove it from `params`.
    """

    code = "SLO407"
    name = "unused-parameter"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such parameter, at its name."""
        for ref, located in catalog.indicators.items():
            params = located.entity.spec.params
            if not params or not is_whole(located, ("spec",)):
                continue
            used = {WINDOW}
            for query in indicator_queries(located):
                used.update(name for name, _, _ in query.placeholders())
                # A misspelt use is reported by SLO405, and is a use.
                used.update(meant for *_, meant in query.undeclared() if meant)
            for name in params:
                if name not in used:
                    yield Diagnostic(
                        code=self.code,
                        message=f"no query uses the parameter `{name}`",
                        file=located.file,
                        span=located.places.key_span(("spec", "params", name)),
                        label="values given for it have no effect",
                        help=f"use it in a query as `{{{{{name}}}}}`, or remove it",
                        entity=ref,
                    )
