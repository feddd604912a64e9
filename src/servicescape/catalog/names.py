"""Which names exist, and what a reference as written stands for."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from servicescape.bind.located import Located
from servicescape.diagnostics.suggest import fold, ranked_candidates
from servicescape.library import library_reference, library_references
from servicescape.model.entity import Entity
from servicescape.model.kinds import KIND_BY_LOWER
from servicescape.model.names import DEFAULT_NAMESPACE, LIBRARY_NAMESPACE, canonical, kind_of, name_of, parse_reference


class NameIndex:
    """Names of everything defined, with aliases and titles, ready to be looked up and suggested from."""

    def __init__(
        self,
        names: Iterable[tuple[str, str, str]] | Mapping[tuple[str, str, str], str],
        aliases: Mapping[tuple[str, str, str], str],
        titles: Callable[[], Iterable[tuple[str, str, str, str]]] = tuple,
        entity_of: Callable[[str], Located[Entity] | None] = lambda _: None,
    ) -> None:
        """Takes `(kind, namespace, name)` of all that is defined, alias keys of the same form, titles as a fourth item.

        The names may come with their references; the titles are asked for when something must be suggested.
        `entity_of` gives the entity behind a reference, for saying where it stands.
        """
        self._entity_of = entity_of
        self._refs = (
            dict(names) if isinstance(names, Mapping) else {key: canonical(key[0], key[2], key[1]) for key in names}
        )
        self._aliases = dict(aliases)
        self._titles = titles
        self._found: dict[tuple[tuple[str, ...], str], _Found] = {}
        self._suggestions: dict[tuple[str, tuple[str, ...], str], str | None] = {}

    @cached_property
    def _by_kind(self) -> dict[str, dict[str, list[str]]]:
        """Kind → what a reference could say → references. Only a name that is not found needs it."""
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for kind, namespace, name in sorted(self._refs):
            found[kind][name].append(self._refs[kind, namespace, name])
        for (kind, _, alias), ref in sorted(self._aliases.items()):
            found[kind][alias].append(ref)
        for kind, namespace, name, title in sorted(self._titles()):
            key = (kind, namespace, name)
            if key in self._refs and fold(title) != fold(name):
                found[kind][title].append(self._refs[key])
        return found

    def find(self, text: str, kinds: tuple[str, ...], namespace: str = DEFAULT_NAMESPACE) -> str | None:
        """The canonical reference behind a reference as written; aliases resolve too. None: nothing has this name."""
        return self.found(kinds, namespace)[text]

    def found(self, kinds: tuple[str, ...], namespace: str = DEFAULT_NAMESPACE) -> Mapping[str, str | None]:
        """What `find` gives, for any text: quicker where many are looked up."""
        found = self._found.get((kinds, namespace))
        if found is None:
            found = self._found[kinds, namespace] = _Found(
                lambda text: self.find_exact(text, kinds, namespace) or self.find_alias(text, kinds, namespace)
            )
        return found

    @cached_property
    def aliases(self) -> frozenset[str]:
        """Every old name by which something can be found, whatever its kind."""
        return frozenset(alias for _, _, alias in self._aliases)

    def find_exact(self, text: str, kinds: tuple[str, ...], namespace: str) -> str | None:
        """Like `find`, without aliases."""
        for key in _keys(text, kinds, namespace):
            ref = self._refs.get(key)
            if ref is not None:
                return ref
            if key[1] == LIBRARY_NAMESPACE and (ref := library_reference(*key)):
                return ref
        return None

    def find_alias(self, text: str, kinds: tuple[str, ...], namespace: str) -> str | None:
        """What an old name stands for; None where it is nobody's old name."""
        for key in _keys(text, kinds, namespace):
            ref = self._aliases.get(key)
            if ref is not None:
                return ref
        return None

    def of_other_kind(self, text: str, namespace: str) -> str | None:
        """The reference of something with this name whatever its kind; for saying that the kind does not fit."""
        return self.find_exact(text, tuple(KIND_BY_LOWER.values()), namespace)

    def suggest(self, text: str, kinds: tuple[str, ...], namespace: str) -> str | None:
        """The reference most likely meant, or None. Looks at names, old names and titles of the kinds that fit."""
        memo = (text, kinds, namespace)
        if memo not in self._suggestions:
            self._suggestions[memo] = self._suggest(text, kinds, namespace)
        return self._suggestions[memo]

    def is_only_spelling(self, text: str, kinds: tuple[str, ...], ref: str) -> bool:
        """Whether a text is the name of this entity but for case and separators, and of no other of these kinds."""
        wanted = fold(text)
        alike = {
            each
            for kind in kinds
            for offer, refs in self._by_kind[kind].items()
            if fold(offer) == wanted
            for each in refs
        }
        return alike == {ref} and fold(name_of(ref)) == wanted

    def place(self, ref: str) -> str | None:
        """Where an entity's name stands, as `file:line:column`; None where that is not known."""
        located = self._entity_of(ref)
        if located is None:
            return None
        start = located.places.value_span(("metadata", "name")).start
        return f"{located.file}:{start.line}:{start.column}"

    def _suggest(self, text: str, kinds: tuple[str, ...], namespace: str) -> str | None:
        reference = parse_reference(text)
        wanted = reference.name if reference else text
        offers: dict[str, list[str]] = defaultdict(list)
        for kind in kinds:
            for offer, refs in self._by_kind[kind].items():
                offers[offer].extend(refs)
            for name, ref in library_references(kind).items():
                offers[name].append(ref)
        for exact in (wanted, text):
            if exact in offers and len(set(offers[exact])) == 1:
                return offers[exact][0]
        ranked = ranked_candidates(wanted, offers)
        if not ranked:
            return None
        meant = offers[ranked[0]]
        space = reference.namespace if reference and reference.namespace else namespace
        return next((ref for ref in meant if ref == canonical(kind_of(ref), name_of(ref), space)), meant[0])


class _Found(dict[str, str | None]):
    """Looks each text up once."""

    def __init__(self, look_up: Callable[[str], str | None]) -> None:
        self._look_up = look_up

    def __missing__(self, text: str) -> str | None:
        found = self[text] = self._look_up(text)
        return found


def _keys(text: str, kinds: tuple[str, ...], namespace: str) -> list[tuple[str, str, str]]:
    if ":" not in text and "/" not in text:
        return [(kind, namespace, text) for kind in kinds]
    reference = parse_reference(text)
    if reference is None:
        return []
    if reference.kind is not None:
        named = KIND_BY_LOWER.get(reference.kind)
        if named is None or named not in kinds:
            return []
        kinds = (named,)
    return [(kind, reference.namespace or namespace, reference.name) for kind in kinds]
