"""SLO403: a value for a parameter that the Indicator does not have."""

from collections.abc import Iterator

from servicescape.bind.mends import key_fix
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Label, Severity
from servicescape.rules.families.slo.queries import arguments, is_in_library
from servicescape.rules.places import is_whole
from servicescape.rules.rule import Rule, RuleContext


class UnknownParameter(Rule):
    """An SLO gives a value for a parameter that its Indicator does not have.

    ## Why it matters

    The value goes nowhere. Most often the name is misspelt, and the query is asked without what was meant to narrow it
    down.

    ## Example

    ```yaml
    # the Indicator http-availability has the parameters job and errors
    indicator: {use: http-availability, with: {jb: basket}}
    ```

    ## What to do

    Correct the name, or remove the value. Where the Indicator should have such a parameter, add it there under
    `params` and use it in the query as `{{name}}`.
    """

    code = "SLO403"
    name = "unknown-parameter"
    severity = Severity.ERROR
    fixable = True

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each value that the Indicator has no parameter for, at its name."""
        for slo in catalog.slos.values():
            if slo.indicator is None or not slo.sli.with_ or not is_whole(slo.indicator, ("spec", "params")):
                continue
            params = slo.indicator.entity.spec.params
            for name, meant in arguments(slo).unknown:
                if meant:
                    advice = f"did you mean `{meant}`?"
                elif len(params) == 1:
                    advice = f"its only parameter is `{next(iter(params))}`"
                elif params:
                    advice = f"its parameters are {', '.join(f'`{each}`' for each in params)}"
                else:
                    advice = "it has none: remove the value"
                yield Diagnostic(
                    code=self.code,
                    message=f"the indicator `{slo.sli.use}` has no parameter `{name}`",
                    file=slo.entity.file,
                    span=slo.entity.places.key_span((*slo.path, "indicator", "with", name)),
                    label="this value is used nowhere",
                    help=advice,
                    fix=key_fix(slo.entity.places, (*slo.path, "indicator", "with", name), meant, safe=False)
                    if meant and meant not in slo.sli.with_
                    else None,
                    entity=slo.ref,
                    related=()
                    if is_in_library(slo.indicator)
                    else (
                        Label(
                            slo.indicator.file,
                            slo.indicator.places.value_span(("metadata", "name")),
                            "the indicator is defined here",
                        ),
                    ),
                )
