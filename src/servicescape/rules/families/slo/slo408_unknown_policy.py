"""SLO408: an alerting policy that does not exist."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity, nearest
from servicescape.rules.rule import Rule, RuleContext

_BUILT_IN = ("sre-workbook",)


class UnknownPolicy(Rule):
    """An SLO names an alerting policy that does not exist.

    ## Why it matters

    The policy says after which share of the budget somebody is woken. Without one there are no alerts.

    ## Example

    ```yaml
    alerting: {policy: sre-book}       # sre-workbook
    ```

    ## What to do

    Write `sre-workbook`, the table from Google's Site Reliability Workbook, or leave the key out: it is the default. A
    table of your own stands in the settings, as `[[compile.windows.NAME.pairs]]`.
    """

    code = "SLO408"
    name = "unknown-policy"
    severity = Severity.ERROR

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such SLO, at the policy's name."""
        own = context.settings.compile.windows
        for slo in catalog.slos.values():
            policy = slo.alerting.policy
            if policy not in own and policy not in _BUILT_IN:
                close = nearest(policy, (*_BUILT_IN, *own))
                known = ", ".join(f"`{name}`" for name in sorted({*_BUILT_IN, *own}))
                yield Diagnostic(
                    code=self.code,
                    message=f"there is no alerting policy `{policy}`",
                    file=slo.entity.file,
                    span=slo.entity.places.value_span((*slo.path, "alerting", "policy")),
                    label="not a known policy",
                    help=f"did you mean `{close}`?"
                    if close
                    else f"there is {known}; further tables stand in the settings, as `[[compile.windows.NAME.pairs]]`",
                    entity=slo.ref,
                )
