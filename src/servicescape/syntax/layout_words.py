"""How one scalar is best written: with the quotes that YAML 1.2 and 1.1 readers need, and no others."""

import re

from servicescape.syntax.layout_tree import Piece
from servicescape.syntax.scalars import read_plain

_WORD = re.compile(r"[A-Za-z/_][A-Za-z0-9_./@+-]*")
"""Text that no reader of YAML takes for anything else, unless it is one of the words below."""
_WORD_WITH_COLONS = re.compile(r"[A-Za-z/_][A-Za-z0-9_./@+-]*(?::[A-Za-z0-9_./@+-]+)+")
_TRUTH_ELSEWHERE = frozenset({"y", "n", "yes", "no", "on", "off"})
"""Truth values of YAML 1.1, and text in YAML 1.2."""
_TAKEN = _TRUTH_ELSEWHERE | {"true", "false", "null"}


def needs_no_quotes(value: str, *, in_flow: bool, is_key: bool) -> bool:
    """Whether every reader of YAML takes this text for text without quotes.

    Texts with blanks are no business of ours: quotes tell prose from words, and the author may want them.
    """
    if value.lower() in _TAKEN or read_plain(value) != value:
        return False
    if _WORD.fullmatch(value):
        return True
    return not in_flow and not is_key and _WORD_WITH_COLONS.fullmatch(value) is not None


def written_scalar(
    text: str, piece: Piece, *, in_flow: bool = False, is_key: bool = False, is_word: bool = False
) -> str:
    """A scalar or alias as it should stand, anchor and tag included.

    `is_word`: whether the language expects one of a few words here, which no YAML 1.1 reader will ever see.
    """
    before, body = text[piece.start : piece.body].rstrip(), text[piece.body : piece.end]
    if "!" not in before and "\n" not in body:
        body = _body(piece, body, in_flow=in_flow, is_key=is_key, is_word=is_word)
    return f"{before} {body}" if before and body else before or body


def _body(piece: Piece, body: str, *, in_flow: bool, is_key: bool, is_word: bool) -> str:
    if piece.kind == "alias" or piece.style in ("|", ">"):
        return body
    if not piece.style:
        misread = body.lower() in _TRUTH_ELSEWHERE and not is_key and not is_word
        return f'"{body}"' if misread else body
    if piece.style == '"' and piece.value != body[1:-1]:
        return body
    if needs_no_quotes(piece.value, in_flow=in_flow, is_key=is_key):
        return piece.value
    if piece.style == "'" and '"' not in piece.value and "\\" not in piece.value:
        return f'"{piece.value}"'
    return body
