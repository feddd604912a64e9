"""Policies of the settings as rules: CEL expressions over entities as plain JSON.

Everything that can be known of an expression without an entity is checked when the policies are read: its grammar, the
names in it, and the keys of the language behind `spec.` and `metadata.`. What remains is settled as in CEL: a key that
is not there makes an expression fail, so that `when` does not hold and `expect` is not met.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from servicescape.bind.located import Located, Path
from servicescape.catalog.catalog import Catalog
from servicescape.diagnostics import Diagnostic, Severity, Span, nearest
from servicescape.diagnostics.errors import ToolError
from servicescape.model.entity import Entity
from servicescape.model.kinds import KINDS
from servicescape.model.settings import Policy
from servicescape.model.shape import keys_at
from servicescape.rules.own_rules import require_free
from servicescape.rules.rule import Rule, RuleContext

VARIABLES = ("apiVersion", "kind", "metadata", "ref", "spec")
"""What an expression can ask of an entity."""
_FUNCTIONS = frozenset(
    {
        "size",
        "startsWith",
        "endsWith",
        "contains",
        "matches",
        "type",
        "int",
        "uint",
        "double",
        "string",
        "bytes",
        "dyn",
        "timestamp",
        "duration",
        "getFullYear",
        "getMonth",
        "getDate",
        "getDayOfMonth",
        "getDayOfWeek",
        "getDayOfYear",
        "getHours",
        "getMinutes",
        "getSeconds",
        "getMilliseconds",
    }
)
_TYPE_NAMES = frozenset({"bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint"})
_PLACEHOLDERS = ("kind", "name", "owner", "ref", "title")

_STRING = re.compile(r"""[rRbB]{0,2}(?:'''.*?'''|\"{3}.*?\"{3}|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")""", re.DOTALL)
_LOOP_VARIABLE = re.compile(r"\.\s*(?:all|exists|exists_one|filter|map)\s*\(\s*([A-Za-z_]\w*)\s*,")
_ROOT = re.compile(r"(?<![\w.])(?<!\.\s)(spec|metadata)\b((?:\s*\.\s*[A-Za-z_]\w*)*)(\s*\()?")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def rules_of_policies(policies: Sequence[Policy], others: Mapping[str, type[Rule]]) -> list[type[Rule]]:
    """One rule for each policy. Raises ToolError, naming the policy, for one that cannot work."""
    compiled: list[_Compiled] = []
    taken = {code: f"`{rule.name}`" for code, rule in others.items()}
    for policy in policies:
        where = f"the policy `{policy.code}`"
        built_in = {code: rule for code, rule in others.items() if rule.__module__.startswith("servicescape.")}
        require_free(policy.code, where, built_in, taken)
        taken[policy.code] = f"`{policy.name}`"
        compiled.append(_compile(policy, where))
    evaluation = _Evaluation(compiled)
    return [_rule_of(each.policy, evaluation) for each in compiled]


@dataclass(frozen=True, slots=True)
class _Expression:
    program: Any
    fields: Mapping[str, frozenset[str] | None]
    """Variable → its keys that the expression asks for; None where all may be asked for."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    policy: Policy
    kinds: frozenset[str]
    when: _Expression | None
    expect: _Expression
    at: Path


@dataclass(frozen=True, slots=True)
class _Failed:
    """Why an expression has no value."""

    because: str
    is_missing: bool
    """Whether it asks for a key or an item that is not there."""


def _compile(policy: Policy, where: str) -> _Compiled:
    kinds: tuple[str, ...] = policy.for_ or tuple(KINDS)
    at: Path = tuple(int(key) if key.isdecimal() else key for key in policy.at.split(".")) if policy.at else ()
    _require_keys(at, kinds, f"{where}: `at`")
    for name in _PLACEHOLDER.findall(policy.message):
        if name not in _PLACEHOLDERS:
            known = ", ".join(f"`{{{each}}}`" for each in _PLACEHOLDERS)
            raise ToolError(f"{where}: nothing stands for `{{{name}}}` in `message`", f"it may hold {known}")
    return _Compiled(
        policy,
        frozenset(kinds),
        _expression(policy.when, kinds, f"{where}: `when`") if policy.when.strip() else None,
        _expression(policy.expect, kinds, f"{where}: `expect`"),
        at,
    )


