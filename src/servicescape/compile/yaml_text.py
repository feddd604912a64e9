"""Rule files as YAML, written to be read in a review.

A dedicated emitter for one fixed shape: long expressions stand as blocks, quotes only where a reader of YAML 1.1 or 1.2
would otherwise see something else, and the same rules always give the same bytes.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from servicescape.compile.rule import Group, LaterRules, Rule

WIDTH = 110
"""Expressions longer than this, and all with several lines, are written as blocks."""

_INNER = r"[A-Za-z0-9_ .,;/()\[\]{}<>=+*^%$&|~!?@\"'`×÷–-]"
"""Characters that mean nothing to YAML after the first one of a plain scalar; `:` and `#` do."""
_PLAIN = re.compile(rf"[A-Za-z(]{_INNER}*(?::(?=[^\s:]){_INNER}+)*")
_LINE = re.compile(r"^(?=.)", re.MULTILINE)
_DURATION = re.compile(r"(?:\d+[smhdw])+")
_NOT_TEXT = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))
_PRINTABLE = re.compile(r"[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*")
_BLOCK = re.compile(_PRINTABLE.pattern.replace("[", r"[\n", 1))
_BLANK = re.compile(r"^[^\S\n]+$", re.MULTILINE)
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_NEEDS_ESCAPE = re.compile(
    r"[\\\"]|[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@lru_cache(maxsize=65536)
def scalar(text: str) -> str:
    """A text as a scalar on one line."""
    if _is_plain(text):
        return text
    if _PRINTABLE.fullmatch(text) and '"' in text and "\\" not in text:
        return "'" + text.replace("'", "''") + "'"
    return '"' + _NEEDS_ESCAPE.sub(_escape, text) + '"'


def _is_plain(text: str) -> bool:
    return (
        _PLAIN.fullmatch(text) is not None and not text.endswith((" ", ":")) and text.lower() not in _NOT_TEXT
    ) or _DURATION.fullmatch(text) is not None


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:
        return "\\uFFFD"
    return _ESCAPED.get(char) or (f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")


def block(text: str, indent: str) -> str:
    """A text as a value: on one line where it is short, as a literal block where it has several lines."""
    if "\n" not in text and len(text) <= WIDTH:
        return scalar(text)
    # Most are letters, digits and signs on one line, which is seen at once.
    if not (text.isprintable() and text.isascii() and text[0] != " ") and (
        not _BLOCK.fullmatch(text) or text[0] in " \n" or text[-1] == "\n" or _BLANK.search(text)
    ):
        return scalar(text)
    if "\n\n" in text:
        return f"|-\n{_LINE.sub(indent, text)}"
    further = "\n" + indent
    return f"|-\n{indent}{text.replace(chr(10), further)}"


def rule_file(header: str, groups: Iterable[Group], *, top: str = "", of_group: str = "") -> str:
    """A whole rule file: one document, as Prometheus reads no further than the first.

    `top` stands before the groups, `of_group` in each of them, in whole lines.
    """
    return "".join([_header(header), top, *_groups(groups, of_group)])


def groups_text(groups: Iterable[Group]) -> str:
    """The key `groups` with its groups."""
    return "".join(_groups(groups))


def _groups(groups: Iterable[Group], of_group: str = "") -> list[str]:
    out = ["groups:\n"]
    for group in groups:
        out.append(comment(group.comment, "  ") if group.comment else "")
        out.append(f"  - name: {scalar(group.name)}\n    interval: {scalar(group.interval)}\n{of_group}    rules:\n")
        out.append(rules_text(group.rules))
    return out


def rules_text(rules: Iterable[Rule]) -> str:
    """The rules of a group."""
    return rules.text() if isinstance(rules, LaterRules) else "".join([_rule(rule) for rule in rules])


def indented(text: str) -> str:
    """YAML one level further in. No scalar of ours runs over lines unless as a block, which moves along."""
    return _LINE.sub("  ", text)


def comment(text: str, indent: str) -> str:
    """Lines of text as comment lines."""
    lines = re.split(r"[\n\r\x85\u2028\u2029]", text)
    return "".join(f"{indent}# {_NEEDS_ESCAPE_IN_COMMENT.sub(' ', line)}".rstrip() + "\n" for line in lines)


@lru_cache(maxsize=16)
def _header(text: str) -> str:
    # All files have the same.
    return comment(text, "")


_NEEDS_ESCAPE_IN_COMMENT = re.compile(
    r"[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def _rule(rule: Rule) -> str:
    head = (
        f"      - record: {scalar(rule.record)}\n"
        if rule.record is not None
        else f"      - alert: {scalar(rule.alert or '')}\n"
    )
    note = comment(rule.comment, "      ") if rule.comment else ""
    hold = f"        for: {scalar(rule.hold)}\n" if rule.hold else ""
    return (
        f"{note}{head}        expr: {block(rule.expr, '          ')}\n{hold}"
        f"{_mapping('labels', rule.labels)}{_mapping('annotations', rule.annotations)}"
    )


def _mapping(key: str, values: Mapping[str, str]) -> str:
    if not values:
        return ""
    if key == "labels":
        return "        labels:\n" + "".join([label_line(name, text) for name, text in values.items()])
    return f"        {key}:\n" + "".join([annotation_line(name, text) for name, text in values.items()])


@lru_cache(maxsize=512)
def annotation_line(name: str, text: str) -> str:
    """One annotation of an alert, which may take several lines."""
    # All alerts of an SLO share most of theirs.
    return f"          {name}: {block(text, '            ')}\n"


@lru_cache(maxsize=16384)
def label_line(name: str, text: str) -> str:
    """One label of a rule."""
    return f"          {name}: {scalar(text)}\n"
