"""Runs the scenarios of a catalog and checks what they expect."""

from collections.abc import Sequence

from servicescape.analysis.scenario import ScenarioResult, run_scenarios
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics.errors import ToolError


def run_named(catalog: Catalog, names: Sequence[str]) -> tuple[ScenarioResult, ...]:
    """Results of these scenarios in the order given; of all, by reference, where none is named.

    Raises ToolError for a name that no scenario has.
    """
    refs = []
    for name in names:
        ref = catalog.find(name, ("Scenario",))
        if ref is None:
            close = catalog.names.suggest(name, ("Scenario",), "default")
            known = ", ".join(located.entity.metadata.name for located in catalog.scenarios.values()) or "none"
            hint = f"did you mean `{close.split(':', 1)[1]}`?" if close else f"the catalog's scenarios are: {known}"
            raise ToolError(f"there is no scenario `{name}`", hint)
        refs.append(ref)
    return run_scenarios(catalog, refs or None)