def _expression(text: str, kinds: Sequence[str], where: str) -> _Expression:
    try:
        import cel
    except ImportError as error:
        raise ToolError(
            "policies need the package `common-expression-language`, which is not installed",
            "run `pip install 'servicescape[policies]'`",
        ) from error
    try:
        program = cel.compile(text)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise ToolError(f"{where} is no CEL expression: {_first_fault(error)}", f"mend `{text.strip()}`") from error
    code = _STRING.sub('""', text)
    loop_variables = set(_LOOP_VARIABLE.findall(code))
    known = {*VARIABLES, *loop_variables, *_TYPE_NAMES}
    for name in program.variables():
        if name not in known:
            raise ToolError(f"{where} speaks of `{name}`, and there is nothing of this name", _suggest(name, VARIABLES))
    for name in program.functions():
        if name.isidentifier() and not name.startswith("_") and name not in _FUNCTIONS:
            raise ToolError(f"{where} calls `{name}`, and there is no such function", _suggest(name, _FUNCTIONS))
    fields: dict[str, frozenset[str] | None] = {name: None for name in program.variables() if name in VARIABLES}
    for root in ("spec", "metadata"):
        if root not in fields or root in loop_variables:
            continue
        asked: set[str] = set()
        for match in _ROOT.finditer(code):
            if match[1] != root:
                continue
            keys = [key.strip() for key in match[2].split(".") if key.strip()]
            if match[3] and keys:
                keys.pop()  # A function of the value.
            if not keys:
                asked.clear()
                break
            _require_keys((root, *keys), kinds, where)
            asked.add(keys[0])
        if asked:
            fields[root] = frozenset(asked)
    return _Expression(program, fields)


def _require_keys(path: Path, kinds: Sequence[str], where: str) -> None:
    """Raises ToolError where a path is no path of any of these kinds."""
    known: dict[str, None] = {}
    for kind in kinds:
        wrong = _wrong_key(KINDS[kind], path)
        if wrong is None:
            return
        known.update(dict.fromkeys(keys_at(KINDS[kind], path[:wrong])))
        first = wrong
    if not path:
        return
    shown = ".".join(str(key) for key in path[: first + 1])
    whose = f"a {kinds[0]}" if len(kinds) == 1 else "any of these kinds" if len(kinds) < len(KINDS) else "any kind"
    close = nearest(str(path[first]), known)
    before = "".join(f"{key}." for key in path[:first])
    raise ToolError(
        f"{where} asks for `{shown}`, which is no key of {whose}",
        f"did you mean `{before}{close}`?" if close else f"the keys here are {', '.join(sorted(known))}",
    )


def _wrong_key(kind: type[Entity], path: Path) -> int | None:
    for number, key in enumerate(path):
        keys = keys_at(kind, path[:number])
        if not keys or not isinstance(key, str):
            return None  # A list, a text or a mapping of the author's own.
        if key not in keys:
            return number
    return None


def _suggest(name: str, known: Iterable[str]) -> str:
    close = nearest(name, known)
    return f"did you mean `{close}`?" if close else f"known are {', '.join(sorted(known))}"


def _first_fault(error: BaseException) -> str:
    found = re.search(r"ERROR: <input>:(\d+):(\d+): (?:Syntax error: )?(.*)", str(error))
    if found is None:
        return str(error).partition("\n")[0]
    return f"line {found[1]}, column {found[2]}: {found[3]}"


class _Evaluation:
    """Evaluates all policies over a catalog in one go, so that each entity is turned into JSON once."""

    def __init__(self, compiled: Sequence[_Compiled]) -> None:
        self._compiled = compiled
        self._catalog: Catalog | None = None
        self._findings: dict[str, list[Diagnostic]] = {}

    def findings(self, code: str, catalog: Catalog) -> list[Diagnostic]:
        if self._catalog is not catalog:
            self._findings = self._evaluate(catalog)
            self._catalog = catalog
        return self._findings[code]

    def _evaluate(self, catalog: Catalog) -> dict[str, list[Diagnostic]]:
        found: dict[str, list[Diagnostic]] = {each.policy.code: [] for each in self._compiled}
        kinds = frozenset[str]().union(*(each.kinds for each in self._compiled))
        for located in catalog.entities.values():
            kind = located.entity.kind
            if kind not in kinds:
                continue
            data = entity_as_json(located.entity)
            for each in self._compiled:
                if kind in each.kinds:
                    found[each.policy.code].extend(_judge(each, located, data))
        return found


