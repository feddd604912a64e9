"""An entity together with where it stands."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Generic, Protocol, TypeVar

from servicescape.diagnostics import Span
from servicescape.diagnostics.records import record
from servicescape.model.entity import Entity
from servicescape.model.names import canonical

E = TypeVar("E", bound=Entity, covariant=True)

Path = tuple[str | int, ...]
"""Route from a document's root: keys as written, and positions in lists."""


class Places(Protocol):
    """Finds where something stands in a document. Implemented by `syntax`."""

    @property
    def file(self) -> str:
        """The file as the user would type it."""

    def value_span(self, path: Path) -> Span:
        """Where the value at a path stands; the nearest enclosing value where the path is not written out."""

    def key_span(self, path: Path) -> Span:
        """Where the key at a path stands; for a list item its first key, or else the item."""


@record()
class Located(Generic[E]):
    """An entity and the document it was read from. Places are worked out only when they are asked for."""

    entity: E
    places: Places = field(repr=False, compare=False)
    authors_own: Mapping[Path, Any] = field(default_factory=dict, repr=False, compare=False)
    """Values of the author's own `x-` keys by path."""
    ref: str = field(init=False, compare=False)
    """Canonical reference of the entity."""
    key: tuple[str, str, str] = field(init=False, repr=False, compare=False)
    """Kind, namespace and name: asked for so often in a large catalog that it is not worked out each time."""
    aliases: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """Its old names."""

    def __post_init__(self) -> None:
        kind, metadata = self.entity.kind, self.entity.metadata
        namespace, name = metadata.namespace, metadata.name
        self.ref = canonical(kind, name, namespace)  # type: ignore[misc]
        self.key = (kind, namespace, name)  # type: ignore[misc]
        self.aliases = metadata.aliases  # type: ignore[misc]

    @property
    def file(self) -> str:
        """File in which it stands, as the user would type it."""
        return self.places.file
