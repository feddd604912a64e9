"""Which SLO counts as the promise of a component or journey."""

from servicescape.catalog.catalog import Catalog
from servicescape.catalog.objective import Slo


def availability_slo(catalog: Catalog) -> dict[str, Slo]:
    """Component (or journey) → its SLO that measures availability; of several the one that promises least."""
    found: dict[str, Slo] = {}
    for slo in catalog.slos.values():
        if slo.measures != "availability":
            continue
        first = found.get(slo.target)
        if first is None or slo.objective_percent < first.objective_percent:
            found[slo.target] = slo
    return found
