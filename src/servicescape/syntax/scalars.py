"""Plain scalars as YAML 1.2 reads them (core schema), with numbers kept exact.

`no`, `on` and dates stay text. What only YAML 1.1 or only some readers take for a number (`010`, `0o17`, `0x1F`,
`1_000`) stays text as well, so that it is refused where a number is expected; `why_not_a_number` says why.
"""

import re
from decimal import Decimal

Scalar = str | int | Decimal | bool | None

NOT_NUMERIC_STARTS = frozenset("abcdeghijklmopqrsuvwxyzABCDEGHIJKLMOPQRSUVWXYZ/_#*&\"'({[<>@$%^=|?!,;:\\")
"""First characters from which no plain scalar can be anything but text."""

_WORDS: dict[str, Scalar] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,2})?")
_MAX_DIGITS = 40
"""More digits than any quantity has; longer runs of digits are identifiers and stay text."""


def read_plain(text: str) -> Scalar:
    """The value of an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) <= _MAX_DIGITS:
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
    return text


_REASONS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"[-+]?0[0-9]+(\.[0-9]*)?"),
        "a leading zero means octal to some YAML readers and nothing to others; write it without",
    ),
    (re.compile(r"[-+]?0[oO][0-7]+"), "octal numbers are not read; write it in decimal"),
    (re.compile(r"[-+]?0[xX][0-9a-fA-F]+"), "hexadecimal numbers are not read; write it in decimal"),
    (re.compile(r"[-+]?[0-9][0-9_]*_[0-9_]*(\.[0-9_]*)?"), "underscores do not belong in numbers"),
    (re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?"), "commas do not belong in numbers"),
    (re.compile(r"[-+]?[0-9]+,[0-9]+"), "the decimal sign is a point, not a comma"),
    (re.compile(r"[-+]?[0-9.]+\s*%"), "the unit is already percent; leave the sign out"),
    (re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE), "only finite numbers have a meaning here"),
    (re.compile(r"[-+]?[0-9.]+[eE][-+]?[0-9]{3,}"), "the exponent is absurdly large"),
)


def why_not_a_number(text: str) -> str | None:
    """Why a text that looks like a number is not one; None where it does not look like one."""
    for pattern, reason in _REASONS:
        if pattern.fullmatch(text.strip()):
            return reason
    return None
