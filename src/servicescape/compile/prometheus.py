"""The catalog's SLOs as rule files.

One file for each component or journey, in a folder for its team: the file has one owner (so CODEOWNERS can name it), a
change to one SLO touches one small file, and Prometheus loads them all with `rules/*/*.yaml`. One group for each SLO:
its rules are evaluated one after another at the same time, so that each sees what those before it recorded, and
groups of different SLOs run beside each other. With several shards there is a folder for each above all this.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from servicescape.catalog.catalog import Catalog
from servicescape.compile import names
from servicescape.compile.alert_texts import AlertTexts, ImpactOf
from servicescape.compile.grouping import pack, shard_of
from servicescape.compile.journey_rules import left_out as left_out_of
from servicescape.compile.journey_rules import plan_estimates
from servicescape.compile.journey_tests import estimate_test
from servicescape.compile.naming import NAME, SERVICE
from servicescape.compile.neighbours import Neighbours
from servicescape.compile.options import CompileOptions, Note, Uncompiled
from servicescape.compile.plan import Planned, SloPlan, plan_slo
from servicescape.compile.promtool_tests import test_file
from servicescape.compile.rule import Group
from servicescape.compile.slo_groups import SloGroups
from servicescape.compile.targets.base import RuleFile
from servicescape.compile.targets.registry import write_rules
from servicescape.compile.template import QueryError
from servicescape.diagnostics.errors import ToolError


@dataclass(frozen=True, slots=True)
class CompiledRules:
    """What a catalog's SLOs come to. Paths are relative, with forward slashes, and sorted."""

    files: Mapping[str, str]
    """Path of a rule file → its text in the form of the target."""
    uncompiled: tuple[Uncompiled, ...]
    """Everything that SLOs ask for and `files` do not do, sorted."""
    tests: Mapping[str, str]
    """Path of a promtool test file → its text, one for each SLO whose queries allow it."""
    untested: tuple[Note, ...] = ()
    """SLOs without a test file, and why."""
    notes: tuple[Note, ...] = ()
    """What the reader of an SLO's figures should know."""
    remarks: tuple[str, ...] = ()
    """What those who run the ruler should know; a sentence each."""
    rule_files: tuple[RuleFile, ...] = field(default=(), repr=False)
    """The rules before they became text; they can be written for another target."""
    slo_of_test: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Path of a test file → reference of the SLO that it proves."""
    plans: tuple[SloPlan, ...] = field(default=(), repr=False)
    """What the rules of each SLO were made from, in the order of their references."""
    neighbours: Neighbours | None = field(default=None, repr=False, compare=False)
    """What was worked out of the catalog on the way."""


def no_impact(ref: str) -> str | None:
    """For compiling without an impact analysis."""
    return None


def compile_prometheus(
    catalog: Catalog, *, options: CompileOptions | None = None, impact_of: ImpactOf = no_impact
) -> CompiledRules:
    """Compiles every SLO of a catalog, and an estimate for each journey's `objective` that no SLO measures.

    `impact_of` gives, for the reference of a component or journey, the sentence that alerts carry on what its failure
    does to customers. It is asked once for each target.
    """
    options = options or CompileOptions()
    neighbours = Neighbours(catalog)
    slo_groups = SloGroups(AlertTexts(catalog, neighbours, impact_of))
    groups: dict[str, list[Group]] = defaultdict(list)
    slos: dict[str, SloPlan] = {}
    plans: list[SloPlan] = []
    slos_of_names: dict[str, list[str]] = defaultdict(list)
    tests: dict[str, str] = {}
    slo_of_test: dict[str, str] = {}
    uncompiled: list[Uncompiled] = []
    untested: list[Note] = []
    notes: list[Note] = []

    def add(planned: Planned) -> None:
        uncompiled.extend(planned.uncompiled)
        plan = planned.plan
        if plan is None:
            return
        ref = plan.slo.ref
        try:
            group, left_out = slo_groups.group(plan, _comment(plan))
        except QueryError as error:
            uncompiled.append(Uncompiled(ref, "", str(error)))
            return
        uncompiled.extend(left_out)
        notes.extend(planned.notes)
        slos_of_names[plan.naming.id].append(ref)
        path = rule_path(catalog, plan, options.settings.shards)
        slos[path] = plan
        plans.append(plan)
        groups[path].append(group)
        if options.tests:
            make = estimate_test if plan.estimate else test_file
            test = make(plan, rule_path=path, interval=options.interval)
            if isinstance(test, Note):
                untested.append(test)
            else:
                place = test_path(path, plan)
                tests[place] = test
                slo_of_test[place] = ref

    for ref in sorted(catalog.slos):
        add(plan_slo(catalog.slos[ref], catalog, neighbours, options))
    for estimated in plan_estimates(catalog, neighbours, options, {plan.slo.ref: plan for plan in plans}):
        add(estimated)
    _refuse_shared_names(slos_of_names)
    files = tuple(_rule_file(path, slos[path], groups[path], options) for path in sorted(groups))
    written = write_rules(files, options.settings)
    return CompiledRules(
        files=written.files,
        uncompiled=tuple(sorted(uncompiled)),
        tests={path: tests[path] for path in sorted(tests)},
        untested=tuple(untested),
        notes=tuple(sorted(notes)),
        remarks=written.remarks,
        rule_files=files,
        slo_of_test=slo_of_test,
        plans=tuple(plans),
        neighbours=neighbours,
    )


def _refuse_shared_names(slos_of_names: Mapping[str, list[str]]) -> None:
    """Raises ToolError where the series of two SLOs would be called the same."""
    for name, refs in sorted(slos_of_names.items()):
        if len(refs) > 1:
            first, second = (names.label_of(ref) for ref in refs[:2])
            raise ToolError(
                f"the SLOs `{first}` and `{second}` would both be `{name}` under the names of `compile.names`",
                f"rename one of them, or give it other names with the annotations `{SERVICE}` and `{NAME}`",
            )


def _rule_file(path: str, plan: SloPlan, groups: list[Group], options: CompileOptions) -> RuleFile:
    settings = options.settings
    return RuleFile(
        path=path,
        target=plan.slo.target,
        team=plan.labels.get(names.TEAM, ""),
        shard=shard_of(plan.slo.target, settings.shards) if settings.shards > 1 else None,
        groups=pack(groups, settings.max_per_group),
    )


def rule_path(catalog: Catalog, plan: SloPlan, shards: int = 1) -> str:
    """File for the rules of an SLO: `rules/TEAM/COMPONENT.yaml`, or `rules/shard-N/TEAM/COMPONENT.yaml`.

    `.` and `_` cannot stand in names, so that a namespace, a journey and "no owner" collide with nothing.
    """
    target = plan.slo.target
    subject = catalog.components.get(target) or catalog.journeys.get(target)
    team = _file_name(subject.owner) if subject and subject.owner else "_unowned"
    prefix = "journey_" if target in catalog.journeys else ""
    shard = f"shard-{shard_of(target, shards)}/" if shards > 1 else ""
    return f"{names.RULES_FOLDER}/{shard}{team}/{prefix}{_file_name(target)}.yaml"


def test_path(path: str, plan: SloPlan) -> str:
    """File for the test of an SLO, beside those of the same rule file: `tests/TEAM/COMPONENT/SLO.yaml`."""
    folder = names.TESTS_FOLDER + path.removeprefix(names.RULES_FOLDER).removesuffix(".yaml")
    return f"{folder}/{'_estimate' if plan.estimate else _file_name(plan.slo.ref)}.yaml"


def _file_name(ref: str) -> str:
    return names.label_of(ref).replace("/", ".")


def _comment(plan: SloPlan) -> str:
    title = plan.slo.title if plan.slo.title == plan.name else f"{plan.slo.title} ({plan.name})"
    if plan.estimate is not None:
        missing = left_out_of(plan.estimate)
        return (
            f"{title}: {plan.info['objective']} % over {_over(plan)}, estimated from the SLOs of what its steps need."
            + (f"\nIt leaves out {missing}." if missing else "")
        )
    return f"{title}: {plan.info['objective']} % over {_over(plan)}, measured as {plan.slo.measures}."


def _over(plan: SloPlan) -> str:
    return f"a {plan.period_name} in {plan.calendar.zone.name}" if plan.calendar else plan.period_name
