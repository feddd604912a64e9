"""The comments of a YAML text: what stands between its tokens, so that no string or block of text is taken for one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from _ruamel_yaml import CParser
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.tokens import (
    BlockEndToken,
    DirectiveToken,
    DocumentEndToken,
    DocumentStartToken,
    ScalarToken,
    StreamEndToken,
    StreamStartToken,
)

from servicescape.syntax.compose import hide_within_words


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment. Offsets are code points from the beginning of the text."""

    start: int
    """Where its `#` stands."""
    text: str
    """From the `#` to the end of the line."""
    leads: bool
    """Whether it stands before all content of the file."""


def read_comments(text: str) -> Iterator[Comment]:
    """Every comment of a text, in order. What is no YAML has none from the fault to the next `---`."""
    base, leads = 0, True
    while True:
        end = len(text)
        try:
            for gap, gap_end, has_content in _gaps(text[base:] if base else text):
                leads = leads and not has_content
                for match in _COMMENT.finditer(text, base + gap, base + gap_end):
                    yield Comment(match.start(), match[0], leads)
            return
        except _Unreadable as problem:
            end = base + problem.offset
        leads = False
        following = _SEPARATOR.search(text, max(end, base + 1))
        if following is None:
            return
        base = following.start()


_COMMENT = re.compile(r"(?<![^\s\ufeff])#[^\r\n\x85\u2028\u2029]*")
_SEPARATOR = re.compile(r"^---(?=[ \t\r\n]|$)", re.MULTILINE)
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*[ \t]+(?=#)")
_NO_CONTENT = (StreamStartToken, DirectiveToken, DocumentStartToken, DocumentEndToken, StreamEndToken, BlockEndToken)


class _Unreadable(Exception):  # noqa: N818 - the finding about it is made by those who read the values
    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def _gaps(text: str) -> Iterator[tuple[int, int, bool]]:
    """Stretches without a token, and whether content came before. Raises _Unreadable where the text is no YAML."""
    done = 0
    try:
        for gap in _gaps_as_written(text):
            done = gap[1]
            yield gap
    except _Unreadable as problem:
        # As in `compose`: what the scanner refuses within words, and YAML 1.2 allows, is hidden from it.
        hidden = hide_within_words(text)
        if hidden is None:
            raise
        try:
            for start, end, has_content in _gaps_as_written(hidden[0]):
                if end > done:
                    yield max(start, done), end, has_content
                    done = end
        except _Unreadable as other:
            raise _Unreadable(max(problem.offset, other.offset)) from other


def _gaps_as_written(text: str) -> Iterator[tuple[int, int, bool]]:
    scanner = CParser(text)
    last, has_content = 0, False
    try:
        while (token := scanner.get_token()) is not None:
            start = min(token.start_mark.index, len(text))
            if start > last:
                yield last, start, has_content
            if type(token) not in _NO_CONTENT:
                has_content = True
            end = min(token.end_mark.index, len(text))
            if type(token) is ScalarToken and token.style in ("|", ">"):
                header = _BLOCK_HEADER.match(text, start, end)
                if header is not None:
                    yield header.end(), _end_of_line(text, header.end()), True
            last = max(last, end)
        if last < len(text):
            yield last, len(text), has_content
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _Unreadable(min(mark.index, len(text)) if mark is not None else last) from error
    except YAMLError as error:
        raise _Unreadable(last) from error
    finally:
        scanner.dispose()


def _end_of_line(text: str, offset: int) -> int:
    match = _BREAK.search(text, offset)
    return match.start() if match else len(text)


_BREAK = re.compile(r"[\r\n\x85\u2028\u2029]")
