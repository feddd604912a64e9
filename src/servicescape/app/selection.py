"""Which rules count, where, and how grave they are: the command line before the settings."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from servicescape.diagnostics import Severity
from servicescape.diagnostics.errors import ToolError
from servicescape.diagnostics.records import record
from servicescape.model.settings import RuleSettings
from servicescape.rules.registry import all_rules, find_rule, suggest_rule
from servicescape.source.files import covers

OFF = "off"


@record()
class Selection:
    """Which rules count. A code matches a pattern that it begins with; the longest pattern decides."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, str] = field(default_factory=dict)
    """Pattern → severity or `off`, before those of the settings."""

    def takes(self, code: str) -> bool:
        """Whether findings of this code are wanted, as far as `select` and `ignore` go."""
        return self._takes(code, -1)

    def _takes(self, code: str, off: int) -> bool:
        """`off`: length of the pattern that switches the rule off; -1 where none does."""
        wanted = _longest(code, self.select)
        unwanted = max(_longest(code, self.ignore), off)
        if not self.select:
            wanted = max(wanted, 0)
        return wanted > unwanted or (wanted == unwanted and wanted > 0)

    def validated(self, rules: RuleSettings | None = None) -> "Selection":
        """The same selection in capital letters. Raises ToolError for a pattern that no rule matches."""
        _require_known(self.select, _origin("select", self.select, rules.select if rules else ()))
        _require_known(self.ignore, _origin("ignore", self.ignore, rules.ignore if rules else ()))
        _require_known(self.severity, "--severity")
        severity = {_pattern(text): value for text, value in self.severity.items()}
        return Selection(_patterns(self.select), _patterns(self.ignore), severity)


@record()
class Choice:
    """What a selection and the settings come to."""

    severities: Mapping[str, Severity]
    """Severity of each rule whose findings are wanted."""
    judged: frozenset[str]
    """Rules that run: those, and with them the ones that alone can tell whether an ignore comment is of use."""
    per_file: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Pattern of files → patterns of codes not wanted there."""

    def takes(self, code: str) -> bool:
        """Whether findings of this code are wanted."""
        return code in self.severities

    def spares(self, path: str, code: str) -> bool:
        """Whether a file is spared this code. `path` is relative to the settings' folder."""
        return any(_longest(code, codes) >= 0 and covers(pattern, path) for pattern, codes in self.per_file)


def choose(selection: Selection, rules: RuleSettings) -> Choice:
    """Settles each rule. Raises ToolError for a pattern that no rule matches, wherever it is written."""
    wanted = selection.validated(rules)
    _require_known(rules.severity, "`rules.severity`")
    own = {_pattern(text): str(value) for text, value in rules.severity.items()}
    per_file: list[tuple[str, tuple[str, ...]]] = []
    for glob, codes in rules.per_file_ignores.items():
        _require_known(codes, f"`rules.per-file-ignores` for `{glob}`")
        per_file.append((glob, _patterns(codes)))
    severities: dict[str, Severity] = {}
    judged: set[str] = set()
    # Whoever asks for IGN alone wants to know about all comments, so that the other rules have to run for it.
    asks_for_ignores = bool(wanted.select) and any(wanted.takes(code) for code in ("IGN901", "IGN904"))
    for code, rule in all_rules().items():
        severity, off = _severity(code, wanted.severity, own)
        if wanted._takes(code, off):
            severities[code] = severity or rule.severity
            judged.add(code)
        elif asks_for_ignores and off < 0 and _longest(code, wanted.ignore) < 0:
            judged.add(code)
    return Choice(severities, frozenset(judged), tuple(per_file))


def _severity(code: str, *layers: Mapping[str, str]) -> tuple[Severity | None, int]:
    """The severity given to a code, and how long the pattern is that switches it off (-1: it is on)."""
    for layer in layers:
        length = _longest(code, layer)
        if length < 0:
            continue
        value = layer[code[:length]]
        if value == OFF:
            return None, length
        return Severity(value), -1
    return None, -1


def _longest(code: str, patterns: Sequence[str] | Mapping[str, object]) -> int:
    return max((len(pattern) for pattern in patterns if code.startswith(pattern)), default=-1)


def _pattern(text: str) -> str:
    return "" if text.upper() == "ALL" else text.upper()


def _patterns(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(_pattern(text) for text in texts)


def _origin(key: str, patterns: Sequence[str], settings: Sequence[str]) -> str:
    return f"`rules.{key}`" if tuple(patterns) == tuple(settings) else f"--{key}"


def _require_known(patterns: Sequence[str] | Mapping[str, object], where: str) -> None:
    for text in patterns:
        if text.upper() == "ALL" or (text and any(code.startswith(text.upper()) for code in all_rules())):
            continue
        by_name = find_rule(text)
        close = by_name.code if by_name else suggest_rule(text)
        raise ToolError(
            f"no rule matches `{text}`, which {where} names",
            f"did you mean `{close}`?" if close else "codes look like `REF201`; `REF` means the whole family",
        )
