"""An SLO with its references resolved, whether it stands alone or inside a component."""

from decimal import Decimal

from servicescape.bind.located import Located, Path
from servicescape.diagnostics.records import record
from servicescape.model.entity import Entity
from servicescape.model.slo import Alerting, Budgeting, Indicator, Maintenance, Sli, Window


@record()
class Slo:
    """What is promised of what, how it is measured, and when somebody is told."""

    ref: str
    """`slo:NAME`; an inline SLO has one as well."""
    name: str
    title: str
    description: str | None
    namespace: str
    target: str
    """Reference of the component or journey that it is for."""
    measures: str
    scope: str
    objective_percent: Decimal
    """0 < x < 100, exactly as written."""
    window: Window
    sli: Sli
    indicator: Located[Indicator] | None
    """The shared Indicator that `sli.use` names; None where the SLO has a query of its own."""
    budgeting: Budgeting
    alerting: Alerting
    maintenance: tuple[Maintenance, ...]
    labels: dict[str, str]
    entity: Located[Entity]
    """The SLO's own document, or the component that it stands in."""
    path: Path
    """Where its fields stand in that document: `("spec",)`, or the item of `spec.slos`."""
