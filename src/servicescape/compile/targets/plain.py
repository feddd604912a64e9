"""Rule files for Prometheus, and the two dialects of them: a Thanos ruler's and a Mimir ruler's."""

from servicescape.compile.targets.base import HEADER, RuleFile, Written
from servicescape.compile.yaml_text import rule_file, scalar
from servicescape.model.settings import CompileSettings

MIMIR_RULES_PER_GROUP = 20
MIMIR_GROUPS_PER_TENANT = 70
"""What a Mimir ruler takes unless its limits are raised."""


def write_prometheus(files: tuple[RuleFile, ...], settings: CompileSettings) -> Written:
    """Rule files as Prometheus and promtool read them."""
    return Written({file.path: rule_file(HEADER, file.groups) for file in files})


def write_thanos(files: tuple[RuleFile, ...], settings: CompileSettings) -> Written:
    """The same with `partial_response_strategy` in each group, which Prometheus itself refuses."""
    strategy = f"    partial_response_strategy: {settings.thanos.partial_response}\n"
    return Written({file.path: rule_file(HEADER, file.groups, of_group=strategy) for file in files})


def write_mimir(files: tuple[RuleFile, ...], settings: CompileSettings) -> Written:
    """Files as `mimirtool rules sync` and `load` read them: one namespace each."""
    tenants = settings.mimir.source_tenants
    of_group = "".join(["    source_tenants:\n", *(f"      - {scalar(tenant)}\n" for tenant in tenants)])
    prefix = settings.mimir.namespace_prefix
    return Written(
        {
            file.path: rule_file(
                HEADER,
                file.groups,
                top=f"namespace: {scalar(f'{prefix}.{file.stable_name}')}\n",
                of_group=of_group if tenants else "",
            )
            for file in files
        },
        _beyond_limits(files),
    )


def _beyond_limits(files: tuple[RuleFile, ...]) -> tuple[str, ...]:
    groups = [group for file in files for group in file.groups]
    largest = max((len(group.rules) for group in groups), default=0)
    remarks = []
    if largest > MIMIR_RULES_PER_GROUP:
        remarks.append(
            f"the largest group has {largest} rules and a Mimir ruler takes {MIMIR_RULES_PER_GROUP}: set "
            f"`ruler_max_rules_per_rule_group` to {largest} or more"
        )
    if len(groups) > MIMIR_GROUPS_PER_TENANT:
        remarks.append(
            f"there are {len(groups):,} groups and a Mimir ruler takes {MIMIR_GROUPS_PER_TENANT} a tenant: set "
            f"`ruler_max_rule_groups_per_tenant` to {len(groups)} or more"
        )
    return tuple(remarks)
