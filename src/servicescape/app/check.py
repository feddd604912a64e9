"""Everything that can be said about a catalog: what came up while reading it, and what the rules find."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache

from servicescape.app.absence import may_be_consequence
from servicescape.app.baseline import Baseline, Matching, settings_baseline
from servicescape.app.load import Loaded
from servicescape.app.policies import use_settings_policies
from servicescape.app.selection import Choice, Selection, choose
from servicescape.app.suppress import find_ignores
from servicescape.diagnostics import Diagnostic, Severity
from servicescape.diagnostics.records import record
from servicescape.rules.own_rules import findings_of
from servicescape.rules.registry import all_rules
from servicescape.rules.rule import Alertmanager, Rule, RuleContext

__all__ = ["Checked", "Selection", "check", "check_all"]


@record()
class Checked:
    """The findings of a run, and how many of them are not shown."""

    findings: list[Diagnostic]
    """In the order of a report."""
    ignored: int = 0
    """Findings that a comment in the catalog hides."""
    baselined: int = 0
    """Findings that the baseline holds."""
    shrunk: Baseline | None = None
    """The baseline without what the catalog no longer has; None without a baseline."""


def check(loaded: Loaded, selection: Selection | None = None, *, today: date | None = None) -> list[Diagnostic]:
    """The findings alone, as `check_all` makes them with the settings' baseline."""
    return check_all(loaded, selection, today=today, baseline=settings_baseline(loaded)).findings


def faults_of_reading(loaded: Loaded, *, today: date | None = None) -> list[Diagnostic]:
    """The errors that came up while the catalog was read, without those that are known (see `check_all`)."""
    rules = loaded.settings.rules
    choice = choose(Selection(rules.select, rules.ignore), rules)
    ignores, spared = find_ignores(loaded.sources), _spared(loaded, choice)
    kept = [
        finding
        for finding in loaded.diagnostics
        if not spared(finding.file, finding.code) and not ignores.hides(finding, today)
    ]
    baseline = settings_baseline(loaded)
    shown = _new(kept, choice, Matching(baseline, loaded) if baseline else None)
    return [finding for finding in shown if finding.severity is Severity.ERROR]


def errors_of(loaded: Loaded, *, today: date | None = None) -> list[Diagnostic]:
    """The errors among the findings of `check`, without asking the rules that can find none."""
    rules = loaded.settings.rules
    use_settings_policies(loaded.settings)
    choice = choose(Selection(rules.select, rules.ignore), rules)
    grave = tuple(
        code for code, severity in choice.severities.items() if severity is Severity.ERROR and choice.takes(code)
    )
    if not grave:
        return []
    found = check(loaded, Selection(select=grave), today=today)
    return [finding for finding in found if finding.severity is Severity.ERROR]


def check_all(
    loaded: Loaded,
    selection: Selection | None = None,
    *,
    today: date | None = None,
    baseline: Baseline | None = None,
) -> Checked:
    """All findings but those that comments or the baseline hide.

    `today` decides which ignore comments have expired; without it none has. Raises ToolError for a selection that
    matches no rule.
    """
    rules = loaded.settings.rules
    use_settings_policies(loaded.settings)
    choice = choose(selection or Selection(rules.select, rules.ignore), rules)
    ignores = find_ignores(loaded.sources)
    needed = choice.judged if ignores.found else choice.severities
    context = RuleContext(loaded.settings, loaded.extension_schemas, today, _alertmanager(loaded))
    found: list[Diagnostic] = list(loaded.diagnostics)
    for code, rule in all_rules().items():
        if rule.check is not Rule.check and code in needed:
            found.extend(findings_of(rule, loaded.catalog, context))

    spared = _spared(loaded, choice)
    kept: list[Diagnostic] = []
    ignored = 0
    for finding in found:
        if finding.code not in needed or spared(finding.file, finding.code):
            continue
        if ignores.hides(finding, today):
            ignored += choice.takes(finding.code)
        else:
            kept.append(finding)
    matching = Matching(baseline, loaded) if baseline is not None else None
    shown = _new(kept, choice, matching)
    faulty = [(finding.file, finding.code) for finding in (shown if matching else kept) if _is_of_reading(finding.code)]
    unread = {file for file, code in faulty if not code.startswith("REF")}
    unsound = {file for file, _ in faulty}

    def is_judged(file: str, code: str) -> bool:
        """Whether the silence of a rule means something: not in a file of which it does not see all."""
        blind = unread if all_rules()[code].check is Rule.check else unsound
        return code in choice.judged and file not in blind and not spared(file, code)

    about = [*ignores.faults, *ignores.verdicts(is_judged)]
    shown += _new([finding for finding in about if not spared(finding.file, finding.code)], choice, matching)
    is_consequence = may_be_consequence(loaded, (finding for finding in found if _is_of_reading(finding.code)))
    shown = [finding for finding in shown if loaded.is_asked_about(finding.file) and not is_consequence(finding)]
    if matching is None:
        return Checked(sorted(shown, key=_order), ignored)

    def is_wanted_and_judged(file: str, code: str) -> bool:
        return code not in all_rules() or (choice.takes(code) and is_judged(file, code))

    shrunk = matching.shrunk(is_wanted_and_judged)
    shown += _complete(matching.stale(shrunk), choice)
    return Checked(sorted(shown, key=_order), ignored, matching.hidden, shrunk)


def _alertmanager(loaded: Loaded) -> Alertmanager | None:
    if not loaded.settings.compile.alertmanager.base:
        return None
    from servicescape.app.alertmanager import find_base

    base = find_base(loaded)
    return Alertmanager(base.name, base.receivers) if base is not None else None


def _order(finding: Diagnostic) -> tuple[object, ...]:
    return finding.sort_key


def _new(found: Iterable[Diagnostic], choice: Choice, matching: Matching | None) -> list[Diagnostic]:
    """The wanted findings in the order of a report, without those of the baseline."""
    findings = sorted(_complete(found, choice), key=_order)
    return list(matching.new(findings)) if matching is not None else findings


def _is_of_reading(code: str) -> bool:
    """Whether a part of a file with such a finding does not get into the catalog that rules look at."""
    rule = all_rules()[code]
    return rule.severity is Severity.ERROR and rule.check is Rule.check and code[:3] in ("YML", "SCH", "REF", "DIA")


def _spared(loaded: Loaded, choice: Choice) -> Callable[[str, str], bool]:
    if not choice.per_file:
        return lambda file, code: False
    path_of = cache(loaded.path_in_settings)
    return cache(lambda file, code: choice.spares(path_of(file), code))


def _complete(found: Iterable[Diagnostic], choice: Choice) -> Iterable[Diagnostic]:
    rules = all_rules()
    for finding in found:
        if choice.takes(finding.code):
            severity = choice.severities[finding.code]
            yield finding.with_rule(name=rules[finding.code].name, severity=severity, url="")
