"""The policies of the settings become rules of the run."""

from servicescape.model.settings import Settings
from servicescape.rules.registry import installed_rules, use_policies


def use_settings_policies(settings: Settings) -> None:
    """Makes them known to selection and reports. Raises ToolError for a policy that cannot work."""
    if not settings.policies:
        use_policies(())
        return
    from servicescape.rules.policies import rules_of_policies

    use_policies(rules_of_policies(settings.policies, installed_rules()))
