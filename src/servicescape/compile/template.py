"""Fills `{{name}}` in PromQL so that no value can change what the query around it means.

A placeholder is filled by the place it stands in:

- in a quoted string, the value is escaped for that kind of quote;
- in the string of a regex matcher (`=~`, `!~`) the value is a regular expression, unless its parameter is of the type
  `text`, which matches itself alone. It must be one by itself, and where it is only part of the matcher's expression it
  becomes a group: `{{a}}|429` with `5..|x` is `(?:5..|x)|429`;
- elsewhere it must be a single number, duration or name; in the parentheses of `by`, `on` and the like, names.

Comments are taken out: one at the end of a query would swallow whatever a rule puts after it.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import promql_parser


class QueryError(ValueError):
    """A query that cannot be used, with the reason in words for its author."""


_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[^`]*`)
      | \{\{\s*(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*\}\}""",
    re.VERBOSE | re.DOTALL,
)
PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
NUMBER = re.compile(r"(?P<sign>[+-]?)(?:(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|0[xX][0-9a-fA-F]+)")
DURATION = re.compile(r"(?:\d+(?:ms|[smhdwy]))+")
_IDENTIFIER = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
METRIC_NAME = re.compile(_IDENTIFIER)
_NAMES = re.compile(rf"{_IDENTIFIER}(?:\s*,\s*{_IDENTIFIER})*")
_IN_GROUPING = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*$", re.IGNORECASE)
_IN_REPETITION = re.compile(r"\{\d*,?$")
_KEYWORDS = frozenset(
    (
        *("and", "or", "unless", "atan2", "by", "without", "on", "ignoring", "group_left", "group_right", "offset"),
        *("bool", "start", "end", "inf", "nan", "fill", "fill_left", "fill_right", "anchored", "smoothed"),
    )
)
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_OF_REGEX = re.compile(r"[\\.+*?()|\[\]{}^$]")
_MUST_ESCAPE = re.compile(r"[\\\"'\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


@lru_cache(maxsize=4096)
def placeholders(template: str) -> frozenset[str]:
    """Names of all placeholders of a query, comments left aside."""
    found: set[str] = set()
    for match in _TOKEN.finditer(template):
        if match["name"]:
            found.add(match["name"])
        elif match["string"]:
            found.update(PLACEHOLDER.findall(match["string"]))
    return frozenset(found)


def fill(template: str, values: Mapping[str, str], texts: frozenset[str] = frozenset()) -> str:
    """The query with every placeholder filled and comments taken out; raises QueryError.

    `texts` names the placeholders whose values match themselves alone, also within a regular expression.
    """
    out: list[str] = []
    for before, string, name in _tokens(template):
        out.append(before)
        if string:
            out.append(_fill_string(string, "".join(out), values, texts))
        elif name:
            out.append(_bare(name, _value(name, values), "".join(out)))
    return _tidy("".join(out))


@lru_cache(maxsize=4096)
def _tokens(template: str) -> tuple[tuple[str, str, str], ...]:
    """The strings and the bare placeholders of a query, each behind the text before it; what follows them is last."""
    found = []
    position = 0
    for match in _TOKEN.finditer(template):
        found.append((template[position : match.start()], match["string"] or "", match["name"] or ""))
        position = match.end()
    return (*found, (template[position:], "", ""))


def _tidy(text: str) -> str:
    """One statement as written, without empty lines, trailing space and the indentation common to its lines."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    lines = [line for line in lines if line]
    if len(lines) < 2:
        return lines[0].strip() if lines else ""
    if "`" in text:
        return "\n".join(lines).strip()
    indent = min(len(line) - len(line.lstrip()) for line in lines[1:])
    return "\n".join([lines[0].strip(), *(line[indent:] for line in lines[1:])])


def _value(name: str, values: Mapping[str, str]) -> str:
    if name not in values:
        raise QueryError(f"the query uses `{{{{{name}}}}}`, for which there is no value")
    return values[name]


def _fill_string(token: str, before: str, values: Mapping[str, str], texts: frozenset[str]) -> str:
    body = token[1:-1]
    if "{{" not in body:
        return token
    pieces = PLACEHOLDER.split(body)
    if len(pieces) == 1:
        return token
    quote = token[0]
    is_regex = before.rstrip().endswith(("=~", "!~"))
    if quote == "`":
        # A raw string has no escapes, so a value with a backtick could not stand in it.
        quote = '"'
        pieces[::2] = [escape(piece) for piece in pieces[::2]]
    out = [quote]
    literal = ""
    for index, piece in enumerate(pieces):
        if index % 2 == 0:
            out.append(piece)
            literal += piece
            continue
        if (len(literal) - len(literal.rstrip("\\"))) % 2:
            raise QueryError(f"a backslash stands right before `{{{{{piece}}}}}` and would swallow part of its value")
        value = _value(piece, values)
        if is_regex:
            value = _OF_REGEX.sub(r"\\\g<0>", value) if piece in texts else value
            value = _regex(piece, value, _read_string(quote, literal), whole=not any(pieces[::2]) and len(pieces) == 3)
        out.append(escape(value, quote))
        literal += "x"
    out.append(quote)
    return "".join(out)


def escape(text: str, quote: str = '"') -> str:
    """Text as the inside of a PromQL string between such quotes."""

    def replace(match: re.Match[str]) -> str:
        char = match[0]
        if char in "\"'":
            return "\\" + char if char == quote else char
        return _ESCAPES.get(char) or f"\\u{ord(char):04x}"

    return _MUST_ESCAPE.sub(replace, text)


def _regex(name: str, value: str, literal: str, *, whole: bool) -> str:
    fault = regex_fault(value)
    if fault:
        raise QueryError(f"parameter `{name}` stands in a regular expression, and {value!r} is none: {fault}")
    if whole:
        return value
    if _nesting(literal)[1] or _IN_REPETITION.search(literal):
        raise QueryError(f"`{{{{{name}}}}}` cannot stand inside `[…]` or `{{…}}` of a regular expression")
    return f"(?:{value})"


@lru_cache(maxsize=4096)
def regex_fault(value: str) -> str:
    """Why a text is not a regular expression by itself, as Prometheus understands them; empty where it is one."""
    if not _is_balanced(value):
        return "its brackets do not match"
    try:
        promql_parser.parse(f'x{{l=~"{escape(value)}"}}')
    except ValueError:
        return "Prometheus would not understand it"
    return ""


def _is_balanced(regex: str) -> bool:
    """Whether every group that opens closes, and none closes that did not open here."""
    depth, in_class, closed_too_many = _nesting(regex)
    return depth == 0 and not in_class and not closed_too_many


def _nesting(regex: str) -> tuple[int, bool, bool]:
    """Groups open at the end, whether a character class is, and whether a group closed that had not opened."""
    depth = 0
    in_class = closed_too_many = False
    index = 0
    while index < len(regex):
        char = regex[index]
        if char == "\\":
            index += 1
        elif in_class:
            if char == "[" and regex[index + 1 : index + 2] == ":":
                index = max(regex.find(":]", index), index)
                index += 1
            elif char == "]":
                in_class = False
        elif char == "[":
            in_class = True
            # A bracket that stands first in a class means itself.
            index += 1 if regex[index + 1 : index + 2] == "^" else 0
            index += 1 if regex[index + 1 : index + 2] == "]" else 0
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            closed_too_many = closed_too_many or depth < 0
        index += 1
    return depth, in_class, closed_too_many


@lru_cache(maxsize=4096)
def _read_string(quote: str, inside: str) -> str:
    """What a PromQL string says, its escapes undone."""
    try:
        tree: Any = promql_parser.parse(f"{{a={quote}{inside}{quote}}}" if inside else '{a="x"}')
    except ValueError:
        return inside  # Reading the whole query says what is wrong with it.
    return str(tree.matchers.matchers[0].value) if inside else ""


def _bare(name: str, value: str, before: str) -> str:
    number = NUMBER.fullmatch(value)
    if number:
        return f"({value})" if number["sign"] else value
    if DURATION.fullmatch(value):
        return value
    if METRIC_NAME.fullmatch(value) and value.lower() not in _KEYWORDS:
        return value
    if (
        _NAMES.fullmatch(value)
        and _IN_GROUPING.search(before)
        and not _KEYWORDS.intersection(item.strip().lower() for item in value.split(","))
    ):
        return value
    raise QueryError(
        f"parameter `{name}` stands outside of a string, where only a number, a duration or a name can stand, "
        f"not {value!r}"
    )
