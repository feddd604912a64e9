"""Everything that can be said about a catalog: what came up while reading it, and what the rules find."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from servicescape.app.load import Loaded
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.diagnostics.errors import ToolError
from servicescape.rules.registry import all_rules, suggest_rule
from servicescape.rules.rule import Rule, RuleContext


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rules count. A code matches a pattern that it begins with; the longest pattern decides."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def takes(self, code: str) -> bool:
        """Whether findings of this code are wanted."""
        wanted = max((len(pattern) for pattern in self.select if code.startswith(pattern)), default=-1)
        unwanted = max((len(pattern) for pattern in self.ignore if code.startswith(pattern)), default=-1)
        if not self.select:
            wanted = max(wanted, 0)
        return wanted > unwanted or (wanted == unwanted and wanted > 0)

    def validated(self) -> "Selection":
        """The same selection in capital letters. Raises ToolError for a pattern that no rule matches."""
        for pattern in (*self.select, *self.ignore):
            if pattern.upper() != "ALL" and not any(code.startswith(pattern.upper()) for code in all_rules()):
                close = suggest_rule(pattern)
                raise ToolError(
                    f"no rule matches `{pattern}`",
                    f"did you mean `{close}`?" if close else "codes look like `REF201`; `REF` means the whole family",
                )
        return Selection(_patterns(self.select), _patterns(self.ignore))


def _patterns(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple("" if text.upper() == "ALL" else text.upper() for text in texts)


def check(loaded: Loaded, selection: Selection | None = None) -> list[Diagnostic]:
    """All findings in the order of a report. Raises ToolError for a selection that matches no rule."""
    rules = loaded.settings.rules
    wanted = (selection or Selection(rules.select, rules.ignore)).validated()
    _require_known(rules.severity)
    context = RuleContext(loaded.settings, loaded.extension_schemas)
    found: list[Diagnostic] = list(loaded.diagnostics)
    for code, rule in all_rules().items():
        if rule.check is not Rule.check and wanted.takes(code):
            found.extend(rule().check(loaded.catalog, context))
    return sorted(_complete(found, wanted, loaded), key=lambda diagnostic: diagnostic.sort_key)


def _require_known(codes: Iterable[str]) -> None:
    for code in codes:
        if code.upper() not in all_rules():
            close = suggest_rule(code)
            raise ToolError(
                f"the settings give a severity to `{code}`, and there is no such rule",
                f"did you mean `{close}`?" if close else "`servicescape explain` lists all rules",
            )


def _complete(found: Iterable[Diagnostic], wanted: Selection, loaded: Loaded) -> Iterable[Diagnostic]:
    rules = all_rules()
    overrides = {code.upper(): Severity(value) for code, value in loaded.settings.rules.severity.items()}
    for diagnostic in found:
        if wanted.takes(diagnostic.code):
            rule = rules[diagnostic.code]
            yield diagnostic.with_rule(name=rule.name, severity=overrides.get(rule.code, rule.severity), url="")
