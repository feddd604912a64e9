"""The comments of a YAML text: what stands between its tokens, so that no string or block of text is taken for one."""

import re
from collections.abc import Iterator

from _ruamel_yaml import CParser
from ruamel.yaml.error import YAMLError
from ruamel.yaml.tokens import ScalarToken

from servicescape.diagnostics.records import record
from servicescape.syntax.compose import hide_within_words


@record()
class Comment:
    """One comment. Offsets are code points from the beginning of the text."""

    start: int
    """Where its `#` stands."""
    text: str
    """From the `#` to the end of the line."""
    leads: bool
    """Whether it stands before all content of the file."""


def read_comments(text: str, containing: str = "") -> Iterator[Comment]:
    """Every comment of a text, in order; at least all those that hold `containing`.

    Documents without those characters are not looked into, which makes it cheap to look for a few comments. What is no
    YAML has no comments from the fault to the next `---`.
    """
    content = _CONTENT.search(text)
    leading = content.start() if content else len(text)
    for begin, end in _documents(text):
        last = text.rfind(containing, begin, end)
        if last < 0:
            continue
        try:
            for start, stop in _gaps(text[begin:end]):
                if begin + start > last:
                    break
                for match in _COMMENT.finditer(text, begin + start, begin + stop):
                    yield Comment(match.start(), match[0], match.start() < leading)
        except _Unreadable:
            continue


def _documents(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each document. `---` at the beginning of a line separates them wherever it stands."""
    begin = 0
    for separator in _SEPARATOR.finditer(text):
        if separator.start() > begin:
            yield begin, separator.start()
        begin = separator.start()
    yield begin, len(text)


_COMMENT = re.compile(r"#[^\r\n\x85\u2028\u2029]*")
_LINE_START = r"(?<![^\r\n\x85\u2028\u2029])"
_SEPARATOR = re.compile(_LINE_START + r"---(?=[ \t\r\n\x85\u2028\u2029]|\Z)")
_CONTENT = re.compile(_LINE_START + r"(?![ \t\ufeff]*(?:[#\r\n]|\Z)|%|---[ \t]*(?:[#\r\n]|\Z))[^\r\n]")
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*[ \t]+(?=#)")


class _Unreadable(Exception):  # noqa: N818 - the finding about it is made by those who read the values
    pass


def _gaps(text: str) -> Iterator[tuple[int, int]]:
    """Stretches without a token. Raises _Unreadable where the text is no YAML."""
    done = 0
    try:
        for gap in _gaps_as_written(text):
            done = gap[1]
            yield gap
    except _Unreadable:
        # As in `compose`: what the scanner refuses within words, and YAML 1.2 allows, is hidden from it.
        hidden = hide_within_words(text)
        if hidden is None:
            raise
        for start, end in _gaps_as_written(hidden[0]):
            if end > done:
                yield max(start, done), end
                done = end


def _gaps_as_written(text: str) -> Iterator[tuple[int, int]]:
    scanner = CParser(text)
    last = 0
    try:
        while (token := scanner.get_token()) is not None:
            start = token.start_mark.index
            if start > last:
                yield last, start
            end = token.end_mark.index
            if type(token) is ScalarToken and token.style in ("|", ">"):
                header = _BLOCK_HEADER.match(text, start, end)
                if header is not None:
                    yield header.end(), _end_of_line(text, header.end())
            last = max(last, end)
        if last < len(text):
            yield last, len(text)
    except YAMLError as error:
        raise _Unreadable from error
    finally:
        scanner.dispose()


def _end_of_line(text: str, offset: int) -> int:
    match = _BREAK.search(text, offset)
    return match.start() if match else len(text)


_BREAK = re.compile(r"[\r\n\x85\u2028\u2029]")
