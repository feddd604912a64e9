"""SLO420: an objective that what stands below it does not allow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from servicescape.analysis.prediction.feasibility import Limit, infeasible
from servicescape.catalog.catalog import Catalog
from servicescape.catalog.objective import Slo
from servicescape.diagnostics import Diagnostic, Label, Severity
from servicescape.model.names import name_of
from servicescape.rules.rule import Rule, RuleContext

if TYPE_CHECKING:
    from servicescape.analysis.prediction.availability import Availability

_MOST_NAMED = 4


class InfeasibleObjective(Rule):
    """A component promises more than the components that it cannot do without leave it.

    ## Why it matters

    An SLO of scope `total` includes what dependencies do to the component. If it needs two parts that promise 99.9 %
    each, it is up 99.8 % of the time at best, however well it is built itself. Whoever is paged for its budget pays for
    failures that nobody can mend there.

    Dependencies count with what is measured or promised of them: their SLO, an External's `sla`. Where nobody says
    anything, this rule takes them to be perfect, so that no guess of ours makes a finding. It looks at what takes the
    component down alone, and at catalogs of up to 1,500 components; `servicescape predict` has no such limits.

    ## Example

    ```yaml
    kind: External
    metadata: {name: psp}
    spec: {vendor: Tamar, sla: 99.9}
    ---
    kind: Service
    metadata: {name: checkout}
    spec:
      owner: storefront
      dependsOn: [psp]
      slos:
        - {objective: 99.99, indicator: {use: http-availability, with: {job: checkout}}}
    ```

    ## What to do

    Promise what can be kept, or change what stands below: a second provider (`anyOf`), a `fallback`, `tolerates` or
    `kind: soft` where the component can do without for a while, or one more nine from the weakest part. A critical
    dependency should offer one nine more than what stands on it.
    """

    code = "SLO420"
    name = "infeasible-objective"
    severity = Severity.WARNING

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each such SLO, at its objective."""
        for slo, availability, limits in infeasible(catalog):
            yield self._finding(catalog, slo, availability, limits)

    def _finding(self, catalog: Catalog, slo: Slo, availability: Availability, limits: tuple[Limit, ...]) -> Diagnostic:
        best = availability.best_possible or 0.0
        promised = _percent(float(slo.objective_percent) / 100)
        shown = limits[:_MOST_NAMED]
        terms = " × ".join(f"{name_of(limit.component)} {_percent(limit.available)} %" for limit in shown)
        more = f" × {len(limits) - len(shown)} more" if len(limits) > len(shown) else ""
        allow = "allows" if len(limits) == 1 else "allow"
        reason = f"{terms}{more} {allow}" if limits else "what it needs allows"
        below = _floored(best)
        if limits:
            weakest = name_of(limits[0].component)
            hint = f"promise at most {below} %; or find a second one beside `{weakest}`, a way to do without it for a "
            hint += "while (`tolerates`, `fallback`, `kind: soft`), or one more nine there"
        else:
            hint = f"promise at most {below} %, or make what it needs more available"
        return Diagnostic(
            code=self.code,
            message=f"promises {promised} %, but {reason} {below} % at best",
            file=slo.entity.file,
            span=slo.entity.places.value_span((*slo.path, "objective")),
            label="more than what stands below it leaves",
            help=hint,
            entity=slo.ref,
            related=tuple(
                Label(located.file, located.places.value_span(("metadata", "name")), f"{_percent(limit.available)} %")
                for limit in shown
                for located in (catalog.components[limit.component].entity,)
            ),
        )


def _percent(share: float) -> str:
    return f"{round(share * 100, 6):.10g}"


def _floored(share: float) -> str:
    """In percent, rounded down to the first two digits that are not nine: what may still be promised."""
    missing = 1.0 - share
    digits = 2
    while digits < 8 and missing * 10**digits < 0.1:
        digits += 1
    scale = 10**digits
    return f"{int(share * 100 * scale + 1e-6) / scale:.10g}"
