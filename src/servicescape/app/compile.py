"""SLOs to everything that monitors them: rules, their tests, and what stands around them."""

from collections.abc import Mapping
from dataclasses import dataclass

from servicescape.app.alertmanager import compile_for
from servicescape.app.impact import impact_sentences
from servicescape.app.load import Loaded
from servicescape.compile.grafana.choice import choose_dashboards
from servicescape.compile.grafana.dashboards import compile_dashboards
from servicescape.compile.journey_estimates import journeys_to_estimate
from servicescape.compile.neighbours import Neighbours
from servicescape.compile.options import CompileOptions
from servicescape.compile.prometheus import CompiledRules, compile_prometheus
from servicescape.diagnostics.errors import ToolError
from servicescape.model.settings import TargetName

FOLDER = "monitoring"
"""Folder within the settings' output folder."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """Everything as files, in families of which each has a folder of its own, and what was left out."""

    rules: CompiledRules
    slos: int
    """SLOs that became rules, estimates of journeys among them."""
    families: Mapping[str, Mapping[str, str]]
    """Name of a family, such as `rules`, → path → text. Paths begin with the name of the family."""
    target: TargetName = "prometheus"
    """Form of the rules."""
    remarks: tuple[str, ...] = ()
    """What those who install the files besides the rules should know; a sentence each."""

    @property
    def files(self) -> dict[str, str]:
        """All files by path, relative to the folder they are written to."""
        return {path: text for family in self.families.values() for path, text in family.items()}


def compile_rules(
    loaded: Loaded, *, target: str | None = None, names: str | None = None, with_tests: bool = False
) -> Compiled:
    """Compiles every SLO of a catalog and the objectives of its journeys, with the impact on customers in each alert.

    `target` and `names` go before the settings'. Promtool reads the rules of Prometheus alone: for other targets there
    are tests only `with_tests`, and they belong to no family. Raises ToolError where an SLO does not fit the settings.
    """
    catalog, settings = loaded.catalog, loaded.settings.compile
    chosen = {"target": target, "names": names}
    settings = settings.model_copy(update={key: value for key, value in chosen.items() if value is not None})
    dashboards = choose_dashboards(settings, len(catalog.slos), len(catalog.journeys))
    settings = settings.model_copy(update={"dashboards": dashboards.wanted})
    is_tested = settings.target == "prometheus"
    wanted = {slo.target for slo in catalog.slos.values()} | {each.ref for each in journeys_to_estimate(catalog)}
    sentences = impact_sentences(catalog, wanted)
    rules = compile_prometheus(
        catalog, options=CompileOptions(tests=is_tested or with_tests, settings=settings), impact_of=sentences.get
    )
    _refuse_large_groups(rules, settings.max_per_group)
    alertmanager = compile_for(loaded, rules)
    families = {
        "rules": rules.files,
        **({"tests": rules.tests} if is_tested else {}),
        **({"alertmanager": alertmanager.files} if alertmanager.files else {}),
    }
    if dashboards.wanted:
        neighbours = rules.neighbours or Neighbours(catalog)
        written = compile_dashboards(catalog, rules.plans, neighbours, settings.grafana)
        families |= {"grafana": written} if written else {}
    return Compiled(rules, len(rules.plans), families, settings.target, (*alertmanager.notes, *dashboards.notes))


def _refuse_large_groups(rules: CompiledRules, most: int) -> None:
    """Raises ToolError where an SLO has more rules than a group may have."""
    if not most:
        return
    groups = [group for file in rules.rule_files for group in file.groups if len(group.rules) > most]
    if not groups:
        return
    largest = max(groups, key=lambda group: len(group.rules))
    others = f", and {len(groups) - 1} more have too many as well" if len(groups) > 1 else ""
    raise ToolError(
        f"`compile.max-per-group` is {most}, and the SLO `{largest.name}` has {len(largest.rules)} rules{others}",
        "the rules of an SLO build upon each other and stay in one group: "
        f"allow {len(largest.rules)} or more, or 0 for a group for each SLO",
    )
