"""What one build of a catalog leaves to the next in the same process."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from servicescape.bind.located import Located, Path
from servicescape.catalog.graph import Channel, Component, Edge, Journey
from servicescape.catalog.objective import Slo
from servicescape.model.entity import Entity


@dataclass(slots=True)
class BuildMemory:
    """Parts of a catalog, so that only what has changed is worked out again.

    A part of a catalog is the same as before if its entity is the very object that it was, and so are all that it
    names.
    """

    entities: dict[str, Located[Entity]] = field(default_factory=dict)
    checked: dict[str, frozenset[str]] = field(default_factory=dict)
    """Reference of each entity with nothing wrong in its references → bare names that it refers to."""
    components: dict[str, Component] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    journeys: dict[str, Journey] = field(default_factory=dict)
    slos: dict[tuple[str, Path], Slo] = field(default_factory=dict)
    """By the reference of the document and the path in it."""

    all_components: dict[str, Component] = field(default_factory=dict)
    """Components of the last catalog."""
    dependents: dict[str, tuple[Edge, ...]] | None = None
    """Who needed what in it."""

    def renew(self, entities: Iterable[Located[Entity]]) -> None:
        """Forgets what has changed."""
        fresh = {located.ref: located for located in entities}
        old = self.entities
        changed = [
            each
            for ref in old.keys() | fresh.keys()
            if old.get(ref) is not fresh.get(ref)
            for each in (old.get(ref), fresh.get(ref))
            if each is not None
        ]
        metadata = [located.entity.metadata for located in changed]
        names = {name for each in metadata for name in (each.name, *each.aliases)}
        self.entities = fresh
        gone = {located.ref for located in changed}
        self.checked = {ref: used for ref, used in self.checked.items() if ref not in gone and used.isdisjoint(names)}
        for parts in (self.components, self.channels, self.journeys):
            for ref in [ref for ref in parts if ref not in self.checked]:
                del parts[ref]
        self.slos = {key: slo for key, slo in self.slos.items() if key[0] in self.checked}
