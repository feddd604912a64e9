"""Nodes to plain values, finding on the way what YAML allows and a catalog does not.

Mappings become dicts with text keys, sequences become tuples, scalars what `scalars.read_plain` says. What is wrong is
collected as `Flaw`s by offset; the value goes on with what is sound (the first of two equal keys, no value for an
alias that bites its own tail).
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain, pairwise
from typing import Any

from servicescape.diagnostics.records import record
from servicescape.syntax.compose import PLAIN, MappingNode, Node, ScalarNode, SequenceNode
from servicescape.syntax.scalars import NOT_NUMERIC_STARTS, read_plain

MAX_EXPANDED = 100_000
"""Values in one document after its aliases are written out; far above any honest document."""

_STANDARD = "tag:yaml.org,2002:"
_COLLECTION_TAGS = {f"{_STANDARD}map", f"{_STANDARD}seq"}


@record()
class Flaw:
    """Something wrong at a stretch of text, in offsets."""

    code: str
    message: str
    start: int
    end: int
    label: str = ""
    help: str = ""
    related: tuple[int, int, str] | None = None
    """Start, end and words of a second place."""
    repeated: tuple[list[tuple[int, int]], int, bool] | None = None
    """Of a key that says again what was said: start and end of all entries of the mapping, which of them it is, and
    whether they stand in braces."""
    separated: bool = False
    """Whether a `---` before it mends it."""


class UnreadMapping(dict[str, Any]):
    """A mapping of which nothing could be read, and that was reported: no further fault is to be found in it."""


class ValueReader:
    """Reads the documents of one text."""

    def __init__(self, *, has_aliases: bool) -> None:
        """`has_aliases`: whether the text has any anchor at all; without one nothing needs to be remembered."""
        self.flaws: list[Flaw] = []
        self._has_aliases = has_aliases
        self._done: dict[int, tuple[Any, int]] = {}
        self._open: set[int] = set()
        self._bitten: set[int] = set()
        """Collections in which an alias of themselves was reported."""
        self._size = 0
        self.joined: list[tuple[int, int]] = []
        """Start and end of entities that follow another one in its document, without a `---` between them."""

    def read(self, root: Node) -> Any:
        """The plain value of a document. Anchors do not reach across documents."""
        self._done.clear()
        self._open.clear()
        self._bitten.clear()
        self._size = 0
        self._part_joined(root)
        value = self._value(root)
        if self._size > MAX_EXPANDED:
            self.flaws.append(
                Flaw(
                    "YML009",
                    f"the aliases of this document stand for {self._size:,} values, more than {MAX_EXPANDED:,}",
                    root.start_mark.index,
                    root.start_mark.index,
                    help="write the values out, or split the document",
                )
            )
            return None
        return value

    def _part_joined(self, root: Node) -> None:
        """Takes off what follows a second `apiVersion`: it is the next entity, and all its keys would be repeated."""
        if type(root) is not MappingNode or getattr(root, "flow_style", False):
            return
        heads = [number for number, (key, _) in enumerate(root.value) if getattr(key, "value", "") == "apiVersion"]
        # A line that was doubled has nothing of its own.
        heads = [number for number in heads if number == 0 or number - 1 not in heads]
        for number, following in pairwise([*heads[1:], len(root.value)]):
            key, last = root.value[number][0], root.value[following - 1][1]
            self.joined.append((key.start_mark.index, end_of(last)))
            self.flaws.append(
                Flaw(
                    "YML005",
                    "a second entity begins here, and no `---` stands before it",
                    key.start_mark.index,
                    key.end_mark.index,
                    label="begins another document",
                    help="write `---` on a line of its own before it",
                    separated=True,
                )
            )
        if len(heads) > 1:
            del root.value[heads[1] :]

    def _value(self, node: Node) -> Any:
        if type(node) is ScalarNode:
            return self._scalar(node)
        if not self._has_aliases:
            return self._collection(node)
        key = id(node)
        known = self._done.get(key)
        if known is not None:
            self._size += known[1]
            return known[0]
        if key in self._open:
            if key in self._bitten:
                return None
            self._bitten.add(key)
            self.flaws.append(
                Flaw(
                    "YML010",
                    "an alias stands inside the very value that it repeats",
                    node.start_mark.index,
                    node.start_mark.index + 1,
                    label="this value contains itself",
                    help="write the value out instead of the alias",
                )
            )
            return None
        self._open.add(key)
        before = self._size
        value = self._collection(node)
        self._open.discard(key)
        self._done[key] = (value, self._size - before)
        return value

    def _collection(self, node: Node) -> Any:
        if node.ctag.suffix and str(node.tag) not in _COLLECTION_TAGS:
            self._refuse_tag(node)
        if type(node) is SequenceNode:
            self._size += len(node.value)
            return tuple([self._value(item) for item in node.value])
        return self._mapping(node)

    def _mapping(self, node: Node) -> dict[str, Any]:
        self._size += len(node.value)
        out: dict[str, Any] = {}
        merges: list[Node] = []
        scalar = self._scalar
        for key_node, value_node in node.value:
            if type(key_node) is not ScalarNode:
                self.flaws.append(_unusable_key(node, key_node))
                if len(node.value) == 1:
                    return UnreadMapping()
                continue
            key = key_node.value
            if key == "<<" and key_node.ctag is PLAIN:
                merges.append(value_node)
                continue
            if key in out:
                self._duplicate(node, key_node)
                continue
            out[key] = scalar(value_node) if type(value_node) is ScalarNode else self._value(value_node)
        for merge in merges:
            self._merge(out, merge)
        return out

    def _merge(self, out: dict[str, Any], node: Node) -> None:
        sources = node.value if type(node) is SequenceNode else [node]
        for source in sources:
            value = self._value(source)
            if isinstance(value, dict):
                for key, item in value.items():
                    out.setdefault(key, item)
            elif id(source) not in self._bitten:
                self.flaws.append(
                    Flaw(
                        "YML008",
                        "`<<` merges mappings, and this is not one",
                        source.start_mark.index,
                        source.end_mark.index,
                        help="let the alias name a mapping, or list several in brackets",
                    )
                )

    def _duplicate(self, mapping: Node, again: ScalarNode) -> None:
        first, first_value = next(
            (key, value)
            for key, value in mapping.value
            if type(key) is ScalarNode and key.value == again.value and key is not again
        )
        number, value = next((number, pair[1]) for number, pair in enumerate(mapping.value) if pair[0] is again)
        repeated = None
        if _are_equal(first_value, value):
            entries = [(key.start_mark.index, end_of(each)) for key, each in mapping.value]
            repeated = entries, number, bool(getattr(mapping, "flow_style", False))
        self.flaws.append(
            Flaw(
                "YML005",
                f"the key `{again.value}` stands twice in one mapping",
                again.start_mark.index,
                again.end_mark.index,
                label="second time",
                help="remove one of the two; readers of YAML disagree about which one counts",
                related=(first.start_mark.index, first.end_mark.index, "first time"),
                repeated=repeated,
            )
        )

    def _scalar(self, node: ScalarNode) -> Any:
        text = node.value
        tag = node.ctag
        if tag is PLAIN:
            if text and text[0] in NOT_NUMERIC_STARTS:
                return text
            return read_plain(text)
        if not tag.suffix or tag.suffix == "!":
            return text
        return self._tagged(node, text)

    def _tagged(self, node: ScalarNode, text: str) -> Any:
        tag = str(node.tag)
        if tag == f"{_STANDARD}str":
            return text
        if tag.startswith(_STANDARD):
            value = read_plain(text)
            types = _TAG_TYPES.get(tag.removeprefix(_STANDARD))
            if types is not None and isinstance(value, types) and isinstance(value, bool) == (types is bool):
                return value
        self._refuse_tag(node)
        return text

    def _refuse_tag(self, node: Node) -> None:
        tag = str(node.tag)
        shown = tag.replace(_STANDARD, "!!", 1)
        self.flaws.append(
            Flaw(
                "YML007",
                f"the tag `{shown}` has no meaning here",
                node.start_mark.index,
                node.start_mark.index + len(shown),
                label="only plain YAML values are read",
                help="remove the tag; quote the value if it must stay text",
            )
        )


def _unusable_key(mapping: Node, key: Node) -> Flaw:
    """Mostly a placeholder: `{{name}}` is a mapping in a mapping for YAML."""
    start, inner = mapping.start_mark.index, key.start_mark.index
    if len(mapping.value) == 1 and type(key) is not SequenceNode and inner - start == 1:
        return Flaw(
            "YML008",
            "a value in double braces needs quotes",
            start,
            mapping.end_mark.index,
            label="this is a mapping within a mapping to YAML",
            help="put the whole value in quotes; what a template fills in must be filled in before it is read here",
        )
    return Flaw(
        "YML008",
        "a key must be plain text, not a list or a mapping",
        inner,
        key.end_mark.index,
        help="write a word before the colon",
    )


_TAG_TYPES: dict[str, Any] = {
    "int": int,
    "float": (int, Decimal),
    "bool": bool,
    "null": type(None),
}


def _are_equal(one: Node, other: Node) -> bool:
    """Whether two nodes are written with equal values. A collection that an alias stands for equals itself alone.

    So each piece of the text is looked at once, however often aliases repeat it, and what holds itself has an end.
    """
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if type(one) is ScalarNode:
        return bool(one.value == other.value) and (one.ctag is PLAIN) == (other.ctag is PLAIN)
    if len(one.value) != len(other.value):
        return False
    ours, theirs = one.start_mark.index, other.start_mark.index
    for mine, its in zip(_parts(one), _parts(other), strict=True):
        is_alias = mine.start_mark.index <= ours or its.start_mark.index <= theirs
        if mine is not its and is_alias and type(mine) is not ScalarNode:
            return False
        if not _are_equal(mine, its):
            return False
        # What begins before the end of what was written last is written elsewhere.
        ours, theirs = max(ours, mine.end_mark.index), max(theirs, its.end_mark.index)
    return True


def _parts(node: Node) -> Iterator[Node]:
    """The items of a sequence; keys and values of a mapping, in turn."""
    return iter(node.value) if type(node) is SequenceNode else chain.from_iterable(node.value)


def end_of(node: Node) -> int:
    """Where a node's text ends; a block collection's own end mark lies behind the blank lines that follow it."""
    seen = 0
    while type(node) is not ScalarNode and seen < 100:
        if not node.value or getattr(node, "flow_style", False):
            break
        last = node.value[-1]
        node = last if type(node) is SequenceNode else last[1]
        seen += 1
    return int(node.end_mark.index)
