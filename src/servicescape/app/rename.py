"""Gives an entity another name, in its definition and in every reference to it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicescape.app.load import Loaded, load
from servicescape.app.rewrite import Change
from servicescape.bind.located import Located
from servicescape.catalog.names import NameIndex
from servicescape.catalog.references import name_key
from servicescape.diagnostics import Edit, Position, Span
from servicescape.diagnostics.errors import ToolError
from servicescape.dialects.draft import ForeignPlaces
from servicescape.dialects.kubernetes import FOR
from servicescape.model.entity import Entity
from servicescape.model.kinds import KINDS
from servicescape.model.names import NAME_MAX_LENGTH, NAME_PATTERN, canonical, kind_of, name_of
from servicescape.model.references import ReferenceUse, references_of
from servicescape.source.cache import Cache
from servicescape.source.text import SourceFile
from servicescape.syntax.document import read_documents
from servicescape.syntax.edits import apply_edits
from servicescape.syntax.scalars import read_plain


@dataclass(frozen=True, slots=True)
class Renamed:
    """What a new name changes."""

    before: str
    """Canonical reference before."""
    after: str
    references: int
    """References that were rewritten, besides the definition."""
    changes: list[Change]


def rename(
    reference: str,
    name: str,
    paths: Sequence[str | Path] = (),
    *,
    keep_alias: bool = False,
    cwd: Path | None = None,
    cache: Cache | None = None,
) -> Renamed:
    """Finds all edits that give an entity a new name; writes nothing. Raises ToolError where it must not be done."""
    loaded = load(paths, cwd=cwd, cache=cache)
    return _Renaming(loaded, _find(loaded, reference), name, keep_alias).run()


def _find(loaded: Loaded, text: str) -> Located[Entity]:
    names = loaded.catalog.names
    found = {ref for kind in KINDS if (ref := names.find(text, (kind,))) is not None}
    if len(found) > 1:
        raise ToolError(f"`{text}` names more than one thing", f"write one of {', '.join(sorted(found))}")
    if not found:
        close = names.suggest(text, tuple(KINDS), "default")
        raise ToolError(
            f"`{text}` is not defined",
            f"did you mean `{close}`?" if close else "name an entity by kind and name, such as `service:basket`",
        )
    ref = found.pop()
    if ref not in loaded.catalog.entities:
        raise ToolError(f"`{ref}` comes with the tool", "name an entity of the catalog")
    return loaded.catalog.entities[ref]


class _Renaming:
    def __init__(self, loaded: Loaded, located: Located[Entity], name: str, keep_alias: bool) -> None:
        self._loaded = loaded
        self._located = located
        self._name = name
        self._keep_alias = keep_alias
        metadata = located.entity.metadata
        self._old = metadata.name
        self._before = located.ref
        self._after = canonical(located.entity.kind, name, metadata.namespace)
        self._edits: dict[str, list[Edit]] = {}
        self._expected: dict[str, list[str]] = {}
        """What must be new in each file afterwards."""

    def run(self) -> Renamed:
        self._require_name()
        self._require_readable()
        index = self._index_afterwards()
        located = self._located
        self._edit_name(located, ("metadata", "name"), self._old, self._name, is_key=False)
        count = 0
        for other in self._loaded.catalog.entities.values():
            for use in references_of(other.entity):
                count += self._follow(other, use, index)
        if self._keep_alias:
            self._add_alias()
        changes = []
        for file, edits in sorted(self._edits.items()):
            source = self._loaded.sources[file]
            changes.append(Change(source, self._proved(source, edits)))
        return Renamed(self._before, self._after, count, changes)

    # What must hold before.

    def _require_name(self) -> None:
        name, entity = self._name, self._located.entity
        if name == self._old:
            raise ToolError(f"`{self._before}` has this name already", "choose another name")
        if not re.fullmatch(NAME_PATTERN, name) or len(name) > NAME_MAX_LENGTH:
            raise ToolError(
                f"`{name}` is not a name",
                f"small letters, digits and dashes, at most {NAME_MAX_LENGTH} characters, without kind and namespace",
            )
        wanted = (name_key(entity)[0], entity.metadata.namespace, name)
        for other in self._loaded.catalog.entities.values():
            kind, namespace, _ = name_key(other.entity)
            names = {other.entity.metadata.name, *other.entity.metadata.aliases}
            if (kind, namespace) == wanted[:2] and name in names:
                start = other.places.value_span(("metadata", "name")).start
                what = "the name" if other.entity.metadata.name == name else "an old name"
                raise ToolError(
                    f"`{name}` is taken: it is {what} of `{other.ref}` ({other.file}:{start.line}:{start.column})",
                    "choose another name, or take it out of `metadata.aliases` there",
                )
        if self._after in self._loaded.catalog.slos:
            raise ToolError(f"`{name}` is taken by an SLO within another entity", "choose another name")

    def _require_readable(self) -> None:
        """Refuses where a file that mentions the name has parts that cannot be read: they may refer to it."""
        mention = re.compile(rf"(?<![\w-]){re.escape(self._old)}(?![\w-])")
        doubtful = sorted(
            {
                finding.file
                for finding in self._loaded.diagnostics
                if finding.code.startswith(("YML", "SCH", "REF204", "DIA15")) and finding.code != "YML011"
                if (text := self._loaded.text_of(finding.file)) is None or mention.search(text)
            }
        )
        if doubtful:
            raise ToolError(
                f"parts of {', '.join(doubtful)} cannot be read and may refer to `{self._old}`; nothing was written",
                "mend what `servicescape validate` says of these files first",
            )

    def _index_afterwards(self) -> NameIndex:
        entities = [located.entity for located in self._loaded.catalog.entities.values()]
        aliases = {
            (entity.kind, entity.metadata.namespace, alias): self._moved(entity.ref)
            for entity in entities
            for alias in entity.metadata.aliases
        }
        return NameIndex(
            ((entity.kind, entity.metadata.namespace, name_of(self._moved(entity.ref))) for entity in entities),
            aliases,
        )

    def _moved(self, ref: str) -> str:
        return self._after if ref == self._before else ref

    # Edits.

    def _follow(self, located: Located[Entity], use: ReferenceUse, index: NameIndex) -> int:
        """Rewrites a reference if it names the entity; makes sure that any other still means what it meant."""
        namespace = located.entity.metadata.namespace
        ref = self._loaded.catalog.names.find(use.text, use.kinds, namespace)
        if ref is None:
            return 0

        def place() -> str:
            # Only for what is refused: a place costs reading the file once more.
            start = (located.places.key_span if use.is_key else located.places.value_span)(use.path).start
            return f"{located.file}:{start.line}:{start.column}"

        if ref != self._before:
            if index.find(use.text, use.kinds, namespace) != ref:
                raise ToolError(
                    f"`{use.text}` at {place()} would mean `{self._after}` then",
                    "choose another name, or write that reference with its kind",
                )
            return 0
        text = use.text.removesuffix(name_of(use.text)) + self._name
        if index.find(text, use.kinds, namespace) != self._after:
            text = f"{kind_of(self._after)}:{text}" if ":" not in text else text
            if index.find(text, use.kinds, namespace) != self._after:
                raise ToolError(
                    f"`{text}` at {place()} would not mean `{self._after}`",
                    "choose another name",
                )
        self._edit_name(located, use.path, use.text, text, is_key=use.is_key)
        return 1

    def _edit_name(
        self, located: Located[Entity], path: tuple[str | int, ...], old: str, new: str, *, is_key: bool
    ) -> None:
        source = self._loaded.sources[located.file]
        span = (located.places.key_span if is_key else located.places.value_span)(path)
        start, end = source.lines.offset(span.start), source.lines.offset(span.end)
        written = source.text[start:end]
        at = written.rfind(old)
        if isinstance(located.places, ForeignPlaces) and written.strip("\"'") != old:
            place = f"{located.file}:{span.start.line}:{span.start.column}"
            raise ToolError(
                f"`{old}` is made of what stands at {place}, which another tool reads; nothing was written",
                f"change it there by hand, or say `{FOR}: {name_of(new)}` in its annotations first",
            )
        if at < 0:
            raise ToolError(
                f"`{old}` at {located.file}:{span.start.line}:{span.start.column} is written in a way that cannot be "
                "edited; nothing was written",
                "write the name without escapes first",
            )
        # Only what differs is replaced: kind and namespace stay as they are written.
        kept = len(old) - len(name_of(old)) if new.startswith(old[: len(old) - len(name_of(old))]) else 0
        first, last = start + at + kept, start + at + len(old)
        text = new[kept:]
        is_plain = (
            written[at - 1 : at] not in ('"', "'") or written[at + len(old) : at + len(old) + 1] != written[at - 1]
        )
        if is_plain and (read_plain(new) != new or (":" in new and "/" not in new)):
            first, text = start + at, f'"{new}"'
        edit = Edit(located.file, source.lines.span(first, last), text)
        is_known = edit in self._edits.get(located.file, ())
        if is_known and isinstance(located.places, ForeignPlaces):
            return  # Several entities of one foreign document share its words.
        if not is_known:  # An alias (`*name`) is written where its anchor stands, and reads the new name all the same.
            self._add(located.file, edit)
        self._expected.setdefault(located.file, []).append(new)

    def _add(self, file: str, edit: Edit) -> None:
        self._edits.setdefault(file, []).append(edit)

    def _add_alias(self) -> None:
        located = self._located
        source = self._loaded.sources[located.file]
        lines, break_ = source.lines, "\r\n" if "\r\n" in source.text else "\n"
        aliases = located.entity.metadata.aliases
        places = located.places
        self._expected[located.file].append(self._old)
        if aliases:
            span = places.value_span(("metadata", "aliases"))
            last = places.value_span(("metadata", "aliases", len(aliases) - 1))
            line = lines.line(last.start.line)
            dash = re.match(r"\s*-\s+", line)
            if source.text[lines.offset(span.start)] == "[":
                self._add(located.file, Edit(located.file, Span(last.end, last.end), f", {self._old}"))
            elif dash is not None:
                end = Position(last.end.line, len(lines.line(last.end.line)) + 1)
                self._add(located.file, Edit(located.file, Span(end, end), f"{break_}{dash[0]}{self._old}"))
            return
        name = places.value_span(("metadata", "name"))
        if source.text[lines.offset(places.value_span(("metadata",)).start)] == "{":
            self._add(located.file, Edit(located.file, Span(name.end, name.end), f", aliases: [{self._old}]"))
            return
        indent = " " * (places.key_span(("metadata", "name")).start.column - 1)
        end = Position(name.end.line, len(lines.line(name.end.line)) + 1)
        self._add(located.file, Edit(located.file, Span(end, end), f"{break_}{indent}aliases: [{self._old}]"))

    # Proof.

    def _proved(self, source: SourceFile, edits: list[Edit]) -> str:
        """The new text of a file, in which exactly the names have changed. Raises ToolError where more would."""
        text = apply_edits(source, edits)
        before, _, _ = read_documents(source)
        after, _, _ = read_documents(SourceFile(source.path, source.name, text))
        changed = [new for one, other in zip(before, after, strict=False) for new in _changes(one.value, other.value)]
        if len(before) != len(after) or sorted(map(str, changed)) != sorted(map(str, self._expected[source.name])):
            raise ToolError(
                f"in {source.name} something else than the name would change, perhaps because an anchor stands for "
                "several things; nothing was written",
                "write the name out where an alias (`*name`) repeats it",
            )
        return text


def _changes(one: Any, other: Any) -> Iterator[Any]:
    """Keys and values that are there now and were not before."""
    if isinstance(one, dict) and isinstance(other, dict):
        if len(one) == len(other):
            for (key, value), (new_key, new_value) in zip(one.items(), other.items(), strict=True):
                if key != new_key:
                    yield new_key
                yield from _changes(value, new_value)
            return
        for key, value in other.items():
            if key in one:
                yield from _changes(one[key], value)
            else:
                yield from value
    elif isinstance(one, tuple) and isinstance(other, tuple):
        for value, new_value in zip(one, other, strict=False):
            yield from _changes(value, new_value)
        yield from other[len(one) :]
    elif one != other or type(one) is not type(other):
        yield other
