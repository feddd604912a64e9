"""Which references need not be looked up again in another process."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from servicescape.bind.located import Located
from servicescape.catalog.names import NameIndex
from servicescape.catalog.references import Key, check_references
from servicescape.diagnostics import Diagnostic
from servicescape.model.entity import Entity


@dataclass(slots=True)
class KnownReferences:
    """Files in which nothing was wrong with any reference, while the catalog had just these names.

    What a reference stands for depends on its own text and on all names and aliases, and on nothing else.
    """

    names: bytes = b""
    """A hash of all names and aliases."""
    sound: set[str] = field(default_factory=set)
    """Files by name. Those that have changed since must not be among them."""

    def check(
        self,
        all_entities: Sequence[Located[Entity]],
        unique: Sequence[Located[Entity]],
        index: NameIndex,
        broken: frozenset[Key],
    ) -> Iterator[Diagnostic]:
        """What `check_references` finds in the `unique` ones of the entities; then knows these files and names."""
        names = _digest_of_names(unique)
        sound = self.sound if names == self.names else set()
        nothing: frozenset[str] = frozenset()
        checked = {located.ref: nothing for located in unique if located.file in sound}
        yield from check_references(unique, index, broken, checked)
        in_doubt = {located.file for located in unique if located.ref not in checked}
        if len(unique) < len(all_entities):
            # Of two definitions of one name only the first was looked at.
            looked_at = {id(located) for located in unique}
            in_doubt |= {located.file for located in all_entities if id(located) not in looked_at}
        self.names, self.sound = names, {located.file for located in unique} - in_doubt


def _digest_of_names(entities: Sequence[Located[Entity]]) -> bytes:
    lines = [f"{located.ref} {' '.join(located.aliases)}" if located.aliases else located.ref for located in entities]
    return blake2b("\n".join(lines).encode(), digest_size=32).digest()
