"""Resolves every reference of every entity, or says which one nothing answers to."""

from collections.abc import Iterator, Sequence

from servicescape.bind.located import Located
from servicescape.bind.mends import key_fix, removal_fix, value_fix
from servicescape.catalog.names import NameIndex
from servicescape.diagnostics import Diagnostic, Fix, Label
from servicescape.model.entity import Entity
from servicescape.model.kinds import KIND_BY_LOWER
from servicescape.model.names import COMPONENT_KINDS, DEFAULT_NAMESPACE, canonical, kind_of, name_of, parse_reference
from servicescape.model.references import ReferenceUse, references_of

Key = tuple[str, str, str]
"""`(kind, namespace, name)`."""


def name_key(entity: Entity) -> Key:
    """What must be unique: the kinds that can fail share one space of names."""
    kind = COMPONENT_KINDS[0] if entity.kind in COMPONENT_KINDS else entity.kind
    return (kind, entity.metadata.namespace, entity.metadata.name)


def shared_key(located: Located[Entity]) -> Key:
    """The same as `name_key`, without looking into the entity."""
    key = located.key
    return (COMPONENT_KINDS[0], key[1], key[2]) if key[0] in COMPONENT_KINDS else key


def index_names(entities: Sequence[Located[Entity]], diagnostics: list[Diagnostic]) -> NameIndex:
    """All names, aliases and titles. Reports an alias that is somebody's name or alias already."""
    aliases: dict[Key, str] = {}
    renamed = [located for located in entities if located.aliases]
    owners: dict[Key, Located[Entity]] = {shared_key(located): located for located in entities} if renamed else {}
    for located in renamed:
        kind, namespace, _ = located.key
        for number, alias in enumerate(located.aliases):
            shared_space = (shared_key(located)[0], namespace, alias)
            other = owners.get(shared_space)
            if other is not None:
                diagnostics.append(_taken_alias(located, number, alias, other))
                continue
            owners[shared_space] = located
            aliases[(kind, namespace, alias)] = located.ref
    return NameIndex(
        {located.key: located.ref for located in entities},
        aliases,
        lambda: [(*located.key, title) for located in entities if (title := located.entity.metadata.title)],
        {located.ref: located for located in entities}.get,
    )


def _taken_alias(located: Located[Entity], number: int, alias: str, other: Located[Entity]) -> Diagnostic:
    path = ("metadata", "aliases", number)
    return Diagnostic(
        code="REF205",
        message=f"the alias `{alias}` is taken",
        file=located.file,
        span=located.places.value_span(path),
        label="an old name must not be anybody's present one",
        help="remove the alias" if other is located else f"remove the alias here, or rename `{other.ref}`",
        entity=located.ref,
        related=(Label(other.file, other.places.value_span(("metadata", "name")), f"`{other.ref}` is defined here"),),
    )


def check_references(
    entities: Sequence[Located[Entity]],
    index: NameIndex,
    broken: frozenset[Key],
    checked: dict[str, frozenset[str]] | None = None,
) -> Iterator[Diagnostic]:
    """A finding for each reference that names nothing, the wrong kind of thing, or the entity itself.

    Entities in `checked` are passed over; those in which all is well are added to it, with the bare names they use.
    """
    for located in entities:
        own = located.ref
        if checked is not None and own in checked:
            continue
        entity = located.entity
        namespace = entity.metadata.namespace
        uses = references_of(entity)
        is_sound = True
        for use in uses:
            found = index.find(use.text, use.kinds, namespace)
            if found is None:
                is_sound = False
                if not _is_broken(use, namespace, broken):
                    yield _unknown(located, use, index)
            elif found == own and _leads_to_itself(use):
                is_sound = False
                yield _itself(located, use)
        if is_sound and checked is not None:
            checked[own] = frozenset([_bare(use.text) for use in uses])


def _bare(text: str) -> str:
    return text if ":" not in text and "/" not in text else name_of(text)


