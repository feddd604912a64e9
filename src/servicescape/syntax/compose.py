"""Text to YAML nodes, each with its start and end, by ruamel.yaml's C scanner.

The C composer calls back into Python for tags and for going one level down or up. The first is answered so cheaply
that all of YAML 1.1's tag guessing is skipped; the other two count the depth, so that absurd nesting ends in an error
instead of an overflowing stack.
"""

import re
from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from _ruamel_yaml import CParser
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.tag import Tag

__all__ = [
    "MAX_DEPTH",
    "PLAIN",
    "MappingNode",
    "Node",
    "ScalarNode",
    "SequenceNode",
    "YamlProblem",
    "compose",
    "hide_within_words",
]

PLAIN = Tag(suffix="plain")
"""`ctag` of a scalar without quotes and without a written tag."""
_NO_TAG = Tag(suffix="")
"""`ctag` of everything else without a written tag."""

MAX_DEPTH = 60
"""Levels of nesting; the language itself needs about ten."""


class YamlProblem(Exception):  # noqa: N818 - becomes a finding, never reaches a caller of syntax
    """Why a text is not YAML. Offsets are code points from the beginning of the text."""

    def __init__(
        self, problem: str, offset: int, *, context: str = "", context_offset: int | None = None, limit: bool = False
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.offset = offset
        self.context = context
        self.context_offset = context_offset
        self.limit = limit
        """Whether the text may well be YAML, but goes beyond a limit of ours."""


class _TooDeep(Exception):  # noqa: N818
    pass


class _Composer(CParser):  # type: ignore[misc]
    """Composes one text. Tags are shared objects unless they are written out."""

    depth = 0

    def resolve(self, kind: type, value: Any, implicit: Any) -> Any:
        """Tells plain from quoted scalars; collections have no tag of interest."""
        return PLAIN if kind is ScalarNode and implicit[0] else _NO_TAG

    def descend_resolver(self, parent: Any, index: Any) -> None:
        """Called before each node."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _TooDeep

    def ascend_resolver(self) -> None:
        """Called after each node."""
        self.depth -= 1


def compose(text: str) -> Iterator[Node | None]:
    """The root node of each document, one after the other; None for an empty document. Raises YamlProblem.

    In brackets and braces the scanner keeps to YAML 1.1 and refuses a colon or a question mark within plain text
    (`{url: https://…}`), which YAML 1.2 allows. Where it does, the text is read again with such characters hidden
    behind others, which leaves every place as it is, and shown again in the nodes.

    An anchor that is defined again (YAML 1.2, 3.2.2.2) is refused as well, and gets another name of its length.
    """
    done = 0
    try:
        for node in _compose(text):
            yield node
            done += 1
    except YamlProblem as problem:
        renamed = _with_anchors_apart(text) if problem.problem.startswith("second occurrence") else None
        if renamed is not None:
            yield from islice(compose(renamed), done, None)
            return
        hidden = hide_within_words(text) if _stumbled_within_word(problem, text) else None
        if hidden is None or hidden[0] == text:
            raise
        masked, shown = hidden
        for number, node in enumerate(compose(masked)):
            if number >= done:
                _unmask(node, shown)
                yield node


def hide_within_words(text: str) -> tuple[str, dict[int, str]] | None:
    """The text with such characters hidden, and the table that shows them again; None where nothing can hide them."""
    masks = _masks(text)
    if len(masks) < len(_WITHIN_WORDS):
        return None
    masked = text
    for (_, pattern), mask in zip(_WITHIN_WORDS, masks, strict=True):
        masked = pattern.sub(mask, masked)
    return masked, str.maketrans({mask: char for (char, _), mask in zip(_WITHIN_WORDS, masks, strict=True)})


def _with_anchors_apart(text: str) -> str | None:
    """The text with a name of its own for each anchor that takes a name anew, and for the aliases that mean it.

    None where no names are left.
    """
    tokens: list[tuple[str, int, str]] = []
    hidden = hide_within_words(text)
    parser = CParser(hidden[0] if hidden is not None else text)
    try:
        while (token := parser.get_token()) is not None:
            kind = type(token).__name__
            if kind in ("AnchorToken", "AliasToken"):
                tokens.append((kind, token.start_mark.index + 1, token.value))
            elif kind == "DocumentStartToken":
                tokens.append((kind, 0, ""))
    except YAMLError:
        return None
    finally:
        parser.dispose()
    taken = {name for _, _, name in tokens}
    free: dict[int, Iterator[str]] = {}
    meant: dict[str, str] = {}
    pieces: list[str] = []
    done = 0
    for kind, start, name in tokens:
        if kind == "DocumentStartToken":
            meant.clear()
            continue
        if kind == "AnchorToken":
            if name in meant:
                names = free.setdefault(len(name), map("".join, product(_ANCHOR_LETTERS, repeat=len(name))))
                other = next((each for each in names if each not in taken), None)
                if other is None:
                    return None
                meant[name] = other
            else:
                meant[name] = name
        pieces += (text[done:start], meant.get(name, name))
        done = start + len(name)
    return "".join([*pieces, text[done:]])


_ANCHOR_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_-"
_WITHIN_WORDS = tuple(
    (char, re.compile(rf"""(?<=[^\s"'\[\]{{}},]){re.escape(char)}(?=[^\s,\[\]{{}}])""")) for char in ":?"
)
"""Characters with text on both sides. After a quote a colon ends a key, as in JSON."""
_PRIVATE_USE = range(0xE000, 0xF8FF)


