"""All rules by code, found by their files: `FAMILY/CODE_name.py`, in small letters, holds one class."""

import importlib
import pkgutil
from functools import cache
from inspect import isabstract

from servicescape.diagnostics import nearest
from servicescape.rules import families
from servicescape.rules.rule import Rule


@cache
def all_rules() -> dict[str, type[Rule]]:
    """Every rule by code, in the order of codes."""
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
