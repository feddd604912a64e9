"""Writes rules in the form of a target."""

from collections.abc import Callable, Mapping

from servicescape.compile.targets import kubernetes, plain
from servicescape.compile.targets.base import RuleFile, Written
from servicescape.model.settings import CompileSettings

_TARGETS: Mapping[str, Callable[[tuple[RuleFile, ...], CompileSettings], Written]] = {
    "prometheus": plain.write_prometheus,
    "thanos": plain.write_thanos,
    "mimir": plain.write_mimir,
    "operator": kubernetes.write_prometheus_rules,
    "victoriametrics": kubernetes.write_vm_rules,
}


def write_rules(files: tuple[RuleFile, ...], settings: CompileSettings) -> Written:
    """All rule files in the form that the settings name."""
    return _TARGETS[settings.target](files, settings)