def entity_as_json(entity: Entity) -> dict[str, Any]:
    """An entity as plain JSON: keys as in YAML, defaults filled in, what is not given left out, and its `ref`."""
    data: dict[str, Any] = entity.model_dump(mode="json", by_alias=True, exclude_none=True)
    data["ref"] = entity.ref
    return data


def _judge(compiled: _Compiled, located: Located[Entity], data: Mapping[str, Any]) -> Iterator[Diagnostic]:
    policy = compiled.policy
    if compiled.when is not None:
        applies = _value(compiled.when, data)
        if isinstance(applies, _Failed):
            if not applies.is_missing:
                yield _finding(compiled, located, f"`when` has no value here: {applies.because}")
            return
        if not applies:
            return
    kept = _value(compiled.expect, data)
    if isinstance(kept, _Failed):
        if not kept.is_missing:
            yield _finding(compiled, located, f"`expect` has no value here: {kept.because}")
            return
        kept = False
    if not kept:
        entity = located.entity
        words = {
            "kind": entity.kind,
            "name": entity.metadata.name,
            "owner": str(getattr(entity.spec, "owner", None) or "nobody"),  # type: ignore[attr-defined]
            "ref": located.ref,
            "title": entity.title,
        }
        yield _finding(compiled, located, _PLACEHOLDER.sub(lambda match: words[match[1]], policy.message))


def _value(expression: _Expression, data: Mapping[str, Any]) -> bool | _Failed:
    given: dict[str, Any] = {}
    for name, keys in expression.fields.items():
        value = data.get(name, {})
        given[name] = value if keys is None else {key: value[key] for key in keys if key in value}
    try:
        value = expression.program.execute(given)
    except (KeyError, IndexError) as error:
        return _Failed(f"there is no {error}", True)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - also a panic of the library, which is no Exception
        return _Failed(str(error).partition("\n")[0].partition(". ")[0].removesuffix("."), False)
    if not isinstance(value, bool):
        return _Failed(f"it gives {value!r} instead of true or false", False)
    return value


def _finding(compiled: _Compiled, located: Located[Entity], message: str) -> Diagnostic:
    policy = compiled.policy
    return Diagnostic(
        code=policy.code,
        message=message,
        file=located.file,
        span=_place(located, compiled.at),
        help=policy.help or f"the settings expect {' '.join(policy.expect.split())}",
        entity=located.ref,
    )


def _place(located: Located[Entity], at: Path) -> Span:
    """The value at a path; its key where it takes several lines, and the name where it is not written."""
    if at:
        enclosing = located.places.value_span(at[:-1])
        span = located.places.value_span(at)
        if span != enclosing:
            return span if span.start.line == span.end.line else located.places.key_span(at)
    return located.places.value_span(("metadata", "name"))


def _rule_of(policy: Policy, evaluation: _Evaluation) -> type[Rule]:
    def check(self: Rule, catalog: Catalog, context: RuleContext) -> Iterable[Diagnostic]:
        return evaluation.findings(policy.code, catalog)

    return type(
        f"Policy{policy.code}",
        (Rule,),
        {
            "__doc__": _page(policy),
            "__module__": __name__,
            "code": policy.code,
            "name": policy.name,
            "severity": Severity(policy.severity),
            "check": check,
        },
    )


def _page(policy: Policy) -> str:
    about = ", ".join(f"`{kind}`" for kind in policy.for_) or "every kind"
    when = f"\n    when = {policy.when.strip()}" if policy.when.strip() else ""
    advice = f"\n\n## What to do\n\n{policy.help}" if policy.help else ""
    return (
        f"{policy.name[:1].upper()}{policy.name[1:].replace('-', ' ')}: a policy of this catalog's settings.\n\n"
        f"For {about}:\n\n{when}\n    expect = {policy.expect.strip()}\n\nMessage: {policy.message}{advice}\n"
    )
