"""The organisation's own Alertmanager configuration, into which ours is put. Files that it names are never opened."""

from servicescape.app.load import Loaded
from servicescape.compile.alertmanager.base import Base, read_base
from servicescape.compile.alertmanager.configuration import CompiledAlertmanager, compile_alertmanager
from servicescape.compile.prometheus import CompiledRules
from servicescape.diagnostics import Diagnostic
from servicescape.diagnostics.errors import ToolError
from servicescape.source.files import display_name
from servicescape.source.text import read_source


def find_base(loaded: Loaded) -> Base | None:
    """The base of the settings; None where they name none. Raises ToolError where it cannot be used."""
    setting = loaded.settings.compile.alertmanager.base
    if not setting:
        return None
    path = loaded.folder / setting
    name = display_name(path, loaded.cwd)
    if not path.is_file():
        raise ToolError(
            f"the Alertmanager configuration {name} is not there",
            "mend `compile.alertmanager.base` in the settings (a path from the settings file), or remove it",
        )
    source = read_source(path, name)
    if isinstance(source, Diagnostic):
        raise ToolError(f"{name}: {source.message}", source.help)
    return read_base(source)


def compile_for(loaded: Loaded, rules: CompiledRules) -> CompiledAlertmanager:
    """The Alertmanager configuration for compiled rules."""
    alerts = (alarm for file in rules.rule_files for group in file.groups for alarm in group.alarms)
    return compile_alertmanager(
        loaded.catalog,
        alerts,
        loaded.settings.compile.alertmanager,
        find_base(loaded),
        neighbours=rules.neighbours,
        groupings={plan.name: plan.grouping for plan in rules.plans},
    )