def _leads_to_itself(use: ReferenceUse) -> bool:
    return "dependsOn" in use.path or use.path[-1] in ("platform", "parent")


def _is_broken(use: ReferenceUse, namespace: str, broken: frozenset[Key]) -> bool:
    if not broken:
        return False
    reference = parse_reference(use.text)
    if reference is None:
        return False
    kinds = use.kinds
    if reference.kind is not None:
        kinds = (KIND_BY_LOWER.get(reference.kind, ""),)
    return any((kind, reference.namespace or namespace, reference.name) in broken for kind in kinds)


def _itself(located: Located[Entity], use: ReferenceUse) -> Diagnostic:
    word = "its own parent" if use.path[-1] == "parent" else "dependent on itself"
    return Diagnostic(
        code="REF203",
        message=f"`{located.entity.metadata.name}` is {word}",
        file=located.file,
        span=located.places.value_span(use.path),
        label="this is the entity itself",
        help="remove it, or name what it is part of"
        if use.path[-1] == "parent"
        else "remove it; if two parts of it depend on each other, describe them as two entities",
        entity=located.ref,
        fix=removal_fix(located.places, use.path[:-1] if use.path[-1] == "on" else use.path, safe=False),
    )


def _unknown(located: Located[Entity], use: ReferenceUse, index: NameIndex) -> Diagnostic:
    namespace = located.entity.metadata.namespace
    span = (located.places.key_span if use.is_key else located.places.value_span)(use.path)
    other = index.of_other_kind(use.text, namespace)
    wanted = _kinds_in_words(use.kinds)
    if other is not None:
        found_kind = KIND_BY_LOWER[kind_of(other)]
        return Diagnostic(
            code="REF206",
            message=f"`{use.text}` is {with_article(found_kind)}, and {with_article(wanted)} is expected here",
            file=located.file,
            span=span,
            label=f"expected the name of {with_article(wanted)}",
            help=_suggestion(index.suggest(use.text, use.kinds, namespace), namespace, index)
            or f"name {with_article(wanted)}, or move this to where {with_article(found_kind)} belongs",
            entity=located.ref,
        )
    close = index.suggest(use.text, use.kinds, namespace)
    return Diagnostic(
        code="REF201",
        message=f"`{use.text}` is not defined",
        file=located.file,
        span=span,
        label=f"no {wanted} has this name",
        help=_suggestion(close, namespace, index) or "define it, or correct the name",
        entity=located.ref,
        fix=_respelt(located, use, close, index) if close is not None else None,
    )


def _respelt(located: Located[Entity], use: ReferenceUse, close: str, index: NameIndex) -> Fix | None:
    """Writes the suggested name; safe only where nothing else is spelt so, but for case and separators."""
    shown = _as_written(close, located.entity.metadata.namespace)
    if index.find_exact(shown, use.kinds, located.entity.metadata.namespace) != close:
        return None
    safe = index.is_only_spelling(use.text, use.kinds, close)
    return (key_fix if use.is_key else value_fix)(located.places, use.path, shown, safe=safe)


def _suggestion(close: str | None, namespace: str, index: NameIndex) -> str:
    if close is None:
        return ""
    shown = _as_written(close, namespace)
    place = index.place(close)
    return f"did you mean `{shown}`{f' ({place})' if place else ''}?"


def _as_written(ref: str, namespace: str) -> str:
    """The shortest way to write a reference from within a namespace."""
    name = name_of(ref)
    for space in (namespace, DEFAULT_NAMESPACE):
        if ref == canonical(kind_of(ref), name, space):
            return name if space == namespace else f"{space}/{name}"
    return ref.split(":", 1)[1]


def with_article(words: str) -> str:
    """A kind, or a choice of kinds, with `a` or `an` before it."""
    return f"{'an' if words[:1].lower() in 'aeio' or words.startswith('SLO') else 'a'} {words}"


def _kinds_in_words(kinds: tuple[str, ...]) -> str:
    words = [kind if kind == "SLO" else kind.lower() for kind in kinds]
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} or {words[-1]}"
