"""SLO416: one promise made twice."""

from collections.abc import Iterator

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.objective import Slo
from servicescape.diagnostics import Diagnostic, Label, Severity
from servicescape.rules.rule import Rule, RuleContext


class DuplicateSlo(Rule):
    """Two SLOs of one thing promise the same, measured in the same way.

    ## Why it matters

    Each is recorded and alerted on by itself: one failure pages twice, and who changes one of them wonders why the
    other still fires.

    ## Example

    ```yaml
    # inline, in the service basket
    slos:
      - {objective: 99.9, indicator: {use: http-availability, with: {job: basket}}}
    ---
    # and in a file of its own
    kind: SLO
    metadata: {name: basket-uptime}
    spec: {for: basket, objective: 99.9, indicator: {use: http-availability, with: {job: basket}}}
    ```

    ## What to do

    Keep one of them.
    """

    code = "SLO416"
    name = "duplicate-slo"
    severity = Severity.INFO

    def check(self, catalog: Catalog, context: RuleContext) -> Iterator[Diagnostic]:
        """One finding for each SLO that repeats an earlier one."""
        by_promise: dict[tuple[object, ...], list[Slo]] = {}
        for slo in catalog.slos.values():
            promise = (slo.target, slo.measures, slo.scope, slo.objective_percent)
            by_promise.setdefault(promise, []).append(slo)
        for slos in by_promise.values():
            for number, slo in enumerate(slos[1:], 1):
                first = next((other for other in slos[:number] if _is_same(slo, other)), None)
                if first is not None:
                    yield Diagnostic(
                        code=self.code,
                        message=f"`{slo.name}` promises the same as `{first.name}`",
                        file=slo.entity.file,
                        span=slo.entity.places.value_span((*slo.path, "objective")),
                        label="the same objective, window and indicator",
                        help="keep one of them",
                        entity=slo.ref,
                        related=(
                            Label(
                                first.entity.file,
                                first.entity.places.value_span((*first.path, "objective")),
                                f"`{first.name}`",
                            ),
                        ),
                    )


def _is_same(one: Slo, other: Slo) -> bool:
    return one.window == other.window and one.sli == other.sli and one.budgeting == other.budgeting
