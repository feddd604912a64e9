"""All rules by code, found by their files: `FAMILY/CODE_name.py`, in small letters, holds one class."""

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache
from inspect import isabstract

from servicescape.diagnostics import nearest
from servicescape.rules import families
from servicescape.rules.own_rules import load_own_rules
from servicescape.rules.rule import Rule


@cache
def built_in_rules() -> dict[str, type[Rule]]:
    """Every rule of the tool itself by code, in the order of codes."""
    found: dict[str, type[Rule]] = {}
    for family in pkgutil.iter_modules(families.__path__, f"{families.__name__}."):
        package = importlib.import_module(family.name)
        for module_info in pkgutil.iter_modules(package.__path__, f"{family.name}."):
            module = importlib.import_module(module_info.name)
            for value in vars(module).values():
                if isinstance(value, type) and issubclass(value, Rule) and value.__module__ == module.__name__:
                    if isabstract(value) or not hasattr(value, "code"):
                        continue
                    found[value.code] = value
    return dict(sorted(found.items()))


@cache
def installed_rules() -> dict[str, type[Rule]]:
    """Those and the rules of installed packages. Raises ToolError where one of these cannot be loaded."""
    built_in = built_in_rules()
    return dict(sorted((built_in | load_own_rules(built_in)).items()))


_WITH_POLICIES: dict[str, type[Rule]] = {}


def use_policies(policies: Iterable[type[Rule]]) -> None:
    """Makes the policies of a run's settings rules like any other, in place of those of an earlier run."""
    own = {rule.code: rule for rule in policies}
    _WITH_POLICIES.clear()
    if own:
        _WITH_POLICIES.update(sorted((installed_rules() | own).items()))


def all_rules() -> dict[str, type[Rule]]:
    """Every rule by code, in the order of codes: the tool's, those of packages, and the policies in use."""
    return _WITH_POLICIES or installed_rules()


def find_rule(text: str) -> type[Rule] | None:
    """The rule with this code or name, whatever its case; None where there is none."""
    wanted = text.strip().casefold()
    for rule in all_rules().values():
        if wanted in (rule.code.casefold(), rule.name):
            return rule
    return None


def suggest_rule(text: str) -> str | None:
    """The code most likely meant."""
    rules = all_rules()
    close = nearest(text.upper(), rules)
    if close is not None:
        return close
    by_name = {rule.name: rule.code for rule in rules.values()}
    name = nearest(text.lower(), by_name)
    return by_name[name] if name else None
