"""SLO401: a query that does not say over which time."""

import re
from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.rules.families.slo.queries import WINDOW, all_queries
from servicescape.rules.rule import Rule, RuleContext

_FIXED_RANGE = re.compile(r"\[\s*\d[\dsmhdwy.]*\s*\]")


class QueryWithoutWindow(Rule):
    """A query has no `{{window}}`, so that it cannot be asked over different lengths of time.

    ## Why it matters

    An objective is watched over several windows at once: five minutes to see that it burns now, days to see what is
    left of the budget. A query with a fixed range gives the same answer for all of them, and its alerts mean nothing.

    ## Example

    ```yaml
    indicator:
      ratio:
        bad: sum(rate(http_requests_total{code=~"5.."}[5m]))        # [{{window}}]
        total: sum(rate(http_requests_total[{{window}}]))
    ```

    ## What to do

    Write the range as `[{{window}}]`. Where the query has no range, as with a recording rule's result, say what is bad
    and what is all as counters, or use `gauge`, which is 1 while good and 0 while bad.
    """

    code = "SLO401"
    name = "query-without-window"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each query of counts or of an error ratio without its range."""
        for query in all_queries(catalog):
            if not query.needs_window or any(name == WINDOW for name, _, _ in query.placeholders()):
                continue
            if any(meant == WINDOW for *_, meant in query.undeclared()):
                continue  # a misspelt `{{window}}`, which SLO405 reports
            fixed = _FIXED_RANGE.search(query.text)
            places = query.located.places
            span = places.value_span(query.path)
            yield Diagnostic(
                code=self.code,
                message=f"`{query.key}` does not say over which time it is asked",
                file=query.located.file,
                span=span if span.start.line == span.end.line else places.key_span(query.path),
                label="no `{{window}}` in this query",
                help=f"write `[{{{{window}}}}]` instead of `{fixed[0]}`"
                if fixed
                else "write the range of the query as `[{{window}}]`",
                entity=query.located.ref,
            )
