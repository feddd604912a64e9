"""Rules of an organisation's own: classes that installed packages name as entry points of `servicescape.rules`."""

import re
import traceback
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from inspect import isabstract
from types import ModuleType
from typing import Any

from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.diagnostics.errors import ToolError
from servicescape.rules.rule import Rule, RuleContext

GROUP = "servicescape.rules"
CODE = re.compile(r"[A-Z]{2,5}[0-9]{3}")
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def load_own_rules(built_in: Mapping[str, type[Rule]]) -> dict[str, type[Rule]]:
    """All such rules by code. Raises ToolError for one that cannot be loaded, or whose code is taken."""
    found: dict[str, type[Rule]] = {}
    origins: dict[str, str] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        origin = _origin(point)
        for rule in _rules_of(point, origin):
            _require_sound(rule, origin)
            require_free(rule.code, origin, built_in, origins)
            found[rule.code] = rule
            origins[rule.code] = origin
    return found


def require_free(code: str, origin: str, built_in: Mapping[str, type[Rule]], taken: Mapping[str, str]) -> None:
    """Raises ToolError where a code is not free for something that does not belong to the tool."""
    if not CODE.fullmatch(code):
        raise ToolError(
            f"{origin}: `{code}` is no code", "take two to five capital letters and three digits: `ACME001`"
        )
    family = code.rstrip("0123456789")
    if any(other.rstrip("0123456789") == family for other in built_in):
        raise ToolError(
            f"{origin}: codes that begin with `{family}` belong to servicescape",
            "take letters of your own, such as the initials of your organisation: `ACME001`",
        )
    if code in taken:
        raise ToolError(f"{origin}: {taken[code]} has the code `{code}` already", "give one of the two another number")


def findings_of(rule: type[Rule], catalog: Catalog, context: RuleContext) -> Iterable[Diagnostic]:
    """What a rule finds. Raises ToolError where an organisation's own rule fails, and says in which line of it."""
    if rule.__module__.startswith("servicescape."):
        return rule().check(catalog, context)
    try:
        findings = list(rule().check(catalog, context))
        for finding in findings:
            if not isinstance(finding, Diagnostic) or finding.code != rule.code:
                raise TypeError(f"a finding must be a Diagnostic with the code {rule.code!r}, and this is {finding!r}")
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        raise ToolError(
            f"the rule `{rule.code}` has failed: {_in_words(error)}",
            f"look at {place.filename}:{place.lineno}; `--ignore {rule.code}` goes on without it",
        ) from error
    return findings


def _rules_of(point: EntryPoint, origin: str) -> list[type[Rule]]:
    try:
        loaded = point.load()
    except Exception as error:
        raise ToolError(
            f"{origin} cannot be loaded: {_in_words(error)}",
            f"look at {point.module.replace('.', '/')}, or uninstall the package",
        ) from error
    return list(_classes(loaded, origin))


def _classes(loaded: Any, origin: str) -> Iterator[type[Rule]]:
    if isinstance(loaded, ModuleType):
        for value in vars(loaded).values():
            is_rule = isinstance(value, type) and issubclass(value, Rule) and value.__module__ == loaded.__name__
            if is_rule and not isabstract(value) and hasattr(value, "code"):
                yield value
    elif isinstance(loaded, list | tuple):
        for item in loaded:
            yield from _classes(item, origin)
    elif isinstance(loaded, type) and issubclass(loaded, Rule):
        yield loaded
    else:
        raise ToolError(
            f"{origin} is no rule: {type(loaded).__name__}",
            "name a class that is derived from `servicescape.rules.Rule`, a list of them, or a module that holds them",
        )


def _require_sound(rule: type[Rule], origin: str) -> None:
    name = getattr(rule, "name", None)
    wanted = {
        "code": isinstance(getattr(rule, "code", None), str),
        "name": isinstance(name, str) and NAME.fullmatch(name) is not None,
        "severity": isinstance(getattr(rule, "severity", None), Severity),
    }
    for attribute, is_there in wanted.items():
        if not is_there:
            raise ToolError(
                f"{origin}: the class `{rule.__qualname__}` has no usable `{attribute}`",
                'a rule has a `code` ("ACME001"), a `name` in kebab case and a `severity` (Severity.WARNING)',
            )
    if not rule.summary():
        raise ToolError(
            f"{origin}: the class `{rule.__qualname__}` has no docstring", "its first line says what the rule finds"
        )


def _origin(point: EntryPoint) -> str:
    package = f" of the package `{point.dist.name}`" if point.dist is not None else ""
    return f"the entry point `{point.name} = {point.value}`{package}"


def _in_words(error: BaseException) -> str:
    text = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
