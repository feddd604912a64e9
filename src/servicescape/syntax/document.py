"""The documents of a file: their plain values at once, and places in them when somebody asks."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from servicescape.diagnostics.diagnostic import Diagnostic, Edit, Fix, Label
from servicescape.diagnostics.position import Position, Span
from servicescape.diagnostics.records import record
from servicescape.model.kinds import KINDS
from servicescape.source.text import SourceFile
from servicescape.syntax.compose import PLAIN, MappingNode, Node, ScalarNode, SequenceNode, YamlProblem, compose
from servicescape.syntax.masking import BYTE_ORDER_MARK, mask
from servicescape.syntax.problems import explain_problem
from servicescape.syntax.values import Flaw, ValueReader, end_of

Path = tuple[str | int, ...]

_DIRECTIVE = re.compile(r"^%YAML[ \t]+(\S+)", re.MULTILINE)
_SEPARATOR = re.compile(r"^---(?=[ \t\r\n]|$)", re.MULTILINE)
_KIND = re.compile(r"^kind:[ \t]*['\"]?([A-Za-z]+)", re.MULTILINE)
_METADATA = re.compile(r"^metadata:(.*(?:\n(?:[ \t].*)?)*)", re.MULTILINE)
_NAME = re.compile(r"(?:^|[{,])[ \t]*name:[ \t]*['\"]?([\w-]+)", re.MULTILINE)
_NAMESPACE = re.compile(r"(?:^|[{,])[ \t]*namespace:[ \t]*['\"]?([\w-]+)", re.MULTILINE)


Question = tuple[int, bool, Path]
"""Number of a document, whether its key is meant or its value, and a path in it."""


class _FileNodes:
    """The node trees of one file, made a second time only for the files in which something is said."""

    def __init__(self, source: SourceFile, starts: list[tuple[int, str]]) -> None:
        self.source = source
        self._pieces = starts
        self.places: dict[Question, Span] = {}
        """Every place that was asked for, and those that an earlier run was asked for."""

    @cached_property
    def roots(self) -> list[tuple[int, Node]]:
        """Offset to add, and root node, of each document that is not empty."""
        found: list[tuple[int, Node]] = []
        for base, text in self._pieces:
            try:
                found.extend((base, root) for root in compose(text) if root is not None and not _is_empty(root))
            except YamlProblem:
                continue
        return found


@dataclass(frozen=True)
class Document:
    """One document of a file that is not empty. Tells places (the protocol `bind.located.Places`)."""

    value: Any
    """dict, tuple, str, int, Decimal, bool or None."""
    _nodes: _FileNodes
    _index: int

    @property
    def file(self) -> str:
        """The file as the user would type it."""
        return self._nodes.source.name

    @property
    def source(self) -> SourceFile:
        """The file that it stands in."""
        return self._nodes.source

    @property
    def index(self) -> int:
        """Its number among the documents of the file that are not empty, from 0."""
        return self._index

    @property
    def asked(self) -> dict[Question, Span]:
        """Every place in the file that was asked for; one table for all its documents."""
        return self._nodes.places

    def value_span(self, path: Path) -> Span:
        """Where the value at a path stands; the nearest enclosing value where the path is not written out."""
        return self._place(path, of_key=False)

    def key_span(self, path: Path) -> Span:
        """Where the key at a path stands; for a list item and the document itself its first key, or else its value."""
        return self._place(path, of_key=True)

    def _place(self, path: Path, *, of_key: bool) -> Span:
        nodes = self._nodes
        question = self._index, of_key, path
        found = nodes.places.get(question)
        if found is None:
            base, key, node = self._find(path)
            if of_key:
                if key is None and type(node) is MappingNode and node.value:
                    key = node.value[0][0]
                node = key if key is not None else node
            found = nodes.source.lines.span(base + node.start_mark.index, base + end_of(node))
            nodes.places[question] = found
        return found

    def written_at(self, path: Path) -> "Written | None":
        """What is written out at exactly this path; None where it stands elsewhere, and an alias repeats it here."""
        base, node = self._nodes.roots[self._index]
        parent, number = None, 0
        for part in path:
            parent = node
            found = _own_step(node, part)
            if found is None:
                return None
            number, node = found
            if not parent.start_mark.index <= node.start_mark.index <= parent.end_mark.index:
                return None
        if parent is None:
            return None
        is_map = type(parent) is MappingNode
        entries = [
            (base + (item[0] if is_map else item).start_mark.index, base + end_of(item[1] if is_map else item))
            for item in parent.value
        ]
        key = parent.value[number][0] if is_map else None
        return Written(
            source=self.source,
            key=(base + key.start_mark.index, base + key.end_mark.index) if key is not None else None,
            value=(base + node.start_mark.index, base + end_of(node)),
            entries=entries,
            number=number,
            in_flow=bool(getattr(parent, "flow_style", False)),
        )

    def _find(self, path: Path) -> tuple[int, Node | None, Node]:
        """Offset to add, key node (None for list items and the root) and value node at a path, as far as it goes."""
        base, node = self._nodes.roots[self._index]
        key: Node | None = None
        for part in path:
            step = _step(node, part)
            if step is None:
                break
            key, node = step
        return base, key, node


@record()
class Written:
    """One key with its value, or one list item, in offsets of its file."""

    source: SourceFile
    key: tuple[int, int] | None
    value: tuple[int, int]
    entries: list[tuple[int, int]]
    """All keys with their values, or all items, beside it."""
    number: int
    """Which of them it is."""
    in_flow: bool
    """Whether they stand in brackets."""


def _own_step(node: Node, part: str | int) -> tuple[int, Node] | None:
    """Number and value of a key or item that a collection itself has written out."""
    if type(node) is SequenceNode and isinstance(part, int) and part < len(node.value):
        return part, node.value[part]
    if type(node) is MappingNode:
        for number, (key, value) in enumerate(node.value):
            if type(key) is ScalarNode and key.value == part:
                return number, value
    return None


def _step(node: Node, part: str | int, within: tuple[int, ...] = ()) -> tuple[Node | None, Node] | None:
    if type(node) is SequenceNode:
        if isinstance(part, int) and part < len(node.value):
            return None, node.value[part]
        return None
    if type(node) is not MappingNode:
        return None
    merges: list[Node] = []
    for key, value in node.value:
        if type(key) is ScalarNode:
            if key.value == part:
                return key, value
            if key.value == "<<":
                merges.extend(value.value if type(value) is SequenceNode else [value])
    # A mapping that merges itself was reported; it must not be searched for ever.
    within = (*within, id(node))
    for merge in merges:
        if type(merge) is MappingNode and id(merge) not in within:
            found = _step(merge, part, within)
            if found is not None:
                return found
    return None


def read_documents(source: SourceFile) -> tuple[list[Document], list[Diagnostic], list[tuple[str, str | None, str]]]:
    """All documents of a file that can be read, the faults in the rest, and the names that the rest defines.

    After a fault, reading goes on at the next `---`. The names, as `(kind, namespace, name)`, are guessed from the
    text of what could not be read, so that references to them are not called undefined on top; the namespace is None
    where none is written.
    """
    text, hidden = mask(source)
    # A character that cannot stand there may well make what is around it unreadable, and was reported.
    has_bad_characters = any(finding.code == "YML003" for finding in hidden)
    diagnostics = [*_directives(source), *hidden]
    has_aliases = "&" in text and "*" in text
    pieces: list[tuple[int, str]] = []
    nodes = _FileNodes(source, pieces)
    documents: list[Document] = []
    lost: list[tuple[str, str | None, str]] = []
    base = read = 0
    while True:
        piece = text[base:] if base else text
        pieces.append((base, piece))
        reader = ValueReader(has_aliases=has_aliases)
        end = 0
        try:
            for root in compose(piece):
                if root is not None and not _is_empty(root):
                    value = reader.read(root)
                    start = base + root.start_mark.index
                    if has_bad_characters and BYTE_ORDER_MARK in text[max(start - 1, 0) : start + 1]:
                        # To the scanner its first line is indented by one, and the others are not.
                        lost.extend(names_in(text[start : base + root.end_mark.index]))
                    elif value is not None:
                        documents.append(Document(value, nodes, read))
                    read += 1
                    lost.extend(each for part in reader.joined for each in names_in(piece[part[0] : part[1]]))
                    reader.joined.clear()
                    end = root.end_mark.index
        except YamlProblem as problem:
            if not _is_said_of_directive(problem) and not has_bad_characters:
                diagnostics.append(explain_problem(source, problem, base))
            diagnostics.extend(_flaw(source, flaw, base) for flaw in reader.flaws)
            following = _SEPARATOR.search(text, base + max(problem.offset, 1))
            broken = text[base + end : following.start() if following else len(text)]
            lost.extend(names_in(broken))
            pieces[-1] = (base, text[base : base + end])
            if following is None:
                break
            base = following.start()
            continue
        diagnostics.extend(_flaw(source, flaw, base) for flaw in reader.flaws)
        break
    return documents, diagnostics, lost


def kept_documents(
    source: SourceFile, values: Iterable[tuple[int, Any]], places: Mapping[Question, Span]
) -> list[Document]:
    """The documents of a file without faults, whose values, with their `index`, are known from an earlier reading.

    `places` are those that are known as well; the file is parsed only when somebody asks for another.
    """
    nodes = _FileNodes(source, [(0, source.text)])
    nodes.places.update(places)
    return [Document(value, nodes, index) for index, value in values]


def _is_empty(root: Node) -> bool:
    return type(root) is ScalarNode and root.value == "" and root.ctag is PLAIN


def _directives(source: SourceFile) -> Iterator[Diagnostic]:
    if "%YAML" not in source.text:
        return
    for match in _DIRECTIVE.finditer(source.text):
        if match[1] != "1.2":
            yield Diagnostic(
                code="YML006",
                message=f"YAML {match[1]} is asked for, and catalogs are YAML 1.2",
                file=source.name,
                span=source.lines.span(match.start(), match.end()),
                label="this changes what `no`, `on` and `010` mean",
                help="remove the line",
                fix=Fix("remove the line", (Edit(source.name, _whole_line(source, match.start()), ""),)),
            )


def _whole_line(source: SourceFile, offset: int) -> Span:
    """A line with its break."""
    line = source.lines.position(offset).line
    if line == len(source.lines):
        return Span(Position(line, 1), Position(line, len(source.lines.line(line)) + 1))
    return Span(Position(line, 1), Position(line + 1, 1))


def _is_said_of_directive(problem: YamlProblem) -> bool:
    """Whether `_directives` has said it already, in better words."""
    return problem.problem.startswith("found incompatible YAML document")


def _flaw(source: SourceFile, flaw: Flaw, base: int) -> Diagnostic:
    lines = source.lines
    related: tuple[Label, ...] = ()
    if flaw.related is not None:
        start, end, words = flaw.related
        related = (Label(source.name, lines.span(base + start, base + end), words),)
    fix = None
    if flaw.repeated is not None:
        from servicescape.syntax.mends import repetition_fix

        entries, number, in_flow = flaw.repeated
        fix = repetition_fix(source, [(base + start, base + end) for start, end in entries], number, in_flow=in_flow)
    elif flaw.separated:
        place = lines.span(base + flaw.start, base + flaw.start)
        fix = Fix("write `---` before it", (Edit(source.name, place, "---\n"),), safe=False)
    return Diagnostic(
        code=flaw.code,
        message=flaw.message,
        file=source.name,
        span=lines.span(base + flaw.start, base + flaw.end),
        label=flaw.label,
        help=flaw.help,
        related=related,
        fix=fix,
    )


def names_in(text: str) -> Iterator[tuple[str, str | None, str]]:
    """Kind, namespace and name of the entities that a text seems to define; where the kind is not clear, each kind."""
    for piece in _SEPARATOR.split(text):
        kind, metadata = _KIND.search(piece), _METADATA.search(piece)
        if metadata:
            name, namespace = _NAME.search(metadata[1]), _NAMESPACE.search(metadata[1])
            if name:
                for each in [kind[1]] if kind and kind[1] in KINDS else KINDS:
                    yield each, namespace[1] if namespace else None, name[1]
