"""SLO405: a placeholder that nothing fills in."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.families.slo.queries import all_queries
from servicescape.rules.places import is_whole, part_of_value
from servicescape.rules.rule import Rule, RuleContext


class UndeclaredParameter(Rule):
    """A query has a `{{name}}` that nothing fills in.

    ## Why it matters

    The query cannot be asked as it stands. In an SLO's own query only `{{window}}` is filled in; in an Indicator also
    the parameters that it declares.

    ## Example

    ```yaml
    kind: Indicator
    metadata: {name: http-availability}
    spec:
      params: {job: {}}
      errorRatio: my_errors:ratio{job="{{jbo}}"}[{{window}}]      # {{job}}
    ```

    ## What to do

    Correct the name, or declare the parameter under `params`. In an SLO's own query write the value itself.
    """

    code = "SLO405"
    name = "undeclared-parameter"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each name and query, at its first use."""
        for query in all_queries(catalog):
            if "{{" not in query.text or not is_whole(query.located, ("spec", "params")):
                continue
            seen: set[str] = set()
            for name, start, end, meant in query.undeclared():
                if name in seen:
                    continue
                seen.add(name)
                shown = f"`{{{{{name}}}}}`"
                if meant:
                    advice = f"did you mean `{{{{{meant}}}}}`?"
                elif query.in_indicator:
                    advice = f"declare it: `params: {{{name}: {{description: …}}}}`"
                else:
                    advice = f"write the value itself, or move the query to an Indicator with the parameter `{name}`"
                yield Diagnostic(
                    code=self.code,
                    message=f"nothing fills in {shown}",
                    file=query.located.file,
                    span=part_of_value(query.located, query.path, query.text, start, end),
                    label="not a parameter of this indicator"
                    if query.in_indicator
                    else "an SLO's own query has only `{{window}}`",
                    help=advice,
                    entity=query.located.ref,
                )