def _masks(text: str) -> list[str]:
    """Characters of the private use area that do not occur in a text, one for each that may be hidden."""
    free = (chr(code) for code in _PRIVATE_USE if chr(code) not in text)
    return [mask for mask, _ in zip(free, _WITHIN_WORDS, strict=False)]


def _stumbled_within_word(problem: YamlProblem, text: str) -> bool:
    at = text[problem.offset : problem.offset + 1]
    return problem.problem.startswith("found unexpected ':'") or at == "?"


def _unmask(root: Node | None, shown: dict[int, str]) -> None:
    """Shows the hidden characters again in all scalars below a node. Shared nodes are visited once."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if type(node) is ScalarNode:
            node.value = node.value.translate(shown)
        elif type(node) is MappingNode:
            for pair in node.value:
                waiting.extend(pair)
        else:
            waiting.extend(node.value)


def _compose(text: str) -> Iterator[Node | None]:
    composer = _Composer(text)
    last_end = 0
    try:
        while composer.check_node():
            node = composer.get_node()
            if node is not None:
                last_end = node.end_mark.index
            yield node
    except MarkedYAMLError as error:
        problem_mark, context_mark = error.problem_mark, error.context_mark
        mark = problem_mark or context_mark
        raise YamlProblem(
            str(error.problem or error.context or "not YAML").partition("\n")[0],
            min(mark.index if mark is not None else last_end, len(text)),
            context=str(error.context or ""),
            context_offset=min(context_mark.index, len(text)) if context_mark is not None else None,
        ) from error
    except _TooDeep as error:
        raise YamlProblem(
            f"nested deeper than {MAX_DEPTH} levels", _offset_of_depth(text, last_end), limit=True
        ) from error
    except YAMLError as error:
        raise YamlProblem(str(error).partition("\n")[0], last_end) from error
    finally:
        composer.dispose()


def _offset_of_depth(text: str, start: int) -> int:
    """Where nesting passes the limit: found again by events, since the composer tells no place."""
    parser = CParser(text)
    depth = 0
    try:
        while True:
            event = parser.get_event()
            if event is None:
                return start
            name = type(event).__name__
            if name in ("SequenceStartEvent", "MappingStartEvent"):
                depth += 1
                if depth >= MAX_DEPTH:
                    return int(event.start_mark.index)
            elif name in ("SequenceEndEvent", "MappingEndEvent"):
                depth -= 1
    except YAMLError:
        return start
    finally:
        parser.dispose()
